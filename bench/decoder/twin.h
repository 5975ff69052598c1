/* What a decoder should give: plain loops in double precision, on the weights that its matrices
 * hold. For quantised formats the activations are rounded where the kernels round them, so
 * that what is left between the two is the order of sums. */
#ifndef HEARTH_BENCH_DECODER_TWIN_H
#define HEARTH_BENCH_DECODER_TWIN_H

#include "bench/decoder/decoder.h"

struct decoder_twin;

/* Of weights that outlive it; room for so many positions. */
struct decoder_twin *decoder_twin_new(const struct weights *w, size_t positions);
void decoder_twin_free(struct decoder_twin *t);

/* Takes over the first `positions` keys and values of d. */
void decoder_twin_load(struct decoder_twin *t, const struct decoder *d, size_t positions);

/* Appends a token. With `logits` those after it, of the whole vocabulary. */
void decoder_twin_step(struct decoder_twin *t, int32_t token, double *logits);

/* Of the logits that d gave last, for `token`: largest difference over the largest logit. What
 * d keeps of the tokens before is taken as it is. */
double decoder_error(const struct decoder *d, int32_t token, const float *logits);

#endif
