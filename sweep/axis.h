/* One thing that a study varies: a place in the scenario and the values it takes.
 *
 * A list keeps its values as they are written; a range has numbers between two ends,
 * both of which it takes, on a linear or a logarithmic scale. An axis may go along with
 * another: together they are one step that changes two places ("nodes in homes, none in
 * the centre"). */
#ifndef HEARTH_SWEEP_AXIS_H
#define HEARTH_SWEEP_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "models/class.h"

struct axis_range {
	double from, to;
	const char *unit; /* as written behind both ends; "" when there is none */
	bool is_log, is_whole;
};

struct axis {
	const char *name; /* letters, digits, '-' and '_' */
	const char *path; /* an XPath as --set takes it */
	struct err_pos at; /* of its values, for messages */
	bool is_list;
	char **level;    /* values of the list, or of the range in a grid */
	size_t levels;
	const char *along; /* name of the axis that it goes along with, or NULL */
	size_t lead;       /* which one of the study's that is; itself: it goes along with none */
	struct axis_range range; /* of an axis that is no list */
};

extern const struct class study_axis_class;

/* Reads what the attributes of an <axis> mean; faults are on the list. */
void study_axis_read(struct axis *a, const struct object *o, struct err_list *e);
void study_axis_fini(struct axis *a);

/* The value at x in [0, 1] of the way: a number of the range, its ends at 0 and 1; of a
 * list the one in whose n-th of the way x is. Caller frees. */
char *study_axis_value(const struct axis *a, double x);

#endif
