/* Quantiles of a column, for figures of distributions. */
#ifndef HEARTH_ANALYSIS_SORTED_H
#define HEARTH_ANALYSIS_SORTED_H

#include <stddef.h>

#include "base/dataset.h"

/* The values of a one-dimensional column of floats or doubles that are numbers,
 * ascending, without the rows in which another column of doubles has a number (other
 * NULL, or not there: all rows); *n is how many. The caller frees. NULL: no such
 * column, or none. */
double *sorted_column(
    const struct ds_group *g, const char *column, const char *other, size_t *n);

/* The p-quantile, 0 <= p <= 1, of n >= 1 ascending values, by linear
 * interpolation (Hyndman and Fan 1996, definition 7). */
double sorted_quantile(const double *sorted, size_t n, double p);

#endif
