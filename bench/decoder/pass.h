/* What a decoder keeps, and one pass of tokens through it. */
#ifndef HEARTH_BENCH_DECODER_PASS_H
#define HEARTH_BENCH_DECODER_PASS_H

#include "bench/decoder/decoder.h"
#include "bench/decoder/rotary.h"
#include "bench/kernels/blas.h"
#include "bench/kernels/kernels.h"

struct decoder {
	const struct kernels *kernels;
	struct blas *blas;      /* prompts of formats that kernels leaves to it; else NULL */
	struct weights weights;
	struct rotary rotary;
	int threads;
	size_t context_max, position;
	size_t filled;          /* the furthest that position ever was */
	float *keys, *values;   /* layers x kv_heads x context_max x head_dim */

	/* Of the tokens of a pass, at most DECODER_BLOCK. */
	float *stream;          /* x hidden: the residual stream */
	float *qkv;             /* x rows of the matrix */
	float *query;           /* x heads head_dim, turned */
	float *product;         /* x hidden */
	float *up;              /* x ffn */
	struct tokens normed, attended, gated; /* hidden, heads head_dim, ffn */
	struct tokens last;     /* one: what the head is given */
	float *logits;          /* vocabulary */
};

/* Computes `count` tokens, at most DECODER_BLOCK, after those in the cache, and with
 * `logits` those of the last. */
void decoder_pass(struct decoder *d, const int32_t *token, size_t count, bool logits);

/* Where a layer's keys (values) of a key-value head begin. */
static inline size_t cache_at(const struct decoder *d, size_t layer, size_t kv_head)
{
	const struct decoder_shape *s = &d->weights.shape;
	return (layer * s->kv_heads + kv_head) * d->context_max * s->head_dim;
}

#endif
