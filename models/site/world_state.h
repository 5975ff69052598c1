/* The parts of a world, for the files that build it, sweep it and report on it. */
#ifndef HEARTH_MODELS_SITE_WORLD_STATE_H
#define HEARTH_MODELS_SITE_WORLD_STATE_H

#include <math.h>

#include "models/site/account.h"
#include "models/site/cost.h"
#include "models/site/datacentre.h"
#include "models/site/deferral.h"
#include "models/site/district.h"
#include "models/site/flexible.h"
#include "models/site/market.h"
#include "models/site/plant.h"
#include "models/site/pool.h"
#include "models/site/record.h"
#include "models/site/scenario.h"
#include "models/site/supply.h"
#include "models/site/swing.h"
#include "models/site/world.h"
#include "models/work/workload.h"
#include "sim/sim.h"

struct centre {
	const struct datacentre_par *par;
	struct ledger ledger;
};

struct world {
	const struct object *scenario;
	uint64_t seed;
	bool nodes_full; /* of those in homes */
	struct time_par time;
	struct supply_par supply;
	struct sim *sim;
	unsigned on_step;

	struct workload *work;     /* NULL: nobody asks */
	struct deferral *deferral; /* NULL: no request can wait */
	struct pool *pool;
	struct district *district; /* NULL: no homes */
	struct centre *centre;
	struct plant **plant;      /* [centres]; NULL: none */
	uint32_t centres;
	struct ledger bulk;
	struct ledger_table ledgers; /* of all of the above */
	struct market *market;     /* NULL: the supply has no units */
	struct swing *swing;       /* NULL: neither frequency nor contingencies */
	struct cost *cost;
	struct flexible *flexible; /* NULL: no node gives way */
	const char *currency;

	/* The step being swept. */
	struct pool_reading reading;
	struct datacentre_flow *flow; /* [centres] */
	double *centre_j;             /* [centres]: import, or export as a negative */

	struct account account;      /* of all nodes */
	struct record record;
	long steps;                  /* swept so far */
};

static inline bool world_is_open_ended(const struct world *w)
{
	return isnan(w->time.duration_s);
}

static inline int64_t world_horizon_ns(const struct world *w)
{
	return world_is_open_ended(w) ? INT64_MAX : time_end_ns(&w->time);
}

/* world_step.c: who answers to prices asks at the beginning of each step; the handler of
 * its end, ctx is the world. */
void world_begin_step(struct world *w, const struct step *st);
void world_on_step(struct sim *s, const struct sim_event *ev, void *ctx);

/* world_export.c: the worst residual of a site's ledger and of all together. */
double world_ledger_residual(const struct world *w);
/* What meters handed out and what was drawn behind them, and the other way round:
 * the difference, as a share. */
double world_meter_residual(const struct world *w);

#endif
