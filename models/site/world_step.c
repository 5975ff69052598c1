/* One grid step of a world: every site swept, booked and recorded. */
#include "models/site/world_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/site/bulk.h"

struct delivery {
	double delivered_j, collected_j; /* between the bulk grid and all meters */
};

/* What stands behind the centre's meter besides its nodes changes what the meter reads. */
static void sweep_plant(struct world *w, uint32_t c, const struct step *st, struct record_row *row)
{
	struct datacentre_flow *f = &w->flow[c];
	struct plant_flow p = plant_step(w->plant[c], st, f->import_j / st->dt_s);
	plant_book(&p, &w->centre[c].ledger);
	f->import_j = p.import_j;
	f->export_j = p.export_j;
	f->conversion_j = p.conversion_j;
	row->centre_made_w = p.made_j / st->dt_s + (isnan(row->centre_made_w) ? 0 : row->centre_made_w);
	row->centre_battery_w =
	    p.battery_j / st->dt_s + (isnan(row->centre_battery_w) ? 0 : row->centre_battery_w);
}

static void sweep_centres(struct world *w, const struct step *st, struct delivery *sum,
    struct record_row *row)
{
	double total_j = 0;
	for (uint32_t c = 0; c < w->centres; c++) {
		const struct pool_energy *e = &w->reading.centre[c];
		struct datacentre_flow *f = &w->flow[c];
		*f = datacentre_step(w->centre[c].par, e->device_j, e->node_j, st->dt_s);
		if (w->plant[c]) sweep_plant(w, c, st, row);
		datacentre_book(f, &w->centre[c].ledger);
		w->centre_j[c] = f->import_j - f->export_j;
		sum->delivered_j += f->import_j;
		sum->collected_j += f->export_j;
		total_j += w->centre_j[c];
	}
	if (w->centres) row->cloud_w = total_j / st->dt_s;
}

static void account_centres(struct world *w, struct bulk_share bulk, struct cost_carbon carbon)
{
	for (uint32_t c = 0; c < w->centres; c++) {
		const struct datacentre_flow *f = &w->flow[c];
		account_add(&w->account, &(struct account_step){
			.device_j = f->compute_j,
			.node_j = f->compute_j + f->host_j,
			.overhead_j = f->cooling_j,
			.shared_loss_j = f->conversion_j,
			.given_j = fmax(f->export_j - f->import_j, 0),
			.import_loss_j = f->import_j * bulk.loss,
			.generated_j = f->import_j * bulk.generated,
			.carbon = carbon,
		});
	}
}

static void account_district(struct world *w, const struct district_flow *flow,
    struct bulk_share bulk, struct cost_carbon carbon)
{
	account_add(&w->account, &(struct account_step){
		.device_j = w->reading.homes.device_j,
		.node_j = w->reading.homes.node_j,
		.shared_loss_j = flow->conversion_j,
		.other_use_j = flow->other_use_j,
		.given_j = fmax(flow->export_j - flow->import_j, 0),
		.line_loss_j = flow->grid_loss_j,
		.import_loss_j = flow->import_j * bulk.loss,
		.generated_j = flow->import_j * bulk.generated,
		.carbon = carbon,
	});
}

/* A ledger that does not close is a bug: in a build with asserts it stops the run
 * where it happens. */
static void check_ledger(const struct world *w)
{
#ifndef NDEBUG
	double open = fmax(world_ledger_residual(w), world_meter_residual(w));
	if (open <= LEDGER_TOLERANCE) return;
	fprintf(stderr, "hearth: bug: the ledger is open by %g at %.9f s, seed %" PRIu64 "\n", open,
	    (double)sim_now(w->sim) / (double)SIM_NS_PER_S, w->seed);
	abort();
#else
	(void)w;
#endif
}

static struct market_quote step_market(struct world *w, const struct step *st, double own_w,
    struct record_row *row)
{
	double shift_w = w->swing ? swing_shift_w(w->swing, st) : 0;
	struct market_quote q = market_step(w->market, st, own_w, shift_w, row);
	if (w->swing) swing_step(w->swing, st, own_w, row);
	return q;
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
	struct market_quote quote = { 0 };
	if (w->market) quote = step_market(w, st, bulk.generated_j / st->dt_s, &row);
	const struct cost_meters meters = {
		.home_net_w = district_net_w(w->district),
		.home_use_w = district_use_w(w->district),
		.home_node_j = w->reading.home_node_j,
		.centre_j = w->centre_j,
		.generated_j = bulk.generated_j,
		.quote = w->market ? &quote : NULL,
	};
	struct cost_carbon carbon = cost_step(w->cost, st, &meters, &row);
	struct bulk_share behind = bulk_share(&bulk);
	if (w->district) account_district(w, &district, behind, carbon);
	account_centres(w, behind, carbon);
	if (w->flexible)
		flexible_end(w->flexible, w->pool, st,
		    &(struct flexible_seen){ .homes_j = district.import_j - district.export_j,
			.centre_j = w->centre_j, .quote = w->market ? &quote : NULL },
		    &row);
	if (w->deferral) deferral_end(w->deferral, w->market ? &quote : NULL);
	row.generation_w = bulk.generated_j / st->dt_s;
	row.running = w->reading.running;
	row.waiting = w->reading.waiting;
	record_add(&w->record, st, &row);
	check_ledger(w);
}

void world_begin_step(struct world *w, const struct step *st)
{
	if (w->flexible) flexible_begin(w->flexible, w->pool, st);
	if (w->deferral) deferral_begin(w->deferral, st);
}

void world_on_step(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct world *w = ctx;
	(void)ev;
	struct step st = time_step(&w->time, w->steps++);
	sweep(w, &st);
	struct step next = time_step(&w->time, w->steps);
	int64_t next_ns = time_step(&w->time, w->steps + 1).begin_ns;
	bool more =
	    world_is_open_ended(w) ? !pool_is_idle(w->pool) : next_ns <= world_horizon_ns(w);
	if (more) world_begin_step(w, &next);
	if (more) sim_at(s, next_ns, w->on_step, 0, 0, 0);
	if (more && w->swing) swing_wake(w->swing, next_ns);
}
