/* Delays of a network's controls: they count down, and what is over within a microsecond
 * is over now, so that rounding splits no two actions of one instant. */
#ifndef HEARTH_MODELS_GRID_DELAY_H
#define HEARTH_MODELS_GRID_DELAY_H

#include <stdbool.h>

static const double delay_now_s = 1e-6;

static inline bool delay_over(double left_s)
{
	return left_s <= delay_now_s;
}

/* What is left of it after dt_s, at least 0; INFINITY stays. */
static inline double delay_pass(double left_s, double dt_s)
{
	return left_s > dt_s ? left_s - dt_s : 0;
}

#endif
