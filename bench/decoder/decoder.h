/* A transformer that really computes: random weights, a prompt, then token after token.
 *
 * It is what the kernels are for, and the engine that a calibration must predict. A prompt is
 * computed in blocks of DECODER_BLOCK tokens (products of matrices), an answer a token at a time
 * (products with a vector). All of a block's or token's work is one parallel region, in which
 * threads take rows of each matrix, or heads, and meet at barriers. Keys and values are f32,
 * other activations f32, rounded to 8 bits before a quantised product. */
#ifndef HEARTH_BENCH_DECODER_DECODER_H
#define HEARTH_BENCH_DECODER_DECODER_H

#include "bench/decoder/weights.h"

enum { DECODER_BLOCK = 128 };

struct decoder;

/* `shape` without a fault (decoder_shape_fault); room for context_max positions; threads from
 * 1 on. The same seed gives the same weights for any number of threads. */
struct decoder *decoder_new(const struct decoder_shape *shape, enum format f, size_t context_max,
    uint64_t seed, int threads);
void decoder_free(struct decoder *d); /* takes NULL */

/* Appends tokens, each below the vocabulary, to the context, which must have room. Gives the
 * logits after the last one, the decoder's until the next call. n >= 1. */
const float *decoder_prefill(struct decoder *d, const int32_t *tokens, size_t n);
const float *decoder_step(struct decoder *d, int32_t token);

/* Goes on after so many positions: fewer than now forgets the others, 0 all; more takes up
 * again what was computed before and not written over. */
void decoder_seek(struct decoder *d, size_t positions);

/* How many share the work from now on. */
void decoder_use_threads(struct decoder *d, int threads);

/* Takes so many positions as computed, with random keys and values: a step takes as long
 * as after a prompt of that length. */
void decoder_pretend(struct decoder *d, size_t positions);

/* What computes the products of prompts: "avx2", or the BLAS by name. */
const char *decoder_products(const struct decoder *d);

const struct weights *decoder_weights(const struct decoder *d);

#endif
