/* Constants of a model from measurements: robust nonlinear least squares.
 *
 * Minimises the squares of log(predicted / measured), row by row, with rows far off
 * counted less (weights 1 / sqrt(1 + (r / 0.05)^2) of the residual r, a soft sum of
 * magnitudes). A constant stays within [min, max] by fitting its logit. From each of
 * the starts the trust-region method of Levenberg and Marquardt is run (GSL's
 * gsl_multifit_nlinear; Transtrum and Sethna 2012, arXiv 1201.5885, on its scaling);
 * the best end is kept. The same input gives the same result.
 *
 * A fit says nothing about a constant that the measurements do not see. Seen is
 * measured by `effect`: with x the constants' relative changes and J the derivatives
 * of log(predicted), the root mean square over the rows of that part of a column of
 * J which no combination of the other columns makes up. An effect of 0.1: to double
 * the constant moves predictions by about 10 % that the others cannot undo. */
#ifndef HEARTH_BENCH_FIT_H
#define HEARTH_BENCH_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { FIT_CONSTANTS_MAX = 8, FIT_STARTS_MAX = 3, FIT_FOLDS = 5 };

/* Below it a constant is not identified. */
#define FIT_EFFECT_MIN 0.01

struct fit_constant {
	const char *name; /* as the catalogue's attribute: "op-time" */
	const char *unit; /* as there: "s"; "" for a plain number */
	double min, max;  /* physical; the result lies between */
	double start[FIT_STARTS_MAX];
	const char *remedy; /* what to measure when the rows do not see it */
	bool may_reach_max; /* the largest value is a result like any other */
};

/* predict: of that row, > 0, from values within their bounds. */
struct fit_problem {
	const struct fit_constant *constant;
	size_t constants, starts;
	const double *measured; /* > 0 */
	size_t rows;
	double (*predict)(const void *ctx, const double *value, size_t row);
	const void *ctx;
};

struct fit {
	double value[FIT_CONSTANTS_MAX];
	double error[FIT_CONSTANTS_MAX]; /* standard error, in the unit of the value */
	double effect[FIT_CONSTANTS_MAX];
	double condition; /* largest over smallest singular value of J with columns of length 1 */
};

/* False when there are fewer rows than constants + 1: nothing is fitted then. */
bool fit_solve(struct fit *f, const struct fit_problem *p);

/* Predictions of each row by constants that were fitted without it, the rows dealt
 * to five folds; rows that are the same point (same prediction of f) stay together.
 * Starts from f. `predicted` has p->rows places; all are NAN when there are no more
 * points than constants, for without one of them a constant would not be seen. */
void fit_cross_validate(const struct fit *f, const struct fit_problem *p, double *predicted);

/* Reports each constant that the rows do not identify: it ended at a bound, or its
 * effect is too small; with the remedy. True when there is none. */
bool fit_identifies(
    const struct fit *f, const struct fit_problem *p, struct err_pos at, struct err_list *e);

#endif
