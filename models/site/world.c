#include "models/site/world_state.h"

#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/node.h"
#include "models/compute/progress.h"
#include "models/control/router.h"
#include "models/grid/feeder.h"
#include "models/site/homes.h"

static const void *par_of(const struct object *parent, const struct class *cls)
{
	const struct object *o = object_child(parent, cls);
	return o ? o->par : NULL;
}

static uint32_t count_centres(const struct object *scenario)
{
	uint32_t n = 0;
	for (const struct object *o = object_child(scenario, &datacentre_class); o;
	     o = object_next(o))
		n++;
	return n;
}

static void make_centres(struct world *w, struct err_list *e)
{
	struct step first = time_step(&w->time, 0);
	w->centre = mem_new(count_centres(w->scenario), sizeof *w->centre);
	w->plant = mem_new(count_centres(w->scenario), sizeof *w->plant);
	const struct object *o = object_child(w->scenario, &datacentre_class);
	for (; o; o = object_next(o)) {
		uint32_t c = w->centres++;
		w->centre[c].par = o->par;
		w->plant[c] = plant_new(o, w->scenario, w->seed, w->time.step_s, &first, e);
		const struct object *n = object_child(o, &node_class);
		for (; n; n = object_next(n))
			pool_add(w->pool, n, (struct pool_place){ ORIGIN_OUTSIDE, c });
	}
	w->flow = mem_new(w->centres, sizeof *w->flow);
	w->centre_j = mem_new(w->centres, sizeof *w->centre_j);
	w->reading.centre = mem_new(w->centres, sizeof *w->reading.centre);
}

static void make_district(
    struct world *w, const struct policy_par *policy, int threads, struct err_list *e)
{
	struct step first = time_step(&w->time, 0);
	w->district =
	    district_new(w->scenario, (enum dispatch_kind)policy->dispatch, w->seed, &first, e);
	if (w->district) district_threads(w->district, threads);
	w->reading.home_node_j = mem_new(district_homes(w->district), sizeof(double));
	if (w->district) district_nodes(w->district, w->pool, w->seed);
}

/* Whether a scenario has what its parts are for. */
static void check_parts(const struct object *scenario, struct err_list *e)
{
	const struct object *feeder = object_child(scenario, &feeder_class);
	if (object_child(scenario, &homes_class)) return;
	if (feeder)
		err_at(e, feeder->pos, "feeder: nobody hangs on it; add <homes>");
	else if (!object_child(scenario, &datacentre_class))
		err_at(e, scenario->pos,
		    "scenario: there is nothing in it that uses energy; add <homes> or "
		    "<datacentre>");
}

/* A run without a duration goes on until the last request: stamps that count from
 * 1970 are not what was meant. */
static void check_last(const struct world *w, const struct object *o, struct err_list *e)
{
	if (!world_is_open_ended(w) || !w->work || !w->work->count) return;
	double last_s = (double)w->work->request[w->work->count - 1].sent_ns / (double)SIM_NS_PER_S;
	if (last_s < TIME_STEPS_MAX * w->time.step_s) return;
	err_at(e, o->pos,
	    "workload: its last request comes %.3g s after the start, %.3g steps, of which a run "
	    "has %d at most; count times from the first request, or write duration= or a longer "
	    "step= at <time>",
	    last_s, last_s / w->time.step_s, TIME_STEPS_MAX);
}

/* Nobody asks nodes that are held at full power: no answer would be true. */
static void hold_nodes(struct world *w, struct err_list *e)
{
	pool_hold_full(w->pool);
	if (world_is_open_ended(w))
		err_at(e, object_child(w->scenario, &time_class)->pos,
		    "time: nodes at full power answer nothing, and no last request ends the run; "
		    "write duration=");
}

static void make_work(struct world *w, struct err_list *e)
{
	const struct object *o = object_child(w->scenario, &workload_class);
	uint32_t homes = district_homes(w->district);
	if (!o) {
		if (world_is_open_ended(w))
			err_at(e, object_child(w->scenario, &time_class)->pos,
			    "time: a scenario without <workload> has no end; write duration=");
		return;
	}
	if (err_count(e)) return; /* without its homes a scenario's nodes are not all known */
	if (!pool_nodes(w->pool)) {
		err_at(e, o->pos,
		    "workload: no node can answer; add a <node> to <homes> or <datacentre>");
		return;
	}
	w->work =
	    workload_build(o, w->seed, homes, time_of_day_s(&w->time), world_horizon_ns(w), e);
	if (!w->work) return;
	check_last(w, o, e);
	deferral_mark(o, w->seed, w->work);
	w->deferral = deferral_new(w->sim, w->scenario, w->work, w->time.start.zone_s, e);
	pool_make_tiers(w->pool, w->scenario, w->seed, e);
}

static void open_pool(struct world *w)
{
	if (w->deferral) pool_defer(w->pool, w->deferral);
	if (w->work) pool_share_prefixes(w->pool, w->work->prefix);
	if (w->work && workload_clients(w->work))
		pool_open_loop(w->pool, w->work, district_homes(w->district));
	else if (w->work)
		pool_open(w->pool, w->work->request, w->work->count, district_homes(w->district),
		    w->work->bytes_per_token);
	else
		pool_open(w->pool, NULL, 0, district_homes(w->district), 0);
}

/* Each keeps its place from here on. */
static void list_ledgers(struct world *w)
{
	struct ledger_table *t = &w->ledgers;
	if (w->district) {
		ledger_table_add(t, "homes", district_home_ledger(w->district));
		const struct ledger *feeder = district_feeder_ledger(w->district);
		if (feeder) ledger_table_add(t, "feeder", feeder);
	}
	for (uint32_t c = 0; c < w->centres; c++)
		ledger_table_add(t, w->centre[c].par->name, &w->centre[c].ledger);
	ledger_table_add(t, "bulk grid", &w->bulk);
}

struct world *world_new(const struct object *scenario, const struct world_options *o,
    struct err_list *e)
{
	struct world *w = mem_new(1, sizeof *w);
	const struct policy_par *policy = par_of(scenario, &policy_class);
	progress_apply(scenario);
	w->scenario = scenario;
	w->seed = o->seed;
	w->nodes_full = o->nodes_full;
	w->currency = o->currency;
	w->time = *(const struct time_par *)par_of(scenario, &time_class);
	w->supply = *(const struct supply_par *)par_of(scenario, &supply_class);
	w->sim = sim_new();
	if (o->fingerprint) sim_fingerprint_on(w->sim);
	w->on_step = sim_type(w->sim, "step", SIM_PHASE_GRID, world_on_step, w);
	w->pool = pool_new(w->sim, scenario, policy);
	check_parts(scenario, e);
	make_district(w, policy, o->threads, e);
	make_centres(w, e);
	w->nodes_full ? hold_nodes(w, e) : make_work(w, e);
	w->market = market_new(scenario, &w->time, e);
	w->swing = swing_new(w->sim, w->market, scenario, &w->time, e);
	w->cost = cost_new(scenario, &w->time, district_homes(w->district), e);
	if (!w->nodes_full)
		w->flexible = flexible_new(w->pool, w->time.start.zone_s, e);
	record_init(&w->record, world_is_open_ended(w) ? 0 : (size_t)time_steps(&w->time));
	if (!err_count(e)) {
		list_ledgers(w);
		open_pool(w);
		return w;
	}
	world_free(w);
	return NULL;
}

void world_free(struct world *w)
{
	if (!w) return;
	record_fini(&w->record);
	ledger_table_fini(&w->ledgers);
	flexible_free(w->flexible);
	cost_free(w->cost);
	swing_free(w->swing);
	market_free(w->market);
	deferral_free(w->deferral);
	workload_free(w->work);
	district_free(w->district);
	pool_free(w->pool);
	sim_free(w->sim);
	for (uint32_t c = 0; c < w->centres; c++) plant_free(w->plant[c]);
	free(w->plant);
	free(w->centre);
	free(w->flow);
	free(w->centre_j);
	free(w->reading.home_node_j);
	free(w->reading.centre);
	free(w);
}

void world_run(struct world *w)
{
	struct step first = time_step(&w->time, 0);
	world_begin_step(w, &first);
	sim_at(w->sim, time_step(&w->time, 1).begin_ns, w->on_step, 0, 0, 0);
	sim_run(w->sim, world_horizon_ns(w));
	pool_close(w->pool);
}

uint64_t world_fingerprint(const struct world *w)
{
	return sim_fingerprint(w->sim);
}
