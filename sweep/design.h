/* Designs of experiments: which points of the unit cube a study computes.
 *
 * A row is a point, a column an axis. Every design is deterministic in its seed, and the
 * rows come in the order that analysis/sensitivity.h reads.
 *
 * grid             every combination of levels; the last axis goes round fastest
 * latin-hypercube  each axis cut in `points` equal strata, every one of them met once, at a
 *                  random place in it (McKay, Beckman and Conover 1979, Technometrics 21(2))
 * sobol            Sobol's sequence (GSL, after Bratley and Fox 1988, ACM TOMS 14(1)) with its
 *                  first point, the origin (Owen 2020, "On dropping the first Sobol' point"),
 *                  and a digital shift from the seed, which keeps its balance: 2^m points meet
 *                  each of 2^m equal strata of each axis once
 * morris           `points` trajectories of axes + 1 rows each: a start on a grid of
 *                  DESIGN_MORRIS_LEVELS levels, then each axis, in a random order, moves by
 *                  DESIGN_MORRIS_STEP, up or down (Morris 1991, Technometrics 33(2), section 3).
 *                  Starts are stratified: among trajectories an axis begins at each level as
 *                  often as at any other, or once more.
 * saltelli         `points` blocks of axes + 2 rows each: a row of matrix A, the same row with
 *                  its axis j from B, for each j, then the row of B (Saltelli et al. 2010,
 *                  Computer Physics Communications 181, table 2). A and B are the two halves
 *                  of a sobol design of twice the axes. Powers of two balance best. */
#ifndef HEARTH_SWEEP_DESIGN_H
#define HEARTH_SWEEP_DESIGN_H

#include <stddef.h>
#include <stdint.h>

#define DESIGN_LIST(X)                                                                             \
	X(DESIGN_GRID, "grid")                                                                     \
	X(DESIGN_LATIN_HYPERCUBE, "latin-hypercube")                                               \
	X(DESIGN_SOBOL, "sobol")                                                                   \
	X(DESIGN_MORRIS, "morris")                                                                 \
	X(DESIGN_SALTELLI, "saltelli")

enum design_kind {
#define DESIGN_ENUM(id, name) id,
	DESIGN_LIST(DESIGN_ENUM)
#undef DESIGN_ENUM
};

enum {
	DESIGN_MORRIS_LEVELS = 4,
	DESIGN_SOBOL_AXES = 40,        /* of GSL's table; saltelli takes half as many */
	DESIGN_SOBOL_POINTS = 1 << 30, /* bits of GSL's numbers */
};
/* p / (2 (p - 1)) for p levels, as Morris (1991) proposes: every level is as likely. */
#define DESIGN_MORRIS_STEP (DESIGN_MORRIS_LEVELS / (2.0 * (DESIGN_MORRIS_LEVELS - 1)))

/* As in a study file: "latin-hypercube". */
const char *design_name(enum design_kind kind);

/* Why there is no such design, with the remedy, as the rest of a sentence that begins with the
 * design's name ("takes at most 40 axes: use latin-hypercube"); static. NULL: there is one.
 * `levels` (one count an axis) is read for a grid, `points` for the others. */
const char *design_refuse(enum design_kind kind, size_t points, const size_t *levels, size_t axes);

/* Rows of the design: grid: the product of the levels (1 without an axis); morris:
 * points * (axes + 1); saltelli: points * (axes + 2). 0: more than 2^31, or no points. */
size_t design_rows(enum design_kind kind, size_t points, const size_t *levels, size_t axes);

/* Fills x[row * axes + axis] of a design that is not refused. Grid: level / levels, the caller
 * maps. Morris: 0, 1/3, 2/3 and 1, both ends of an axis being met. Others: in [0, 1). */
void design_fill(double *x, enum design_kind kind, size_t points, const size_t *levels, size_t axes,
    uint64_t seed);

#endif
