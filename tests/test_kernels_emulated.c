/* The kernels of AVX-512 and NEON against their twins on machines that lack them: the same
 * sources, compiled through SIMDe. Without its headers (Debian: libsimde-dev) nothing is tested. */
#include "bench/kernels/functions.h"
#include "tests/kernel_checks.h"
#include "tests/unit.h"

#if __has_include(<simde/x86/avx512.h>)
static const struct kernels *const tables[] = { &kernels_avx512, &kernels_neon };
enum { TABLES = 2 };
#else
static const struct kernels *const tables[] = { NULL };
enum { TABLES = 0 };
#endif

static void need_tables(void)
{
	if (!TABLES) cr_skip_test("no SIMDe: install libsimde-dev to test kernels of AVX-512 and NEON");
}

static void each_format(double (*error_of)(const struct kernels *k, enum format f), double most)
{
	need_tables();
	for (int i = 0; i < TABLES; i++)
		for (int f = 0; f < FORMATS; f++) {
			const struct kernels *k = tables[i];
			if (error_of == check_gemm && !k->gemm[f]) continue;
			double error = error_of(k, (enum format)f);
			cr_expect(le(dbl, error, most), "%s %s: %g", k->name,
			    format_word((enum format)f), error);
		}
}

static void each(double (*error_of)(const struct kernels *k), double most)
{
	need_tables();
	for (int i = 0; i < TABLES; i++) {
		double error = error_of(tables[i]);
		cr_expect(le(dbl, error, most), "%s: %g", tables[i]->name, error);
	}
}

Test(emulated, memory)
{
	each(check_memory, 1e-14);
}

Test(emulated, activations_round_to_the_nearest_step)
{
	each(check_quantise, 0);
}

Test(emulated, one_token)
{
	each_format(check_gemv, 1e-6);
}

Test(emulated, many_tokens)
{
	each_format(check_gemm, 1e-6);
}

Test(emulated, attention)
{
	each(check_attention, 3e-6);
}

Test(emulated, softmax)
{
	each(check_softmax, 1e-6);
}

Test(emulated, rmsnorm)
{
	each(check_rmsnorm, 1e-6);
}

Test(emulated, swiglu)
{
	each(check_swiglu, 1e-6);
}

Test(emulated, one_wrong_bit_of_a_matrix_is_seen)
{
	need_tables();
	for (int i = 0; i < TABLES; i++)
		for (int f = 0; f < FORMATS; f++)
			cr_expect(gt(dbl, check_corrupted(tables[i], (enum format)f), 1e-5), "%s %s",
			    tables[i]->name, format_word((enum format)f));
}
