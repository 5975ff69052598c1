/* What came of a run: its ledgers, its checks, its dataset. */
#include "models/site/world_state.h"

#include "models/compute/node.h"
#include "models/energy/battery.h"
#include "models/energy/pv.h"
#include "models/energy/wind.h"
#include "models/site/checks.h"
#include "models/site/marginal.h"
#include "models/site/score.h"
#include "models/site/service.h"
#include "models/site/spiking_nodes.h"
#include "models/site/utilisation.h"

static struct ledger sum_of(const struct ledger_table *t)
{
	struct ledger sum = { { 0 } };
	for (size_t i = 0; i < t->n; i++) ledger_sum(&sum, t->row[i].ledger);
	return sum;
}

/* Transfers between sites have both ends inside: what is handed out at one meter
 * is drawn at the next. What is left of the imports is generation. */
static struct ledger total_of(const struct world *w)
{
	struct ledger total = sum_of(&w->ledgers);
	double transfer_j = fmin(total.j[LEDGER_IMPORT], total.j[LEDGER_DELIVERED]);
	total.j[LEDGER_IMPORT] -= transfer_j;
	total.j[LEDGER_DELIVERED] -= transfer_j;
	double back_j = fmin(total.j[LEDGER_EXPORT], total.j[LEDGER_COLLECTED]);
	total.j[LEDGER_EXPORT] -= back_j;
	total.j[LEDGER_COLLECTED] -= back_j;
	return total;
}

double world_ledger_residual(const struct world *w)
{
	struct ledger total = total_of(w);
	double worst = ledger_residual(&total);
	for (size_t i = 0; i < w->ledgers.n; i++)
		worst = fmax(worst, ledger_residual(w->ledgers.row[i].ledger));
	return worst;
}

/* The bulk grid's own import is generation, its export goes elsewhere. */
double world_meter_residual(const struct world *w)
{
	struct ledger sum = sum_of(&w->ledgers);
	double drawn_j = sum.j[LEDGER_IMPORT] - w->bulk.j[LEDGER_IMPORT];
	double given_j = sum.j[LEDGER_EXPORT] - w->bulk.j[LEDGER_EXPORT];
	double most_j = fmax(sum.j[LEDGER_DELIVERED], sum.j[LEDGER_COLLECTED]);
	double off_j = fmax(fabs(drawn_j - sum.j[LEDGER_DELIVERED]),
	    fabs(given_j - sum.j[LEDGER_COLLECTED]));
	double throughput_j = fmax(most_j, fmax(drawn_j, given_j));
	return off_j / fmax(throughput_j, LEDGER_LEAST_J);
}

static double run_s(const struct world *w)
{
	return (double)w->steps * w->time.step_s;
}

static struct service service_of(const struct world *w)
{
	return (struct service){
		.request = w->work->request,
		.outcome = pool_outcomes(w->pool),
		.n = w->work->count,
		.itl = pool_itl(w->pool),
		.slo = w->work->slo,
		.slos = w->work->slos,
		.run_s = run_s(w),
		.released_ns = w->deferral ? deferral_released_ns(w->deferral) : NULL,
	};
}

/* Requests that did not end. Those that still wait for a better price are no sign of
 * overload. When a closed loop is cut off, one of each client is under
 * way: these are no sign of overload. */
static double left_over(const struct world *w, const struct service *s)
{
	double pending = (double)service_count(s, REQUEST_PENDING);
	if (w->deferral) pending -= deferral_waiting(w->deferral);
	return fmax(0, pending - workload_clients(w->work));
}

static void check_service(const struct world *w, struct checks *c)
{
	struct service s = service_of(w);
	double n = fmax((double)s.n, 1);
	checks_add(c, "check.requests_rejected", (double)service_count(&s, REQUEST_REJECTED) / n,
	    0.01, VALIDITY_SUSPECT);
	checks_add(c, "check.requests_pending", left_over(w, &s) / n, 0.01, VALIDITY_SUSPECT);
}

static struct checks check(const struct world *w)
{
	struct checks c = { .n = 0 };
	checks_add(&c, "check.ledger_residual", world_ledger_residual(w), LEDGER_TOLERANCE,
	    VALIDITY_INVALID);
	checks_add(&c, "check.meter_residual", world_meter_residual(w), LEDGER_TOLERANCE,
	    VALIDITY_INVALID);
	if (w->district) district_check(w->district, &c);
	plant_check((const struct plant *const *)w->plant, w->centres, &c);
	if (w->work) check_service(w, &c);
	pool_check(w->pool, &c);
	return c;
}

enum validity world_validity(const struct world *w)
{
	struct checks c = check(w);
	return checks_validity(&c);
}

static void export_ledgers(const struct world *w, struct dataset *d)
{
	struct ledger total = total_of(w);
	struct ledger_table t = { .n = 0 };
	for (size_t i = 0; i < w->ledgers.n; i++)
		ledger_table_add(&t, w->ledgers.row[i].site, w->ledgers.row[i].ledger);
	ledger_table_add(&t, "total", &total);
	ledger_export(&t, d);
	ledger_table_fini(&t);
}

static int64_t output_tokens(const struct world *w)
{
	if (!w->work) return 0;
	struct service s = service_of(w);
	return service_output_tokens(&s);
}

/* Service, and what the nodes used for it. */
static void export_service(const struct world *w, struct dataset *d)
{
	struct account_served served = { .run_s = run_s(w) };
	if (w->work) {
		struct service s = service_of(w);
		served.requests = service_count(&s, REQUEST_DONE);
		served.prompt_tokens = service_prompt_tokens(&s);
		served.output_tokens = service_output_tokens(&s);
		served.score = score_expected(w->pool, s.n);
		service_export(&s, d);
		if (w->deferral) deferral_export(w->deferral, s.outcome, d);
		steady_export(pool_steady(w->pool), d);
	}
	if (!pool_nodes(w->pool)) return;
	struct account_knows knows = { cost_knows_carbon(w->cost), cost_knows_marginal(w->cost) };
	account_export(&w->account, &served, knows, d);
	pool_export(w->pool, d);
	if (w->nodes_full) return;
	utilisation_export(w->pool, run_s(w), d);
	marginal_export(w->pool, d);
	spiking_nodes_export(w->pool, run_s(w), d);
}

static struct capex_size nodes_size(const struct object *o)
{
	return (struct capex_size){ .units = (double)((const struct node_par *)o->par)->count };
}

static void add_centre(struct capex_total *t, const struct object *centre, const struct plant *p)
{
	static const struct class *const behind[] = { &battery_class, &solar_class, &wind_class };
	const struct object *o = object_child(centre, &node_class);
	for (; o; o = object_next(o)) capex_add(t, o, nodes_size(o));
	for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
		for (o = object_child(centre, behind[i]); o; o = object_next(o))
			capex_add(t, o, plant_installed(p, o));
}

static struct capex_total bought(const struct world *w)
{
	struct capex_total t = { .any = false };
	if (w->district) district_capex(w->district, &t);
	const struct object *o = object_child(w->scenario, &datacentre_class);
	for (uint32_t c = 0; c < w->centres; c++, o = object_next(o)) add_centre(&t, o, w->plant[c]);
	return t;
}

void world_export(const struct world *w, struct dataset *d)
{
	export_service(w, d);
	if (w->district) district_export(w->district, d);
	if (w->flexible) flexible_export(w->flexible, d);
	plant_export((const struct plant *const *)w->plant, w->centres, d);
	if (w->market) market_export(w->market, &w->record, &w->time.start, w->currency, d);
	if (w->swing) swing_export(w->swing, d);
	const struct cost_run run = { run_s(w), output_tokens(w), bought(w), w->currency };
	cost_export(w->cost, &run, d);
	export_ledgers(w, d);
	record_export(&w->record, &w->time.start, d);
	struct checks c = check(w);
	checks_export(&c, d);
}
