/* One token's products, f32, f16 and bf16, with AVX2.
 *
 * Four rows are taken at once, so that each vector of x serves four: for long rows x comes from
 * the second cache level, and would cost as much as the weights otherwise. They are a quarter
 * of the call's rows apart: four long streams, which prefetchers follow whatever the rows' length
 * (see memory_avx2.c). */
#include "bench/kernels/functions.h"
#include "bench/kernels/layout.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_X86

enum { ROWS = 4, VECTOR = 8 };

/* The sums of four vectors. */
VECTOR_AVX2 static inline __m128 sums_of(__m256 a, __m256 b, __m256 c, __m256 d)
{
	__m256 four = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
	return _mm_add_ps(_mm256_castps256_ps128(four), _mm256_extractf128_ps(four, 1));
}

VECTOR_AVX2 static inline __m256 of_f32(const float *p)
{
	return _mm256_loadu_ps(p);
}

VECTOR_AVX2 static inline __m256 of_f16(const uint16_t *p)
{
	return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)p));
}

VECTOR_AVX2 static inline __m256 of_bf16(const uint16_t *p)
{
	__m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
	return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}

/* Two vectors of columns at a time: eight sums hide the latency of multiply-adds. */
#define GEMV(format, type, row_of) \
	VECTOR_AVX2 void gemv_##format##_avx2(float *y, const struct matrix *w, size_t first, \
	    size_t count, const struct tokens *x) \
	{ \
		size_t apart = count / ROWS; \
		for (size_t r = first; r < first + apart; r++) { \
			const type *row = row_of(w, r); \
			__m256 sum[ROWS][2] = { 0 }; \
			float four[ROWS]; \
			for (size_t c = 0; c < w->cols; c += 2 * VECTOR) { \
				__m256 x0 = _mm256_loadu_ps(x->f32 + c); \
				__m256 x1 = _mm256_loadu_ps(x->f32 + c + VECTOR); \
				for (size_t i = 0; i < ROWS; i++) { \
					const type *p = row + i * apart * w->cols + c; \
					sum[i][0] = _mm256_fmadd_ps(of_##format(p), x0, sum[i][0]); \
					sum[i][1] = _mm256_fmadd_ps(of_##format(p + VECTOR), x1, sum[i][1]); \
				} \
			} \
			for (size_t i = 0; i < ROWS; i++) \
				sum[i][0] = _mm256_add_ps(sum[i][0], sum[i][1]); \
			_mm_storeu_ps(four, sums_of(sum[0][0], sum[1][0], sum[2][0], sum[3][0])); \
			for (size_t i = 0; i < ROWS; i++) y[r + i * apart] = four[i]; \
		} \
	}

GEMV(f32, float, f32_row)
GEMV(f16, uint16_t, half_row)
GEMV(bf16, uint16_t, half_row)

#endif
