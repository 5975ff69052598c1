/* Whole iterations and serving runs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/replay.h"
#include "bench/sheet.h"
#include "bench/validate_parts.h"

/* Prefill and decode, with the catalogue's constants and with the data sheet's. */
struct pair {
	struct score fitted, plain;
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

/* ---- request by request: runs of vLLM 0.19.0 with Llama 3.1 8B ---- */

struct replayed {
	const char *table, *device, *label, *ttft_peer, *tpot_peer, *e2e_peer;
	int64_t max_sequences;
	int64_t kv_blocks; /* as the engine reported; 0: from the memory's size */
};

static const char *const request_columns[] = { "input_toks", "output_toks", "queued_s",
	"first_token_s", "last_token_s", NULL };

static struct client *read_requests(struct validate_job *j, const char *path, uint32_t *count)
{
	struct client *c = NULL;
	size_t n = 0, cap = 0;
	struct sheet t;
	bool good = sheet_open(&t, path, request_columns, j->e);
	while (good && sheet_next(&t)) {
		c = mem_grow(c, n, &cap, sizeof *c);
		c[n++] = (struct client){ sheet_number(&t, "queued_s"),
			sheet_number(&t, "first_token_s"), sheet_number(&t, "last_token_s"),
			(int32_t)sheet_number(&t, "input_toks"),
			(int32_t)sheet_number(&t, "output_toks") };
	}
	sheet_close(&t);
	*count = (uint32_t)n;
	return c;
}

static bool replayed_means(struct validate_job *j, const struct replayed *r, bool plain,
    struct client *c, uint32_t n, struct client_means *means)
{
	struct bed b;
	if (!bed_init(&b, j->catalogue, r->device, "llama-3.1-8b", "vllm-0.19", j->e)) return false;
	if (plain) bed_plain(&b);
	b.engine.max_sequences = r->max_sequences;
	struct iteration_model *m = iteration_new(&b.node);
	if (r->kv_blocks) m->kv_blocks = r->kv_blocks;
	replay_open(m, c, n);
	iteration_free(m);
	*means = client_means(c, n);
	return true;
}

static void add_mean(struct validate_job *j, const struct replayed *r, const char *what, uint32_t n,
    double predicted_s, double plain_s, double measured_s, double limit, const char *peer)
{
	char *text = mem_print("mean %s, Llama 3.1 8B on an %s, saturated", what, r->label);
	validation_add(j->v, (struct validate_row){ .what = text,
				 .table = r->table,
				 .measure = VALIDATE_MEAN,
				 .rows = n,
				 .error_frac = predicted_s / measured_s - 1,
				 .limit_frac = limit,
				 .plain_frac = plain_s / measured_s - 1,
				 .peer = peer });
	free(text);
}

static void replay_run(struct validate_job *j, const struct replayed *r)
{
	uint32_t n;
	char *path = validate_table(j, r->table);
	if (!path) return;
	struct client *c = read_requests(j, path, &n);
	struct client_means measured, got, plain;
	if (n > 0) {
		measured = client_means(c, n);
		if (replayed_means(j, r, true, c, n, &plain) &&
		    replayed_means(j, r, false, c, n, &got)) {
			add_mean(j, r, "E2E", n, got.e2e_s, plain.e2e_s, measured.e2e_s, 0.05,
			    r->e2e_peer);
			add_mean(j, r, "TPOT", n, got.tpot_s, plain.tpot_s, measured.tpot_s, 0.04,
			    r->tpot_peer);
			add_mean(j, r, "TTFT", n, got.ttft_s, plain.ttft_s, measured.ttft_s, 0.10,
			    r->ttft_peer);
		}
	}
	free(c);
	free(path);
}

/* The peer is LLMServingSim 2.0 (arXiv 2602.23036) on its own runs, with the layer
 * times of this very device: github.com/casys-kaist/LLMServingSim@5daddb2,
 * bench/examples. */
void validate_replays(struct validate_job *j)
{
	static const struct replayed run[] = {
		{ "gpu/vllm_rtx4090_llama31_8b_requests.csv", "rtx-4090", "RTX 4090",
		    "LLMServingSim +0.6 %", "LLMServingSim +0.2 %", "LLMServingSim +0.5 %", 256,
		    2588 },
		{ "gpu/vllm_rtxpro6000_llama31_8b_requests.csv", "rtx-pro-6000", "RTX PRO 6000",
		    "LLMServingSim -4.0 %", "LLMServingSim -1.0 %", "LLMServingSim -1.8 %", 128,
		    0 },
	};
	for (size_t i = 0; i < sizeof run / sizeof *run; i++) replay_run(j, &run[i]);
}
