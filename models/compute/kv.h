/* Blocks of KV cache on a replica (Kwon et al. 2023, "PagedAttention", 4.2).
 *
 * A request holds ceil(tokens / block) blocks. A decoding one takes a new block
 * in every iteration that begins with a multiple of `block` tokens computed; as
 * all decoding requests grow together, counting them by (tokens - iteration
 * counter) modulo block tells how many blocks each coming iteration takes. */
#ifndef HEARTH_MODELS_COMPUTE_KV_H
#define HEARTH_MODELS_COMPUTE_KV_H

#include <stdint.h>

#include "models/compute/engine.h"

struct kv {
	int64_t total, used, block;        /* blocks, blocks, tokens */
	int64_t decoding;
	int64_t residue[ENGINE_BLOCK_MAX]; /* decoding requests by (tokens - counter) mod block */
};

static inline int64_t kv_blocks(const struct kv *k, int64_t tokens)
{
	return (tokens + k->block - 1) / k->block;
}

static inline int64_t kv_free(const struct kv *k)
{
	return k->total - k->used;
}

/* A request begins or ends decoding; base = its computed tokens - counter. Its
 * blocks are the caller's to count in `used`. */
void kv_join(struct kv *k, int64_t base);
void kv_leave(struct kv *k, int64_t base);

/* Blocks that the n iterations from counter `at` on take. */
int64_t kv_need(const struct kv *k, int64_t at, int64_t n);

/* How many iterations from `at` on so many blocks suffice for, at most `most`. */
int64_t kv_lasts(const struct kv *k, int64_t at, int64_t most, int64_t blocks);

#endif
