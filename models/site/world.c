#include "models/site/world.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/node.h"
#include "models/control/router.h"
#include "models/site/account.h"
#include "models/site/bulk.h"
#include "models/site/checks.h"
#include "models/site/cost.h"
#include "models/site/datacentre.h"
#include "models/site/district.h"
#include "models/site/pool.h"
#include "models/site/record.h"
#include "models/site/scenario.h"
#include "models/site/service.h"
#include "models/work/workload.h"
#include "sim/sim.h"

struct centre {
	const struct datacentre_par *par;
	struct ledger ledger;
};

struct world {
	const struct object *scenario;
	uint64_t seed;
	struct time_par time;
	struct supply_par supply;
	struct sim *sim;
	unsigned on_step;

	struct workload *work;     /* NULL: nobody asks */
	struct pool *pool;
	struct district *district; /* NULL: no homes */
	struct centre *centre;
	uint32_t centres;
	struct ledger bulk;
	struct cost *cost;
	const char *currency;

	/* The step being swept. */
	struct pool_reading reading;
	struct datacentre_flow *flow; /* [centres] */
	double *centre_j;             /* [centres]: import */

	struct account account;      /* of all nodes */
	struct record record;
	long steps;                  /* swept so far */
};

static double seconds(int64_t ns)
{
	return (double)ns / (double)SIM_NS_PER_S;
}

static bool is_open_ended(const struct world *w)
{
	return isnan(w->time.duration_s);
}

static int64_t horizon_ns(const struct world *w)
{
	return is_open_ended(w) ? INT64_MAX : llround(w->time.duration_s * (double)SIM_NS_PER_S);
}

/* ---- the grid step ---- */

struct delivery {
	double delivered_j, collected_j; /* between the bulk grid and all meters */
};

/* What the bulk grid generates for each joule that it delivers, this step. */
static double generated_per_j(const struct bulk_flow *f)
{
	return f->generated_j > 0 ? f->generated_j / (f->delivered_j - f->collected_j) : 1;
}

static void sweep_centres(struct world *w, const struct step *st, struct delivery *sum,
    struct record_row *row)
{
	double total_j = 0;
	for (uint32_t c = 0; c < w->centres; c++) {
		const struct pool_energy *e = &w->reading.centre[c];
		w->flow[c] = datacentre_step(w->centre[c].par, e->device_j, e->node_j, st->dt_s);
		datacentre_book(&w->flow[c], &w->centre[c].ledger);
		w->centre_j[c] = w->flow[c].import_j;
		total_j += w->centre_j[c];
	}
	sum->delivered_j += total_j;
	if (w->centres) row->cloud_w = total_j / st->dt_s;
}

static void account_centres(struct world *w, double per_j, double carbon_kg_per_j)
{
	for (uint32_t c = 0; c < w->centres; c++) {
		const struct datacentre_flow *f = &w->flow[c];
		account_add(&w->account, &(struct account_step){
			.device_j = f->compute_j,
			.node_j = f->compute_j + f->host_j,
			.overhead_j = f->cooling_j,
			.generated_j = f->import_j * per_j,
			.delivered_j = f->import_j,
			.carbon_kg_per_j = carbon_kg_per_j,
		});
	}
}

static void account_district(struct world *w, const struct district_flow *flow, double per_j,
    double carbon_kg_per_j)
{
	account_add(&w->account, &(struct account_step){
		.device_j = w->reading.homes.device_j,
		.node_j = w->reading.homes.node_j,
		.shared_loss_j = flow->conversion_j,
		.other_use_j = flow->other_use_j,
		.line_loss_j = flow->grid_loss_j,
		.generated_j = flow->import_j * per_j,
		.delivered_j = flow->import_j,
		.carbon_kg_per_j = carbon_kg_per_j,
	});
}

static void total_ledger(const struct world *w, struct ledger *total)
{
	*total = (struct ledger){ { 0 } };
	ledger_sum(total, &w->bulk);
	for (uint32_t c = 0; c < w->centres; c++) ledger_sum(total, &w->centre[c].ledger);
	if (w->district) {
		ledger_sum(total, district_home_ledger(w->district));
		const struct ledger *feeder = district_feeder_ledger(w->district);
		if (feeder) ledger_sum(total, feeder);
	}
	/* Transfers between sites have both ends inside: what is handed out at one
	 * meter is drawn at the next. What is left of the imports is generation. */
	double transfer_j = fmin(total->j[LEDGER_IMPORT], total->j[LEDGER_DELIVERED]);
	total->j[LEDGER_IMPORT] -= transfer_j;
	total->j[LEDGER_DELIVERED] -= transfer_j;
	double back_j = fmin(total->j[LEDGER_EXPORT], total->j[LEDGER_COLLECTED]);
	total->j[LEDGER_EXPORT] -= back_j;
	total->j[LEDGER_COLLECTED] -= back_j;
}

/* A ledger that does not close is a bug: in a build with asserts it stops the run
 * where it happens. */
static void check_ledger(const struct world *w)
{
#ifndef NDEBUG
	struct ledger total;
	total_ledger(w, &total);
	if (ledger_residual(&total) <= LEDGER_TOLERANCE) return;
	fprintf(stderr, "hearth: bug: the ledger is open by %g at %.9f s, seed %llu\n",
	    ledger_residual(&total), seconds(sim_now(w->sim)), (unsigned long long)w->seed);
	abort();
#else
	(void)w;
#endif
}

static void sweep(struct world *w, const struct step *st)
{
	struct record_row row = record_row_blank();
	struct district_flow district = { 0 };
	struct delivery sum = { 0, 0 };
	pool_meter(w->pool, district_homes(w->district), w->centres, &w->reading);
	if (w->district) {
		district = district_step(w->district, st, &w->reading, &row);
		sum.delivered_j += district.import_j;
		sum.collected_j += district.export_j;
	}
	sweep_centres(w, st, &sum, &row);
	struct bulk_flow bulk = bulk_step(&w->supply, sum.delivered_j, sum.collected_j);
	bulk_book(&bulk, &w->bulk);
	double per_j = generated_per_j(&bulk);
	const struct cost_meters meters = {
		.home_net_w = district_net_w(w->district), .home_node_j = w->reading.home_node_j,
		.centre_j = w->centre_j, .generated_j = bulk.generated_j,
	};
	double carbon_kg_per_j = cost_step(w->cost, st, &meters, &row);
	if (w->district) account_district(w, &district, per_j, carbon_kg_per_j);
	account_centres(w, per_j, carbon_kg_per_j);
	row.generation_w = bulk.generated_j / st->dt_s;
	row.running = w->reading.running;
	row.waiting = w->reading.waiting;
	record_add(&w->record, st, &row);
	check_ledger(w);
}

static void on_step(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct world *w = ctx;
	(void)ev;
	struct step st = time_step(&w->time, w->steps++);
	sweep(w, &st);
	int64_t next_ns = time_step(&w->time, w->steps + 1).begin_ns;
	bool more = is_open_ended(w) ? !pool_is_idle(w->pool) : next_ns <= horizon_ns(w);
	if (more) sim_at(s, next_ns, w->on_step, 0, 0, 0);
}

/* ---- building ---- */

static const void *par_of(const struct object *parent, const struct class *cls)
{
	const struct object *o = object_child(parent, cls);
	return o ? o->par : NULL;
}

static uint32_t count_centres(const struct object *scenario)
{
	uint32_t n = 0;
	for (const struct object *o = object_child(scenario, &datacentre_class); o; o = object_next(o))
		n++;
	return n;
}

static void make_centres(struct world *w)
{
	w->centre = mem_new(count_centres(w->scenario), sizeof *w->centre);
	const struct object *o = object_child(w->scenario, &datacentre_class);
	for (; o; o = object_next(o)) {
		uint32_t c = w->centres++;
		w->centre[c].par = o->par;
		const struct object *n = object_child(o, &node_class);
		for (; n; n = object_next(n))
			pool_add(w->pool, n, (struct pool_place){ ORIGIN_OUTSIDE, c });
	}
	w->flow = mem_new(w->centres, sizeof *w->flow);
	w->centre_j = mem_new(w->centres, sizeof *w->centre_j);
	w->reading.centre = mem_new(w->centres, sizeof *w->reading.centre);
}

static void make_district(struct world *w, const struct policy_par *policy, struct err_list *e)
{
	struct step first = time_step(&w->time, 0);
	w->district = district_new(w->scenario, (enum dispatch_kind)policy->dispatch, w->seed, &first, e);
	w->reading.home_node_j = mem_new(district_homes(w->district), sizeof(double));
	if (w->district) district_nodes(w->district, w->pool, w->seed);
}

static void make_work(struct world *w, struct err_list *e)
{
	const struct object *o = object_child(w->scenario, &workload_class);
	uint32_t homes = district_homes(w->district);
	if (!o) {
		if (is_open_ended(w))
			err_at(e, object_child(w->scenario, &time_class)->pos,
			    "time: a scenario without <workload> has no end; write duration=");
		return;
	}
	if (!pool_nodes(w->pool)) {
		err_at(e, o->pos, "workload: no node can answer; add a <node> to <homes> or <datacentre>");
		return;
	}
	w->work = workload_build(o, w->seed, homes, time_of_day_s(&w->time), horizon_ns(w), e);
}

static void open_pool(struct world *w)
{
	if (w->work)
		pool_open(w->pool, w->work->request, w->work->count, district_homes(w->district),
		    w->work->bytes_per_token);
	else
		pool_open(w->pool, NULL, 0, district_homes(w->district), 0);
}

struct world *world_new(const struct object *scenario, const struct world_options *o,
    struct err_list *e)
{
	struct world *w = mem_new(1, sizeof *w);
	const struct policy_par *policy = par_of(scenario, &policy_class);
	w->scenario = scenario;
	w->seed = o->seed;
	w->currency = o->currency;
	w->time = *(const struct time_par *)par_of(scenario, &time_class);
	w->supply = *(const struct supply_par *)par_of(scenario, &supply_class);
	w->sim = sim_new();
	if (o->fingerprint) sim_fingerprint_on(w->sim);
	w->on_step = sim_type(w->sim, "step", SIM_PHASE_GRID, on_step, w);
	w->pool = pool_new(w->sim, scenario, policy);
	make_district(w, policy, e);
	make_centres(w);
	make_work(w, e);
	w->cost = cost_new(scenario, &w->time, district_homes(w->district), e);
	record_init(&w->record, is_open_ended(w) ? 0 : (size_t)(w->time.duration_s / w->time.step_s) + 1);
	if (!err_count(e)) {
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
	cost_free(w->cost);
	workload_free(w->work);
	district_free(w->district);
	pool_free(w->pool);
	sim_free(w->sim);
	free(w->centre);
	free(w->flow);
	free(w->centre_j);
	free(w->reading.home_node_j);
	free(w->reading.centre);
	free(w);
}

void world_run(struct world *w)
{
	sim_at(w->sim, time_step(&w->time, 1).begin_ns, w->on_step, 0, 0, 0);
	sim_run(w->sim, horizon_ns(w));
}

uint64_t world_fingerprint(const struct world *w)
{
	return sim_fingerprint(w->sim);
}

/* ---- what came of it ---- */

static struct service service_of(const struct world *w)
{
	return (struct service){
		.request = w->work->request,
		.outcome = pool_outcomes(w->pool),
		.n = w->work->count,
		.itl = pool_itl(w->pool),
		.itl_mean_s = pool_itl_mean_s(w->pool),
		.limits = w->work->has_slo ? &w->work->limits : NULL,
		.window_s = (double)w->steps * w->time.step_s,
	};
}

static void check_service(const struct world *w, struct checks *c)
{
	struct service s = service_of(w);
	double n = fmax((double)s.n, 1);
	checks_add(c, "requests_rejected", (double)service_count(&s, REQUEST_REJECTED) / n, 0.01,
	    VALIDITY_SUSPECT, "share of the requests that no node could ever hold");
	checks_add(c, "requests_pending", (double)service_count(&s, REQUEST_PENDING) / n, 0.01,
	    VALIDITY_SUSPECT, "share of the requests not finished at the end: latencies leave them out");
}

static struct checks check(const struct world *w)
{
	struct checks c = { .n = 0 };
	struct ledger total;
	total_ledger(w, &total);
	checks_add(&c, "ledger_residual", ledger_residual(&total), LEDGER_TOLERANCE, VALIDITY_INVALID,
	    "energy without source or sink, as a share of the throughput");
	if (w->district) district_check(w->district, &c);
	if (w->work) check_service(w, &c);
	return c;
}

enum validity world_validity(const struct world *w)
{
	struct checks c = check(w);
	return checks_validity(&c);
}

static void export_ledgers(const struct world *w, struct dataset *d)
{
	struct ledger total;
	total_ledger(w, &total);
	struct ledger_table t = { .n = 0 };
	if (w->district) {
		ledger_table_add(&t, "homes", district_home_ledger(w->district));
		if (district_feeder_ledger(w->district))
			ledger_table_add(&t, "feeder", district_feeder_ledger(w->district));
	}
	for (uint32_t c = 0; c < w->centres; c++)
		ledger_table_add(&t, w->centre[c].par->name, &w->centre[c].ledger);
	ledger_table_add(&t, "bulk grid", &w->bulk);
	ledger_table_add(&t, "total", &total);
	ledger_export(&t, d);
}

void world_export(const struct world *w, struct dataset *d)
{
	int64_t in = 0, out = 0;
	if (w->work) {
		struct service s = service_of(w);
		in = service_prompt_tokens(&s);
		out = service_output_tokens(&s);
		service_export(&s, d);
	}
	if (pool_nodes(w->pool))
		account_export(&w->account, out, in + out, cost_knows_carbon(w->cost), d);
	if (w->district) district_export(w->district, d);
	cost_export(w->cost, out, w->currency, d);
	export_ledgers(w, d);
	record_export(&w->record, w->time.start.utc_s, d);
	pool_export(w->pool, d);
	struct checks c = check(w);
	checks_export(&c, d);
}
