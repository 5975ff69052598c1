/* Anderson acceleration of a fixed point x = g(x) (Anderson 1965, J. ACM 12(4); Walker
 * and Ni 2011, SIAM J. Numer. Anal. 49(4), eq. 2.1) with the last two differences.
 * x is a vector of real numbers. */
#ifndef HEARTH_MODELS_GRID_ANDERSON_H
#define HEARTH_MODELS_GRID_ANDERSON_H

#include <stddef.h>

enum { ANDERSON_DEPTH = 2 };

struct anderson {
	size_t n;
	unsigned steps; /* so far */
	double *g, *f;  /* of the last step: g(x) and g(x) - x */
	double *dg[ANDERSON_DEPTH], *df[ANDERSON_DEPTH];
};

struct anderson *anderson_new(size_t n);
void anderson_free(struct anderson *a); /* takes NULL */
void anderson_restart(struct anderson *a);

/* x and g(x) in; x becomes what to try next: g(x) in the first step. */
void anderson_step(struct anderson *a, double *x, const double *g);

#endif
