/* Loads that the AVX2 kernels of quantised formats share. */
#ifndef HEARTH_BENCH_KERNELS_QUANTISED_AVX2_H
#define HEARTH_BENCH_KERNELS_QUANTISED_AVX2_H

#include "bench/kernels/vector.h"

#include <stdint.h>
#include <string.h>

#ifdef VECTORS_X86

VECTOR_AVX2 static inline __m256i bytes_at(const void *p)
{
	return _mm256_loadu_si256((const __m256i *)p);
}

/* Four bytes, in all eight lanes. */
VECTOR_AVX2 static inline __m256i four_of(const void *p)
{
	int32_t four;
	memcpy(&four, p, sizeof four);
	return _mm256_set1_epi32(four);
}

VECTOR_AVX2 static inline __m256 halves_at(const void *p)
{
	return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p));
}

/* Sums of four products of signed bytes. Instructions want one side unsigned: the sign of each
 * weight goes to its activation. Pairs stay within 2 * 127 * 127 < 2^15. */
VECTOR_AVX2 static inline __m256i dot_signed(__m256i w, __m256i x)
{
	__m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
	return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

#endif
#endif
