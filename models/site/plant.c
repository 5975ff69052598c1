#include "models/site/plant.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/control/ahead.h"
#include "models/control/dispatch.h"
#include "models/energy/pv.h"
#include "models/energy/wind.h"
#include "models/site/connection.h"
#include "models/site/datacentre.h"
#include "models/site/generation.h"
#include "models/site/plant_state.h"

static double stored_j(const struct plant *p)
{
	double sum = 0;
	for (size_t k = 0; k < p->units; k++) sum += p->unit[k].stored_j;
	return sum;
}

/* Sizes by a stream of the site's own; kinds do not move, for units point into them. */
static void add_batteries(struct plant *p, const struct object *centre, uint64_t seed,
    double weather_k)
{
	char *name = mem_print("%s battery", ((const struct datacentre_par *)centre->par)->name);
	struct pcg64 g = rng_stream(seed, 0, rng_entity(name), RNG_POPULATION);
	free(name);
	const struct object *o = object_child(centre, &battery_class);
	for (const struct object *c = o; c; c = object_next(c)) p->units++;
	p->kind = mem_new(p->units, sizeof *p->kind);
	p->unit = mem_new(p->units, sizeof *p->unit);
	for (size_t k = 0; k < p->units; k++, o = object_next(o)) {
		const struct battery_par *par = o->par;
		double capacity_j = dist_draw(&par->capacity_j, &g);
		double power_w = dist_draw(&par->power_w, &g);
		battery_kind_init(&p->kind[k], par);
		battery_unit_init(&p->unit[k], &p->kind[k], capacity_j, power_w, weather_k);
	}
	p->stored_first_j = stored_j(p);
}

/* All as one, as their cells are now: the efficiency at the ratings, weighed by them. */
static struct battery as_one(const struct plant *p)
{
	struct battery all = { .eff_frac = 0 };
	for (size_t k = 0; k < p->units; k++) {
		const struct battery *b = &p->unit[k].cells;
		all.capacity_j += b->capacity_j;
		all.reserve_j += b->reserve_j;
		all.power_w += b->power_w;
		all.eff_frac += b->power_w * battery_eff_frac(b, b->power_w);
	}
	all.eff_frac /= all.power_w;
	return all;
}

static bool has_plant(const struct object *centre)
{
	return object_child(centre, &battery_class) || object_child(centre, &solar_class) ||
	       object_child(centre, &wind_class) || object_child(centre, &connection_class);
}

/* A share is of homes; a strategy without a battery would do nothing, silently. */
static void check_parts(const struct object *centre, struct err_list *e)
{
	const struct class *const shared[] = { &battery_class, &solar_class };
	for (size_t i = 0; i < 2; i++) {
		const struct object *o = object_child(centre, shared[i]);
		for (; o; o = object_next(o))
			if (object_attr_is_written(o, "share"))
				err_at(e, object_attr_pos(o, "share"),
				    "%s: a share is of homes; a <datacentre> has it or not",
				    shared[i]->element);
	}
	const struct object *d = object_child(centre, &dispatch_class);
	if (d && !object_child(centre, &battery_class))
		err_at(e, d->pos, "dispatch: this <datacentre> has no <battery> to tell anything");
}

static void start_ahead(struct plant *p, const struct object *centre, uint64_t seed, double step_s,
    struct err_list *e)
{
	if (p->rule.par.kind != DISPATCH_AHEAD) return;
	const struct object *o = object_child(centre, &dispatch_class);
	ahead_check(o, step_s, e);
	if (p->outlook->has_demand_hours)
		err_warn(e, object_attr_pos(o, "kind"),
		    "dispatch: look-ahead does not plan for a <demand-charge> of some hours, days or "
		    "months, only for those of all");
	char *name = mem_print("%s forecast", ((const struct datacentre_par *)centre->par)->name);
	struct pcg64 g = rng_stream(seed, 0, rng_entity(name), RNG_CLOUD);
	free(name);
	p->ahead = mem_new(1, sizeof *p->ahead);
	ahead_init(p->ahead, &p->rule.par, p->outlook, p->limit, pcg64_next(&g));
	p->made_w = mem_new(p->ahead->plan.n, sizeof *p->made_w);
}

struct plant *plant_new(const struct object *centre, const struct object *scenario, uint64_t seed,
    double step_s, const struct step *first, struct err_list *e)
{
	size_t before = err_count(e);
	check_parts(centre, e);
	if (!has_plant(centre)) return NULL;
	struct plant *p = mem_new(1, sizeof *p);
	p->limit = connection_limit(centre);
	p->has_sun = object_child(centre, &solar_class) || object_child(centre, &wind_class);
	p->outlook = outlook_new(centre, scenario, first->zone_s, e);
	dispatch_check(centre, p->outlook, e);
	dispatch_init(&p->rule, centre, DISPATCH_SELF_CONSUMPTION);
	p->rule.outlook = p->outlook;
	p->now = generation_new(centre, scenario, seed, first, e);
	const struct weather_par *weather = object_child(scenario, &weather_class)->par;
	double air_k = weather_ambient_k(weather, first->utc_s + first->zone_s, 1);
	add_batteries(p, centre, seed, air_k);
	if (err_count(e) == before) start_ahead(p, centre, seed, step_s, e);
	if (p->ahead && p->rule.par.forecast == FORECAST_WEATHER) {
		p->later = generation_new(centre, scenario, seed, first, e);
		p->later_at = *first;
	}
	if (err_count(e) == before) return p;
	plant_free(p);
	return NULL;
}

void plant_free(struct plant *p)
{
	if (!p) return;
	if (p->ahead) ahead_fini(p->ahead);
	free(p->ahead);
	free(p->made_w);
	generation_free(p->now);
	generation_free(p->later);
	dispatch_fini(&p->rule);
	outlook_free(p->outlook);
	free(p->unit);
	free(p->kind);
	free(p);
}

/* Moves what is known of the weather on, so that made_w[0] is the interval that begins. */
static const double *look_at_weather(struct plant *p, const struct step *st)
{
	if (!p->later) return NULL;
	double interval_s = p->rule.par.interval_s;
	double from_s = interval_s * floor(st->utc_s / interval_s + 1e-9);
	size_t n = p->ahead->plan.n;
	size_t past = p->weather_known ? (size_t)lround((from_s - p->known_from_s) / interval_s) : n;
	for (size_t k = 0; k < n; k++) {
		if (k + past < n) {
			p->made_w[k] = p->made_w[k + past];
			continue;
		}
		struct step s = p->later_at;
		s.dt_s = from_s + interval_s * (double)(k + 1) - s.utc_s;
		p->made_w[k] = 0; /* where a file has ended */
		if (!generation_covers(p->later, s.utc_s, s.dt_s)) continue;
		struct generation_flow g = generation_step(p->later, &s);
		p->made_w[k] = g.pv_ac_w + g.wind_w;
		p->later_at.utc_s += s.dt_s;
	}
	p->weather_known = true;
	p->known_from_s = from_s;
	return p->made_w;
}

static struct dispatch_order order_for(
    struct plant *p, const struct step *st, double use_w, double made_w)
{
	struct battery all = as_one(p);
	dispatch_step(&p->rule, st);
	if (p->ahead) {
		if (ahead_is_due(p->ahead, st))
			ahead_plan(p->ahead, st, &all, stored_j(p), use_w, made_w,
			    look_at_weather(p, st));
		return p->ahead->order;
	}
	struct price_view view = dispatch_view(&p->rule, all.eff_frac, p->has_sun);
	peak_see(&p->peak, use_w - made_w, p->rule.mean_share, p->rule.is_new_month);
	return dispatch_order(&p->rule, &view, &p->peak, &all, stored_j(p));
}

/* Each does what it can of what is left. Returns the power at the meter's side. */
static double step_batteries(
    struct plant *p, double request_w, double air_k, double dt_s, struct plant_flow *f)
{
	double ac_w = 0;
	for (size_t k = 0; k < p->units; k++) {
		struct battery_air air = battery_air_at(&p->kind[k], air_k, dt_s);
		struct battery_flow b =
		    battery_unit_step(&p->unit[k], &p->kind[k], &air, request_w - ac_w);
		ac_w += b.ac_w;
		f->charge_j += b.charge_j;
		f->discharge_j += b.discharge_j;
		f->conversion_j += b.loss_j;
		p->run.leak_j += b.leak_j;
	}
	f->battery_j = ac_w * dt_s;
	return ac_w;
}

struct plant_flow plant_step(struct plant *p, const struct step *st, double use_w)
{
	struct plant_flow f = { 0 };
	double dt_s = st->dt_s;
	struct generation_flow g = generation_step(p->now, st);
	double made_w = g.pv_ac_w + g.wind_w, net_w = use_w - made_w, meter_w = net_w;
	if (p->units) {
		struct dispatch_order order = order_for(p, st, use_w, made_w);
		double request_w = dispatch_request_w(order, p->limit, net_w);
		meter_w += step_batteries(p, request_w, g.air_k, dt_s, &f);
	}
	double cut_w = fmin(fmax(-p->limit.export_w - meter_w, 0), made_w);
	meter_w += cut_w;
	f.pv_j = g.pv_dc_w * dt_s;
	f.wind_j = g.wind_w * dt_s;
	f.made_j = (made_w - cut_w) * dt_s;
	f.conversion_j += (g.pv_dc_w - g.pv_ac_w) * dt_s;
	f.curtailed_j = cut_w * dt_s;
	f.import_j = fmax(meter_w, 0) * dt_s;
	f.export_j = fmax(-meter_w, 0) * dt_s;
	peak_learn(&p->peak, meter_w);
	if (p->ahead) ahead_see(p->ahead, st, use_w, made_w, meter_w);
	plant_count(p, &f, use_w, net_w, meter_w, dt_s);
	return f;
}

void plant_book(const struct plant_flow *f, struct ledger *l)
{
	ledger_add(l, LEDGER_PV, f->pv_j);
	ledger_add(l, LEDGER_WIND, f->wind_j);
	ledger_add(l, LEDGER_CHARGE, f->charge_j);
	ledger_add(l, LEDGER_DISCHARGE, f->discharge_j);
	ledger_add(l, LEDGER_CONVERSION, f->conversion_j);
	ledger_add(l, LEDGER_CURTAILED, f->curtailed_j);
}

static double residual(const struct plant *p)
{
	const struct plant_run *r = &p->run;
	double out_j = r->discharge_j + r->leak_j;
	double more_j = stored_j(p) - p->stored_first_j;
	double scale_j = fmax(fmax(r->charge_j, out_j), p->stored_first_j);
	return scale_j > 0 ? fabs(r->charge_j - out_j - more_j) / scale_j : 0;
}

void plant_check(const struct plant *const *p, size_t n, struct checks *c)
{
	double worst = 0;
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		if (!p[i] || !p[i]->units) continue;
		any = true;
		worst = fmax(worst, residual(p[i]));
	}
	if (any)
		checks_add(c, "check.plant_residual", worst, LEDGER_TOLERANCE, VALIDITY_INVALID);
}

struct capex_size plant_installed(const struct plant *p, const struct object *o)
{
	size_t i = object_index(o);
	if (o->cls == &solar_class)
		return (struct capex_size){ .units = 1, .w = generation_solar_w(p->now, i) };
	if (o->cls == &wind_class) {
		double w = ((const struct wind_par *)o->par)->capacity_w;
		return (struct capex_size){ .units = 1, .w = w };
	}
	assert(o->cls == &battery_class && i < p->units);
	const struct battery_unit *u = &p->unit[i];
	return (struct capex_size){ .units = 1, .w = u->cells.power_w, .j = u->nominal_j };
}
