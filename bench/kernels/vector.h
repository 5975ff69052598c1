/* The vector instructions that this build can have, and the words that mark functions for them.
 *
 * A function for AVX2 or AVX-512 carries VECTOR_AVX2 or VECTOR_AVX512, so that no file needs
 * flags of its own and the rest of the program runs on any machine; kernels_of() asks the
 * processor before it gives such functions away. NEON is part of every 64-bit ARM.
 *
 * With KERNELS_EMULATED all of them are compiled for whatever machine, through SIMDe (Nemerson et
 * al., "SIMD Everywhere"): slow, but their arithmetic can be tested where the instructions
 * are missing. */
#ifndef HEARTH_BENCH_KERNELS_VECTOR_H
#define HEARTH_BENCH_KERNELS_VECTOR_H

#if defined(KERNELS_EMULATED) && __has_include(<simde/x86/avx512.h>)
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>
#include <simde/x86/f16c.h>
#include <simde/x86/fma.h>
#include <simde/arm/neon.h>
#define VECTORS_X86
#define VECTORS_NEON
#define VECTOR_AVX2
#define VECTOR_AVX512
#elif defined(KERNELS_EMULATED) /* without SIMDe: nothing */
#elif defined(__x86_64__)
#include <immintrin.h>
#define VECTORS_X86
#define VECTOR_AVX2   __attribute__((target("avx2,fma,f16c")))
#define VECTOR_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,avx2,fma,f16c")))
#elif defined(__aarch64__)
#include <arm_neon.h>
#define VECTORS_NEON
#endif

#endif
