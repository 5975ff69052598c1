/* Columns of a group along its time axis, and their reduction to what a figure
 * can show: the extremes within each pixel. */
#ifndef HEARTH_ANALYSIS_SERIES_H
#define HEARTH_ANALYSIS_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/figure.h"
#include "base/dataset.h"

struct series {
	const struct ds_var *var; /* double or float, one-dimensional, not empty */
	const double *time_s;     /* its time axis */
	size_t n;
};

/* False: no such column, not numbers, no time axis, or nothing but NAN. */
bool series_of(const struct ds_group *g, const char *column, struct series *s);

double series_at(const struct series *s, size_t i);
size_t series_highest(const struct series *s); /* the first of them; NAN is skipped */
size_t series_lowest(const struct series *s);

/* "solar -3.1 W to 93 kW, cars 0 W to 20 kW": the range of each, for those who cannot see
 * the lines. The caller frees. */
char *series_ranges(const struct series *const line[], const char *const label[], int count,
    const char *unit);

/* "hours since the start", or days beyond four of them. */
const char *series_time_name(const struct series *s);

/* Fills f's rows with time and `count` series of one axis, times `scale`, and
 * then constant limits. Long series are reduced to two rows a pixel. */
void series_draw(struct figure *f, const struct series *const line[], int count, double scale,
    const double *limit, int limits);

#endif
