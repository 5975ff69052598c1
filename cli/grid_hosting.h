/* The hosting capacity of a feeder for compute, from runs at rising shares. */
#ifndef HEARTH_CLI_GRID_HOSTING_H
#define HEARTH_CLI_GRID_HOSTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/table.h"
#include "models/site/world.h"

/* What one run said of the feeder. */
struct hosting_run {
	double margin_pu;       /* to the nearest limit; below 0 it was crossed */
	char *asset, *limit;    /* the nearest */
	size_t homes;           /* that have a node */
	enum validity validity; /* what its own checks say */
	char *failed;           /* the first check that says so; NULL: none */
};

/* All placements of one share. */
struct hosting_level {
	double share_frac;
	size_t homes;                     /* that have a node */
	struct hosting_run *run;          /* of each placement, from 1 on */
	size_t runs;                      /* made: 1 where all placements are the same */
	double min_pu, median_pu, max_pu; /* of the margins */
	size_t over;                      /* placements in which a limit was crossed */
	const struct hosting_run *worst;  /* of which the first, where equal */
};

struct hosting {
	const char *scenario; /* its name */
	uint64_t seed;
	size_t homes, placements;
	double step_frac;
	struct hosting_level *level; /* by rising share */
	size_t levels;
	bool full; /* nodes at full power; else by the workload */
};

/* What follows from the levels. */
struct hosting_capacity {
	double every_frac; /* largest share up to which no placement crosses a limit; NAN: none */
	double some_frac;  /* largest share at which a placement crosses none; NAN: none */
	/* The first share at which a limit is crossed, or the one that comes nearest. */
	const struct hosting_level *bound;
};

/* The runs that have one stamp. */
struct hosting_doubt {
	size_t runs;
	const struct hosting_level *level; /* of the first; NULL: there is none */
	size_t placement;                  /* from 1 on */
	const char *failed;
};

/* Fills in what a level's runs add up to. */
void hosting_sum(struct hosting_level *l, size_t placements);
struct hosting_capacity hosting_capacity(const struct hosting *h);

struct hosting_doubt hosting_doubt(const struct hosting *h, enum validity stamp);
size_t hosting_runs(const struct hosting *h); /* that were made */

void hosting_print(const struct hosting *h, enum table_form form);

#endif
