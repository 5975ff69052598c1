/* Products with q8 and q4 matrices, of one token and of many, with AVX-512 and VNNI.
 *
 * vpdpbusd multiplies unsigned bytes by signed ones and sums fours. q8 weights are made unsigned
 * by adding 128 (their top bit turned), q4 ones are unsigned as they lie; 128 or 8 times the sum
 * of the activations is then taken away. A line of a tile is a vector; 16 rows times eight tokens
 * are summed in registers, so that nothing needs to be laid ready. */
#include "bench/kernels/functions.h"
#include "bench/kernels/layout.h"
#include "bench/kernels/sides.h"
#include "bench/kernels/vector_emulated.h"

#include <string.h>

#ifdef VECTORS_X86

enum { SIDE = 8, STREAMS = 4, AHEAD = 1024 }; /* tokens; blocks of rows; bytes */

VECTOR_AVX512 static inline __m512i four_of(const void *p)
{
	int32_t four;
	memcpy(&four, p, sizeof four);
	return _mm512_set1_epi32(four);
}

VECTOR_AVX512 static inline __m512i line_at(const void *p)
{
	_mm_prefetch((const char *)p + AHEAD, _MM_HINT_T0);
	return _mm512_loadu_si512(p);
}

/* Minus `each` times the sum of 32 bytes, in all lanes. */
VECTOR_AVX512 static inline __m512i offset_of(const int8_t *q, int each)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)q);
	__m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), bytes);
	__m256i eight = _mm256_madd_epi16(pairs, _mm256_set1_epi16((short)-each));
	__m128i four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
	four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
	four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
	return _mm512_set1_epi32(_mm_cvtsi128_si32(four));
}

/* sum[i] += a tile's products with group g of token t + i. */
VECTOR_AVX512 static inline void add_q8_tile(__m512 *sum, const struct matrix *w, size_t row,
    size_t g, const struct tokens *x, size_t t, size_t side)
{
	const int8_t *tile = q8_tile(w, row, g), *q = x->q + t * x->cols + g * GROUP;
	const float *step = x->scale + t * (x->cols / GROUP) + g;
	__m512 scale = _mm512_loadu_ps(q8_scales(w, row, g));
	__m512i whole[SIDE];
	for (size_t i = 0; i < side; i++)
		whole[i] = _mm512_add_epi32(offset_of(q + i * x->cols, 128),
		    offset_of(q + i * x->cols + HALF_GROUP, 128));
	for (size_t k = 0; k < GROUP / 4; k++) {
		__m512i line = _mm512_xor_si512(line_at(tile + k * LINE), _mm512_set1_epi8(-128));
		for (size_t i = 0; i < side; i++)
			whole[i] = _mm512_dpbusd_epi32(whole[i], line, four_of(q + i * x->cols + 4 * k));
	}
	for (size_t i = 0; i < side; i++) {
		__m512 factor = _mm512_mul_ps(scale, _mm512_set1_ps(step[i * (x->cols / GROUP)]));
		sum[i] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(whole[i]), factor, sum[i]);
	}
}

VECTOR_AVX512 static inline void add_q4_tile(__m512 *sum, const struct matrix *w, size_t row,
    size_t g, const struct tokens *x, size_t t, size_t side)
{
	const __m512i nibble = _mm512_set1_epi8(15);
	const uint8_t *tile = q4_tile(w, row, g), *line = tile + LINE;
	const int8_t *q = x->q + t * x->cols + g * GROUP;
	const float *step = x->scale + t * (x->cols / GROUP) + g;
	__m512 low = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)tile));
	__m512 high = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)(tile + 32)));
	__m512i a[SIDE], b[SIDE];
	for (size_t i = 0; i < side; i++) {
		a[i] = offset_of(q + i * x->cols, 8);
		b[i] = offset_of(q + i * x->cols + HALF_GROUP, 8);
	}
	for (size_t k = 0; k < HALF_GROUP / 4; k++) {
		__m512i both = line_at(line + k * LINE), n0 = _mm512_and_si512(both, nibble);
		__m512i n1 = _mm512_and_si512(_mm512_srli_epi16(both, 4), nibble);
		for (size_t i = 0; i < side; i++) {
			const int8_t *four = q + i * x->cols + 4 * k;
			a[i] = _mm512_dpbusd_epi32(a[i], n0, four_of(four));
			b[i] = _mm512_dpbusd_epi32(b[i], n1, four_of(four + HALF_GROUP));
		}
	}
	for (size_t i = 0; i < side; i++) {
		__m512 both = _mm512_mul_ps(_mm512_cvtepi32_ps(a[i]), low);
		both = _mm512_fmadd_ps(_mm512_cvtepi32_ps(b[i]), high, both);
		sum[i] = _mm512_fmadd_ps(both, _mm512_set1_ps(step[i * (x->cols / GROUP)]), sum[i]);
	}
}

/* One token; four blocks of rows, `apart` rows from each other, as four streams (gemv_avx2.c); then
 * the blocks that are left. Many tokens: eight, then one by one. */
#define PRODUCTS(format) \
	VECTOR_AVX512 static inline void blocks_##format(float *y, const struct matrix *w, \
	    size_t row, size_t blocks, size_t apart, const struct tokens *x) \
	{ \
		__m512 sum[STREAMS]; \
		for (size_t i = 0; i < blocks; i++) sum[i] = _mm512_setzero_ps(); \
		for (size_t g = 0; g < w->cols / GROUP; g++) \
			for (size_t i = 0; i < blocks; i++) \
				add_##format##_tile(&sum[i], w, row + i * apart, g, x, 0, 1); \
		for (size_t i = 0; i < blocks; i++) _mm512_storeu_ps(y + row + i * apart, sum[i]); \
	} \
	VECTOR_AVX512 void gemv_##format##_avx512(float *y, const struct matrix *w, size_t first, \
	    size_t count, const struct tokens *x) \
	{ \
		size_t apart = count / (STREAMS * ROW_BLOCK) * ROW_BLOCK, r = first; \
		for (; r < first + apart; r += ROW_BLOCK) \
			blocks_##format(y, w, r, STREAMS, apart, x); \
		for (r = first + STREAMS * apart; r < first + count; r += ROW_BLOCK) \
			blocks_##format(y, w, r, 1, 0, x); \
	} \
	VECTOR_AVX512 static inline void side_##format(float *y, size_t stride, \
	    const struct matrix *w, size_t row, const struct tokens *x, size_t t, size_t side) \
	{ \
		__m512 sum[SIDE]; \
		for (size_t i = 0; i < side; i++) sum[i] = _mm512_setzero_ps(); \
		for (size_t g = 0; g < w->cols / GROUP; g++) \
			add_##format##_tile(sum, w, row, g, x, t, side); \
		for (size_t i = 0; i < side; i++) \
			_mm512_storeu_ps(y + (t + i) * stride + row, sum[i]); \
	} \
	VECTOR_AVX512 GEMM_BY_SIDES(format, avx512)

PRODUCTS(q8)
PRODUCTS(q4)

#endif
