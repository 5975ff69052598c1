/* Tokens that leave a model early, as an iteration's times have it: iteration.c's own. */
#ifndef HEARTH_MODELS_COMPUTE_ITERATION_EXIT_H
#define HEARTH_MODELS_COMPUTE_ITERATION_EXIT_H

#include "models/compute/iteration.h"

/* Of a node with a variant, from what layers and head of m take; of its weights the cache
 * keeps what it would without keys and values. NULL: no token leaves. */
struct early_exit *iteration_exit_new(const struct iteration_model *m, const struct node_par *p);

#endif
