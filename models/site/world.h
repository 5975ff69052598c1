/* A scenario that runs: every site, node and request of it on one clock.
 *
 *     struct world *w = world_new(scenario, &options, faults);
 *     world_run(w);
 *     world_export(w, dataset);
 *     world_free(w);
 *
 * Two rates share the event queue (sim/sim.h). Requests are exact between the
 * grid steps; at the end of a step everything else is swept for it, in this
 * order: nodes' energy, homes, feeder, data centres, bulk grid with its units and its
 * frequency, bills, ledgers, record. Contingencies of the bulk system and its frequency's
 * own events stand between the steps, as requests do. */
#ifndef HEARTH_MODELS_SITE_WORLD_H
#define HEARTH_MODELS_SITE_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"
#include "models/class.h"

struct world;

struct world_options {
	uint64_t seed;
	bool fingerprint;     /* hash the order of events */
	/* Nodes in homes draw their full power all the time (models/compute/full.h): what the
	 * wires have to carry at most. Nothing is asked of any node, and of nodes nothing but
	 * energy is told; the scenario must have a duration. */
	bool nodes_full;
	int threads;          /* that solve feeders; 0: one. The results are the same bytes */
	const char *currency; /* of the scenario's sums, "EUR"; borrowed */
};

/* scenario: an object of scenario_class that outlives the world. NULL when faults
 * were added to e: what only shows when the parts are put together. */
struct world *world_new(const struct object *scenario, const struct world_options *o,
    struct err_list *e);
void world_free(struct world *w); /* takes NULL */

/* Runs to the end. Once. */
void world_run(struct world *w);

/* What came of the run's own checks: the worst of them. */
enum validity {
	VALIDITY_VALID,
	VALIDITY_SUSPECT, /* the arithmetic holds, but part of the question was not answered */
	VALIDITY_INVALID, /* the arithmetic does not hold: do not use the numbers */
};
enum validity world_validity(const struct world *w);
const char *validity_word(enum validity v); /* "VALID" */

/* Fills the dataset: summary, grid, requests, nodes, homes, ledger, hist, checks. */
void world_export(const struct world *w, struct dataset *d);

/* Hash of (time, type, entity) of every event; 0 unless asked for. */
uint64_t world_fingerprint(const struct world *w);

#endif
