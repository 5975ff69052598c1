/* A district: the homes of a scenario and the feeder that they hang on.
 *
 * Home k is customer k of the feeder's street. Without a <feeder> the homes'
 * meters stand directly at the bulk grid. */
#ifndef HEARTH_MODELS_SITE_DISTRICT_H
#define HEARTH_MODELS_SITE_DISTRICT_H

#include <stdint.h>

#include "base/dataset.h"
#include "models/class.h"
#include "models/control/dispatch.h"
#include "models/site/capex.h"
#include "models/site/checks.h"
#include "models/site/ledger.h"
#include "models/site/pool.h"
#include "models/site/record.h"
#include "models/step.h"

struct district;

/* Energies of one step at the district's border and inside, J. */
struct district_flow {
	double import_j, export_j;  /* at the bulk grid: the feeder's head, or the homes' meters */
	double conversion_j;        /* in the homes' inverters and batteries */
	double other_use_j;         /* households and cars, with their chargers */
	double grid_loss_j;         /* feeder: lines and transformer */
};

/* Reads <homes>, <feeder>, <place>, <weather>. NULL when the scenario has no homes,
 * or when faults were added to e. */
struct district *district_new(const struct object *scenario, enum dispatch_kind dispatch,
    uint64_t seed, const struct step *first, struct err_list *e);
/* How many threads solve its feeders at a time; 0: one. */
void district_threads(struct district *d, int threads);

void district_free(struct district *d); /* takes NULL */

uint32_t district_homes(const struct district *d);

/* Adds what the homes have to buy. */
void district_capex(const struct district *d, struct capex_total *t);

/* Adds the nodes that stand in homes to the pool. */
void district_nodes(const struct district *d, struct pool *p, uint64_t seed);

/* Sweeps one step; nodes: what the pool's meter read for it. Fills the row's
 * columns for homes and feeder. */
struct district_flow district_step(struct district *d, const struct step *st,
    const struct pool_reading *nodes, struct record_row *row);

/* Of each home, last step: at the meter, and what household, cars and nodes use.
 * NULL: no homes. */
const double *district_net_w(const struct district *d);
const double *district_use_w(const struct district *d);

const struct ledger *district_home_ledger(const struct district *d);
const struct ledger *district_feeder_ledger(const struct district *d); /* NULL: no feeder */

/* Power flow and stores: what they say about their own arithmetic. */
void district_check(const struct district *d, struct checks *c);

/* Metrics of the homes and the grid. */
void district_export(const struct district *d, struct dataset *out);

#endif
