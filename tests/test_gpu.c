#include "tests/unit.h"

#include <math.h>
#include <string.h>

#include "bench/gpu/data.h"

/* IEEE 754-2019, table 3.5: bias 15, 10 bits of mantissa; the least normal 2^-14, the
 * least of all 2^-24, the greatest 65504. */
Test(gpu_data, halves_are_binary16)
{
	static const struct {
		uint16_t bits;
		double value;
	} t[] = {
		{ 0x3c00, 1 }, { 0xc000, -2 }, { 0x3555, 0.333251953125 }, { 0x0400, 0x1p-14 },
		{ 0x0001, 0x1p-24 }, { 0x7bff, 65504 }, { 0x8000, -0.0 },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		cr_expect_eq(half_value(t[i].bits), t[i].value, "%04x", t[i].bits);
}

static double dot(enum gpu_format f, void *data, void *scale, const struct gpu_vector *x)
{
	struct gpu_rows r = { .format = f, .rows = 1, .cols = x->cols, .data = data, .scale = scale };
	return gpu_rows_times(&r, 0, x);
}

/* Column 37 is the only one with an activation: 3 with scale 0.5, so 1.5. */
static struct gpu_vector one_at_37(void)
{
	struct gpu_vector x = gpu_vector_new(64, 1);
	for (int c = 0; c < 64; c++) {
		x.q[c] = c == 37 ? 3 : 0;
		x.f32[c] = c == 37 ? 1.5f : 0;
	}
	x.scale[0] = 0.5f;
	return x;
}

Test(gpu_data, a_weight_is_found_in_each_layout)
{
	struct gpu_vector x = one_at_37();
	float f32[64] = { [37] = -7 };
	uint16_t f16[64] = { [37] = 0xc700 }; /* -7 */
	int8_t q8[64] = { [37] = -7 };
	float q8_scale[1] = { 0.25f };
	uint8_t q4[32] = { [16 + 5] = 0xf3 };        /* column 32 + 5: 3 - 8; 48 + 5: 15 - 8 */
	uint16_t q4_scale[2] = { 0x4400, 0x3800 }; /* 4 and 0.5 */
	cr_expect_eq(dot(GPU_F32, f32, NULL, &x), -7 * 1.5);
	cr_expect_eq(dot(GPU_F16, f16, NULL, &x), -7 * 1.5);
	cr_expect_eq(dot(GPU_Q8, q8, q8_scale, &x), -7 * 0.25 * 1.5);
	cr_expect_eq(dot(GPU_Q4, q4, q4_scale, &x), (3 - 8) * 0.5 * 1.5);
	gpu_vector_free(&x);
}

Test(gpu_data, activations_have_the_sums_of_32)
{
	struct gpu_vector x = gpu_vector_new(192, 5);
	for (int b = 0; b < 6; b++) {
		int sum = 0;
		for (int i = 0; i < 32; i++) sum += x.q[32 * b + i];
		cr_expect_eq(x.sum[b], sum);
	}
	cr_expect_eq(x.f32[131], x.scale[2] * x.q[131]);
	gpu_vector_free(&x);
}

/* Two positions with scores 0 and ln 3 at head_dim 4: weights 1/4 and 3/4. */
Test(gpu_data, attention_weighs_by_softmax_of_scores_over_root_d)
{
	float query[4] = { (float)(2 * 1.0986122886681098), 0, 0, 0 }; /* sqrt(4) ln 3 */
	uint16_t keys[8] = { 0, 0, 0, 0, 0x3c00, 0, 0, 0 };
	uint16_t values[8] = { 0x4400, 0, 0, 0xbc00, 0xc800, 0x3c00, 0, 0xbc00 }; /* 4, -1; -8, 1, -1 */
	struct gpu_cache c = { 1, 1, 4, 2, query, keys, values };
	double out[4], expected[4] = { 0.25 * 4 - 0.75 * 8, 0.75, 0, -1 };
	gpu_cache_attend(&c, 0, 0, out);
	for (int d = 0; d < 4; d++) cr_expect_float_eq(out[d], expected[d], 1e-7);
}
