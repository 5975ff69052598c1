/* One token's products with q8 and q4 matrices, and the rounding of activations, with AVX2. */
#include "bench/kernels/functions.h"
#include "bench/kernels/layout.h"
#include "bench/kernels/quantise.h"
#include "bench/kernels/quantised_avx2.h"

#ifdef VECTORS_X86

/* Blocks of rows side by side, from the quarters of a call's rows (see gemv_avx2.c), and bytes
 * to fetch ahead of each: the loops are long enough that the processor alone would not see the
 * next tile in time. Unrolled further than stated, they run out of registers. */
enum { STREAMS = 4, AHEAD = 1024 };

static size_t quarter_of(size_t rows)
{
	return rows / (STREAMS * ROW_BLOCK) * ROW_BLOCK;
}

VECTOR_AVX2 static inline void fetch_ahead(const void *p)
{
	_mm_prefetch((const char *)p + AHEAD, _MM_HINT_T0);
}

VECTOR_AVX2 static inline float largest(const float *x)
{
	const __m256 sign = _mm256_set1_ps(-0.0f);
	__m256 most = _mm256_setzero_ps();
	for (size_t c = 0; c < GROUP; c += 8)
		most = _mm256_max_ps(most, _mm256_andnot_ps(sign, _mm256_loadu_ps(x + c)));
	__m128 four = _mm_max_ps(_mm256_castps256_ps128(most), _mm256_extractf128_ps(most, 1));
	four = _mm_max_ps(four, _mm_movehl_ps(four, four));
	return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
}

/* 32 values to bytes; packing works in halves of a vector, so words come back in order last. */
VECTOR_AVX2 static inline __m256i rounded(const float *x, __m256 per)
{
	__m256i a = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x), per));
	__m256i b = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 8), per));
	__m256i c = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 16), per));
	__m256i d = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 24), per));
	__m256i all = _mm256_packs_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
	return _mm256_permutevar8x32_epi32(all, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

VECTOR_AVX2 void quantise_avx2(struct tokens *t, size_t first, size_t count)
{
	size_t groups = t->cols / GROUP;
	for (size_t g = first * groups; g < (first + count) * groups; g++) {
		const float *x = t->f32 + g * GROUP;
		float most = largest(x);
		__m256 per = _mm256_set1_ps(steps_per_one(most));
		for (size_t c = 0; c < GROUP; c += 32)
			_mm256_storeu_si256((__m256i *)(void *)(t->q + g * GROUP + c),
			    rounded(x + c, per));
		t->scale[g] = step_of(most);
	}
}

/* Adds a tile's products to the sums of its 16 rows. */
VECTOR_AVX2 static inline void add_q8_tile(__m256 sum[2], const int8_t *tile, const float *scale,
    const int8_t *q, __m256 step)
{
	__m256i a = _mm256_setzero_si256(), b = a;
#pragma GCC unroll 2
	for (size_t k = 0; k < GROUP / 4; k++, tile += LINE) {
		__m256i four = four_of(q + 4 * k);
		fetch_ahead(tile);
		a = _mm256_add_epi32(a, dot_signed(bytes_at(tile), four));
		b = _mm256_add_epi32(b, dot_signed(bytes_at(tile + 32), four));
	}
	sum[0] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(a), _mm256_mul_ps(_mm256_loadu_ps(scale), step),
	    sum[0]);
	sum[1] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(b),
	    _mm256_mul_ps(_mm256_loadu_ps(scale + 8), step), sum[1]);
}

/* Blocks of rows that lie `apart` rows from each other, at most STREAMS. */
VECTOR_AVX2 static inline void q8_blocks(float *y, const struct matrix *w, size_t row, size_t blocks,
    size_t apart, const struct tokens *x)
{
	size_t groups = w->cols / GROUP, next = apart / ROW_BLOCK * groups;
	const int8_t *tile = q8_tile(w, row, 0);
	const float *scale = q8_scales(w, row, 0);
	__m256 sum[STREAMS][2] = { 0 };
	for (size_t g = 0; g < groups; g++) {
		__m256 step = _mm256_set1_ps(x->scale[g]);
		for (size_t i = 0; i < blocks; i++)
			add_q8_tile(sum[i], tile + (i * next + g) * Q8_TILE,
			    scale + (i * next + g) * ROW_BLOCK, x->q + g * GROUP, step);
	}
	for (size_t i = 0; i < blocks; i++) {
		_mm256_storeu_ps(y + i * apart, sum[i][0]);
		_mm256_storeu_ps(y + i * apart + 8, sum[i][1]);
	}
}

VECTOR_AVX2 void gemv_q8_avx2(float *y, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	size_t apart = quarter_of(count), r = first;
	for (; r < first + apart; r += ROW_BLOCK) q8_blocks(y + r, w, r, STREAMS, apart, x);
	for (r = first + STREAMS * apart; r < first + count; r += ROW_BLOCK)
		q8_blocks(y + r, w, r, 1, 0, x);
}

/* -8 times the sum of each half group of x: what turns the stored 0 .. 15 into -8 .. 7. */
enum { CHUNK = 256 }; /* groups whose sums are kept at a time */

VECTOR_AVX2 static void offsets_of(int32_t *offset, const int8_t *q, size_t groups)
{
	for (size_t h = 0; h < 2 * groups; h++) {
		__m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(8), bytes_at(q + h * HALF_GROUP));
		__m256i eight = _mm256_madd_epi16(pairs, _mm256_set1_epi16(-1));
		__m128i four = _mm_add_epi32(_mm256_castsi256_si128(eight),
		    _mm256_extracti128_si256(eight, 1));
		four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
		offset[h] = _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
	}
}

/* Sums over half a group of eight rows, as 16-bit pairs: of 8 * 2 * 15 * 127 < 2^15 at most. */
VECTOR_AVX2 static inline __m256i add_nibbles(__m256i sum, __m256i nibbles, __m256i q)
{
	nibbles = _mm256_and_si256(nibbles, _mm256_set1_epi8(15));
	return _mm256_add_epi16(sum, _mm256_maddubs_epi16(nibbles, q));
}

/* sum + step times (scales times what the pairs add up to), for both halves of a group. */
VECTOR_AVX2 static inline __m256 scaled_q4(__m256 sum, __m256i a, __m256i b, const void *scales,
    const int32_t *offset, __m256 step)
{
	const __m256i ones = _mm256_set1_epi16(1);
	a = _mm256_add_epi32(_mm256_madd_epi16(a, ones), _mm256_set1_epi32(offset[0]));
	b = _mm256_add_epi32(_mm256_madd_epi16(b, ones), _mm256_set1_epi32(offset[1]));
	__m256 both = _mm256_mul_ps(_mm256_cvtepi32_ps(a), halves_at(scales));
	both = _mm256_fmadd_ps(_mm256_cvtepi32_ps(b),
	    halves_at((const uint16_t *)scales + ROW_BLOCK), both);
	return _mm256_fmadd_ps(both, step, sum);
}

VECTOR_AVX2 static inline void add_q4_tile(__m256 sum[2], const uint8_t *tile, const int8_t *q,
    const int32_t *offset, __m256 step)
{
	const uint8_t *line = tile + LINE;
	__m256i l0 = _mm256_setzero_si256(), l1 = l0, h0 = l0, h1 = l0;
#pragma GCC unroll 1
	for (size_t k = 0; k < HALF_GROUP / 4; k++, line += LINE) {
		__m256i q0 = four_of(q + 4 * k), q1 = four_of(q + HALF_GROUP + 4 * k);
		__m256i v = bytes_at(line), u = bytes_at(line + 32);
		fetch_ahead(line);
		l0 = add_nibbles(l0, v, q0);
		l1 = add_nibbles(l1, _mm256_srli_epi16(v, 4), q1);
		h0 = add_nibbles(h0, u, q0);
		h1 = add_nibbles(h1, _mm256_srli_epi16(u, 4), q1);
	}
	sum[0] = scaled_q4(sum[0], l0, l1, tile, offset, step);
	sum[1] = scaled_q4(sum[1], h0, h1, tile + 16, offset, step);
}

/* The same for groups [from, from + groups). */
VECTOR_AVX2 static inline void q4_blocks(float *y, const struct matrix *w, size_t row, size_t blocks,
    size_t apart, size_t from, size_t groups, const struct tokens *x, const int32_t *offset)
{
	size_t next = apart / ROW_BLOCK * (w->cols / GROUP);
	const uint8_t *tile = q4_tile(w, row, from);
	__m256 sum[STREAMS][2] = { 0 };
	for (size_t i = 0; from && i < blocks; i++) {
		sum[i][0] = _mm256_loadu_ps(y + i * apart);
		sum[i][1] = _mm256_loadu_ps(y + i * apart + 8);
	}
	for (size_t g = 0; g < groups; g++) {
		__m256 step = _mm256_set1_ps(x->scale[from + g]);
		for (size_t i = 0; i < blocks; i++)
			add_q4_tile(sum[i], tile + (i * next + g) * Q4_TILE,
			    x->q + (from + g) * GROUP, offset + 2 * g, step);
	}
	for (size_t i = 0; i < blocks; i++) {
		_mm256_storeu_ps(y + i * apart, sum[i][0]);
		_mm256_storeu_ps(y + i * apart + 8, sum[i][1]);
	}
}

VECTOR_AVX2 static void q4_chunk(float *y, const struct matrix *w, size_t first, size_t count,
    size_t from, size_t groups, const struct tokens *x)
{
	int32_t offset[2 * CHUNK];
	size_t apart = quarter_of(count), r = first;
	offsets_of(offset, x->q + from * GROUP, groups);
	for (; r < first + apart; r += ROW_BLOCK)
		q4_blocks(y + r, w, r, STREAMS, apart, from, groups, x, offset);
	for (r = first + STREAMS * apart; r < first + count; r += ROW_BLOCK)
		q4_blocks(y + r, w, r, 1, 0, from, groups, x, offset);
}

void gemv_q4_avx2(float *y, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	size_t all = w->cols / GROUP;
	for (size_t from = 0; from < all; from += CHUNK)
		q4_chunk(y, w, first, count, from, all - from < CHUNK ? all - from : CHUNK, x);
}

#endif
