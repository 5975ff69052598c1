/* Every instruction set that this machine has, and how weights are rounded. */
#include "bench/kernels/half.h"
#include "bench/kernels/kernels.h"
#include "bench/kernels/layout.h"
#include "tests/kernel_checks.h"
#include "tests/unit.h"

#include <math.h>
#include <string.h>

Test(kernels, agree_with_their_twins)
{
	char said[160];
	for (int isa = 0; isa < ISAS; isa++) {
		const struct kernels *k = kernels_of((enum isa)isa);
		cr_assert(k || isa != ISA_PORTABLE);
		if (!k) continue;
		for (const struct kernel_check *c = kernel_checks; c->name; c++)
			cr_expect(kernel_check_passes(c, k, said, sizeof said), "%s", said);
	}
}

Test(kernels, the_best_is_the_last)
{
	for (int isa = 0; isa < ISAS; isa++) {
		const struct kernels *k = kernels_of((enum isa)isa);
		if (!k) continue;
		cr_expect(eq(int, (int)k->isa, isa));
		cr_expect(le(int, (int)k->isa, (int)kernels_best()->isa));
	}
}

/* IEEE 754-2019: 1 + 2^-11 is a tie, to even; 65519.99 is the last below infinity; 2^-24 the
 * least, half of it a tie to zero. */
Test(format, half_precision_rounds_to_nearest_even)
{
	static const struct {
		float x;
		uint16_t f16;
	} rows[] = {
		{ 1.0f, 0x3c00 }, { -2.5f, 0xc100 }, { 65504.0f, 0x7bff }, { 65519.99f, 0x7bff },
		{ 65520.0f, 0x7c00 }, { -1e10f, 0xfc00 }, { 0x1p-24f, 0x0001 }, { 0x1p-25f, 0x0000 },
		{ 0x1.8p-25f, 0x0001 }, { 0x1p-14f, 0x0400 }, { 0x1.ff8p-15f, 0x03ff },
		{ 0x1.ffcp-15f, 0x0400 }, { -0.0f, 0x8000 }, { 1 + 0x1p-11f, 0x3c00 },
		{ 1 + 0x1.8p-10f, 0x3c02 }, { INFINITY, 0x7c00 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect(eq(u16, f16_of(rows[i].x), rows[i].f16), "%a", (double)rows[i].x);
	cr_expect(eq(int, isnan(f16_float(f16_of(NAN))), 1));
	for (uint32_t h = 0; h < 0x10000; h++) /* every number comes back; of NaN, only that it is */
		if (!isnan(f16_float((uint16_t)h)))
			cr_assert(eq(u16, f16_of(f16_float((uint16_t)h)), (uint16_t)h));
}

Test(format, bfloat16_rounds_to_nearest_even)
{
	cr_expect(eq(u16, bf16_of(1.0f), 0x3f80));
	cr_expect(eq(u16, bf16_of(1 + 0x1p-8f), 0x3f80));   /* tie: to even, down */
	cr_expect(eq(u16, bf16_of(1 + 0x1.8p-7f), 0x3f82)); /* tie: to even, up */
	cr_expect(eq(u16, bf16_of(3.4e38f), 0x7f80));
	cr_expect(eq(int, isnan(bf16_float(bf16_of(NAN))), 1));
	for (uint32_t b = 0; b < 0x10000; b++)
		if (!isnan(bf16_float((uint16_t)b)))
			cr_assert(eq(u16, bf16_of(bf16_float((uint16_t)b)), (uint16_t)b));
}

/* Half a step of the group's largest: of 127 steps to either side, and of 8; an f16 scale adds
 * 2^-11 of 8 steps. */
Test(format, rounding_errs_by_half_a_step)
{
	static const double most[FORMATS] = { 0, 0x1p-11, 0x1p-8, 0.5 / 127, 1.05 / 8 };
	float value[192], got[192];
	for (int i = 0; i < 192; i++) value[i] = (float)((i * 37 + 11) % 192 - 96) / 97.0f;
	for (int f = 0; f < FORMATS; f++) {
		struct matrix m = matrix_new((enum format)f, 32, 192);
		for (size_t r = 0; r < 32; r++) matrix_put(&m, r, value);
		matrix_get(&m, 19, got);
		for (int i = 0; i < 192; i++)
			cr_expect(le(dbl, fabs((double)(got[i] - value[i])), most[f] + 1e-7), "%s %d",
			    format_word((enum format)f), i);
		cr_expect(eq(dbl, (double)matrix_bytes(&m), 32 * 192 * format_bytes((enum format)f)));
		cr_expect_eq(matrix_bytes_of((enum format)f, 16, 64) % 64, 0);
		matrix_free(&m);
	}
}

Test(format, a_row_leaves_its_neighbours_alone)
{
	float value[128], got[128];
	for (int f = 0; f < FORMATS; f++) {
		struct matrix m = matrix_new((enum format)f, 32, 128);
		for (size_t r = 0; r < 32; r++) {
			for (int i = 0; i < 128; i++) value[i] = (float)(r + 1) * (i % 2 ? -1 : 1);
			matrix_put(&m, r, value);
		}
		for (size_t r = 0; r < 32; r++) {
			matrix_get(&m, r, got);
			for (int i = 0; i < 128; i++) /* the largest of a group is exact, or -8/8 */
				cr_expect(le(dbl, fabs(fabs((double)got[i]) / (double)(r + 1) - 1),
				    f == FORMAT_Q4 ? 0.126 : 1e-6));
		}
		matrix_free(&m);
	}
}
