/* Gaps between tokens into a histogram, a run of iterations at a time. */
#ifndef HEARTH_MODELS_COMPUTE_GAPS_H
#define HEARTH_MODELS_COMPUTE_GAPS_H

#include "models/compute/replica.h"
#include "sim/hist.h"

/* A gap_fn whose ctx is a struct hist: the pooled inter-token latency. Costs one
 * division for each bucket that the run touches, whatever its length. */
void gaps_hist(void *ctx, const struct gap_run *g);

#endif
