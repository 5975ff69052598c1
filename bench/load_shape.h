/* What a set of load curves looks like: the figures that a street's peak hangs on. */
#ifndef HEARTH_BENCH_LOAD_SHAPE_H
#define HEARTH_BENCH_LOAD_SHAPE_H

#include <stddef.h>

/* Mean powers of homes in steps of one length, row by row: w[row * homes + home]. */
struct load_curves {
	double *w;
	size_t rows, homes;
};

/* Means over the homes. Homes that use nothing count for nothing. */
struct load_shape {
	double load_factor;   /* mean over highest power */
	double base_share;    /* power that is passed 95 % of the time, over mean power */
	double variation;     /* standard deviation over mean power */
};
struct load_shape load_shape(const struct load_curves *c);

/* Mean correlation of a home's power with itself `lag` rows later, 0 < lag < rows. */
double load_autocorrelation(const struct load_curves *c, size_t lag);

/* After-diversity maximum demand of n homes over their mean demand, each home scaled to
 * mean 1, averaged over groups of n neighbours. */
double load_diversity(const struct load_curves *c, size_t n);

#endif
