/* Runs of iterations step by step. */
#ifndef HEARTH_TESTS_WALK_H
#define HEARTH_TESTS_WALK_H

#include "models/compute/iteration.h"

struct batch grown(struct batch b, int64_t by); /* each context by so many tokens */

/* Holds each iteration of a run that is long enough against the first one of the run
 * that begins there. Returns how many runs the contexts' growth by `until` tokens
 * fell into. */
int walk(const struct iteration_model *m, struct batch b, int64_t until);

#endif
