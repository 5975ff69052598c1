/* Products of q8 and q4 matrices with many tokens, with AVX2.
 *
 * A chunk of columns of 64 tokens, and then of 16 rows, is laid ready in the first cache level,
 * widened once for all that meets it. The inner loops keep 16 rows times four tokens as
 * integers: q8 as 16-bit pairs (vpmaddwd: 16 products an instruction, none lost, where byte
 * products would need signs moved first), q4 as bytes, whose sums of eight fit 16 bits. */
#include "bench/kernels/functions.h"
#include "bench/kernels/layout.h"
#include "bench/kernels/quantised_avx2.h"

#ifdef VECTORS_X86

enum {
	CHUNK = 4,              /* groups */
	COLS = CHUNK * GROUP,
	PANEL = 64,             /* tokens */
	SIDE = 4,               /* tokens in registers */
};

struct panel {
	int16_t x[PANEL][COLS];              /* q8: widened */
	float step[PANEL][CHUNK];
	int32_t offset[PANEL][2 * CHUNK];    /* q4: -8 times the sums of half groups */
	int16_t w16[COLS / 2][ROW_BLOCK][2]; /* q8: pairs of columns */
	uint8_t w8[CHUNK][2][HALF_GROUP / 4][ROW_BLOCK][4]; /* q4: nibbles apart */
	float scale[CHUNK][2][ROW_BLOCK];
};

VECTOR_AVX2 static void widen_tile(struct panel *p, const struct matrix *w, size_t row, size_t group,
    size_t at)
{
	const int8_t *tile = q8_tile(w, row, group);
	for (size_t k = 0; k < GROUP / 4; k++)
		for (size_t r = 0; r < ROW_BLOCK; r += 4) {
			/* r0c0..3 r1c0..3 ...: to pairs c0 c1 of four rows, then c2 c3. */
			__m128i four = _mm_loadu_si128((const __m128i *)(const void *)(tile + k * LINE + 4 * r));
			four = _mm_shuffle_epi8(four,
			    _mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15));
			__m256i wide = _mm256_cvtepi8_epi16(four);
			size_t pair = (at * GROUP + 4 * k) / 2;
			_mm_storeu_si128((__m128i *)(void *)p->w16[pair][r], _mm256_castsi256_si128(wide));
			_mm_storeu_si128((__m128i *)(void *)p->w16[pair + 1][r],
			    _mm256_extracti128_si256(wide, 1));
		}
	memcpy(p->scale[at][0], q8_scales(w, row, group), sizeof p->scale[at][0]);
}

VECTOR_AVX2 static void part_tile(struct panel *p, const struct matrix *w, size_t row, size_t group,
    size_t at)
{
	const uint8_t *tile = q4_tile(w, row, group), *line = tile + LINE;
	const __m256i nibble = _mm256_set1_epi8(15);
	for (size_t k = 0; k < HALF_GROUP / 4; k++, line += LINE)
		for (size_t r = 0; r < ROW_BLOCK; r += 8) {
			__m256i both = bytes_at(line + 4 * r);
			_mm256_storeu_si256((__m256i *)(void *)p->w8[at][0][k][r],
			    _mm256_and_si256(both, nibble));
			_mm256_storeu_si256((__m256i *)(void *)p->w8[at][1][k][r],
			    _mm256_and_si256(_mm256_srli_epi16(both, 4), nibble));
		}
	for (size_t r = 0; r < 2 * ROW_BLOCK; r += 8)
		_mm256_storeu_ps(p->scale[at][0] + r, halves_at(tile + 2 * r));
}

VECTOR_AVX2 static int32_t offset_of(const int8_t *q)
{
	__m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(8), bytes_at(q));
	__m256i eight = _mm256_madd_epi16(pairs, _mm256_set1_epi16(-1));
	__m128i four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
	four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
	return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

/* Tokens [token, token + count) of groups [from, from + groups). */
VECTOR_AVX2 static void fill_tokens(struct panel *p, const struct tokens *x, size_t token,
    size_t count, size_t from, size_t groups, enum format f)
{
	for (size_t t = 0; t < count; t++) {
		const int8_t *q = x->q + (token + t) * x->cols + from * GROUP;
		const float *scale = x->scale + (token + t) * (x->cols / GROUP) + from;
		memcpy(p->step[t], scale, groups * sizeof *scale);
		if (f == FORMAT_Q4)
			for (size_t h = 0; h < 2 * groups; h++)
				p->offset[t][h] = offset_of(q + h * HALF_GROUP);
		else
			for (size_t c = 0; c < groups * GROUP; c += 16)
				_mm256_storeu_si256((__m256i *)(void *)(p->x[t] + c),
				    _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)(q + c))));
	}
}

/* y += scale * step * sum, for eight rows. */
VECTOR_AVX2 static inline void add_scaled(float *y, __m256i sum, const float *scale, float step)
{
	__m256 factor = _mm256_mul_ps(_mm256_loadu_ps(scale), _mm256_set1_ps(step));
	_mm256_storeu_ps(y, _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), factor, _mm256_loadu_ps(y)));
}

/* y[0..15] of `side` tokens from t on, at most SIDE, += one group. */
VECTOR_AVX2 static inline void group_q8(float *y, size_t stride, const struct panel *p, size_t g,
    size_t t, size_t side)
{
	__m256i low[SIDE], high[SIDE];
	for (size_t i = 0; i < side; i++) low[i] = high[i] = _mm256_setzero_si256();
#pragma GCC unroll 2
	for (size_t k = g * GROUP / 2; k < (g + 1) * GROUP / 2; k++) {
		__m256i w0 = bytes_at(p->w16[k][0]), w1 = bytes_at(p->w16[k][8]);
		for (size_t i = 0; i < side; i++) {
			__m256i x = four_of(&p->x[t + i][2 * k]);
			low[i] = _mm256_add_epi32(low[i], _mm256_madd_epi16(w0, x));
			high[i] = _mm256_add_epi32(high[i], _mm256_madd_epi16(w1, x));
		}
	}
	for (size_t i = 0; i < side; i++) {
		add_scaled(y + i * stride, low[i], p->scale[g][0], p->step[t + i][g]);
		add_scaled(y + i * stride + 8, high[i], p->scale[g][0] + 8, p->step[t + i][g]);
	}
}

/* The same of half a group; q: the first token's bytes, cols from one token to the next. */
VECTOR_AVX2 static inline void half_q4(float *y, size_t stride, const struct panel *p, size_t g,
    size_t half, size_t t, size_t side, const int8_t *q, size_t cols)
{
	const __m256i ones = _mm256_set1_epi16(1);
	__m256i low[SIDE], high[SIDE];
	for (size_t i = 0; i < side; i++) low[i] = high[i] = _mm256_setzero_si256();
#pragma GCC unroll 2
	for (size_t k = 0; k < HALF_GROUP / 4; k++) {
		__m256i w0 = bytes_at(p->w8[g][half][k][0]), w1 = bytes_at(p->w8[g][half][k][8]);
		for (size_t i = 0; i < side; i++) {
			__m256i x = four_of(q + i * cols + 4 * k);
			low[i] = _mm256_add_epi16(low[i], _mm256_maddubs_epi16(w0, x));
			high[i] = _mm256_add_epi16(high[i], _mm256_maddubs_epi16(w1, x));
		}
	}
	for (size_t i = 0; i < side; i++) {
		__m256i offset = _mm256_set1_epi32(p->offset[t + i][2 * g + half]);
		__m256i a = _mm256_add_epi32(_mm256_madd_epi16(low[i], ones), offset);
		__m256i b = _mm256_add_epi32(_mm256_madd_epi16(high[i], ones), offset);
		add_scaled(y + i * stride, a, p->scale[g][half], p->step[t + i][g]);
		add_scaled(y + i * stride + 8, b, p->scale[g][half] + 8, p->step[t + i][g]);
	}
}

VECTOR_AVX2 static inline void side_q8(float *y, size_t stride, const struct panel *p, size_t groups,
    size_t t, size_t side)
{
	for (size_t g = 0; g < groups; g++) group_q8(y, stride, p, g, t, side);
}

VECTOR_AVX2 static inline void side_q4(float *y, size_t stride, const struct panel *p, size_t groups,
    size_t t, size_t side, const int8_t *q, size_t cols)
{
	for (size_t g = 0; g < groups; g++)
		for (size_t half = 0; half < 2; half++)
			half_q4(y, stride, p, g, half, t, side, q + g * GROUP + half * HALF_GROUP, cols);
}

/* What all rows have in common: tokens [token, token + count), groups [from, from + groups). */
struct part {
	size_t token, count, from, groups;
};

VECTOR_AVX2 static void block_q8(float *y, size_t stride, struct panel *p, const struct matrix *w,
    size_t row, const struct part *c)
{
	size_t t = 0;
	for (size_t g = 0; g < c->groups; g++) widen_tile(p, w, row, c->from + g, g);
	for (; t + SIDE <= c->count; t += SIDE)
		side_q8(y + t * stride, stride, p, c->groups, t, SIDE);
	for (; t < c->count; t++) side_q8(y + t * stride, stride, p, c->groups, t, 1);
}

VECTOR_AVX2 static void block_q4(float *y, size_t stride, struct panel *p, const struct matrix *w,
    size_t row, const struct part *c, const struct tokens *x)
{
	const int8_t *q = x->q + c->token * x->cols + c->from * GROUP;
	size_t t = 0;
	for (size_t g = 0; g < c->groups; g++) part_tile(p, w, row, c->from + g, g);
	for (; t + SIDE <= c->count; t += SIDE)
		side_q4(y + t * stride, stride, p, c->groups, t, SIDE, q + t * x->cols, x->cols);
	for (; t < c->count; t++)
		side_q4(y + t * stride, stride, p, c->groups, t, 1, q + t * x->cols, x->cols);
}

VECTOR_AVX2 static void gemm_part(float *y, size_t stride, const struct matrix *w, size_t first,
    size_t count, const struct tokens *x, const struct part *c)
{
	struct panel p;
	fill_tokens(&p, x, c->token, c->count, c->from, c->groups, w->format);
	for (size_t r = first; r < first + count; r += ROW_BLOCK) {
		float *at = y + c->token * stride + r;
		for (size_t t = 0; !c->from && t < c->count; t++)
			memset(at + t * stride, 0, ROW_BLOCK * sizeof *at);
		if (w->format == FORMAT_Q8) block_q8(at, stride, &p, w, r, c);
		else block_q4(at, stride, &p, w, r, c, x);
	}
}

static void gemm(float *y, size_t stride, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	size_t all = w->cols / GROUP;
	for (size_t token = 0; token < x->count; token += PANEL)
		for (size_t from = 0; from < all; from += CHUNK) {
			size_t left = x->count - token, groups = all - from;
			struct part c = { token, left < PANEL ? left : PANEL, from,
				groups < CHUNK ? groups : CHUNK };
			gemm_part(y, stride, w, first, count, x, &c);
		}
}

void gemm_q8_avx2(float *y, size_t stride, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	gemm(y, stride, w, first, count, x);
}

void gemm_q4_avx2(float *y, size_t stride, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	gemm(y, stride, w, first, count, x);
}

#endif
