/* The kernels of AVX-512 and NEON against their twins on machines that lack them: the same
 * sources, compiled through SIMDe. Without its headers (Debian: libsimde-dev) nothing is tested. */
#include "bench/kernels/functions.h"
#include "tests/kernel_checks.h"
#include "tests/unit.h"

#if __has_include(<simde/x86/avx512.h>)
static const struct kernels *const tables[] = { &kernels_avx512, &kernels_neon, NULL };
#else
static const struct kernels *const tables[] = { NULL };
#endif

Test(emulated, agree_with_their_twins)
{
	char said[160];
	if (!*tables) cr_skip_test("no SIMDe: install libsimde-dev to test kernels of AVX-512 and NEON");
	for (const struct kernels *const *k = tables; *k; k++)
		for (const struct kernel_check *c = kernel_checks; c->name; c++)
			cr_expect(kernel_check_passes(c, *k, said, sizeof said), "%s", said);
}
