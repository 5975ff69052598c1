/* Figures that hold for an hour each: always the same, over the local day, or by the clock.
 *
 * A day is a CSV with the columns `hour` (0 to 23, local) and one of figures; a series
 * has `utc` (2024-06-20T13:00Z or 2024-06-20 13:00) in steps of an hour without gaps.
 * Figures are numbers of 0 or more. A step that an hour's end cuts is weighed exactly. */
#ifndef HEARTH_MODELS_GRID_HOURLY_H
#define HEARTH_MODELS_GRID_HOURLY_H

#include <stdbool.h>

#include "base/err.h"

struct hourly;

/* Each gives NULL when a fault was put into e; the caller owns what it gets. */
struct hourly *hourly_constant(double value);

/* A day of the column `relative`, whose mean must be 1: its mean becomes `mean`. */
struct hourly *hourly_relative(const char *path, double mean, struct err_list *e);

/* A day of the column `share`, 0 to 1, times `whole`. */
struct hourly *hourly_share(const char *path, double whole, struct err_list *e);

/* A series of that column, in units of `unit`. */
struct hourly *hourly_series(const char *path, const char *column, double unit,
    struct err_list *e);

void hourly_free(struct hourly *h); /* takes NULL */

/* Whether there are figures for that time; a day or a constant covers all. */
bool hourly_covers(const struct hourly *h, double utc_s, double duration_s);

/* Mean of [utc_s, utc_s + dt_s); dt_s > 0, covered. zone_s: local time minus UTC. */
double hourly_mean(const struct hourly *h, double utc_s, double zone_s, double dt_s);

#endif
