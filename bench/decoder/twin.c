#include "bench/decoder/twin.h"

#include "base/mem.h"
#include "bench/decoder/pass.h"
#include "bench/kernels/twin.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct decoder_twin {
	const struct weights *weights;
	size_t positions, position;
	double *keys, *values; /* layers x kv_heads x positions x head_dim */
	double *stream, *normed, *qkv, *attended, *gate, *up, *product; /* of a token */
};

struct decoder_twin *decoder_twin_new(const struct weights *w, size_t positions)
{
	const struct decoder_shape *s = &w->shape;
	size_t cache = s->layers * s->kv_heads * positions * s->head_dim;
	struct decoder_twin *t = mem_new(1, sizeof *t);
	t->weights = w;
	t->positions = positions;
	t->keys = mem_new(cache, sizeof *t->keys);
	t->values = mem_new(cache, sizeof *t->values);
	t->stream = mem_new(s->hidden, sizeof *t->stream);
	t->normed = mem_new(s->hidden, sizeof *t->normed);
	t->qkv = mem_new((s->heads + 2 * s->kv_heads) * s->head_dim, sizeof *t->qkv);
	t->attended = mem_new(s->heads * s->head_dim, sizeof *t->attended);
	t->gate = mem_new(s->ffn, sizeof *t->gate);
	t->up = mem_new(s->ffn, sizeof *t->up);
	t->product = mem_new(s->hidden, sizeof *t->product);
	return t;
}

void decoder_twin_free(struct decoder_twin *t)
{
	free(t->keys);
	free(t->values);
	free(t->stream);
	free(t->normed);
	free(t->qkv);
	free(t->attended);
	free(t->gate);
	free(t->up);
	free(t->product);
	free(t);
}

/* As floats, and rounded where the format asks for it. */
static void activations(double *in, const double *x, size_t n, enum format f)
{
	struct tokens t = tokens_new(1, n);
	for (size_t c = 0; c < n; c++) t.f32[c] = (float)x[c];
	if (format_quantised(f)) twin_quantise(t.q, t.scale, t.f32, n);
	for (size_t c = 0; c < n; c++)
		in[c] = format_quantised(f) ? (double)t.q[c] * (double)t.scale[c / GROUP] : x[c];
	tokens_free(&t);
}

/* y = w x. Threads share the rows: a model has 1e8 weights. */
static void product(double *y, const struct matrix *w, const double *x)
{
	double *in = mem_new(w->cols, sizeof *in);
	activations(in, x, w->cols, w->format);
#pragma omp parallel
	{
		float *row = mem_new(w->cols, sizeof *row);
#pragma omp for schedule(static)
		for (size_t r = 0; r < w->rows; r++) {
			double sum = 0;
			matrix_get(w, r, row);
			for (size_t c = 0; c < w->cols; c++) sum += (double)row[c] * in[c];
			y[r] = sum;
		}
		free(row);
	}
	free(in);
}

static void norm(double *y, const double *x, const float *gain, size_t n)
{
	double square = 0;
	for (size_t i = 0; i < n; i++) square += x[i] * x[i];
	for (size_t i = 0; i < n; i++)
		y[i] = x[i] / sqrt(square / (double)n + 1e-5) * (double)gain[i];
}

/* One head, in place: pairs lie half a head apart. */
static void turn(double *head, size_t dim, size_t position)
{
	for (size_t i = 0; i < dim / 2; i++) {
		double angle = (double)position / pow(10000, 2 * (double)i / (double)dim);
		double x = head[i], y = head[i + dim / 2];
		head[i] = x * cos(angle) - y * sin(angle);
		head[i + dim / 2] = y * cos(angle) + x * sin(angle);
	}
}

/* A query over positions 0 .. seen. */
static void attend(double *out, const double *q, const double *key, const double *value,
    size_t dim, size_t seen)
{
	double total = 0;
	memset(out, 0, dim * sizeof *out);
	for (size_t p = 0; p < seen; p++, key += dim, value += dim) {
		double score = 0;
		for (size_t i = 0; i < dim; i++) score += q[i] * key[i];
		double e = exp(score / sqrt((double)dim));
		total += e;
		for (size_t i = 0; i < dim; i++) out[i] += e * value[i];
	}
	for (size_t i = 0; i < dim; i++) out[i] /= total;
}

static size_t place(const struct decoder_twin *t, size_t layer, size_t kv_head, size_t position)
{
	const struct decoder_shape *s = &t->weights->shape;
	return ((layer * s->kv_heads + kv_head) * t->positions + position) * s->head_dim;
}

/* From qkv to attended, through the cache. */
static void attention(struct decoder_twin *t, size_t layer)
{
	const struct decoder_shape *s = &t->weights->shape;
	size_t dim = s->head_dim;
	double *keys = t->qkv + s->heads * dim, *values = keys + s->kv_heads * dim;
	for (size_t h = 0; h < s->heads + s->kv_heads; h++) turn(t->qkv + h * dim, dim, t->position);
	for (size_t h = 0; h < s->kv_heads; h++) {
		size_t at = place(t, layer, h, t->position);
		memcpy(t->keys + at, keys + h * dim, dim * sizeof *keys);
		memcpy(t->values + at, values + h * dim, dim * sizeof *values);
	}
	for (size_t h = 0; h < s->heads; h++) {
		size_t at = place(t, layer, h * s->kv_heads / s->heads, 0);
		attend(t->attended + h * dim, t->qkv + h * dim, t->keys + at, t->values + at, dim,
		    t->position + 1);
	}
}

static void add(double *x, const double *y, size_t n)
{
	for (size_t i = 0; i < n; i++) x[i] += y[i];
}

static void compute_layer(struct decoder_twin *t, size_t layer)
{
	const struct decoder_shape *s = &t->weights->shape;
	const struct layer_weights *w = &t->weights->layer[layer];
	norm(t->normed, t->stream, w->attention_gain, s->hidden);
	product(t->qkv, &w->qkv, t->normed);
	attention(t, layer);
	product(t->product, &w->out, t->attended);
	add(t->stream, t->product, s->hidden);
	norm(t->normed, t->stream, w->ffn_gain, s->hidden);
	product(t->gate, &w->gate, t->normed);
	product(t->up, &w->up, t->normed);
	for (size_t i = 0; i < s->ffn; i++) t->gate[i] *= t->up[i] / (1 + exp(-t->gate[i]));
	product(t->product, &w->down, t->gate);
	add(t->stream, t->product, s->hidden);
}

void decoder_twin_step(struct decoder_twin *t, int32_t token, double *logits)
{
	const struct weights *w = t->weights;
	float *row = mem_new(w->shape.hidden, sizeof *row);
	assert(t->position < t->positions);
	matrix_get(&w->embedding, (size_t)token, row);
	for (size_t i = 0; i < w->shape.hidden; i++) t->stream[i] = (double)row[i];
	for (size_t l = 0; l < w->shape.layers; l++) compute_layer(t, l);
	t->position++;
	if (logits) {
		norm(t->normed, t->stream, w->gain, w->shape.hidden);
		product(logits, weights_head(w), t->normed);
	}
	free(row);
}

void decoder_twin_load(struct decoder_twin *t, const struct decoder *d, size_t positions)
{
	const struct decoder_shape *s = &t->weights->shape;
	assert(positions <= d->position && positions <= t->positions);
	for (size_t l = 0; l < s->layers; l++)
		for (size_t h = 0; h < s->kv_heads; h++) {
			size_t from = cache_at(d, l, h), to = place(t, l, h, 0);
			for (size_t i = 0; i < positions * s->head_dim; i++) {
				t->keys[to + i] = (double)d->keys[from + i];
				t->values[to + i] = (double)d->values[from + i];
			}
		}
	t->position = positions;
}

double decoder_error(const struct decoder *d, int32_t token, const float *logits)
{
	size_t vocabulary = d->weights.shape.vocabulary;
	double *want = mem_new(vocabulary, sizeof *want);
	struct decoder_twin *t = decoder_twin_new(&d->weights, d->position);
	decoder_twin_load(t, d, d->position - 1);
	decoder_twin_step(t, token, want);
	double error = twin_error(logits, want, vocabulary);
	decoder_twin_free(t);
	free(want);
	return error;
}
