/* Attention of an iteration from a layer table (layer_table.h) instead of the formulas. */
#ifndef HEARTH_MODELS_COMPUTE_ITERATION_MEASURED_H
#define HEARTH_MODELS_COMPUTE_ITERATION_MEASURED_H

#include "models/compute/iteration.h"
#include "models/compute/line.h"

static inline int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

/* Of one of k micro-batches, all layers; m->table is not NULL. */
struct line measured_attention(const struct iteration_model *m, const struct batch *b, int64_t k);

#endif
