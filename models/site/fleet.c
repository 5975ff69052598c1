#include "models/site/fleet.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/fleet_parts.h"
#include "models/site/meters.h"

struct fleet *fleet_new(const struct object *homes, const struct place_par *place,
    const struct weather_par *weather, enum dispatch_kind dispatch, uint64_t seed,
    const struct step *first)
{
	struct fleet *f = mem_new(1, sizeof *f);
	const struct homes_par *par = homes->par;
	struct fleet_parts *p = fleet_parts_new(homes, place, weather, dispatch, seed, first);
	*f = (struct fleet){
		.n = (size_t)par->count,
		.load_w = p->load_w,
		.heating_w = p->heating_w,
		.water_w = p->water_w,
		.room_k = p->heat.room_k,
		.pv_w = p->pv_w,
		.battery_w = p->battery_w,
		.vehicle_w = p->vehicle_w,
		.net_w = p->net_w,
		.soc = p->soc,
		.is_limited = p->dispatch.is_limited,
		.parts = p,
	};
	p->stored_first_j = fleet_stored_j(f);
	return f;
}

void fleet_free(struct fleet *f)
{
	if (!f) return;
	fleet_parts_free(f->parts);
	free(f);
}

/* What the meter reads before cars and batteries. */
static void start_net(struct fleet *f, const double *node_w, double dt_s)
{
	meters_net(f->n, f->load_w, f->pv_w, node_w, f->parts->net_w);
	f->step.load_j = meters_sum(f->n, f->load_w) * dt_s;
	f->step.node_j = node_w ? meters_sum(f->n, node_w) * dt_s : 0;
}

static void read_meters(struct fleet *f, double dt_s)
{
	struct meters_reading r = meters_read(f->n, f->net_w);
	f->step.import_j = r.import_w * dt_s;
	f->step.export_j = r.export_w * dt_s;
	f->peak_import_w = fmax(f->peak_import_w, r.import_w - r.export_w);
}

/* Sources less sinks, over the larger of the two. */
static double imbalance(const struct fleet_total *t)
{
	double in = t->import_j + t->pv_dc_j + t->discharge_j;
	double out = t->export_j + t->load_j + t->node_j + t->charge_j + t->conversion_j +
	             t->curtailed_j;
	return fabs(in - out) / fmax(fmax(in, out), 1e-300);
}

static void add_total(struct fleet_total *into, const struct fleet_total *t)
{
	double *sum = (double *)into;
	const double *add = (const double *)t;
	for (size_t i = 0; i < sizeof *t / sizeof *sum; i++) sum[i] += add[i];
}

void fleet_step(struct fleet *f, const struct step *st, const double *node_w)
{
	struct fleet_parts *p = f->parts;
	f->step = (struct fleet_total){ 0 };
	sky_step(&p->sky, st);
	fleet_heat_step(f, st, node_w);
	fleet_solar_step(f, st->dt_s);
	start_net(f, node_w, st->dt_s);
	fleet_dispatch_begin(f, st);
	fleet_vehicle_step(f, st);
	fleet_dispatch_see(f, st);
	fleet_battery_step(f, st->dt_s);
	fleet_dispatch_end(f, st->dt_s);
	read_meters(f, st->dt_s);
	add_total(&f->run, &f->step);
	assert(imbalance(&f->step) < LEDGER_TOLERANCE);
}

void fleet_book(const struct fleet *f, struct ledger *l)
{
	ledger_add(l, LEDGER_PV, f->step.pv_dc_j);
	ledger_add(l, LEDGER_LOAD, f->step.load_j);
	ledger_add(l, LEDGER_CHARGE, f->step.charge_j);
	ledger_add(l, LEDGER_DISCHARGE, f->step.discharge_j);
	ledger_add(l, LEDGER_CONVERSION, f->step.conversion_j);
	ledger_add(l, LEDGER_CURTAILED, f->step.curtailed_j);
	ledger_add(l, LEDGER_IMPORT, f->step.import_j);
	ledger_add(l, LEDGER_EXPORT, f->step.export_j);
}

const struct sky *fleet_sky(const struct fleet *f)
{
	return &f->parts->sky;
}

const struct object *fleet_node(const struct fleet *f, size_t home)
{
	return f->parts->node[home];
}

void fleet_inverters_w(const struct fleet *f, double *rated_w)
{
	const struct fleet_parts *p = f->parts;
	for (size_t i = 0; i < f->n; i++) rated_w[i] = 0;
	for (size_t i = 0; i < p->solars; i++) {
		const struct solar_part *s = &p->solar[i];
		for (size_t k = 0; k < s->pv.n; k++)
			rated_w[s->home[k]] += s->pv.capacity_w[k] / s->par->dc_ac_ratio;
	}
}

double fleet_stored_j(const struct fleet *f)
{
	const struct fleet_parts *p = f->parts;
	double sum = 0;
	for (size_t i = 0; i < p->batteries; i++)
		for (size_t k = 0; k < p->battery[i].n; k++) sum += p->battery[i].unit[k].stored_j;
	for (size_t i = 0; i < p->vehicles; i++)
		for (size_t k = 0; k < p->vehicle[i].n; k++)
			sum += vehicle_bank_stored_j(&p->vehicle[i].bank, k);
	return sum;
}

double fleet_stored_first_j(const struct fleet *f)
{
	return f->parts->stored_first_j;
}

double fleet_self_consumption_frac(const struct fleet *f)
{
	double given_j = f->run.pv_ac_j - f->run.curtailed_j;
	return given_j > 0 ? 1 - f->run.export_j / given_j : NAN;
}

double fleet_self_sufficiency_frac(const struct fleet *f)
{
	double use_j = f->run.load_j + f->run.vehicle_j - f->run.vehicle_returned_j + f->run.node_j;
	return use_j > 0 ? 1 - f->run.import_j / use_j : NAN;
}

double fleet_unready_frac(const struct fleet *f)
{
	return f->run.departures > 0 ? f->run.unready / f->run.departures : NAN;
}
