/* The step-time and power models: forms against numbers worked out by hand, and
 * against published measurements where HEARTH_SHARED names their folder. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/mem.h"
#include "models/compute/collective.h"
#include "models/compute/iteration.h"
#include "tests/rig.h"
#include "tests/walk.h"

#define NEAR(a, b)                                                                                 \
	cr_expect(epsilon_eq(dbl, (a), (b), 1e-12 * fabs(b)), "%.17g, not %.17g", (a), (b))

Test(step_model, a_matrix_product_does_2mnk)
{
	struct rig r;
	rig_cloud(&r);
	/* Llama 2 70B on 4: (64 + 2 x 8) / 4 heads of 128, 8192 wide; 3 tokens, fp16 */
	struct gemm g = llm_gemm(&r.model, 4, LLM_QKV);
	NEAR(g.n, 2560.0);
	struct work w = gemm_work(&g, 3, 2);
	NEAR(w.flops, 125829120.0);        /* 2 x 3 x 2560 x 8192 */
	NEAR(w.bytes, 41943040.0 + 64512); /* 2 x 2560 x 8192 + 2 x 3 x (2560 + 8192) */
	NEAR(llm_gemm(&r.model, 4, LLM_OUT).k, 2048.0);
	NEAR(llm_gemm(&r.model, 4, LLM_UP).n, 14336.0);
	NEAR(llm_gemm(&r.model, 4, LLM_DOWN).k, 7168.0);
}

Test(step_model, attention_by_hand)
{
	struct rig r;
	rig_cloud(&r);
	struct work w = llm_decode_attention(&r.model, 4, 2, 7);
	NEAR(w.flops, 57344.0); /* 4 x 16 heads x 128 x 7 */
	NEAR(w.bytes, 7168.0);  /* keys and values: 2 x 2 heads x 128 x 2 bytes x 7 */
	w = llm_prefill_attention(&r.model, 4, 2, 7, 5, INFINITY);
	NEAR(w.flops, 409600.0);         /* 50 pairs: 8 + 9 + 10 + 11 + 12 */
	NEAR(w.bytes, 12288.0 + 40960); /* 12 tokens of KV; 5 queries and outputs of 16 x 128 */
	NEAR(llm_kv_bytes(&r.model, 1, 2), 327680.0); /* 80 x 2 x 8 x 128 x 2 */
	NEAR(llm_kv_bytes(&r.model, 16, 2), 40960.0); /* 8 heads on 16 devices: one each, copied */
}

Test(step_model, experts_are_reached_at_random)
{
	struct gemm g = { .n = 3, .k = 5, .experts = 8, .active = 2 };
	NEAR(gemm_weight_bytes(&g, 1, 1), 30.0);              /* 2 of 8 */
	NEAR(gemm_weight_bytes(&g, 2, 1), 8 * 0.4375 * 15);   /* 1 - (3/4)^2 */
	NEAR(gemm_weight_bytes(&g, 1000, 1), 120.0);          /* all */
	NEAR(gemm_work(&g, 7, 1).flops, 2.0 * 7 * 2 * 15);
}

Test(step_model, the_roofline_joins_by_a_p_norm)
{
	/* 3 us of arithmetic and 4 us of memory after 5 us */
	struct roofline r = { .flops_s = 1e12, .bytes_s = 1e12, .op_s = 5e-6, .roundness = 2 };
	struct work w = { .flops = 3e6, .bytes = 4e6 };
	NEAR(roofline_s(&r, w), 10e-6); /* 3, 4, 5 */
	r.roundness = 1;
	NEAR(roofline_s(&r, w), 12e-6);
	r.roundness = 1e9;
	NEAR(roofline_s(&r, w), 9e-6);
	NEAR(roofline_sharp_s(&r, w), 4e-6);
	cr_expect_eq(roofline_s(&r, (struct work){ 0 }), 0);
}

/* One layer of width 16 at 1 MFLOP/s, nothing else: every time is a flop count.
 * A token: 2 (48 + 16 + 32 + 16) 16 = 3584 flops, the head 2 x 16 x 16 = 512. */
static void toy(struct rig *r)
{
	rig_home(r);
	r->model.layers = 1;
	r->model.hidden = r->model.head_dim = r->model.ffn = r->model.vocabulary = 16;
	r->model.heads = r->model.kv_heads = 1;
	r->model.parameters = 2048;
	r->device.fp16_flops_s = 1e6;
	r->device.bandwidth_bytes_s = 1e30;
	r->device.flops_share = r->device.bandwidth_share = 1;
	r->device.attention_share = r->device.attention_bw_share = 1;
	r->device.op_s = r->device.attention_s = 0;
	r->engine.host_s = r->engine.sequence_s = r->engine.layer_s = 0;
}

Test(step_model, an_iteration_by_hand)
{
	struct rig r;
	toy(&r);
	r.engine.sequence_s = 1e-3;
	struct iteration_model *m = iteration_new(&r.node);
	int64_t longest;
	/* contexts 20 and 30: 2 x (3584 + 512) + 64 x (50 + 0.1 (2 x 30 - 50)) = 11456 flops of
	 * time; two requests of 1 ms */
	struct batch b = { .decodes = 2, .context_sum = 50, .context_max = 30 };
	struct run run = iteration_run(m, &b, &longest);
	NEAR(run.time_s, 13.456e-3);
	NEAR(run.time_step_s, 128e-6); /* each context grows by one: 2 x 64 */
	NEAR(run.flops, 11392.0);      /* without the skew's waiting */
	NEAR(run.bytes_step, 128.0);   /* 2 tokens x 2 x 16 x 2 bytes */
	cr_expect_eq(longest, INT64_MAX);
	iteration_free(m);
}

Test(step_model, a_mixed_step_does_its_matrix_products_once)
{
	struct rig r;
	rig_cloud(&r);
	struct iteration_model *m = iteration_new(&r.node);
	int64_t longest;
	struct batch decode = { .decodes = 37, .context_sum = 37 * 900, .context_max = 1300 };
	struct batch prefill = { 0 }, mixed = decode;
	batch_prefill(&prefill, m, 0, 475);
	batch_prefill(&mixed, m, 0, 475);
	double decode_s = iteration_run(m, &decode, &longest).time_s;
	double prefill_s = iteration_run(m, &prefill, &longest).time_s;
	double mixed_s = iteration_run(m, &mixed, &longest).time_s;
	cr_expect_eq(longest, 1);
	cr_expect_gt(mixed_s, fmax(decode_s, prefill_s));
	/* summing the phases would read the weights twice: 34.2 GB at 0.95 x 3.35 TB/s, hidden in
	 * part behind arithmetic */
	double once_s = m->products.weight_bytes[1] / (0.95 * 3.35e12);
	cr_expect_gt(decode_s + prefill_s - mixed_s, 0.75 * once_s, "%g of %g s",
	    decode_s + prefill_s - mixed_s, once_s);
	iteration_free(m);
}

Test(step_model, decode_slows_as_contexts_grow)
{
	struct rig r;
	rig_home(&r);
	struct iteration_model *m = iteration_new(&r.node);
	int64_t longest;
	struct batch near = { .decodes = 17, .context_sum = 17 * 100, .context_max = 100 };
	struct batch far = { .decodes = 17, .context_sum = 17 * 2000, .context_max = 2000 };
	double grown_s =
	    iteration_run(m, &far, &longest).time_s - iteration_run(m, &near, &longest).time_s;
	/* 17 x 1900 tokens x 131072 bytes at 0.88 x 1.008 TB/s */
	NEAR(grown_s, 17 * 1900 * 131072.0 / (0.88 * 1.008e12));
	iteration_free(m);
}

Test(step_model, the_host_bounds_until_contexts_have_grown)
{
	struct rig r;
	toy(&r);
	r.engine.host_s = 5e-3;
	struct iteration_model *m = iteration_new(&r.node);
	int64_t longest;
	/* 4096 + 64 c flops: 5 ms is reached at c = 14.125, after contexts 3 to 14 */
	struct batch b = { .decodes = 1, .context_sum = 3, .context_max = 3 };
	struct run run = iteration_run(m, &b, &longest);
	NEAR(run.time_s, 5e-3);
	cr_expect_eq(run.time_step_s, 0);
	cr_expect_eq(longest, 12);
	b.context_sum = b.context_max = 15;
	NEAR(iteration_run(m, &b, &longest).time_s, 5.056e-3);
	iteration_free(m);
}

Test(step_model, power_follows_utilisation_up_to_a_cap)
{
	struct power p = { .base_w = 308, .bw_w = 162, .fl_w = 1089, .fl_exp = 0.89, .max_w = 620 };
	NEAR(power_w(&p, 0.5, 0), 389.0);
	NEAR(power_w(&p, 0.5, 0.01), 389 + 1089 * pow(0.01, 0.89));
	NEAR(power_w(&p, 0.9, 0.5), 620.0);
	struct power_par rule = { .tdp_w = 100, .base_w = NAN, .bw_w = NAN, .fl_w = NAN,
		.fl_exp = NAN, .max_w = NAN };
	p = power_init(&rule); /* the rule for devices without a fit */
	NEAR(power_w(&p, 0.5, 0.1), 32 + 32.5 + 24);
	NEAR(power_w(&p, 1, 1), 92.0);
}

/* One by one. */
static double added_j(const struct run *r, const struct meter *m, int64_t n)
{
	long double sum = 0;
	for (int64_t i = 0; i < n; i++) {
		double j = (double)i, time_s = r->time_s + j * r->time_step_s;
		double iteration_j = meter_iteration_j(m, time_s, r->flops + j * r->flops_step,
		    r->bytes + j * r->bytes_step);
		sum += r->most_w > 0 ? fmin(r->most_w * time_s, iteration_j) : iteration_j;
	}
	return (double)sum;
}

/* Sums of a run with a fractional exponent against adding one by one; with a board's
 * highest power, and with a power cap above and below it, which a run reaches. */
Test(step_model, energy_of_a_run_is_the_sum_of_its_iterations)
{
	static const struct run runs[] = {
		{ 0.0251, 1.7e-7, 1.1e12, 2.1e7, 3.4e10, 2.6e6 },
		{ 0.0009, 3.1e-6, 2.0e9, 7.0e6, 1e9, 2e4 }, /* attention dominates soon */
		{ 0.0301, 0, 5.0e11, 9.0e8, 4e10, 1e5 },    /* bound by the host */
	};
	static const double exponent[] = { 1, 0.89, 1.93 }, max_w[] = { 313.1, 620 };
	static const double most_w[] = { 0, 311.7, 407.3 };
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
		for (size_t k = 0; k < 18; k++) {
			struct power p = { 308, 162, 1089, exponent[k % 3], max_w[k / 3 % 2] };
			struct meter m = meter_init(&p, 989.4e12, 3.35e12);
			struct run r = runs[i];
			r.most_w = most_w[k / 6];
			double sum = added_j(&r, &m, 200003);
			double j = run_energy_j(&r, &m, 0, 200003);
			cr_expect_lt(fabs(j / sum - 1), 1e-12, "run %zu, case %zu: %.3g", i, k,
			    fabs(j / sum - 1));
		}
}

Test(step_model, the_iteration_at_a_time_is_found)
{
	struct run r = { .time_s = 0.0251, .time_step_s = 1.7e-5 };
	for (int64_t j = 0; j < 5000; j += 7) {
		double end_ns = 0.25 + 1e9 * run_time_s(&r, j);
		cr_assert_eq(run_ended(&r, 5000, 0.25, end_ns), j);
		if (j > 0) /* the root is rounded up as often as down */
			cr_assert_eq(run_ended(&r, 5000, 0.25, nextafter(end_ns, 0)), j - 1);
		cr_assert_eq(run_ended(&r, 5000, 0.25, end_ns + 1), j);
		if (j > 0) cr_assert_eq(run_ended(&r, 5000, 0.25, end_ns - 1), j - 1);
	}
	cr_assert_eq(run_ended(&r, 31, 0, 1e15), 31);
}

/* ---- shapes ---- */

/* Figures of the published configurations (config.json) of the models. */
static const struct llm_par deepseek_v3 = { .layers = 61, .hidden = 7168, .heads = 128,
	.kv_heads = 128, .head_dim = 128, .ffn = 2048, .vocabulary = 129280, .experts = 256,
	.experts_active = 8, .experts_shared = 1, .dense_layers = 3, .dense_ffn = 18432,
	.attention = ATTENTION_MLA, .kv_rank = 512, .rope_dim = 64, .q_rank = 1536, .v_dim = 128 };
static const struct llm_par deepseek_v2 = { .layers = 60, .hidden = 5120, .heads = 128,
	.kv_heads = 128, .head_dim = 128, .ffn = 1536, .vocabulary = 102400, .experts = 160,
	.experts_active = 6, .experts_shared = 2, .dense_layers = 1, .dense_ffn = 12288,
	.attention = ATTENTION_MLA, .kv_rank = 512, .rope_dim = 64, .q_rank = 1536 };
static const struct llm_par gpt_oss_120b = { .layers = 36, .hidden = 2880, .heads = 64,
	.kv_heads = 8, .head_dim = 64, .ffn = 2880, .vocabulary = 201088, .experts = 128,
	.experts_active = 4, .window = 128, .window_layers = 18 };
static const struct llm_par qwen3_235b = { .layers = 94, .hidden = 4096, .heads = 64,
	.kv_heads = 4, .head_dim = 128, .ffn = 1536, .vocabulary = 151936, .experts = 128,
	.experts_active = 8 };
static const struct llm_par mixtral_8x7b = { .layers = 32, .hidden = 4096, .heads = 32,
	.kv_heads = 8, .head_dim = 128, .ffn = 14336, .vocabulary = 32000, .experts = 8,
	.experts_active = 2 };

/* Totals as their authors state them: DeepSeek-AI 2024 (V2: 236B, 21B active; V3: 671B,
 * 37B), OpenAI 2025 (116.8B, 5.1B without the embedding), Yang et al. 2025 (235B, 22B),
 * Jiang et al. 2024 (46.7B, 12.9B). */
Test(step_model, shapes_have_the_parameters_their_authors_count)
{
	static const struct { const struct llm_par *p; double total, active; int embeddings; }
	    row[] = {
		    { &deepseek_v3, 671e9, 37e9, 2 },
		    { &deepseek_v2, 236e9, 21e9, 2 },
		    { &gpt_oss_120b, 116.8e9, 5.1e9, 1 },
		    { &qwen3_235b, 235e9, 22e9, 2 },
		    { &mixtral_8x7b, 46.7e9, 12.9e9, 2 },
	    };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		double total = llm_shape_parameters(row[i].p, 2);
		double active = llm_shape_active_parameters(row[i].p, row[i].embeddings);
		cr_expect_lt(fabs(total / row[i].total - 1), 0.005, "%zu: %.4g", i, total);
		cr_expect_lt(fabs(active / row[i].active - 1), 0.02, "%zu: %.4g", i, active);
	}
}

Test(step_model, latent_attention_by_hand)
{
	const struct llm_par *p = &deepseek_v3;
	/* 61 layers x (512 + 64) values x 2 bytes; the same on 8 devices; half in fp8 */
	NEAR(llm_kv_bytes(p, 1, 2), 70272.0);
	NEAR(llm_kv_bytes(p, 8, 2), 70272.0);
	NEAR(llm_kv_bytes(p, 8, 1), 35136.0);
	/* 16 heads: scores over 576 values, sums over 512, 2 flops each, 7 tokens */
	struct work w = llm_decode_attention(p, 8, 2, 7);
	NEAR(w.flops, 243712.0); /* 2 x 16 x 1088 x 7 */
	NEAR(w.bytes, 8064.0);   /* 576 x 2 x 7 */
	/* 5 after 7: 50 pairs of 192 + 128 values; 7 latents expanded again to 16 x 256 */
	w = llm_prefill_attention(p, 8, 2, 7, 5, INFINITY);
	NEAR(w.flops, 2 * 16 * 320 * 50.0 + 2 * 4096 * 512 * 7.0);
	/* 12 latents, 5 queries and outputs of 16 x 320, 4096 values written 7, read 12 times */
	NEAR(w.bytes, 576 * 2 * 12.0 + 16 * 320 * 2 * 5 + 2 * 4096 * 19.0);
	NEAR(llm_gemm(p, 8, LLM_QKV).n, 2112.0); /* 1536 + 576: latents are not split */
	NEAR(llm_gemm(p, 8, LLM_Q_UP).n, 3072.0);
	NEAR(llm_gemm(p, 8, LLM_KV_UP).k, 512.0);
	NEAR(llm_op_layers(p, LLM_UP), 58.0);
	NEAR(llm_op_layers(p, LLM_DENSE_UP), 3.0);
	NEAR(llm_gemm(p, 8, LLM_SHARED_DOWN).k, 256.0);
}

Test(step_model, a_window_bounds_what_a_token_sees)
{
	struct llm_par p = gpt_oss_120b;
	/* 100 before, 61 new, window 128: 28 tokens see 101 to 128, 33 see 128; 64 heads of 64 */
	struct work w = llm_prefill_attention(&p, 1, 2, 100, 61, 128);
	NEAR(w.flops, 4 * 64 * 64 * (28 * 114.5 + 33 * 128));
	NEAR(w.bytes, 2048 * 161.0 + 2 * 4096 * 2 * 61);
	w = llm_prefill_attention(&p, 1, 2, 300, 5, 128);
	NEAR(w.flops, 4 * 64 * 64 * 5 * 128.0);
	NEAR(w.bytes, 2048 * 133.0 + 2 * 4096 * 2 * 5);
}

/* ---- a run holds as long as it says ---- */

Test(step_model, a_window_ends_a_run_where_mean_and_longest_reach_it)
{
	struct rig r;
	rig_home(&r);
	r.model.window = 1000;
	r.model.window_layers = 27; /* of 32 */
	r.engine.host_s = 0;
	struct iteration_model *m = iteration_new(&r.node);
	struct batch b = { .decodes = 3, .context_sum = 1500, .context_max = 903 };
	int64_t longest;
	double first_s = iteration_run(m, &b, &longest).time_s;
	cr_expect_eq(longest, 98); /* 903 to 1000 */
	cr_expect_eq(walk(m, b, 2000), 3);
	struct batch late = grown(b, 2000);
	/* 5 layers see 6000 + 0.1 x 3 x 403 tokens more than at first 1500 + ..., 27 layers 3000 of
	 * the 1620.9 they saw; 4096 bytes a token and layer at 0.88 x 1.008 TB/s */
	double tokens = 5 * 6000 + 27 * (3000 - 1500 - 0.1 * 1209);
	NEAR(iteration_run(m, &late, &longest).time_s - first_s, tokens * 4096 / (0.88 * 1.008e12));
	cr_expect_eq(longest, INT64_MAX);
	iteration_free(m);
}

Test(step_model, latent_attention_decodes_in_even_steps)
{
	struct rig r;
	rig_cloud(&r);
	const char *name = r.model.name;
	r.model = deepseek_v3;
	r.model.name = name;
	r.model.parameters = 671e9;
	r.model.parameters_active = 37e9;
	r.node.tensor_parallel = 8;
	r.node.weights = WEIGHTS_FP8;
	r.node.kv = KV_FP8;
	r.device.memory_bytes = 141e9;
	struct iteration_model *m = iteration_new(&r.node);
	/* (0.9 x 141e9 - 671e9 / 8) / (16 x 35136) */
	cr_expect_eq(m->kv_blocks, 76532);
	struct batch b = { .decodes = 37, .context_sum = 37 * 1900, .context_max = 7177 };
	cr_expect_leq(walk(m, b, 5000), 2);
	iteration_free(m);
}

/* ---- pipelines ---- */

/* `layers` layers over two stages; links cost nothing. */
static struct run piped(int64_t layers, int pipeline, const struct batch *b)
{
	struct rig r;
	rig_toy(&r);
	r.model.layers = layers;
	r.device.link_bytes_s = 1e30;
	r.engine.collective_s = 0;
	r.node.pipeline_parallel = 2;
	r.node.pipeline = pipeline;
	struct iteration_model *m = iteration_new(&r.node);
	int64_t longest;
	struct run run = iteration_run(m, b, &longest);
	iteration_free(m);
	return run;
}

/* A token of a layer takes 3584 us, of attention 64 us for each of 25.5 tokens of
 * context (the mean of 20 and 30 and a tenth of the way to 30), of the head 512 us. */
Test(step_model, a_pipeline_by_hand)
{
	struct batch two = { .decodes = 2, .context_sum = 50, .context_max = 30 };
	/* one stage at a time, both requests together: 4 x 2 x (3584 + 1632) + 2 x 512 */
	struct run r = piped(4, PIPELINE_SERIAL, &two);
	NEAR(r.time_s, 42752e-6);
	NEAR(r.time_step_s, 512e-6); /* 4 x 2 x 64 */
	NEAR(r.flops, 0.5 * (4 * (2 * 3584 + 64 * 50) + 2 * 512));
	/* one request in each stage: 2 x (2 x 5216 + 512), the second stage sets the pace */
	r = piped(4, PIPELINE_FILLED, &two);
	NEAR(r.time_s, 21888e-6);
	NEAR(r.time_step_s, 256e-6);
	NEAR(r.flops, 0.5 * (4 * (2 * 3584 + 64 * 50) + 2 * 512));
	/* three layers in the first stage, two and the head in the second: 2 x 3 x 5216 */
	NEAR(piped(5, PIPELINE_FILLED, &two).time_s, 31296e-6);
	/* a single request goes through both: 4 x (3584 + 64 x 20) + 512 */
	struct batch one = { .decodes = 1, .context_sum = 20, .context_max = 20 };
	NEAR(piped(4, PIPELINE_FILLED, &one).time_s, 19968e-6);
}

Test(step_model, stages_pass_activations_and_share_the_cache)
{
	struct rig r;
	rig_cloud(&r);
	struct iteration_model *one = iteration_new(&r.node);
	r.node.pipeline_parallel = 3; /* 27, 27 and 26 layers */
	r.node.pipeline = PIPELINE_SERIAL;
	struct iteration_model *m = iteration_new(&r.node);
	struct batch b = { .decodes = 7, .context_sum = 7 * 900, .context_max = 900 };
	int64_t longest;
	double hops_s =
	    iteration_run(m, &b, &longest).time_s - iteration_run(one, &b, &longest).time_s;
	/* two hops of 5 us and 7 x 8192 x 2 bytes at 0.43 x 450 GB/s */
	cr_expect(epsilon_eq(dbl, hops_s, 2 * (5e-6 + 114688 / 193.5e9), 1e-15));
	cr_expect_eq(m->devices, 12);
	/* 27 of 80 layers: 0.3375 x 137.96 GB / 4 of weights, 0.3375 x 16 x 81920 bytes a block */
	cr_expect_eq(m->kv_blocks, 136446);
	iteration_free(one);
	iteration_free(m);
}

Test(step_model, a_pipeline_runs_in_even_steps)
{
	struct rig r;
	rig_cloud(&r);
	r.node.pipeline_parallel = 3;
	r.engine.host_s = 300e-6;
	struct iteration_model *m = iteration_new(&r.node);
	for (int n = 1; n < 90; n += 11) {
		struct batch b = { .decodes = n, .context_sum = n * 171, .context_max = 388 };
		walk(m, b, 3000);
	}
	iteration_free(m);
}

/* An RTX 4090 with GGUF Q4_K_M: 0.77 of the bandwidth of fp16, or what the engine says. */
Test(step_model, packed_weights_are_read_at_the_share_of_the_engine)
{
	struct rig r;
	rig_home(&r);
	double fp16 = node_gemm(&r.node, INFINITY).bytes_s;
	r.node.weights = WEIGHTS_Q4;
	cr_expect(epsilon_eq(dbl, node_gemm(&r.node, INFINITY).bytes_s, 0.77 * fp16, 1));
	r.engine.packed_share = 0.93;
	cr_expect(epsilon_eq(dbl, node_gemm(&r.node, INFINITY).bytes_s, 0.93 * fp16, 1));
	r.node.weights = WEIGHTS_FP16;
	cr_expect_eq(node_gemm(&r.node, INFINITY).bytes_s, fp16);
}

Test(step_model, an_all_reduce_moves_the_message_almost_twice)
{
	struct collective c = { .fixed_s = 5e-6, .link_bytes_s = 3e9 };
	NEAR(collective_all_reduce_s(&c, 4, 2000), 6e-6); /* 5 us + 1.5 x 2000 / 3e9 */
	cr_expect_eq(collective_all_reduce_s(&c, 1, 2000), 0);
}
