#include "bench/decoder/decoder.h"

#include "base/mem.h"
#include "base/rng.h"
#include "bench/decoder/pass.h"

#include <assert.h>
#include <stdlib.h>

static float *floats(size_t n)
{
	return mem_lines(n, sizeof(float));
}

struct decoder *decoder_new(const struct decoder_shape *shape, enum format f, size_t context_max,
    uint64_t seed, int threads)
{
	assert(!decoder_shape_fault(shape) && context_max >= 1 && threads >= 1);
	struct decoder *d = mem_new(1, sizeof *d);
	size_t heads = shape->heads * shape->head_dim, kv_heads = shape->kv_heads * shape->head_dim;
	size_t cache = shape->layers * context_max * kv_heads;
	d->kernels = kernels_best();
	d->blas = d->kernels->gemm[f] ? NULL : blas_open(BLAS_LIBRARY);
	d->weights = weights_new(shape, f, seed, threads);
	d->rotary = rotary_new(shape->head_dim, context_max);
	d->threads = threads;
	d->context_max = context_max;
	d->keys = floats(cache);
	d->values = floats(cache);
	d->stream = floats(DECODER_BLOCK * shape->hidden);
	d->qkv = floats(DECODER_BLOCK * (heads + 2 * kv_heads));
	d->query = floats(DECODER_BLOCK * heads);
	d->product = floats(DECODER_BLOCK * shape->hidden);
	d->up = floats(DECODER_BLOCK * shape->ffn);
	d->normed = tokens_new(DECODER_BLOCK, shape->hidden);
	d->attended = tokens_new(DECODER_BLOCK, heads);
	d->gated = tokens_new(DECODER_BLOCK, shape->ffn);
	d->last = tokens_new(1, shape->hidden);
	d->logits = floats(shape->vocabulary);
	return d;
}

void decoder_free(struct decoder *d)
{
	if (!d) return;
	blas_close(d->blas);
	weights_free(&d->weights);
	rotary_free(&d->rotary);
	free(d->keys);
	free(d->values);
	free(d->stream);
	free(d->qkv);
	free(d->query);
	free(d->product);
	free(d->up);
	tokens_free(&d->normed);
	tokens_free(&d->attended);
	tokens_free(&d->gated);
	tokens_free(&d->last);
	free(d->logits);
	free(d);
}

const float *decoder_prefill(struct decoder *d, const int32_t *tokens, size_t n)
{
	assert(n >= 1);
	for (size_t done = 0; done < n;) {
		size_t count = n - done < DECODER_BLOCK ? n - done : DECODER_BLOCK;
		decoder_pass(d, tokens + done, count, done + count == n);
		done += count;
	}
	return d->logits;
}

const float *decoder_step(struct decoder *d, int32_t token)
{
	decoder_pass(d, &token, 1, true);
	return d->logits;
}

void decoder_seek(struct decoder *d, size_t positions)
{
	assert(positions <= d->filled);
	d->position = positions;
}

void decoder_use_threads(struct decoder *d, int threads)
{
	assert(threads >= 1);
	d->threads = threads;
}

/* Of the size that the weights' variance gives keys and values: about 1. */
static void fill(float *x, size_t n, struct pcg64 *g)
{
	for (size_t i = 0; i < n; i++) x[i] = (float)(3.4 * pcg64_unit(g) - 1.7);
}

void decoder_pretend(struct decoder *d, size_t positions)
{
	const struct decoder_shape *s = &d->weights.shape;
	struct pcg64 g = rng_stream(positions, 0, 0, RNG_WEIGHTS);
	assert(positions <= d->context_max);
	for (size_t layer = 0; layer < s->layers; layer++)
		for (size_t h = 0; h < s->kv_heads; h++) {
			fill(d->keys + cache_at(d, layer, h), positions * s->head_dim, &g);
			fill(d->values + cache_at(d, layer, h), positions * s->head_dim, &g);
		}
	d->position = positions;
	if (d->filled < positions) d->filled = positions;
}

const char *decoder_products(const struct decoder *d)
{
	return d->blas ? blas_name(d->blas) : d->kernels->name;
}

const struct weights *decoder_weights(const struct decoder *d)
{
	return &d->weights;
}
