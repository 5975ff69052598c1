/* hearth grid: what its parts share. */
#ifndef HEARTH_CLI_GRID_H
#define HEARTH_CLI_GRID_H

#include "models/grid/nodal.h"

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
