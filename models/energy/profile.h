/* Measured shapes of household load, from a file.
 *
 *     time_s,home-1,home-2
 *     0,212,95
 *     900,198,310
 *
 * time_s counts from the local midnight that begins a Monday, in steps of one
 * length which divides the day; the file covers whole days, best whole weeks, and
 * repeats. Each further column is one measured home: its mean power over the
 * step, in any unit, for only its shape counts: it is scaled to mean 1. Lines
 * that begin with '#' are remarks. */
#ifndef HEARTH_MODELS_ENERGY_PROFILE_H
#define HEARTH_MODELS_ENERGY_PROFILE_H

#include <stddef.h>

#include "base/err.h"

struct profile {
	size_t columns, rows;
	double step_s;
	double *sum_s; /* (rows + 1) x columns: the shape's integral up to each row's begin */
};

/* NULL when faults were put into e. The caller owns it. */
struct profile *profile_read(const char *path, struct err_list *e);
void profile_free(struct profile *p); /* takes NULL */

/* Mean of every column's shape over [local_s, local_s + dt_s), local_s >= 0 in
 * seconds since 1970 of the local clock, into mean[columns]. Exact, so that steps
 * of any length add up. */
void profile_step(const struct profile *p, double local_s, double dt_s, double *mean);

#endif
