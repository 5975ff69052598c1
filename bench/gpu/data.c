#include "bench/gpu/data.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { Q8_GROUP = 64, Q4_GROUP = 32 };

/* SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
 * generators"): a few lines, and good enough to fill memory. */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static float draw_number(uint64_t *state) /* -1 to 1 */
{
	return (float)((double)(draw(state) >> 40) / (1 << 23) - 1);
}

/* Any sign and mantissa, and an exponent from 2^-7 to 2^-1: rounded by nobody. */
static uint16_t draw_half(uint64_t *state)
{
	uint64_t z = draw(state);
	return (uint16_t)((z & 0x83ff) | (8 + (z >> 32) % 7) << 10);
}

double half_value(uint16_t bits)
{
	int exponent = bits >> 10 & 31, mantissa = bits & 1023;
	double size = exponent ? ldexp(1024 + mantissa, exponent - 25) : ldexp(mantissa, -24);
	return bits & 0x8000 ? -size : size;
}

uint32_t *gpu_words_new(size_t n, uint64_t seed)
{
	uint32_t *word = mem_new(n, sizeof *word);
	for (size_t i = 0; i < n; i++) word[i] = (uint32_t)draw(&seed);
	return word;
}

/* ---- weights ---- */

static void size_row(struct gpu_rows *r)
{
	switch (r->format) {
	case GPU_F32: r->data_bytes = 4 * r->cols; break;
	case GPU_F16: r->data_bytes = 2 * r->cols; break;
	case GPU_Q8:
		r->data_bytes = r->cols;
		r->scale_bytes = r->cols / Q8_GROUP * sizeof(float);
		break;
	case GPU_Q4:
		r->data_bytes = r->cols / 2;
		r->scale_bytes = r->cols / Q4_GROUP * sizeof(uint16_t);
		break;
	case GPU_FORMATS: break;
	}
}

static void fill_numbers(struct gpu_rows *r, uint64_t *state)
{
	float *f32 = r->data;
	uint16_t *f16 = r->data;
	for (size_t i = 0; i < r->rows * r->cols; i++)
		if (r->format == GPU_F32) f32[i] = draw_number(state);
		else f16[i] = draw_half(state);
}

static void fill_quantised(struct gpu_rows *r, uint64_t *state)
{
	uint8_t *byte = r->data;
	for (size_t i = 0; i < r->rows * r->data_bytes; i++) byte[i] = (uint8_t)draw(state);
	float *q8 = r->scale;
	uint16_t *q4 = r->scale;
	if (r->format == GPU_Q8)
		for (size_t i = 0; i < r->rows * r->cols / Q8_GROUP; i++)
			q8[i] = (1.5f + 0.5f * draw_number(state)) / 256;
	else
		for (size_t i = 0; i < r->rows * r->cols / Q4_GROUP; i++) q4[i] = draw_half(state);
}

struct gpu_rows gpu_rows_new(enum gpu_format f, size_t rows, size_t cols, uint64_t seed)
{
	struct gpu_rows r = { .format = f, .rows = rows, .cols = cols };
	size_row(&r);
	r.data = mem_new(rows, r.data_bytes);
	if (r.scale_bytes) r.scale = mem_new(rows, r.scale_bytes);
	if (r.scale_bytes) fill_quantised(&r, &seed);
	else fill_numbers(&r, &seed);
	return r;
}

void gpu_rows_free(struct gpu_rows *r)
{
	free(r->data);
	free(r->scale);
	*r = (struct gpu_rows){ 0 };
}

static double weight(const struct gpu_rows *r, size_t row, size_t col)
{
	size_t at = row * r->cols + col;
	const uint8_t *block = (const uint8_t *)r->data + at / Q4_GROUP * (Q4_GROUP / 2);
	size_t in = col % Q4_GROUP;
	switch (r->format) {
	case GPU_F32: return ((const float *)r->data)[at];
	case GPU_F16: return half_value(((const uint16_t *)r->data)[at]);
	case GPU_Q8:
		return (double)((const float *)r->scale)[at / Q8_GROUP] * ((const int8_t *)r->data)[at];
	case GPU_Q4:
		return half_value(((const uint16_t *)r->scale)[at / Q4_GROUP]) *
		    ((in < 16 ? block[in] & 15 : block[in - 16] >> 4) - 8);
	case GPU_FORMATS: break;
	}
	return NAN;
}

double gpu_rows_times(const struct gpu_rows *r, size_t row, const struct gpu_vector *x)
{
	double sum = 0;
	for (size_t c = 0; c < r->cols; c++) {
		double rounded = (double)x->scale[c / Q8_GROUP] * x->q[c];
		sum += weight(r, row, c) * (r->scale ? rounded : x->f32[c]);
	}
	return sum;
}

/* ---- activations ---- */

struct gpu_vector gpu_vector_new(size_t cols, uint64_t seed)
{
	struct gpu_vector v = { .cols = cols };
	v.f32 = mem_new(cols, sizeof *v.f32);
	v.q = mem_new(cols, sizeof *v.q);
	v.scale = mem_new(cols / Q8_GROUP, sizeof *v.scale);
	v.sum = mem_new(cols / Q4_GROUP, sizeof *v.sum);
	for (size_t i = 0; i < cols / Q8_GROUP; i++)
		v.scale[i] = (1.5f + 0.5f * draw_number(&seed)) / 256;
	for (size_t i = 0; i < cols; i++) {
		v.q[i] = (int8_t)((int)(draw(&seed) % 255) - 127);
		v.f32[i] = v.scale[i / Q8_GROUP] * (float)v.q[i];
		v.sum[i / Q4_GROUP] += v.q[i];
	}
	return v;
}

void gpu_vector_free(struct gpu_vector *v)
{
	free(v->f32);
	free(v->q);
	free(v->scale);
	free(v->sum);
	*v = (struct gpu_vector){ 0 };
}

/* ---- attention ---- */

struct gpu_cache gpu_cache_new(size_t pairs, size_t group, size_t head_dim, size_t context,
    uint64_t seed)
{
	struct gpu_cache c = { pairs, group, head_dim, context, NULL, NULL, NULL };
	size_t queries = pairs * group * head_dim, cached = pairs * context * head_dim;
	c.query = mem_new(queries, sizeof *c.query);
	c.keys = mem_new(cached, sizeof *c.keys);
	c.values = mem_new(cached, sizeof *c.values);
	for (size_t i = 0; i < queries; i++) c.query[i] = 16 * draw_number(&seed);
	for (size_t i = 0; i < cached; i++) c.keys[i] = draw_half(&seed);
	for (size_t i = 0; i < cached; i++) c.values[i] = draw_half(&seed);
	return c;
}

void gpu_cache_free(struct gpu_cache *c)
{
	free(c->query);
	free(c->keys);
	free(c->values);
	*c = (struct gpu_cache){ 0 };
}

void gpu_cache_attend(const struct gpu_cache *c, size_t pair, size_t head, double *out)
{
	const float *q = c->query + (pair * c->group + head) * c->head_dim;
	const uint16_t *keys = c->keys + pair * c->context * c->head_dim;
	const uint16_t *values = c->values + pair * c->context * c->head_dim;
	double total = 0;
	for (size_t d = 0; d < c->head_dim; d++) out[d] = 0;
	for (size_t p = 0; p < c->context; p++) {
		double dot = 0;
		for (size_t d = 0; d < c->head_dim; d++)
			dot += q[d] * half_value(keys[p * c->head_dim + d]);
		double worth = exp(dot / sqrt((double)c->head_dim)); /* of at most 16 sqrt(d): finite */
		total += worth;
		for (size_t d = 0; d < c->head_dim; d++)
			out[d] += worth * half_value(values[p * c->head_dim + d]);
	}
	for (size_t d = 0; d < c->head_dim; d++) out[d] /= total;
}
