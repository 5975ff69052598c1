/* What a decoder should give: plain loops in double precision, on the weights that its matrices
 * hold. For quantised formats the activations are rounded where the kernels round them. */
#ifndef HEARTH_TESTS_DECODER_TWIN_H
#define HEARTH_TESTS_DECODER_TWIN_H

#include "bench/decoder/decoder.h"

/* logits[0 .. vocabulary) after all n tokens, the first at position 0. */
void decoder_twin(double *logits, const struct weights *w, const int32_t *token, size_t n);

#endif
