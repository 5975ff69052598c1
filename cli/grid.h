/* hearth grid: what its parts share. */
#ifndef HEARTH_CLI_GRID_H
#define HEARTH_CLI_GRID_H

#include <jansson.h>

#include "base/err.h"
#include "base/table.h"
#include "cli/options.h"
#include "models/grid/controls.h"
#include "models/grid/solver.h"

enum grid_option {
	GRID_LOAD,
	GRID_PLACEMENTS,
	GRID_STEP,
	GRID_SEED,
	GRID_SET,
	GRID_JOBS,
	GRID_CONTROLS,
	GRID_TABLE,
	GRID_JSON,
	GRID_CSV,
	GRID_MD
};

/* Words of --load. */
#define GRID_LOAD_FULL "full"
#define GRID_LOAD_WORKLOAD "workload"

/* Each takes its operand after the action's name and returns an enum status; faults are
 * in e. */
int grid_solve(const struct options *o, struct err_list *e);
int grid_hosting(const struct options *o, struct err_list *e);

/* A network that was solved; an engine owns its voltages. */
struct grid_case {
	const char *name;
	const struct network *network;
	enum solver_engine engine;
	const struct topology *topology;
	const double complex *v; /* [nodes] */
	struct nodal_result result;
	const struct controls *controls; /* which have acted; NULL: none have */
};

/* All of it. */
void grid_print(const struct grid_case *c, enum table_form form);

/* The table of that name (grid_table.h) alone; false with an entry in e where there is none. */
bool grid_print_table(const struct grid_case *c, const char *name, enum table_form form,
    struct err_list *e);

/* What the controls have done: a part of the JSON. */
json_t *grid_controls_json(const struct controls *c);

#endif
