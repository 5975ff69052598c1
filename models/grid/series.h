/* Figures that hold for a step each: always the same, over the local day, or by the clock.
 *
 * A day is a CSV with the columns `hour` (0 to 23, local) and one of figures. A series has
 * a column of stamps (models/grid/instant.h) and one of figures, each of which holds from
 * its stamp to the next. Stamps stand in `utc` (or `time_utc`), or in `time` and then name
 * their zone, so that days on which clocks are set are no trouble. The first two rows say
 * how long its step is, which may be any; rows that do not follow at that step are
 * faults, each with its line. Missing rows and figures (an empty field, NaN, NA) are too,
 * unless the scenario asks to fill them: then they lie on the straight line between their
 * neighbours, no gap being longer than a day, and a remark says how many there were. A
 * step of the run that a boundary cuts is weighed exactly. */
#ifndef HEARTH_MODELS_GRID_SERIES_H
#define HEARTH_MODELS_GRID_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Read-only for all but series*.c. */
struct series {
	double *value; /* of each step */
	size_t steps, cap;
	double step_s;
	bool daily;     /* hours of the local day, over and over */
	double begin_s; /* of a series: UTC of its first step */
};

enum series_gaps { SERIES_GAPS_REFUSE, SERIES_GAPS_FILL };

/* The row of a table: struct, member of enum series_gaps. */
#define SERIES_GAPS_ATTR(s, m)                                                                     \
	ATTR_ENUM(s, m, "gaps", "refuse", "refuse fill",                                           \
	    "what is done about missing rows and figures of the series: a fault names each, or "   \
	    "they lie on the line between their neighbours, up to a day long")

/* What to read of a series. */
struct series_form {
	const char *column;
	double unit;  /* of the column, in SI */
	double least; /* figures below are faults; in the column's unit */
	enum series_gaps gaps;
};

/* Each gives NULL when a fault was put into e; the caller owns what it gets. */
struct series *series_constant(double value);

/* A day of the column `relative`, whose mean must be 1: its mean becomes `mean`. */
struct series *series_relative(const char *path, double mean, struct err_list *e);

/* A day of the column `share`, 0 to 1, times `whole`. */
struct series *series_share(const char *path, double whole, struct err_list *e);

struct series *series_read(const char *path, const struct series_form *f, struct err_list *e);

void series_free(struct series *s); /* takes NULL */

/* Whether there are figures for that time; a day or a constant covers all. */
bool series_covers(const struct series *s, double utc_s, double duration_s);

/* Mean of [utc_s, utc_s + dt_s); dt_s > 0, covered. zone_s: local time minus UTC. */
double series_mean(const struct series *s, double utc_s, double zone_s, double dt_s);

/* series_read.c: a day of 24 hours; figures are 0 or more and at most `most`. */
struct series *series_read_day(const char *path, const char *column, double most,
    struct err_list *e);

#endif
