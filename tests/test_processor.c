/* Processors as devices: weights out of a cache, products of one token that are bound by
 * unpacking, attention that is bound by arithmetic. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "models/compute/iteration.h"
#include "models/compute/streamed.h"
#include "tests/rig.h"

#define NEAR(a, b)                                                                                 \
	cr_expect(epsilon_eq(dbl, (a), (b), 1e-12 * fabs(b)), "%.17g, not %.17g", (a), (b))

enum { LINES = 700 };

/* Share of readings that find their line, of `span` lines read in turn over and over
 * through LINES places, each miss throwing out a random one. */
static double simulated_hit_frac(size_t span)
{
	static size_t holds[LINES];
	static bool cached[4 * LINES];
	size_t hits = 0, rounds = 400;
	struct pcg64 g;
	pcg64_seed(&g, 7, span);
	for (size_t i = 0; i < LINES; i++) holds[i] = SIZE_MAX;
	memset(cached, 0, sizeof cached);
	for (size_t i = 0; i < 2 * rounds * span; i++) {
		size_t line = i % span;
		hits += i >= rounds * span && cached[line];
		if (cached[line]) continue;
		size_t *out = &holds[(size_t)(pcg64_unit(&g) * LINES)];
		if (*out != SIZE_MAX) cached[*out] = false;
		*out = line;
		cached[line] = true;
	}
	return (double)hits / (double)(rounds * span);
}

Test(processor, a_cache_of_random_replacement_finds_what_the_law_says)
{
	static const size_t span[] = { 770, 937, 1400, 2613 };
	for (size_t i = 0; i < sizeof span / sizeof *span; i++) {
		double law = streamed_hit_frac((double)span[i], LINES);
		double found = simulated_hit_frac(span[i]);
		cr_expect(fabs(law - found) < 0.006, "%zu lines: %.4f, simulated %.4f", span[i], law,
		    found);
	}
	cr_expect_eq(streamed_hit_frac(699, 700), 1);
	cr_expect_eq(streamed_hit_frac(700, 700), 1);
	cr_expect(streamed_hit_frac(700.0001, 700) > 0.999);
	cr_expect_eq(streamed_hit_frac(INFINITY, 700), 0);
	/* the root of h = exp(-2 (1 - h)): Corless et al. 1996, "On the Lambert W function":
	 * -W(-2 e^-2) / 2, W(-0.270671) = -0.406376 */
	cr_expect(epsilon_eq(dbl, streamed_hit_frac(14, 7), 0.203188, 1e-6));
}

/* 20 GB/s of memory, 8 MB of cache at 100 GB/s; fp32 0.9 of the memory, q8 unpacked at
 * 34 GFLOP/s = 18.0625 GB/s; 80 GFLOP/s in products of many tokens, 64 in fp32. */
static void processor(struct device_par *d)
{
	struct rig r;
	rig_home(&r);
	*d = r.device;
	d->bandwidth_bytes_s = 20e9;
	d->cache_bytes = 8e6;
	d->cache_bytes_s = 100e9;
	d->bandwidth_share = 0.9;
	d->fp32_flops_s = 80e9;
	d->flops_share = 0.8;
	d->kernel[KERNEL_Q8] = (struct kernel_par){ 80e9, 34e9, 0.75 };
	d->kernel[KERNEL_Q4] = (struct kernel_par){ NAN, 32e9, NAN };
}

Test(processor, weights_come_from_cache_or_memory_but_no_faster_than_they_are_unpacked)
{
	struct device_par d;
	processor(&d);
	NEAR(device_gemm(&d, WEIGHTS_FP32, NAN, INFINITY).bytes_s, 18e9);
	NEAR(device_gemm(&d, WEIGHTS_FP32, NAN, 7e6).bytes_s, 100e9);
	NEAR(device_gemm(&d, WEIGHTS_FP32, NAN, 16e6).bytes_s,
	    1 / (0.203187869979980 / 100e9 + 0.796812130020020 / 18e9));
	NEAR(device_gemm(&d, WEIGHTS_Q8, NAN, INFINITY).bytes_s, 15e9); /* 0.75 of 20 */
	NEAR(device_gemm(&d, WEIGHTS_Q8, NAN, 7e6).bytes_s, 18.0625e9);
	NEAR(device_gemm(&d, WEIGHTS_Q4_0, NAN, INFINITY).bytes_s, 9e9); /* 16e9 weights a second */
	NEAR(device_gemm(&d, WEIGHTS_Q4_0, NAN, 7e6).bytes_s, 9e9);
	NEAR(device_gemm(&d, WEIGHTS_Q8, 0.5, INFINITY).bytes_s, 9e9); /* an engine's own kernels */
	d.cache_bytes_s = NAN;
	NEAR(device_gemm(&d, WEIGHTS_FP32, NAN, 7e6).bytes_s, 18e9);
}

Test(processor, many_tokens_meet_the_rate_of_their_format)
{
	struct device_par d;
	processor(&d);
	NEAR(device_gemm(&d, WEIGHTS_FP32, NAN, INFINITY).flops_s, 64e9);
	NEAR(device_gemm(&d, WEIGHTS_Q8, NAN, INFINITY).flops_s, 80e9);
	d.kernel[KERNEL_FP32].flops_s = 71e9;
	NEAR(device_gemm(&d, WEIGHTS_FP32, NAN, INFINITY).flops_s, 71e9);
	NEAR(device_peak_flops_s(&d, WEIGHTS_FP32), 80e9);
	d.kernel[KERNEL_FP32].flops_s = 83e9;
	NEAR(device_peak_flops_s(&d, WEIGHTS_FP32), 83e9);
	struct device_par slow = device_at_clock(&d, 0.5);
	NEAR(device_gemm(&slow, WEIGHTS_FP32, NAN, INFINITY).flops_s, 41.5e9);
	NEAR(device_gemm(&slow, WEIGHTS_Q8, NAN, 7e6).bytes_s, 0.5 * 18.0625e9);
}

Test(processor, attention_is_bound_by_arithmetic_or_memory)
{
	struct rig r;
	rig_home(&r);
	r.device.bandwidth_bytes_s = 20e9;
	r.device.attention_bw_share = 0.5;
	r.device.attention_flops_s = 12e9;
	r.node.kv = KV_FP32;
	struct roofline roof = device_decode_attention(&r.device, INFINITY);
	struct work w = llm_decode_attention(&r.model, 1, node_kv_value_bytes(&r.node), 1000);
	NEAR(w.bytes, 8192e3); /* 2 x 8 x 128 values of 4 bytes, 1000 times */
	NEAR(roofline_sharp_s(&roof, w), 16384e3 / 12e9); /* 4 x 32 x 128 flops */
	r.device.attention_flops_s = 30e9;
	roof = device_decode_attention(&r.device, INFINITY);
	NEAR(roofline_sharp_s(&roof, w), 8192e3 / 10e9);
	r.device.cache_bytes = 9e6;
	r.device.cache_bytes_s = 60e9;
	roof = device_decode_attention(&r.device, w.bytes);
	NEAR(roofline_sharp_s(&roof, w), 16384e3 / 30e9); /* 8.2 MB in the cache: by arithmetic */
}

/* One layer of 4 x 16 x 16 + 3 x 16 x 16 weights and a head of 256: 2048 weights, 8192
 * bytes in fp32, and after 5 tokens 5 x 2 x 16 values of 2 bytes. */
static void toy_processor(struct rig *r)
{
	rig_toy(r);
	processor(&r->device);
	r->device.op_s = r->device.attention_s = 0;
	r->device.roundness = 100;
	r->device.attention_flops_s = INFINITY;
	r->node.weights = WEIGHTS_FP32;
}

enum { TOY_BYTES = 8192 + 5 * 64 };

/* With so large a cache; NAN: none. *longest: of the run. */
static double toy_s(struct rig *r, double cache_bytes, int64_t *longest)
{
	struct batch one = { .decodes = 1, .context_sum = 5, .context_max = 5 };
	r->device.cache_bytes = cache_bytes;
	r->device.cache_bytes_s = isnan(cache_bytes) ? NAN : 100e9;
	struct iteration_model *m = iteration_new(&r->node);
	double time_s = iteration_run(m, &one, longest).time_s;
	NEAR(m->products.weight_bytes[1], 8192.0);
	iteration_free(m);
	return time_s;
}

Test(processor, a_model_that_fits_the_cache_decodes_at_its_rate)
{
	struct rig r;
	int64_t longest;
	toy_processor(&r);
	r.device.attention_bw_share = 0.9; /* as products in fp32: 18 GB/s */
	double cached_s = toy_s(&r, TOY_BYTES, &longest), read_s = toy_s(&r, NAN, &longest);
	/* what the rest of the layer moves takes the memory's time in both */
	double rest_s = llm_rest_bytes(&r.model, 1) / 18e9;
	cr_expect(epsilon_eq(dbl, (read_s - rest_s) / (cached_s - rest_s), 100.0 / 18, 1e-9));
}

/* A cache of half of what is read finds 0.203188 of it (above), one of a twentieth next to
 * nothing. Of the former a hundredth has room for no token's 64 bytes but the run's first. */
Test(processor, weights_and_keys_and_values_share_the_cache)
{
	struct rig r;
	int64_t longest;
	toy_processor(&r);
	r.device.attention_bw_share = 0.3;
	double none_s = toy_s(&r, NAN, &longest), all_s = toy_s(&r, 1e6, &longest);
	cr_expect_eq(longest, 1 + 10000 / 64);
	double half_s = toy_s(&r, TOY_BYTES / 2.0, &longest);
	cr_expect_eq(longest, 1);
	double found = (none_s - half_s) / (none_s - all_s);
	cr_expect(epsilon_eq(dbl, found, 0.203188, 1e-6), "%.7f", found);
	cr_expect_eq(toy_s(&r, TOY_BYTES / 20.0, &longest), none_s);
	cr_expect_eq(longest, INT64_MAX);
}

Test(processor, the_rest_of_a_layer_has_a_share_of_its_own)
{
	struct rig r;
	int64_t longest;
	toy_processor(&r);
	NEAR(device_rest_bytes_s(&r.device), 18e9);
	double usual_s = toy_s(&r, NAN, &longest);
	r.device.rest_bw_share = 0.45;
	NEAR(device_rest_bytes_s(&r.device), 9e9);
	/* once more 2 x (10 x 16 + 2 x 2 x 16 + 3 x 16) bytes at 18 GB/s */
	cr_expect(epsilon_eq(dbl, toy_s(&r, NAN, &longest) - usual_s, 544 / 18e9, 1e-15));
}
