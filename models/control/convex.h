/* Convex functions of one number, made of straight pieces.
 *
 * The sum of two, each at its own place, at the best split of a given total,
 *
 *     h(z) = least over x of f(x) + g(z - x),
 *
 * is made of their pieces in the order of their slopes (R. T. Rockafellar 1970, "Convex
 * Analysis", theorem 16.4: the infimal convolution adds the conjugates, whose pieces are
 * these). So it costs a merge, and has no more pieces than there are different slopes. */
#ifndef HEARTH_MODELS_CONTROL_CONVEX_H
#define HEARTH_MODELS_CONTROL_CONVEX_H

#include <stdbool.h>
#include <stddef.h>

struct piece {
	double length, slope; /* length > 0 */
};

/* n pieces side by side from `from` on, slopes ascending; n 0: a single point. */
struct convex {
	double from, value; /* where it begins, and what it is there */
	size_t n;
	struct piece *piece; /* borrowed; room for all that is added */
};

/* One more piece at the end; nothing for a length of 0 or less. Where its slope is below
 * the last, the two become their chord, so that f stays convex. */
void convex_add(struct convex *f, double length, double slope);

double convex_end(const struct convex *f);

/* The best split of f and g into h, of which only [lo, hi] is kept; h needs room for the
 * pieces of both. False: h lies outside of [lo, hi], by more than the tolerance. */
bool convex_split(const struct convex *f, const struct convex *g, double lo, double hi,
    double tolerance, struct convex *h);

/* The x between which f(x) + g(z - x) is least; slopes that differ by `even` count as
 * equal. z lies where there is such an x. */
void convex_best(const struct convex *f, const struct convex *g, double z, double even,
    double *least, double *most);

/* f(x), f's ends held outside of it. */
double convex_at(const struct convex *f, double x);

#endif
