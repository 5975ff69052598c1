#include "bench/kernels/functions.h"
#include "bench/kernels/half.h"
#include "bench/kernels/layout.h"
#include "bench/kernels/quantise.h"

#include <math.h>
#include <string.h>

enum { LANES = 16 }; /* sums side by side, which compilers make vectors of */

void quantise_portable(struct tokens *t, size_t first, size_t count)
{
	size_t groups = t->cols / GROUP;
	for (size_t g = first * groups; g < (first + count) * groups; g++) {
		const float *x = t->f32 + g * GROUP;
		float most = 0;
		for (size_t c = 0; c < GROUP; c++) most = fabsf(x[c]) > most ? fabsf(x[c]) : most;
		float per = steps_per_one(most);
		for (size_t c = 0; c < GROUP; c++)
			t->q[g * GROUP + c] = (int8_t)lrintf(x[c] * per);
		t->scale[g] = step_of(most);
	}
}

static float sum_of(const float *lane)
{
	float sum = 0;
	for (size_t i = 0; i < LANES; i++) sum += lane[i];
	return sum;
}

static inline float of_f32(float x)
{
	return x;
}

#define GEMV(format, type, row_of, float_of) \
	void gemv_##format##_portable(float *y, const struct matrix *w, size_t first, size_t count, \
	    const struct tokens *x) \
	{ \
		for (size_t r = first; r < first + count; r++) { \
			const type *row = row_of(w, r); \
			float lane[LANES] = { 0 }; \
			for (size_t c = 0; c < w->cols; c += LANES) \
				for (size_t i = 0; i < LANES; i++) \
					lane[i] += float_of(row[c + i]) * x->f32[c + i]; \
			y[r] = sum_of(lane); \
		} \
	}

GEMV(f32, float, f32_row, of_f32)
GEMV(f16, uint16_t, half_row, f16_float)
GEMV(bf16, uint16_t, half_row, bf16_float)

/* sum[row] += the tile times one group of a token. */
static void add_q8_tile(float *sum, const int8_t *tile, const float *scale, const int8_t *q,
    float step)
{
	int32_t whole[ROW_BLOCK] = { 0 };
	for (size_t k = 0; k < GROUP / 4; k++, tile += LINE, q += 4)
		for (size_t r = 0; r < ROW_BLOCK; r++)
			whole[r] += tile[4 * r] * q[0] + tile[4 * r + 1] * q[1] +
			    tile[4 * r + 2] * q[2] + tile[4 * r + 3] * q[3];
	for (size_t r = 0; r < ROW_BLOCK; r++) sum[r] += (float)whole[r] * (scale[r] * step);
}

static void add_q4_tile(float *sum, const uint8_t *tile, const int8_t *q, float step)
{
	uint16_t scale[2 * ROW_BLOCK];
	memcpy(scale, tile, sizeof scale);
	for (size_t half = 0; half < 2; half++, q += HALF_GROUP) {
		int32_t whole[ROW_BLOCK] = { 0 };
		for (size_t c = 0; c < HALF_GROUP; c++)
			for (size_t r = 0; r < ROW_BLOCK; r++) {
				int n = tile[LINE + in_tile(r, c)] >> 4 * half & 15;
				whole[r] += (n - 8) * q[c];
			}
		for (size_t r = 0; r < ROW_BLOCK; r++)
			sum[r] += (float)whole[r] * (f16_float(scale[half * ROW_BLOCK + r]) * step);
	}
}

/* y[0..15] of one token and the block of rows that begins at `row`. */
static void block_q8(float *y, const struct matrix *w, size_t row, const struct tokens *x, size_t t)
{
	size_t groups = w->cols / GROUP;
	memset(y, 0, ROW_BLOCK * sizeof *y);
	for (size_t g = 0; g < groups; g++)
		add_q8_tile(y, q8_tile(w, row, g), q8_scales(w, row, g),
		    x->q + t * x->cols + g * GROUP, x->scale[t * groups + g]);
}

static void block_q4(float *y, const struct matrix *w, size_t row, const struct tokens *x, size_t t)
{
	size_t groups = w->cols / GROUP;
	memset(y, 0, ROW_BLOCK * sizeof *y);
	for (size_t g = 0; g < groups; g++)
		add_q4_tile(y, q4_tile(w, row, g), x->q + t * x->cols + g * GROUP,
		    x->scale[t * groups + g]);
}

void gemv_q8_portable(float *y, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	for (size_t r = first; r < first + count; r += ROW_BLOCK) block_q8(y + r, w, r, x, 0);
}

void gemv_q4_portable(float *y, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	for (size_t r = first; r < first + count; r += ROW_BLOCK) block_q4(y + r, w, r, x, 0);
}

void gemm_q8_portable(float *y, size_t stride, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	for (size_t r = first; r < first + count; r += ROW_BLOCK)
		for (size_t t = 0; t < x->count; t++) block_q8(y + t * stride + r, w, r, x, t);
}

void gemm_q4_portable(float *y, size_t stride, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	for (size_t r = first; r < first + count; r += ROW_BLOCK)
		for (size_t t = 0; t < x->count; t++) block_q4(y + t * stride + r, w, r, x, t);
}
