#include "tests/decoder_twin.h"

#include "base/mem.h"
#include "bench/kernels/twin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* y = w x, x rounded as the format asks. */
static void product(double *y, const struct matrix *m, const double *x)
{
	struct tokens t = tokens_new(1, m->cols);
	float *row = mem_new(m->cols, sizeof *row);
	double *in = mem_new(m->cols, sizeof *in);
	for (size_t c = 0; c < m->cols; c++) t.f32[c] = (float)x[c];
	if (format_quantised(m->format)) twin_quantise(t.q, t.scale, t.f32, m->cols);
	for (size_t c = 0; c < m->cols; c++)
		in[c] = format_quantised(m->format) ? (double)t.q[c] * (double)t.scale[c / GROUP] : x[c];
	for (size_t r = 0; r < m->rows; r++) {
		matrix_get(m, r, row);
		y[r] = 0;
		for (size_t c = 0; c < m->cols; c++) y[r] += (double)row[c] * in[c];
	}
	tokens_free(&t);
	free(row);
	free(in);
}

static void norm(double *y, const double *x, const float *gain, size_t n)
{
	double square = 0;
	for (size_t i = 0; i < n; i++) square += x[i] * x[i];
	for (size_t i = 0; i < n; i++)
		y[i] = x[i] / sqrt(square / (double)n + 1e-5) * (double)gain[i];
}

/* One head, turned in place: pairs lie half a head apart. */
static void turn(double *head, size_t dim, size_t position)
{
	for (size_t i = 0; i < dim / 2; i++) {
		double angle = (double)position / pow(10000, 2 * (double)i / (double)dim);
		double x = head[i], y = head[i + dim / 2];
		head[i] = x * cos(angle) - y * sin(angle);
		head[i + dim / 2] = y * cos(angle) + x * sin(angle);
	}
}

/* A query over the rows of one key-value head, `row` values apart. */
static void attend(double *out, const double *q, const double *key, const double *value, size_t row,
    size_t dim, size_t seen)
{
	double total = 0;
	memset(out, 0, dim * sizeof *out);
	for (size_t p = 0; p < seen; p++) {
		double score = 0;
		for (size_t i = 0; i < dim; i++) score += q[i] * key[p * row + i];
		double e = exp(score / sqrt((double)dim));
		total += e;
		for (size_t i = 0; i < dim; i++) out[i] += e * value[p * row + i];
	}
	for (size_t i = 0; i < dim; i++) out[i] /= total;
}

/* qkv: what each position's product gave; those before are turned already. */
static void attention(double *out, double *qkv, size_t position, const struct decoder_shape *s)
{
	size_t dim = s->head_dim, row = (s->heads + 2 * s->kv_heads) * dim;
	double *now = qkv + position * row;
	for (size_t h = 0; h < s->heads + s->kv_heads; h++) turn(now + h * dim, dim, position);
	for (size_t h = 0; h < s->heads; h++) {
		double *key = qkv + (s->heads + h * s->kv_heads / s->heads) * dim;
		attend(out + h * dim, now + h * dim, key, key + s->kv_heads * dim, row, dim,
		    position + 1);
	}
}

static void add(double *x, const double *y, size_t n)
{
	for (size_t i = 0; i < n; i++) x[i] += y[i];
}

/* Room for one layer's work on a token. */
struct room {
	double *normed, *attended, *gate, *up, *product;
};

static void layer(double *x, const struct layer_weights *w, double *qkv, size_t position,
    const struct decoder_shape *s, const struct room *r)
{
	norm(r->normed, x, w->attention_gain, s->hidden);
	product(qkv + position * w->qkv.rows, &w->qkv, r->normed);
	attention(r->attended, qkv, position, s);
	product(r->product, &w->out, r->attended);
	add(x, r->product, s->hidden);
	norm(r->normed, x, w->ffn_gain, s->hidden);
	product(r->gate, &w->gate, r->normed);
	product(r->up, &w->up, r->normed);
	for (size_t i = 0; i < s->ffn; i++) r->gate[i] *= r->up[i] / (1 + exp(-r->gate[i]));
	product(r->product, &w->down, r->gate);
	add(x, r->product, s->hidden);
}

void decoder_twin(double *logits, const struct weights *w, const int32_t *token, size_t n)
{
	const struct decoder_shape *s = &w->shape;
	size_t cache = n * w->layer[0].qkv.rows;
	double *qkv = mem_new(s->layers * cache, sizeof *qkv), *x = mem_new(s->hidden, sizeof *x);
	float *row = mem_new(s->hidden, sizeof *row);
	struct room r = {
		.normed = mem_new(s->hidden, sizeof(double)),
		.attended = mem_new(s->heads * s->head_dim, sizeof(double)),
		.gate = mem_new(s->ffn, sizeof(double)),
		.up = mem_new(s->ffn, sizeof(double)),
		.product = mem_new(s->hidden, sizeof(double)),
	};
	for (size_t t = 0; t < n; t++) {
		matrix_get(&w->embedding, (size_t)token[t], row);
		for (size_t i = 0; i < s->hidden; i++) x[i] = (double)row[i];
		for (size_t l = 0; l < s->layers; l++)
			layer(x, &w->layer[l], qkv + l * cache, t, s, &r);
	}
	norm(r.normed, x, w->gain, s->hidden);
	product(logits, weights_head(w), r.normed);
	free(r.normed);
	free(r.attended);
	free(r.gate);
	free(r.up);
	free(r.product);
	free(row);
	free(x);
	free(qkv);
}
