#include "tests/unit.h"

#include <math.h>

#include "models/compute/iteration.h"
#include "models/compute/node_variant.h"
#include "tests/rig.h"

#define NEAR(a, b) cr_expect(epsilon_eq(dbl, a, b, 1e-9 * fabs(b)), "%.12g, not %.12g", a, b)

/* What a <variant> without attributes is. */
static struct variant_par plain(void)
{
	return (struct variant_par){ .name = "x", .weight_bits = NAN, .zero_frac = NAN,
		.exit_depth_frac = NAN, .exit_frac = NAN, .score_loss_frac = NAN,
		.perplexity_ratio = NAN };
}

/* A rig whose node has a variant: Llama 3.1 8B on one RTX 4090. */
struct bed {
	struct rig rig;
	struct variant_par variant;
	struct object object;
};

static void bed_init(struct bed *b, struct variant_par v)
{
	rig_home(&b->rig);
	b->variant = v;
	b->object = (struct object){ .cls = &variant_class, .par = &b->variant };
	b->rig.node.variant = &b->object;
}

/* The first iteration of a batch that decodes; contexts 170, all alike. */
static struct run decoded(struct bed *b, int64_t requests)
{
	struct iteration_model *m = iteration_new(&b->rig.node);
	struct batch batch = { .decodes = requests, .context_sum = 170.0 * (double)requests,
		.context_max = 170 };
	int64_t longest;
	struct run r = iteration_run(m, &batch, &longest);
	iteration_free(m);
	return r;
}

Test(variant, one_that_changes_nothing_changes_nothing)
{
	struct bed with, without;
	bed_init(&with, plain());
	bed_init(&without, plain());
	without.rig.node.variant = NULL;
	for (int64_t n = 1; n < 40; n += 19) {
		struct run a = decoded(&with, n), b = decoded(&without, n);
		cr_expect_eq(a.time_s, b.time_s);
		cr_expect_eq(a.flops, b.flops);
		cr_expect_eq(a.bytes, b.bytes);
	}
	cr_expect_eq(node_weight_bytes(&with.rig.node), node_weight_bytes(&without.rig.node));
}

Test(variant, formats_are_those_of_a_node_that_writes_them)
{
	struct variant_par v = plain();
	v.weights = 1 + WEIGHTS_Q4;
	v.kv = 1 + KV_FP8;
	struct bed with, without;
	bed_init(&with, v);
	bed_init(&without, plain());
	without.rig.node.weights = WEIGHTS_Q4;
	without.rig.node.kv = KV_FP8;
	struct run a = decoded(&with, 3), b = decoded(&without, 3);
	cr_expect_eq(a.time_s, b.time_s);
	cr_expect_eq(a.bytes, b.bytes);
	cr_expect_eq(node_kv_blocks(&with.rig.node), node_kv_blocks(&without.rig.node));
	cr_expect_eq(node_weights(&with.rig.node), WEIGHTS_Q4);
	cr_expect_eq(node_kv(&with.rig.node), KV_FP8);
}

/* Q6_K of Llama 3 8B takes 6.14 GiB; the catalogue has 8.03e9 parameters. */
Test(variant, bits_of_a_weight_set_memory_and_bytes_read)
{
	struct variant_par v = plain();
	v.weights = 1 + WEIGHTS_Q4;
	v.weight_bits = 6.568;
	struct bed b, q4;
	bed_init(&b, v);
	v.weight_bits = NAN;
	bed_init(&q4, v);
	NEAR(node_weight_bytes(&b.rig.node), b.rig.model.parameters * 6.568 / 8);
	cr_expect(epsilon_eq(dbl, node_weight_bytes(&b.rig.node), 6.14 * 1073741824, 0.005 * 6.6e9));
	double weights = llm_shape_parameters(&b.rig.model, 1);
	NEAR(decoded(&b, 1).bytes - decoded(&q4, 1).bytes, weights * (6.568 / 8 - 0.612));
}

/* The layers' weights of the toy are 1792 of 2048 with the head's; a multiply-add is 2 flops. */
Test(variant, structured_zeros_shrink_the_layers_and_not_the_head)
{
	struct bed b;
	struct variant_par v = plain();
	v.pruning = PRUNING_STRUCTURED;
	v.zero_frac = 0.375;
	bed_init(&b, v);
	rig_toy(&b.rig);
	b.rig.node.variant = &b.object;
	struct run r = decoded(&b, 1);
	NEAR(r.flops, 0.625 * 3584 + 512 + 170 * 64);
	NEAR(r.time_s, r.flops * 1e-6); /* at 1 MFLOP/s */
	NEAR(node_weight_bytes(&b.rig.node), 2 * (b.rig.model.parameters - 0.375 * 1792));
}

/* Of 16-bit weights two of four stay, with 2 bits each: 9/16 of the bytes. */
Test(variant, two_of_four_zeros_save_where_the_device_leaves_them_out)
{
	struct variant_par v = plain();
	v.pruning = PRUNING_TWO_FOUR;
	struct bed b, dense;
	bed_init(&b, v);
	bed_init(&dense, plain());
	struct run without = decoded(&dense, 1), same = decoded(&b, 1);
	cr_expect_eq(same.time_s, without.time_s, "no sparse-gain=");
	cr_expect_eq(same.bytes, without.bytes);
	b.rig.device.sparse_gain = 2;
	struct run r = decoded(&b, 1);
	double layers = llm_shape_parameters(&b.rig.model, 0);
	NEAR(without.bytes - r.bytes, 2 * layers * 7 / 16);
	NEAR(without.flops - r.flops, layers);
	cr_expect_lt(r.time_s, 0.66 * without.time_s);
	cr_expect_gt(r.time_s, 0.55 * without.time_s);
	struct variant_work w = variant_work(&v, &b.rig.device, 1);
	NEAR(w.bytes_frac, 0.625); /* of 8-bit weights 10/16 */
	b.rig.device.sparse_gain = 1.5;
	NEAR(variant_work(&v, &b.rig.device, 2).rate_frac, 0.75);
	v.pruning = PRUNING_SCATTERED;
	v.zero_frac = 0.9;
	cr_expect_eq(variant_work(&v, &b.rig.device, 2).bytes_frac, 1);
	cr_expect_eq(variant_work(&v, &b.rig.device, 2).flops_frac, 1);
}

/* ---- early exit ---- */

static struct variant_par leaving(double depth, double share)
{
	struct variant_par v = plain();
	v.exit_depth_frac = depth;
	v.exit_frac = share;
	return v;
}

/* One token: 3584 us in the layer, of which a quarter lies before the exit, 64 us of
 * attention for each of 170 tokens of context, a head of 512 us at the exit and one at the
 * end for those 0.3 that stay. */
Test(variant, a_token_leaves_early_by_hand)
{
	struct bed b;
	bed_init(&b, leaving(0.25, 0.7));
	rig_toy(&b.rig);
	b.rig.node.variant = &b.object;
	double passed = 0.25 + 0.75 * 0.3;
	struct run r = decoded(&b, 1);
	NEAR(r.flops, passed * (3584 + 170 * 64) + 1.3 * 512);
	NEAR(r.time_s, r.flops * 1e-6);
	NEAR(r.time_step_s, passed * 64e-6);
	NEAR(r.flops_step, passed * 64);
}

/* All leave, or none: a model of half the layers, or all with a second look at the head. */
Test(variant, exits_between_all_and_none)
{
	struct bed all, none, dense;
	bed_init(&all, leaving(0.5, 1));
	bed_init(&none, leaving(0.5, 0));
	bed_init(&dense, plain());
	struct run a = decoded(&all, 7), n = decoded(&none, 7), d = decoded(&dense, 7);
	struct llm_par half = dense.rig.model;
	struct gemm head = llm_head(&half, 1);
	double head_flops = 7 * 2 * head.n * head.k, head_bytes = 2 * head.n * head.k;
	NEAR(a.flops, 0.5 * (d.flops - head_flops) + head_flops);
	NEAR(a.bytes, 0.5 * (d.bytes - head_bytes) + head_bytes);
	NEAR(n.flops, d.flops + head_flops);
	NEAR(n.bytes, d.bytes + head_bytes);
}

/* Half of the layers' weights are read where any of n tokens stays: 1 - 0.9^n. */
Test(variant, in_a_batch_weights_are_read_for_the_few_that_stay)
{
	struct bed b, dense;
	bed_init(&b, leaving(0.5, 0.9));
	bed_init(&dense, plain());
	double layers = 2 * llm_shape_parameters(&dense.rig.model, 0), saved[2];
	struct gemm head = llm_head(&dense.rig.model, 1);
	for (int i = 0; i < 2; i++) {
		int64_t n = i ? 32 : 1;
		double any = 1 - pow(0.9, (double)n), heads = 2 * head.n * head.k * any;
		struct run few = decoded(&b, n), all = decoded(&dense, n);
		double kv = all.bytes - layers - 2 * head.n * head.k;
		NEAR(few.bytes, layers * (0.5 + 0.5 * any) + 0.55 * kv + 2 * head.n * head.k + heads);
		saved[i] = 1 - few.time_s / all.time_s;
	}
	cr_expect_gt(saved[0], 0.3);
	cr_expect_lt(saved[1], 0.1);
}

Test(variant, an_iteration_with_a_prompt_passes_all_layers)
{
	struct bed b, dense;
	bed_init(&b, leaving(0.5, 0.9));
	bed_init(&dense, plain());
	struct iteration_model *m[2] = { iteration_new(&b.rig.node), iteration_new(&dense.rig.node) };
	struct run r[2];
	for (int i = 0; i < 2; i++) {
		struct batch batch = { .decodes = 3, .context_sum = 510, .context_max = 170 };
		int64_t longest;
		batch_prefill(&batch, m[i], 0, 71);
		r[i] = iteration_run(m[i], &batch, &longest);
		iteration_free(m[i]);
	}
	cr_expect_eq(r[0].time_s, r[1].time_s);
	cr_expect_eq(r[0].bytes, r[1].bytes);
}

/* Of value[k] = k the mean is n p, of k^2 it is n p (1 - p) + (n p)^2. */
Test(variant, binomial_means_have_their_moments)
{
	enum { N = 1500 };
	static double linear[N + 1], square[N + 1];
	for (int k = 0; k <= N; k++) {
		linear[k] = k;
		square[k] = (double)k * k;
	}
	for (int n = 1; n <= N; n += 499) {
		double p = 0.07, mean = n * p;
		cr_expect(epsilon_eq(dbl, binomial_mean(linear, n, p), mean, 1e-9 * mean));
		cr_expect(epsilon_eq(dbl, binomial_mean(square, n, p), mean * (1 - p + mean),
		    1e-9 * mean * mean + 1e-9));
	}
	cr_expect_eq(binomial_mean(linear, 13, 0), 0);
	cr_expect(epsilon_eq(dbl, binomial_mean(linear, 13, 1), 13, 1e-12));
}

/* ---- accuracy ---- */

Test(variant, scores_fall_by_points_or_by_perplexity)
{
	struct variant_par v = plain();
	cr_expect_eq(variant_score(NULL, 0.694, "MMLU"), 0.694);
	cr_expect(isnan(variant_score(&v, 0.694, "MMLU")), "nothing is known of its answers");
	v.score_loss_frac = 0.048;
	NEAR(variant_score(&v, 0.694, "MMLU"), 0.646);
	NEAR(variant_score(&v, 0.694, "a benchmark of my own"), 0.646);
	v.score_loss_frac = NAN;
	v.perplexity_ratio = 6.407115 / 6.233160; /* Q4_K_M of Llama 3 8B */
	NEAR(variant_score(&v, 0.694, "MMLU"), 0.25 + 0.444 / (6.407115 / 6.233160));
	NEAR(variant_score(&v, 0.483, "MMLU-Pro"), 0.1 + 0.383 / (6.407115 / 6.233160));
	NEAR(variant_score(&v, 0.845, "GSM8K"), 0.845 / (6.407115 / 6.233160));
	cr_expect_eq(variant_score(&v, 0.19, "GPQA"), 0.19, "below guessing nothing is left to lose");
}
