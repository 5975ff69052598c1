/* What came of a run: its ledgers, its checks, its dataset. */
#include "models/site/world_state.h"

#include "models/site/checks.h"
#include "models/site/service.h"

void world_total_ledger(const struct world *w, struct ledger *total)
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
	world_total_ledger(w, &total);
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
	world_total_ledger(w, &total);
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
