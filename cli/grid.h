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

enum engine { ENGINE_SWEEP, ENGINE_NODAL };

/* A network that was solved; an engine owns its voltages. */
struct grid_case {
	const char *name;
	const struct network *network;
	enum engine engine;
	const struct topology *topology;
	const double complex *v; /* [nodes] */
	struct nodal_result result;
};

void grid_print(const struct grid_case *c);
void grid_print_json(const struct grid_case *c);

#endif
