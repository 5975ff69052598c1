#include "bench/kernels/format.h"

#include "base/mem.h"
#include "bench/kernels/half.h"
#include "bench/kernels/layout.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *format_word(enum format f)
{
	static const char *const words[] = {
#define X(id, word, bytes) [id] = word,
		FORMAT_LIST(X)
#undef X
	};
	return words[f];
}

double format_bytes(enum format f)
{
	static const double bytes_of[] = {
#define X(id, word, bytes) [id] = bytes,
		FORMAT_LIST(X)
#undef X
	};
	return bytes_of[f];
}

/* Bytes before the scales, if any. */
static size_t data_bytes(const struct matrix *m)
{
	size_t weights = m->rows * m->cols;
	switch (m->format) {
	case FORMAT_F32: return weights * sizeof(float);
	case FORMAT_F16:
	case FORMAT_BF16: return weights * sizeof(uint16_t);
	case FORMAT_Q8: return weights;
	case FORMAT_Q4: return weights / Q8_TILE * Q4_TILE;
	case FORMATS: break;
	}
	assert(false);
	return 0;
}

static size_t scale_count(const struct matrix *m)
{
	return m->format == FORMAT_Q8 ? m->rows * m->cols / GROUP : 0;
}

size_t matrix_bytes(const struct matrix *m)
{
	return data_bytes(m) + scale_count(m) * sizeof(float);
}

size_t matrix_bytes_of(enum format f, size_t rows, size_t cols)
{
	return matrix_bytes(&(struct matrix){ .format = f, .rows = rows, .cols = cols });
}

struct matrix matrix_at(enum format f, size_t rows, size_t cols, void *memory)
{
	assert(rows > 0 && rows % ROW_BLOCK == 0 && cols > 0 && cols % GROUP == 0);
	struct matrix m = { .format = f, .rows = rows, .cols = cols, .data = memory };
	if (scale_count(&m)) m.scale = (void *)((char *)m.data + data_bytes(&m));
	return m;
}

struct matrix matrix_new(enum format f, size_t rows, size_t cols)
{
	return matrix_at(f, rows, cols, mem_lines(matrix_bytes_of(f, rows, cols), 1));
}

void matrix_free(struct matrix *m)
{
	free(m->data);
	*m = (struct matrix){ 0 };
}

static float largest(const float *value, size_t n)
{
	float most = 0;
	for (size_t i = 0; i < n; i++)
		if (fabsf(value[i]) > fabsf(most)) most = value[i];
	return most;
}

/* Below this a reciprocal times 127 overflows: such groups count as zero. */
static const float least = 128 * FLT_MIN;

static void put_q8(struct matrix *m, size_t row, const float *value)
{
	for (size_t g = 0; g < m->cols / GROUP; g++) {
		const float *v = value + g * GROUP;
		int8_t *tile = q8_tile(m, row, g);
		float most = fabsf(largest(v, GROUP)), per = most < least ? 0 : 127 / most;
		for (size_t c = 0; c < GROUP; c++)
			tile[in_tile(row, c)] = (int8_t)lrintf(v[c] * per);
		q8_scales(m, row, g)[row % ROW_BLOCK] = most < least ? 0 : most / 127;
	}
}

/* The largest of a group is -8 steps: then the 16 values are used in full. */
static void put_q4_half(uint8_t *tile, size_t row, size_t half, const float *v)
{
	uint16_t scale = f16_of(largest(v, HALF_GROUP) / -8);
	float step = f16_float(scale), per = fabsf(step) < least ? 0 : 1 / step;
	for (size_t c = 0; c < HALF_GROUP; c++) {
		long n = lrintf(fminf(fmaxf(v[c] * per, -8), 7)) + 8;
		uint8_t *byte = tile + LINE + in_tile(row, c);
		*byte = (uint8_t)(half ? (*byte & 0x0f) | n << 4 : (*byte & 0xf0) | n);
	}
	memcpy(tile + (half * ROW_BLOCK + row % ROW_BLOCK) * sizeof scale, &scale, sizeof scale);
}

static void put_q4(struct matrix *m, size_t row, const float *value)
{
	for (size_t g = 0; g < m->cols / GROUP; g++)
		for (size_t half = 0; half < 2; half++)
			put_q4_half(q4_tile(m, row, g), row, half,
			    value + g * GROUP + half * HALF_GROUP);
}

void matrix_put(struct matrix *m, size_t row, const float *value)
{
	uint16_t *halves = (uint16_t *)m->data + row * m->cols;
	assert(row < m->rows);
	switch (m->format) {
	case FORMAT_F32:
		memcpy((float *)m->data + row * m->cols, value, m->cols * sizeof *value);
		break;
	case FORMAT_F16:
		for (size_t c = 0; c < m->cols; c++) halves[c] = f16_of(value[c]);
		break;
	case FORMAT_BF16:
		for (size_t c = 0; c < m->cols; c++) halves[c] = bf16_of(value[c]);
		break;
	case FORMAT_Q8: put_q8(m, row, value); break;
	case FORMAT_Q4: put_q4(m, row, value); break;
	case FORMATS: assert(false);
	}
}

static void get_q8(const struct matrix *m, size_t row, float *value)
{
	for (size_t c = 0; c < m->cols; c++)
		value[c] = (float)q8_tile(m, row, c / GROUP)[in_tile(row, c % GROUP)] *
		    q8_scales(m, row, c / GROUP)[row % ROW_BLOCK];
}

static void get_q4(const struct matrix *m, size_t row, float *value)
{
	for (size_t c = 0; c < m->cols; c++) {
		const uint8_t *tile = q4_tile(m, row, c / GROUP);
		size_t half = c % GROUP / HALF_GROUP;
		uint16_t scale;
		memcpy(&scale, tile + (half * ROW_BLOCK + row % ROW_BLOCK) * sizeof scale, sizeof scale);
		int n = tile[LINE + in_tile(row, c % HALF_GROUP)] >> 4 * half & 15;
		value[c] = (float)(n - 8) * f16_float(scale);
	}
}

void matrix_get(const struct matrix *m, size_t row, float *value)
{
	assert(row < m->rows);
	switch (m->format) {
	case FORMAT_F32: memcpy(value, f32_row(m, row), m->cols * sizeof *value); break;
	case FORMAT_F16:
		for (size_t c = 0; c < m->cols; c++) value[c] = f16_float(half_row(m, row)[c]);
		break;
	case FORMAT_BF16:
		for (size_t c = 0; c < m->cols; c++) value[c] = bf16_float(half_row(m, row)[c]);
		break;
	case FORMAT_Q8: get_q8(m, row, value); break;
	case FORMAT_Q4: get_q4(m, row, value); break;
	case FORMATS: assert(false);
	}
}

struct tokens tokens_new(size_t count, size_t cols)
{
	assert(count > 0 && cols > 0 && cols % GROUP == 0);
	struct tokens t = { .count = count, .cols = cols };
	size_t n = count * cols, bytes = n * sizeof(float) + n + n / GROUP * sizeof(float);
	t.f32 = mem_lines(bytes, 1);
	memset(t.f32, 0, bytes);
	t.q = (int8_t *)(t.f32 + n);
	t.scale = (void *)(t.q + n);
	return t;
}

void tokens_free(struct tokens *t)
{
	free(t->f32);
	*t = (struct tokens){ 0 };
}
