/* Linear differential equations with constant coefficients, z' = A z, solved exactly.
 *
 * z(t) = exp(A t) z(0) is summed as its Taylor series on cells so short, |A| t <= 1 in
 * the largest row sum, that 22 terms leave an error below 1e-20 of z: rounding is all that
 * is left, and a cell's end is the next one's begin. The terms are vectors, made by 21
 * products with A, and make of every component and of every sum w . z one polynomial of
 * time, whose sign changes are bracketed and found. The closed forms of exp(A t) by
 * eigenvalues lose all digits where two of them meet (a damping ratio of 1), and
 * gsl_linalg_exponential_ss allocates and gives a matrix where a vector is wanted. */
#ifndef HEARTH_MODELS_GRID_LINEAR_H
#define HEARTH_MODELS_GRID_LINEAR_H

#include <gsl/gsl_roots.h>

enum { LINEAR_N = 7, LINEAR_TERMS = 22 };

/* A constant of the equations is a component of z that is 1 and has a row of zeros. */
struct linear {
	double a[LINEAR_N][LINEAR_N];
};

/* (A z)[i] */
double linear_rate(const struct linear *l, const double z[LINEAR_N], int i);

struct linear_cell {
	double length_s; /* at most; INFINITY: nothing changes */
	double term[LINEAR_TERMS][LINEAR_N]; /* A^k z(0) / k! */
};

void linear_cell(const struct linear *l, const double z[LINEAR_N], struct linear_cell *c);

/* z at t_s, 0 <= t_s <= length_s. */
void linear_at(const struct linear_cell *c, double t_s, double z[LINEAR_N]);

/* w . z(t) on a cell. */
struct linear_sum {
	double term[LINEAR_TERMS];
};
struct linear_sum linear_sum(const struct linear_cell *c, const double w[LINEAR_N]);
double linear_sum_at(const struct linear_sum *s, double t_s);

/* Where a sum whose signs at both ends differ (or are 0) crosses 0: the first double
 * beyond, or within 1e-12 s of it. solver: of type gsl_root_fsolver_brent, overwritten. */
double linear_sum_root(const struct linear_sum *s, double from_s, double to_s,
    gsl_root_fsolver *solver);

#endif
