/* The scheduler and the step time together against published serving runs; those
 * that tests/validate.sh replays request by request are not here. The table is not
 * part of hearth: without HEARTH_SHARED the test is skipped. */
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

struct client {
	double first_s, done_s;
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
