/* Which inputs a result depends on: pure functions of what the points of a design gave.
 *
 * The rows come as sweep/design.h makes them. Intervals are at 95 %; those by resampling draw
 * whole trajectories or blocks, SENSITIVITY_RESAMPLES times, from a stream of their own, so that
 * the same values give the same interval. */
#ifndef HEARTH_ANALYSIS_SENSITIVITY_H
#define HEARTH_ANALYSIS_SENSITIVITY_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/interval.h"

enum { SENSITIVITY_RESAMPLES = 1000 };

/* ---- Morris' screening ---- */

struct morris_axis {
	struct interval mu_star; /* mean size of the elementary effects (Campolongo, Cariboni and
				  * Saltelli 2007, Environmental Modelling & Software 22,
				  * section 3), t interval cut at 0 */
	struct interval mu;      /* their mean, t interval */
	double sigma;            /* their standard deviation: how much the effect differs from
				  * place to place; NAN below two */
};

/* effect[t * axes + j]: the elementary effect of axis j in trajectory t, the change of the
 * result over the part of the axis's range that was moved by (Morris 1991, eq. 2.1). */
void sensitivity_morris(
    const double *effect, size_t trajectories, size_t axes, struct morris_axis *axis);

/* ---- Sobol's indices ---- */

struct sobol_axis {
	struct interval first; /* part of the variance that goes when this axis is known */
	struct interval total; /* part that stays when all others are known */
};

/* y[i * (axes + 2) + k] of block i: k = 0: A; 1 to axes: A with axis k - 1 from B; axes + 1: B.
 * First-order indices by Saltelli et al. (2010, Computer Physics Communications 181, table 2,
 * eq. b) of y less its mean, total ones by Jansen (1999, ibid. 117; eq. f of that table); the
 * variance is that of A and B together. Estimates may come a little below 0 or above 1. All
 * are NAN where the variance is 0. Returns the variance. */
double sensitivity_sobol(
    const double *y, size_t blocks, size_t axes, uint64_t seed, struct sobol_axis *axis);

/* The same indices of all combinations of levels, each as likely as any other: sums over all
 * rows of a grid, without error and so without interval (Sobol' 1993, Mathematical Modelling
 * and Computational Experiments 1(4)). Returns the variance. */
double sensitivity_grid(
    const double *y, const size_t *levels, size_t axes, struct sobol_axis *axis);

#endif
