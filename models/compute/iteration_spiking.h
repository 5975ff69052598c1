/* Iterations of a spiking network, as iteration.h has them. */
#ifndef HEARTH_MODELS_COMPUTE_ITERATION_SPIKING_H
#define HEARTH_MODELS_COMPUTE_ITERATION_SPIKING_H

#include "models/compute/iteration.h"

/* Of a node that computes by events: every field that such a model has. */
struct iteration_model *spiking_model_new(const struct node_par *p);

/* Makes the model m of the dense network one of its time steps, of which there are T. */
void spiking_fill_passes(struct iteration_model *m, const struct node_par *p);

struct run spiking_by_events(
    const struct iteration_model *m, const struct batch *b, int64_t *longest);

/* All passes, from one of them. */
struct run spiking_passes(
    const struct iteration_model *m, const struct batch *b, const struct run *one);

#endif
