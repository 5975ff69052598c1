/* A sweep whose blocks have one phase each, as in a balanced equivalent or on a lateral of one
 * phase: with numbers in place of matrices, and runs of blocks that follow each other in place
 * of blocks, at some 4 ns a block. The same fixed point, from the same start. */
#ifndef HEARTH_MODELS_GRID_SWEEP_ONE_H
#define HEARTH_MODELS_GRID_SWEEP_ONE_H

#include "models/grid/sweep_state.h"

/* NULL when the sweep has a block of several phases, a load that is not of constant power to
 * earth, or a shunt. */
struct sweep_one *sweep_one_new(const struct sweep *s);
void sweep_one_free(struct sweep_one *o); /* takes NULL */

/* Branches or the source of the sweep have changed in place, or one was opened or closed. */
void sweep_one_refill(struct sweep_one *o, const struct sweep *s);

/* As sweep_solve. The solution is in the sweep's v and i after it; load_a is not written. */
struct nodal_result sweep_one_solve(struct sweep_one *o, struct sweep *s, double tolerance_pu);

#endif
