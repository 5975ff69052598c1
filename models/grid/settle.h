/* Controls of a network at constant loads, until they are at rest. */
#ifndef HEARTH_MODELS_GRID_SETTLE_H
#define HEARTH_MODELS_GRID_SETTLE_H

#include "models/grid/controls.h"
#include "models/grid/solver.h"

enum settle_end {
	SETTLE_RESTS,   /* nothing but clocks is going to act */
	SETTLE_HUNTS,   /* something still acted after the limit */
	SETTLE_NO_FLOW, /* the flow did not converge: see solver_result */
	SETTLE_REFUSED, /* the network cannot be solved: see e */
};

/* Solves and lets the controls act until all are at rest, for at most limit_s of their time.
 * The solver then holds the flow at that state. */
enum settle_end controls_settle(
    struct controls *c, struct solver *s, double tolerance_pu, double limit_s, struct err_list *e);

#endif
