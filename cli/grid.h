/* hearth grid: what its parts share. */
#ifndef HEARTH_CLI_GRID_H
#define HEARTH_CLI_GRID_H

#include "base/err.h"
#include "cli/options.h"
#include "models/grid/nodal.h"

enum grid_option { GRID_PLACEMENTS, GRID_STEP, GRID_SEED, GRID_SET, GRID_JSON };

/* Each takes its operand after the action's name and returns an enum status; faults are
 * in e. */
int grid_solve(const struct options *o, struct err_list *e);
int grid_hosting(const struct options *o, struct err_list *e);

/* A network that was solved. */
struct grid_case {
	const char *name;
	const struct network *network;
	const struct nodal *nodal;
	struct nodal_result result;
};

void grid_print(const struct grid_case *c);
void grid_print_json(const struct grid_case *c);

#endif
