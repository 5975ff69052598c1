/* AVX-512 instructions that SIMDe 0.7 lacks, lane by lane. For KERNELS_EMULATED only. */
#ifndef HEARTH_BENCH_KERNELS_VECTOR_EMULATED_H
#define HEARTH_BENCH_KERNELS_VECTOR_EMULATED_H

#include "bench/kernels/vector.h"

#if defined(KERNELS_EMULATED) && defined(VECTORS_X86)

#include "bench/kernels/half.h"

static inline __attribute__((unused)) __m512 emulated_cvtph_ps(__m256i halves)
{
	uint16_t from[16];
	float to[16];
	memcpy(from, &halves, sizeof from);
	for (int i = 0; i < 16; i++) to[i] = f16_float(from[i]);
	return _mm512_loadu_ps(to);
}

static inline __attribute__((unused)) __m512i emulated_cvtepu16_epi32(__m256i words)
{
	uint16_t from[16];
	uint32_t to[16];
	memcpy(from, &words, sizeof from);
	for (int i = 0; i < 16; i++) to[i] = from[i];
	return _mm512_loadu_si512(to);
}

static inline __attribute__((unused)) __m512 emulated_cvtepi32_ps(__m512i whole)
{
	int32_t from[16];
	float to[16];
	memcpy(from, &whole, sizeof from);
	for (int i = 0; i < 16; i++) to[i] = (float)from[i];
	return _mm512_loadu_ps(to);
}

#undef _mm512_cvtph_ps
#undef _mm512_cvtepu16_epi32
#undef _mm512_cvtepi32_ps
#define _mm512_cvtph_ps       emulated_cvtph_ps
#define _mm512_cvtepu16_epi32 emulated_cvtepu16_epi32
#define _mm512_cvtepi32_ps    emulated_cvtepi32_ps

#endif
#endif
