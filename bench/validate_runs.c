/* Whole iterations and closed loops. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/replay.h"
#include "base/sheet.h"
#include "bench/validate_parts.h"

/* Prefill and decode, with the catalogue's constants and with the data sheet's. */
struct pair {
	struct fit_score fitted, plain;
};

/* ---- Patel et al. 2024, "Splitwise": one DGX with the software of 2023 ---- */

enum { TP_MAX = 8 };

struct dgx {
	struct bed bed;
	struct iteration_model *m[TP_MAX + 1]; /* by tensor parallelism; NULL until asked for */
};

static bool dgx_init(struct dgx *d, struct validate_job *j, bool h100, bool plain)
{
	memset(d->m, 0, sizeof d->m);
	if (!bed_init(&d->bed, j->catalogue, h100 ? "h100-sxm" : "a100-sxm-80", "llama-2-70b",
		h100 ? "eager-2023-h100" : "eager-2023-a100", j->e))
		return false;
	if (plain) bed_plain(&d->bed);
	d->bed.engine.token_budget = 65536; /* prompts were not computed in chunks */
	return true;
}

static const struct iteration_model *dgx_model(struct dgx *d, int64_t tp)
{
	d->bed.node.tensor_parallel = tp;
	if (!d->m[tp]) d->m[tp] = iteration_new(&d->bed.node);
	return d->m[tp];
}

static void dgx_fini(struct dgx *d)
{
	for (int tp = 0; tp <= TP_MAX; tp++) iteration_free(d->m[tp]);
}

struct point {
	double prompt, batch, output, prompt_s, token_s;
	int64_t tp;
};

static struct point read_point(const struct sheet *t)
{
	return (struct point){
		.prompt = sheet_number(t, "prompt_size"),
		.batch = sheet_number(t, "batch_size"),
		.output = sheet_number(t, "token_size"),
		.prompt_s = 1e-3 * sheet_number(t, "prompt_time"),
		.token_s = 1e-3 * sheet_number(t, "token_time"),
		.tp = (int64_t)sheet_number(t, "tensor_parallel"),
	};
}

/* Where the KV cache does not fit, the table's times are of something else. */
static bool point_fits(const struct bed *b, const struct point *p)
{
	double kv = p->batch * (p->prompt + p->output) * llm_kv_bytes(&b->model, p->tp, 2);
	return llm_weight_bytes(&b->model, p->tp, 2) + kv <= 0.9 * b->device.memory_bytes;
}

/* One iteration that prefills all prompts; the decode iteration in the middle of
 * the output. */
static double prefill_s(const struct iteration_model *m, const struct point *p)
{
	struct batch b = { 0 };
	int64_t longest;
	for (int i = 0; i < (int)p->batch; i++) batch_prefill(&b, m, 0, p->prompt);
	return iteration_run(m, &b, &longest).time_s;
}

static double decode_s(const struct iteration_model *m, const struct point *p)
{
	double context = p->prompt + p->output / 2;
	struct batch b = { .decodes = (int64_t)p->batch,
		.context_sum = p->batch * context,
		.context_max = context };
	int64_t longest;
	return iteration_run(m, &b, &longest).time_s;
}

static const char *const run_columns[] = { "model", "hardware", "prompt_size", "batch_size",
	"token_size", "prompt_time", "token_time", "tensor_parallel", NULL };

static void score_runs(
    struct sheet *t, struct dgx dgx[2][2], struct pair *prefill, struct pair *decode)
{
	while (sheet_next(t)) {
		int h100 = sheet_is(t, "hardware", "h100-80gb");
		struct point p = read_point(t);
		if (!sheet_is(t, "model", "llama2-70b") || p.tp < 1 || p.tp > TP_MAX ||
		    !point_fits(&dgx[0][h100].bed, &p))
			continue;
		for (int plain = 0; plain < 2; plain++) {
			const struct iteration_model *m = dgx_model(&dgx[plain][h100], p.tp);
			score_add(plain ? &prefill->plain : &prefill->fitted, prefill_s(m, &p),
			    p.prompt_s);
			score_add(
			    plain ? &decode->plain : &decode->fitted, decode_s(m, &p), p.token_s);
		}
	}
}

void validate_runs(struct validate_job *j)
{
	struct dgx dgx[2][2];
	struct pair prefill = { 0 }, decode = { 0 };
	struct sheet t;
	bool good = true;
	char *path = validate_table(j, "gpu/splitwise_e2e.csv");
	if (!path) return;
	for (int i = 0; i < 4; i++) good &= dgx_init(&dgx[i / 2][i % 2], j, i % 2, i / 2);
	if (sheet_open(&t, path, run_columns, j->e) && good) score_runs(&t, dgx, &prefill, &decode);
	sheet_close(&t);
	for (int i = 0; i < 4; i++) dgx_fini(&dgx[i / 2][i % 2]);
	struct validate_row row = { .table = "gpu/splitwise_e2e.csv" };
	row.what = "prefill of Llama 2 70B, A100 and H100, engines of 2023";
	row.limit_frac = 0.135;
	validate_score(j, row, &prefill.fitted, &prefill.plain);
	row.what = "decode of Llama 2 70B, A100 and H100, engines of 2023";
	row.limit_frac = 0.05;
	validate_score(j, row, &decode.fitted, &decode.plain);
	free(path);
}

/* ---- closed loops ---- */

static const char *model_of(const char *path)
{
	return strstr(path, "Qwen3-32B")       ? "qwen3-32b"
	       : strstr(path, "Llama-3.1-8B")  ? "llama-3.1-8b"
	       : strstr(path, "Llama-3.1-70B") ? "llama-3.1-70b"
					       : NULL;
}

static const char *const closed_columns[] = { "backend", "model_path", "system", "gemm_quant_mode",
	"isl", "osl", "concurrency", "tp_size", "silicon_tpot_ms", NULL };

static double loop_tpot_s(struct bed *b, const struct closed_loop *l)
{
	struct iteration_model *m = iteration_new(&b->node);
	double tpot_s = replay_closed(m, l).tpot_s;
	iteration_free(m);
	return tpot_s;
}

/* False when the run was limited by its queue, or has no gap between tokens. */
static bool read_loop(const struct sheet *t, struct bed *b, struct closed_loop *l)
{
	b->node.tensor_parallel = (int64_t)sheet_number(t, "tp_size");
	b->node.weights = sheet_is(t, "gemm_quant_mode", "fp8") ? WEIGHTS_FP8 : WEIGHTS_FP16;
	*l = (struct closed_loop){ (int32_t)sheet_number(t, "isl"), (int32_t)sheet_number(t, "osl"),
		(uint32_t)sheet_number(t, "concurrency"), 5 };
	double capacity = (double)(node_kv_blocks(&b->node) * b->engine.block_tokens);
	b->engine.max_sequences = l->at_once > 256 ? l->at_once : 256;
	return l->output > 1 && capacity >= (double)l->at_once * (l->prompt + l->output);
}

static void score_loop(struct validate_job *j, const struct sheet *t, const char *model,
    struct pair *all, struct pair *vllm)
{
	double measured_s = 1e-3 * sheet_number(t, "silicon_tpot_ms");
	for (int plain = 0; plain < 2; plain++) {
		struct closed_loop l;
		struct bed b;
		if (!bed_init(&b, j->catalogue, "h100-sxm", model, "vllm-cuda-graph", j->e) ||
		    !read_loop(t, &b, &l))
			return;
		if (plain) bed_plain(&b);
		double tpot_s = loop_tpot_s(&b, &l);
		score_add(plain ? &all->plain : &all->fitted, tpot_s, measured_s);
		if (sheet_is(t, "backend", "vllm"))
			score_add(plain ? &vllm->plain : &vllm->fitted, tpot_s, measured_s);
	}
}

void validate_closed(struct validate_job *j)
{
	struct pair all = { 0 }, vllm = { 0 };
	struct sheet t;
	char *path = validate_table(j, "gpu/aic_serving_e2e.csv");
	if (!path) return;
	bool good = sheet_open(&t, path, closed_columns, j->e);
	while (good && sheet_next(&t)) {
		const char *model = model_of(sheet_text(&t, "model_path"));
		if (model && sheet_is(&t, "system", "h100_sxm"))
			score_loop(j, &t, model, &all, &vllm);
	}
	sheet_close(&t);
	free(path);
	struct validate_row row = { .table = "gpu/aic_serving_e2e.csv", .limit_frac = 0.125 };
	row.what = "TPOT in closed loop, H100, dense models, three engines";
	validate_score(j, row, &all.fitted, &all.plain);
	row.what = "TPOT in closed loop, H100, dense models, vLLM alone";
	row.limit_frac = NAN;
	validate_score(j, row, &vllm.fitted, &vllm.plain);
}
