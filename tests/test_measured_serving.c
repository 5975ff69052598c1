/* The scheduler, the step time and the power model together against published
 * serving runs. The tables are not part of hearth: without HEARTH_SHARED these
 * tests are skipped. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "models/compute/replica.h"
#include "tests/rig.h"
#include "tests/published.h"

enum { RUN = 300, BLOCK = 16 };

struct client {
	double sent_s, first_s, done_s;
	int prompt, output;
	int shared;       /* tokens that an earlier prompt begins with too, at most */
	uint64_t *prefix; /* ids of the prompt's whole blocks */
};

static void finish_span(struct replica *r, struct client *c)
{
	double now_s = (double)replica_end_ns(r) * 1e-9;
	size_t n;
	replica_advance(r);
	const uint32_t *first = replica_first(r, &n);
	for (size_t i = 0; i < n; i++) c[first[i]].first_s = now_s;
	const struct replica_done *done = replica_finished(r, &n);
	for (size_t i = 0; i < n; i++) c[done[i].id].done_s = now_s;
}

static void open_loop(const struct iteration_model *m, struct client *c, uint32_t n)
{
	struct replica *r = replica_new(m);
	for (uint32_t next = 0; next < n || replica_end_ns(r) != INT64_MAX;) {
		int64_t sent_ns = next < n ? (int64_t)(c[next].sent_s * 1e9) : INT64_MAX;
		if (replica_end_ns(r) <= sent_ns) {
			finish_span(r, c);
			continue;
		}
		replica_submit(r, sent_ns, &(struct ask){ .id = next,
			.prompt_tokens = c[next].prompt, .output_tokens = c[next].output,
			.prefix = c[next].prefix,
			.prefix_count = c[next].prefix ? (uint32_t)c[next].prompt / BLOCK : 0 });
		next++;
	}
	replica_free(r);
}

struct means {
	double ttft_s, tpot_s, e2e_s;
};

static struct means means_of(const struct client *c, int n)
{
	struct means m = { 0 };
	for (int i = 0; i < n; i++) {
		m.ttft_s += (c[i].first_s - c[i].sent_s) / n;
		m.e2e_s += (c[i].done_s - c[i].sent_s) / n;
		m.tpot_s += (c[i].done_s - c[i].first_s) / (c[i].output - 1) / n;
	}
	return m;
}

static void expect_within(const char *what, double got, double measured, double percent)
{
	double error = 100 * (got / measured - 1);
	cr_log_info("%-28s %8.4f s, measured %8.4f s: %+5.1f %%, at most %.0f", what, got, measured,
	    error, percent);
	cr_expect_lt(fabs(error), percent, "%s: %+.1f %%", what, error);
}

/* Blocks that a prompt shares are taken to be those of the last prompt before it that
 * is long enough, for the table does not tell whose they are. */
static void give_prefixes(struct client *c, int n)
{
	for (int i = 0; i < n; i++) {
		int own = c[i].prompt / BLOCK, shared = c[i].shared / BLOCK, from = i - 1;
		while (from >= 0 && c[from].prompt / BLOCK < shared) from--;
		c[i].prefix = mem_new((size_t)own + 1, sizeof *c[i].prefix);
		for (int k = 0; k < own; k++)
			c[i].prefix[k] = from >= 0 && k < shared ? c[from].prefix[k] :
				(uint64_t)(i + 1) << 32 | (uint64_t)k;
	}
}

/* Replays the requests of a run of vLLM 0.19.0 with Llama 3.1 8B. */
static void replay(const char *table, const struct iteration_model *m, struct means limit)
{
	static struct client sim[RUN], real[RUN];
	struct table t;
	int n = 0;
	table_open(&t, table);
	for (; table_next(&t) && n < RUN; n++) {
		real[n] = (struct client){ table_number(&t, "queued_s"),
			table_number(&t, "first_token_s"), table_number(&t, "last_token_s"),
			(int)table_number(&t, "input_toks"), (int)table_number(&t, "output_toks"),
			(int)table_number(&t, "prefix_hit_max_toks"), NULL };
		sim[n] = real[n];
	}
	table_close(&t);
	give_prefixes(sim, n);
	open_loop(m, sim, (uint32_t)n);
	for (int i = 0; i < n; i++) free(sim[i].prefix);
	struct means got = means_of(sim, n), want = means_of(real, n);
	expect_within("mean TTFT", got.ttft_s, want.ttft_s, limit.ttft_s);
	expect_within("mean TPOT", got.tpot_s, want.tpot_s, limit.tpot_s);
	expect_within("mean E2E", got.e2e_s, want.e2e_s, limit.e2e_s);
}

/* github.com/casys-kaist/LLMServingSim@5daddb2, bench/examples. Saturated: the mean
 * wait is a minute, so that an error of the iteration counts many times over. */
static void vllm_0_19(struct rig *r)
{
	r->engine.sequence_s = 0.6e-6; /* data/engines.xml */
	r->engine.layer_s = 10e-6;
}

static void rtx_pro_6000(struct rig *r)
{
	rig_home(r);
	r->device.memory_bytes = 96e9;
	r->device.bandwidth_bytes_s = 1.597e12;
	r->device.fp16_flops_s = 503.8e12;
	r->device.flops_share = 0.813;
	r->device.bandwidth_share = 0.978;
	r->device.op_s = 5.3e-6;
	r->device.roundness = 1.50;
	r->device.attention_share = 0.45;
	r->device.attention_bw_share = 0.90;
	r->engine.max_sequences = 128;
}

/* As the 4090's engine reported; from memory sizes it would be 2641. */
enum { BLOCKS_4090 = 2588 };

Test(measured_serving, vllm_on_an_rtx_4090)
{
	struct rig r;
	rig_home(&r);
	vllm_0_19(&r);
	struct iteration_model *m = iteration_new(&r.node);
	m->kv_blocks = BLOCKS_4090;
	m->prefix_tokens = BLOCK;
	replay("gpu/vllm_rtx4090_llama31_8b_requests.csv", m, (struct means){ 10, 4, 5 });
	iteration_free(m);
}

Test(measured_serving, vllm_on_an_rtx_pro_6000)
{
	struct rig r;
	rtx_pro_6000(&r);
	vllm_0_19(&r);
	struct iteration_model *m = iteration_new(&r.node);
	m->prefix_tokens = BLOCK;
	replay("gpu/vllm_rtxpro6000_llama31_8b_requests.csv", m, (struct means){ 10, 4, 5 });
	iteration_free(m);
}

/* ---- the same with layer times measured on each GPU ---- */

struct measured {
	struct layer_table_par par;
	struct object object;
	char path[3][4096];
};

/* GPU: as in the files' names. Skips the test without them. */
static void measured_layers(struct measured *t, struct rig *r, const char *gpu)
{
	static const char *const part[] = { "dense", "per_sequence", "attention" };
	const char *root = getenv("HEARTH_SHARED");
	for (int i = 0; i < 3; i++)
		snprintf(t->path[i], sizeof t->path[i], "%s/data/gpu/vllm_%s_llama31_8b_%s.csv",
		    root ? root : "", gpu, part[i]);
	if (!root || access(t->path[0], R_OK)) {
		fprintf(stderr, "skipped: no %s\n", t->path[0]);
		cr_skip_test("no reference data");
	}
	/* the skew that the makers of the tables measured, in single calls */
	t->par = (struct layer_table_par){ .name = gpu, .tensor_parallel = 1, .dense = t->path[0],
		.sequence = t->path[1], .attention = t->path[2], .skew_frac = 0.0242 };
	t->object = (struct object){ .cls = &layer_table_class, .par = &t->par };
	r->node.layer_table = &t->object;
}

Test(measured_serving, layer_times_of_an_rtx_4090)
{
	static struct measured t;
	struct rig r;
	rig_home(&r);
	measured_layers(&t, &r, "rtx4090");
	struct iteration_model *m = iteration_new(&r.node);
	m->kv_blocks = BLOCKS_4090;
	m->prefix_tokens = BLOCK;
	replay("gpu/vllm_rtx4090_llama31_8b_requests.csv", m, (struct means){ 8, 3, 3 });
	iteration_free(m);
}

Test(measured_serving, layer_times_of_an_rtx_pro_6000)
{
	static struct measured t;
	struct rig r;
	rtx_pro_6000(&r);
	measured_layers(&t, &r, "rtxpro6000");
	struct iteration_model *m = iteration_new(&r.node);
	m->prefix_tokens = BLOCK;
	replay("gpu/vllm_rtxpro6000_llama31_8b_requests.csv", m, (struct means){ 8, 2, 3 });
	iteration_free(m);
}

/* `at_once` clients, each sending its next request when it has its answer: mean
 * time per output token of those after the first round. */
static double closed_loop_tpot_s(
    const struct iteration_model *m, int prompt, int output, int at_once)
{
	uint32_t total = (uint32_t)at_once * 5, ended = 0;
	struct client *c = mem_new(total, sizeof *c);
	struct replica *r = replica_new(m);
	double sum_s = 0;
	struct ask ask = { .prompt_tokens = prompt, .output_tokens = output };
	for (; ask.id < (uint32_t)at_once; ask.id++) replica_submit(r, 0, &ask);
	while (ended < total) {
		int64_t now_ns = replica_end_ns(r);
		size_t n;
		finish_span(r, c);
		const struct replica_done *done = replica_finished(r, &n);
		for (size_t i = 0; i < n; i++) {
			const struct client *q = &c[done[i].id];
			if (ended++ >= (uint32_t)at_once)
				sum_s += (q->done_s - q->first_s) / (output - 1);
			if (ask.id == total) continue;
			replica_submit(r, now_ns, &ask);
			ask.id++;
		}
	}
	replica_free(r);
	free(c);
	return sum_s / (total - (uint32_t)at_once);
}

static const struct llm_par qwen3_32b = { .layers = 64, .hidden = 5120, .heads = 64, .kv_heads = 8,
	.head_dim = 128, .ffn = 25600, .vocabulary = 151936, .experts = 1, .experts_active = 1,
	.parameters = 32.76e9, .parameters_active = NAN };
static const struct llm_par llama_8b = { .layers = 32, .hidden = 4096, .heads = 32, .kv_heads = 8,
	.head_dim = 128, .ffn = 14336, .vocabulary = 128256, .experts = 1, .experts_active = 1,
	.parameters = 8.03e9, .parameters_active = NAN };
static const struct llm_par llama_70b = { .layers = 80, .hidden = 8192, .heads = 64, .kv_heads = 8,
	.head_dim = 128, .ffn = 28672, .vocabulary = 128256, .experts = 1, .experts_active = 1,
	.parameters = 70.55e9, .parameters_active = NAN };

static const struct llm_par *shape_of(const char *path)
{
	return strstr(path, "Qwen3-32B") ? &qwen3_32b : strstr(path, "Llama-3.1-8B") ? &llama_8b :
	    strstr(path, "Llama-3.1-70B") ? &llama_70b : NULL;
}

/* github.com/ai-dynamo/aiconfigurator@095f58a, silicon_sample.csv: H100, closed loop. */
Test(measured_serving, closed_loop_on_h100)
{
	struct table t;
	struct rig r;
	double sum[2] = { 0 };
	int rows[2] = { 0 };
	rig_cloud(&r);
	table_open(&t, "gpu/aic_serving_e2e.csv");
	while (table_next(&t)) {
		const struct llm_par *p = shape_of(table_text(&t, "model_path"));
		if (!p) continue;
		r.model = *p;
		r.node.tensor_parallel = (int64_t)table_number(&t, "tp_size");
		bool fp8 = !strcmp(table_text(&t, "gemm_quant_mode"), "fp8");
		r.node.weights = fp8 ? WEIGHTS_FP8 : WEIGHTS_FP16;
		int prompt = (int)table_number(&t, "isl"), output = (int)table_number(&t, "osl");
		int at_once = (int)table_number(&t, "concurrency");
		double capacity = (double)node_kv_blocks(&r.node) * 16;
		if (output < 2 || capacity < (double)at_once * (prompt + output))
			continue; /* queue-limited */
		r.engine.max_sequences = at_once > 256 ? at_once : 256;
		struct iteration_model *m = iteration_new(&r.node);
		double error = closed_loop_tpot_s(m, prompt, output, at_once) /
			(1e-3 * table_number(&t, "silicon_tpot_ms")) - 1;
		int vllm = !strcmp(table_text(&t, "backend"), "vllm");
		sum[vllm] += fabs(error);
		rows[vllm]++;
		iteration_free(m);
	}
	table_close(&t);
	double all = 100 * (sum[0] + sum[1]) / (rows[0] + rows[1]);
	cr_log_info("TPOT: %.1f %% of %d rows, vLLM alone %.1f %% of %d", all, rows[0] + rows[1],
	    100 * sum[1] / rows[1], rows[1]);
	cr_expect_gt(rows[0] + rows[1], 500);
	cr_expect_lt(all, 12, "%.1f %%", all);
}
