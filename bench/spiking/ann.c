#include "bench/spiking/ann.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"
#include "base/mem.h"

struct ann *ann_new(const struct mlp *m, size_t batch)
{
	struct ann *a = mem_new(1, sizeof *a);
	assert(batch > 0);
	a->layers = m->layers;
	a->batch = batch;
	for (size_t k = 0; k < m->layers; k++) {
		const struct mlp_layer *from = &m->layer[k];
		struct ann_layer *l = &a->layer[k];
		const size_t stride = (from->out + ANN_LANES - 1) / ANN_LANES * ANN_LANES;
		*l = (struct ann_layer){ .in = from->in, .out = from->out, .stride = stride };
		l->weight = mem_lines(l->in * stride, sizeof *l->weight);
		l->bias = mem_lines(stride, sizeof *l->bias);
		a->unit[k] = mem_lines(batch * stride, sizeof *a->unit[k]);
		memset(l->weight, 0, l->in * stride * sizeof *l->weight);
		memset(l->bias, 0, stride * sizeof *l->bias);
		for (size_t i = 0; i < l->in; i++)
			for (size_t o = 0; o < l->out; o++)
				l->weight[i * stride + o] = (float)from->weight[i * l->out + o];
		for (size_t o = 0; o < l->out; o++) l->bias[o] = (float)from->bias[o];
	}
	return a;
}

void ann_free(struct ann *a)
{
	if (!a) return;
	for (size_t k = 0; k < a->layers; k++) {
		free(a->layer[k].weight);
		free(a->layer[k].bias);
		free(a->unit[k]);
	}
	free(a);
}

typedef float lanes __attribute__((vector_size(ANN_LANES * sizeof(float)), may_alias));
typedef int32_t lanes_mask __attribute__((vector_size(ANN_LANES * sizeof(int32_t))));

/* Vectors [at, at + VECTORS) of SAMPLES samples' outputs, whose sums stay in registers; the
 * counts are constants where it is expanded. x of a sample is `pitch` floats from the next's. */
static inline __attribute__((always_inline)) void tile(const struct ann_layer *l, const float *x,
    size_t pitch, float *y, size_t at, bool rectify, const size_t SAMPLES, const size_t VECTORS)
{
	lanes sum[8];
	for (size_t s = 0; s < SAMPLES; s++)
		for (size_t v = 0; v < VECTORS; v++)
			sum[s * VECTORS + v] = ((const lanes *)(const void *)l->bias)[at + v];
	for (size_t i = 0; i < l->in; i++) {
		const lanes *w = (const lanes *)(const void *)(l->weight + i * l->stride) + at;
		for (size_t s = 0; s < SAMPLES; s++)
			for (size_t v = 0; v < VECTORS; v++)
				sum[s * VECTORS + v] += x[s * pitch + i] * w[v];
	}
	for (size_t s = 0; s < SAMPLES; s++)
		for (size_t v = 0; v < VECTORS; v++) {
			lanes r = sum[s * VECTORS + v];
			if (rectify) r = (lanes)((lanes_mask)r & (lanes_mask)(r > 0));
			((lanes *)(void *)(y + s * l->stride))[at + v] = r;
		}
}

CLONES static void layer_one(const struct ann_layer *l, const float *x, float *y, bool rectify)
{
	const size_t vectors = l->stride / ANN_LANES;
	size_t at = 0;
	for (; at + 8 <= vectors; at += 8) tile(l, x, 0, y, at, rectify, 1, 8);
	for (; at + 2 <= vectors; at += 2) tile(l, x, 0, y, at, rectify, 1, 2);
	for (; at < vectors; at++) tile(l, x, 0, y, at, rectify, 1, 1);
}

CLONES static void layer_batch(
    const struct ann_layer *l, const float *x, size_t pitch, float *y, bool rectify)
{
	const size_t vectors = l->stride / ANN_LANES;
	size_t at = 0;
	for (; at + 2 <= vectors; at += 2) tile(l, x, pitch, y, at, rectify, ANN_BATCH, 2);
	for (; at < vectors; at++) tile(l, x, pitch, y, at, rectify, ANN_BATCH, 1);
}

const float *ann_forward(struct ann *a, const float *input, size_t n)
{
	assert(n <= a->batch);
	for (size_t k = 0; k < a->layers; k++) {
		const struct ann_layer *l = &a->layer[k];
		const float *x = k > 0 ? a->unit[k - 1] : input;
		const size_t pitch = k > 0 ? a->layer[k - 1].stride : l->in;
		const bool rectify = k + 1 < a->layers;
		size_t i = 0;
		for (; i + ANN_BATCH <= n; i += ANN_BATCH)
			layer_batch(l, x + i * pitch, pitch, a->unit[k] + i * l->stride, rectify);
		for (; i < n; i++) layer_one(l, x + i * pitch, a->unit[k] + i * l->stride, rectify);
	}
	return a->unit[a->layers - 1];
}

double ann_flops(const struct ann *a)
{
	double n = 0;
	for (size_t k = 0; k < a->layers; k++) n += 2 * (double)(a->layer[k].in * a->layer[k].out);
	return n;
}

double ann_bytes(const struct ann *a, size_t batch)
{
	double shared = 0, own = (double)a->layer[0].in;
	for (size_t k = 0; k < a->layers; k++) {
		const struct ann_layer *l = &a->layer[k];
		shared += (double)((l->in + 1) * l->out);
		own += (double)l->out;
	}
	return sizeof(float) * (shared / (double)batch + own);
}
