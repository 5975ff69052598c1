/* One token's products, f32, f16 and bf16, with AVX-512: as gemv_avx2.c, twice as wide. */
#include "bench/kernels/functions.h"
#include "bench/kernels/layout.h"
#include "bench/kernels/vector_emulated.h"

#ifdef VECTORS_X86

enum { ROWS = 4, VECTOR = 16 };

VECTOR_AVX512 static inline float sum_of(__m512 a)
{
	float lane[VECTOR], sum = 0;
	_mm512_storeu_ps(lane, a);
	for (size_t i = 0; i < VECTOR; i++) sum += lane[i];
	return sum;
}

VECTOR_AVX512 static inline __m512 of_f32(const float *p)
{
	return _mm512_loadu_ps(p);
}

VECTOR_AVX512 static inline __m512 of_f16(const uint16_t *p)
{
	return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)p));
}

VECTOR_AVX512 static inline __m512 of_bf16(const uint16_t *p)
{
	__m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)p));
	return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
}

#define GEMV(format, type, row_of) \
	VECTOR_AVX512 void gemv_##format##_avx512(float *y, const struct matrix *w, size_t first, \
	    size_t count, const struct tokens *x) \
	{ \
		size_t apart = count / ROWS; \
		for (size_t r = first; r < first + apart; r++) { \
			const type *row = row_of(w, r); \
			__m512 sum[ROWS][2]; \
			for (size_t i = 0; i < ROWS; i++) sum[i][0] = sum[i][1] = _mm512_setzero_ps(); \
			for (size_t c = 0; c < w->cols; c += 2 * VECTOR) { \
				__m512 x0 = _mm512_loadu_ps(x->f32 + c); \
				__m512 x1 = _mm512_loadu_ps(x->f32 + c + VECTOR); \
				for (size_t i = 0; i < ROWS; i++) { \
					const type *p = row + i * apart * w->cols + c; \
					sum[i][0] = _mm512_fmadd_ps(of_##format(p), x0, sum[i][0]); \
					sum[i][1] = _mm512_fmadd_ps(of_##format(p + VECTOR), x1, sum[i][1]); \
				} \
			} \
			for (size_t i = 0; i < ROWS; i++) \
				y[r + i * apart] = sum_of(_mm512_add_ps(sum[i][0], sum[i][1])); \
		} \
	}

GEMV(f32, float, f32_row)
GEMV(f16, uint16_t, half_row)
GEMV(bf16, uint16_t, half_row)

#endif
