#include "bench/kernels/kernels.h"

#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#include <stdbool.h>

#ifdef VECTORS_X86
#include <cpuid.h>
#endif

#ifdef VECTORS_X86
static bool has_f16c(void) /* clang 14's __builtin_cpu_supports does not know the word */
{
	unsigned a, b, c, d;
	return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C);
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
}

static bool has_avx512(void)
{
	return has_avx2() && __builtin_cpu_supports("avx512f") &&
	    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
	    __builtin_cpu_supports("avx512vnni");
}
#endif

const struct kernels *kernels_of(enum isa isa)
{
	switch (isa) {
	case ISA_PORTABLE: return &kernels_portable;
#ifdef VECTORS_X86
	case ISA_AVX2: return has_avx2() ? &kernels_avx2 : NULL;
	case ISA_AVX512: return has_avx512() ? &kernels_avx512 : NULL;
#endif
#ifdef VECTORS_NEON
	case ISA_NEON: return &kernels_neon;
#endif
	default: return NULL;
	}
}

const struct kernels *kernels_best(void)
{
	const struct kernels *best = NULL;
	for (int isa = ISAS - 1; !best; isa--) best = kernels_of((enum isa)isa); /* portable: always */
	return best;
}
