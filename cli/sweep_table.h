/* The table of a study while it is collected: a row a point, a column a metric. */
#ifndef HEARTH_CLI_SWEEP_TABLE_H
#define HEARTH_CLI_SWEEP_TABLE_H

#include <stddef.h>

#include "base/err.h"
#include "cli/sweep_read.h"

struct table_names;

/* A column for each metric that any point has, those that the study names first, the others
 * as they are met down the plan. */
struct table {
	const char *folder;
	const struct points *p;
	const enum point_state *state;
	const struct summary *point;
	char **column;
	size_t columns, columns_cap;
	struct table_names *names; /* what lines of names mean */
	size_t name_lines, names_cap;
};

/* Text of a cell; size 0: the point has no such number. */
struct cell {
	const char *text;
	size_t size;
};

void table_init(struct table *t, const char *folder, const struct points *p,
    const enum point_state *state, const struct summary *point);
void table_fini(struct table *t);

/* The numbers of a point's row: cell[columns]. */
void table_row(struct table *t, size_t point, struct cell *cell);

/* "done", "failed" or "missing". */
const char *table_state_word(enum point_state state);

/* Write D/sweep.csv and D/sweep.h5. False with an entry in e. */
bool table_write_csv(struct table *t, struct err_list *e);
bool table_write_h5(struct table *t, struct err_list *e);

#endif
