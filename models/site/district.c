#include "models/site/district.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/node.h"
#include "models/control/ahead.h"
#include "models/energy/battery.h"
#include "models/energy/place.h"
#include "models/energy/pv.h"
#include "models/energy/vehicle.h"
#include "models/energy/weather.h"
#include "models/grid/feeder.h"
#include "models/grid/feeder_controls.h"
#include "models/grid/outage.h"
#include "models/grid/stress.h"
#include "models/grid/voltage_map.h"
#include "models/site/battery_metrics.h"
#include "models/site/fleet.h"
#include "models/site/homes.h"
#include "models/site/scenario.h"

/* Reactive power of household loads: power factor 0.95 inductive, as the IEEE
 * European Low Voltage Test Feeder (2015) has them; inverters, chargers and
 * power supplies with correction run near 1 and are taken so. */
static const double load_tan_phi = 0.32868410517886310; /* tan(acos(0.95)) */

struct district {
	const struct object *homes;
	struct fleet *fleet;
	struct outlook *outlook;
	struct feeder *feeder; /* NULL: none */
	struct feeder_controls *controls; /* NULL: nothing acts */
	struct outages *outages;          /* NULL: none */
	struct stress *stress;
	struct voltage_map *voltage;
	double *net_var, *node_w, *use_w; /* of each home */
	struct ledger home_ledger, feeder_ledger;
};

static void make_controls(struct district *d, const struct step *first)
{
	double *rated_w = mem_new(d->fleet->n, sizeof *rated_w);
	fleet_inverters_w(d->fleet, rated_w);
	d->controls =
	    feeder_controls_new(d->feeder, rated_w, fmod(first->utc_s + first->zone_s, 86400));
	free(rated_w);
}

static void make_feeder(struct district *d, const struct object *scenario,
    const struct step *first, struct err_list *e)
{
	const struct object *o = object_child(scenario, &feeder_class);
	if (!o) return;
	d->feeder = feeder_new(o, district_homes(d), e);
	if (!d->feeder) return;
	make_controls(d, first);
	if (object_child(o, &outage_class)) d->outages = outages_new(o, d->feeder, e);
	d->stress = stress_new(d->feeder);
	d->voltage = voltage_map_new(d->feeder->customers, first->dt_s);
}

/* The weather of a file must last as long as the run. */
static void check_weather(const struct district *d, const struct object *scenario,
    const struct object *weather, struct err_list *e)
{
	const struct time_par *t = object_child(scenario, &time_class)->par;
	bool endless = isnan(t->duration_s);
	if (sky_covers(fleet_sky(d->fleet), t->start.utc_s, endless ? INFINITY : t->duration_s))
		return;
	err_at(e, object_attr_pos(weather, "file"), "%s", endless
	    ? "weather: the file is no whole year and this run has no end; write duration= in <time>"
	    : "weather: the file does not cover the run and is no whole year, which would serve "
	      "any; change the start or the duration in <time>");
}

/* Homes plan for their batteries only, and by the day before only. */
static void check_ahead(const struct object *homes, const struct outlook *outlook, double step_s,
    struct err_list *e)
{
	const struct object *o = object_child(homes, &dispatch_class);
	if (!o || ((const struct dispatch_par *)o->par)->kind != DISPATCH_AHEAD) return;
	ahead_check(o, step_s, e);
	if (((const struct dispatch_par *)o->par)->forecast == FORECAST_WEATHER)
		err_at(e, object_attr_pos(o, "forecast"),
		    "dispatch: homes expect of their sun what it gave the day before; write "
		    "forecast=\"yesterday\" or leave it out");
	if (outlook->demand_per_kw > 0 || outlook->has_demand_hours)
		err_warn(e, object_attr_pos(o, "kind"),
		    "dispatch: homes do not plan for charges for demand; peak-shaving keeps import "
		    "low");
	const struct object *c = object_child(homes, &vehicle_class);
	for (; c; c = object_next(c))
		if (((const struct vehicle_par *)c->par)->policy == VEHICLE_V2G)
			err_at(e, object_attr_pos(c, "charging"),
			    "vehicle: look-ahead plans for batteries, not for cars that come and go; "
			    "write charging=\"v2h\", or another kind of <dispatch>");
}

struct district *district_new(const struct object *scenario, enum dispatch_kind dispatch,
    uint64_t seed, const struct step *first, struct err_list *e)
{
	const struct object *homes = object_child(scenario, &homes_class);
	if (!homes) return NULL;
	if (!object_child(scenario, &place_class)) {
		err_at(e, homes->pos,
		    "homes: the sun needs a place; add <place latitude= longitude=/>");
		return NULL;
	}
	struct district *d = mem_new(1, sizeof *d);
	d->homes = homes;
	const struct object *weather = object_child(scenario, &weather_class);
	d->fleet = fleet_new(
	    homes, object_child(scenario, &place_class)->par, weather->par, dispatch, seed, first);
	d->outlook = outlook_new(homes, scenario, first->zone_s, e);
	dispatch_check(homes, d->outlook, e);
	check_ahead(homes, d->outlook, first->dt_s, e);
	fleet_share_outlook(d->fleet, d->outlook);
	d->net_var = mem_new(d->fleet->n, sizeof *d->net_var);
	d->node_w = mem_new(d->fleet->n, sizeof *d->node_w);
	d->use_w = mem_new(d->fleet->n, sizeof *d->use_w);
	check_weather(d, scenario, weather, e);
	make_feeder(d, scenario, first, e);
	if (!err_count(e)) return d;
	district_free(d);
	return NULL;
}

void district_threads(struct district *d, int threads)
{
	if (d->feeder && threads > 0) d->feeder->threads = threads;
}

void district_free(struct district *d)
{
	if (!d) return;
	fleet_free(d->fleet);
	outlook_free(d->outlook);
	outages_free(d->outages);
	stress_free(d->stress);
	voltage_map_free(d->voltage);
	feeder_controls_free(d->controls);
	feeder_free(d->feeder);
	free(d->net_var);
	free(d->node_w);
	free(d->use_w);
	free(d);
}

uint32_t district_homes(const struct district *d)
{
	return d ? (uint32_t)d->fleet->n : 0;
}

void district_nodes(const struct district *d, struct pool *p, uint64_t seed)
{
	uint32_t *home = mem_new(d->fleet->n, sizeof *home);
	for (const struct object *o = object_child(d->homes, &node_class); o; o = object_next(o)) {
		size_t n = homes_list(d->homes, o, HOMES_NODE, seed, home);
		for (size_t k = 0; k < n; k++)
			pool_add(p, o, (struct pool_place){ .home = home[k] });
	}
	free(home);
}

void district_capex(const struct district *d, struct capex_total *t)
{
	static const struct class *const cls[] = { &node_class, &battery_class, &solar_class,
		&vehicle_class };
	for (size_t i = 0; i < sizeof cls / sizeof *cls; i++)
		for (const struct object *o = object_child(d->homes, cls[i]); o; o = object_next(o))
			capex_add(t, o, fleet_installed(d->fleet, o));
}

static void record_homes(const struct fleet *f, double node_j, double dt_s, struct record_row *row)
{
	const struct fleet_total *t = &f->step;
	if (fleet_heated(f)) {
		row->heating_w = t->heating_j / dt_s;
		row->room_k = fleet_room_mean_k(f);
	}
	if (fleet_has_water(f)) row->water_w = t->water_j / dt_s;
	row->load_w = t->load_j / dt_s;
	row->vehicle_w = (t->vehicle_j - t->vehicle_returned_j) / dt_s;
	row->pv_w = (t->pv_ac_j - t->curtailed_j) / dt_s;
	row->battery_w = (t->battery_in_j - t->battery_out_j) / dt_s;
	row->home_node_w = node_j / dt_s;
}

/* What the feeder carries as it was last solved, for a part of the step. */
static void carry(struct district *d, const struct step *part, double step_s, const double *p_w,
    struct district_flow *flow, struct record_row *row)
{
	const struct feeder *f = d->feeder;
	const struct circuit_sums *sums = &f->sums;
	double share = part->dt_s / step_s;
	double air_k = sky_ambient_k(fleet_sky(d->fleet), part->utc_s, part->zone_s, part->dt_s);
	feeder_book(f, part, &d->feeder_ledger);
	stress_step(d->stress, f, p_w, part, air_k);
	voltage_map_add(d->voltage, part->begin_ns, f->at.v_pu, f->at.dark);
	flow->import_j += fmax(sums->meter_w, 0) * part->dt_s;
	flow->export_j += fmax(-sums->meter_w, 0) * part->dt_s;
	flow->grid_loss_j += (sums->line_loss_w + sums->transformer_loss_w) * part->dt_s;
	row->transformer_va += share * f->source_va;
	row->transformer_w += share * sums->meter_w;
	row->loss_w += share * (sums->line_loss_w + sums->transformer_loss_w);
	row->loading_pu += share * f->transformer_pu;
	for (uint32_t c = 0; c < f->customers; c++) {
		if (f->at.dark[c]) continue;
		row->voltage_min_pu = fmin(row->voltage_min_pu, f->at.v_pu[c]);
		row->voltage_max_pu = fmax(row->voltage_max_pu, f->at.v_pu[c]);
	}
}

/* In as many parts as controls act at. */
static void carry_controlled(struct district *d, const struct step *st, double step_s,
    struct district_flow *flow, struct record_row *row)
{
	struct feeder_controls *c = d->controls;
	struct step part = *st;
	feeder_controls_begin(c, d->fleet->net_w, d->net_var, d->fleet->pv_w);
	for (double left_s = st->dt_s; left_s > 0; left_s -= part.dt_s) {
		double past_s = st->dt_s - left_s;
		feeder_controls_solve(c);
		part.begin_ns = st->begin_ns + llround(past_s * 1e9);
		part.utc_s = st->utc_s + past_s;
		part.dt_s = fmin(feeder_controls_see(c), left_s);
		if (part.dt_s > 0) carry(d, &part, step_s, c->p_w, flow, row);
		feeder_controls_pass(c, part.dt_s);
	}
}

/* A part of a step, in which no outage begins or ends. */
static void carry_part(struct district *d, const struct step *part, double step_s,
    struct district_flow *flow, struct record_row *row)
{
	if (d->controls) {
		carry_controlled(d, part, step_s, flow, row);
		return;
	}
	feeder_solve(d->feeder, d->fleet->net_w, d->net_var);
	carry(d, part, step_s, d->fleet->net_w, flow, row);
}

static void step_feeder(struct district *d, const struct step *st, struct district_flow *flow,
    struct record_row *row)
{
	struct feeder *f = d->feeder;
	for (uint32_t h = 0; h < f->customers; h++)
		d->net_var[h] = load_tan_phi * d->fleet->load_w[h];
	flow->import_j = flow->export_j = flow->grid_loss_j = 0;
	row->transformer_va = row->transformer_w = row->loss_w = row->loading_pu = 0;
	int64_t end_ns = st->begin_ns + llround(st->dt_s * 1e9);
	for (struct step part = *st; part.begin_ns < end_ns;) {
		int64_t next_ns = d->outages ? outages_act(d->outages, part.begin_ns) : end_ns;
		if (next_ns > end_ns) next_ns = end_ns;
		if (next_ns - part.begin_ns < end_ns - st->begin_ns)
			part.dt_s = (double)(next_ns - part.begin_ns) / 1e9;
		carry_part(d, &part, st->dt_s, flow, row);
		part.utc_s += part.dt_s;
		part.begin_ns = next_ns;
	}
	if (!f->transformers) row->loading_pu = NAN;
	row->hotspot_k =
	    f->transformers ? stress_transformer_hot_k(&d->stress->transformer) : NAN;
}

struct district_flow district_step(struct district *d, const struct step *st,
    const struct pool_reading *nodes, struct record_row *row)
{
	const struct fleet *f = d->fleet;
	for (size_t h = 0; h < f->n; h++) d->node_w[h] = nodes->home_node_j[h] / st->dt_s;
	fleet_step(d->fleet, st, d->node_w);
	for (size_t h = 0; h < f->n; h++)
		d->use_w[h] = f->load_w[h] + fmax(f->vehicle_w[h], 0) + d->node_w[h];
	fleet_book(d->fleet, &d->home_ledger);
	ledger_add(&d->home_ledger, LEDGER_COMPUTE, nodes->homes.device_j);
	ledger_add(&d->home_ledger, LEDGER_HOST, nodes->homes.node_j - nodes->homes.device_j);
	const struct fleet_total t = f->step;
	record_homes(f, nodes->homes.node_j, st->dt_s, row);
	struct district_flow flow = {
		.import_j = t.import_j, .export_j = t.export_j,
		.conversion_j = t.conversion_j - t.vehicle_loss_j,
		.other_use_j = t.load_j + t.vehicle_j,
	};
	if (d->feeder) step_feeder(d, st, &flow, row);
	return flow;
}

const double *district_net_w(const struct district *d)
{
	return d ? d->fleet->net_w : NULL;
}

const double *district_use_w(const struct district *d)
{
	return d ? d->use_w : NULL;
}

const struct ledger *district_home_ledger(const struct district *d)
{
	return &d->home_ledger;
}

const struct ledger *district_feeder_ledger(const struct district *d)
{
	return d->feeder ? &d->feeder_ledger : NULL;
}

/* The stores' own balance: what went in, less what came out, leaked and was driven
 * (but for what was charged elsewhere), is what they hold more than at the start. */
static double store_residual(const struct fleet *f)
{
	const struct fleet_total *t = &f->run;
	double in_j = t->charge_j, out_j = t->discharge_j + t->leak_j + t->trip_j - t->short_j;
	double more_j = fleet_stored_j(f) - fleet_stored_first_j(f);
	double scale_j = fmax(fmax(in_j, out_j), fleet_stored_first_j(f));
	return scale_j > 0 ? (in_j - out_j - more_j) / scale_j : 0;
}

void district_check(const struct district *d, struct checks *c)
{
	checks_add(c, "check.store_residual", store_residual(d->fleet), LEDGER_TOLERANCE,
	    VALIDITY_INVALID);
	if (!d->feeder) return;
	double solves = fmax((double)d->feeder->solves, 1);
	checks_add(c, "check.power_flow_failures", (double)d->feeder->failures / solves, 0,
	    VALIDITY_SUSPECT);
	checks_add(c, "check.low_voltage_steps", (double)d->feeder->low_solves / solves, 0.01,
	    VALIDITY_SUSPECT);
}

static void export_heat(const struct fleet *f, struct dataset *out)
{
	int64_t heated = (int64_t)fleet_heated(f);
	if (fleet_has_water(f))
		metric_put(out, "homes.water_j", NULL, estimate_exact(f->run.water_j, (int64_t)f->n));
	if (!heated) return;
	double outside_k_h = f->run.outside_k_s / 3600 / (double)heated;
	metric_put(out, "homes.heating_j", NULL, estimate_exact(f->run.heating_j, heated));
	metric_put(out, "homes.outside_k_h", NULL, estimate_exact(outside_k_h, heated));
}

static void export_plans(const struct fleet *f, struct dataset *out)
{
	long plans, infeasible;
	fleet_plans(f, &plans, &infeasible);
	if (!plans) return;
	metric_put(out, "homes.plans", NULL, estimate_exact((double)plans, plans));
	metric_put(out, "homes.plans_infeasible", NULL, estimate_exact((double)infeasible, plans));
}

static void export_batteries(const struct fleet *f, struct dataset *out)
{
	for (int i = 0; i < CHEMISTRY_COUNT; i++) {
		struct battery_outlook o;
		fleet_battery_outlook(f, (enum chemistry)i, &o);
		battery_export(&o, (enum chemistry)i, "homes", out);
	}
}

static void export_sun(const struct fleet *f, struct dataset *out)
{
	int64_t n = (int64_t)f->n;
	metric_put(out, "homes.self_consumption_frac", NULL,
	    estimate_exact(fleet_self_consumption_frac(f), n));
	metric_put(out, "homes.self_sufficiency_frac", NULL,
	    estimate_exact(fleet_self_sufficiency_frac(f), n));
	metric_put(out, "homes.solar_j", NULL, estimate_exact(f->run.pv_ac_j, n));
}

static void export_cars(const struct fleet *f, struct dataset *out)
{
	int64_t n = (int64_t)f->n, departures = (int64_t)f->run.departures;
	metric_put(out, "homes.vehicle_j", NULL, estimate_exact(f->run.vehicle_j, n));
	metric_put(out, "homes.vehicle_returned_j", NULL,
	    estimate_exact(f->run.vehicle_returned_j, n));
	metric_put(out, "homes.vehicle_unready_frac", NULL,
	    estimate_exact(fleet_unready_frac(f), departures));
	metric_put(out, "homes.vehicle_missed_j", NULL,
	    estimate_exact(f->run.missed_j, departures));
}

/* Only of what the homes have. */
void district_export(const struct district *d, struct dataset *out)
{
	const struct fleet *f = d->fleet;
	int64_t n = (int64_t)f->n;
	metric_put(out, "homes.load_j", NULL, estimate_exact(f->run.load_j, n));
	export_heat(f, out);
	if (object_child(d->homes, &solar_class)) export_sun(f, out);
	if (object_child(d->homes, &vehicle_class)) export_cars(f, out);
	metric_put(out, "homes.peak_import_w", NULL, estimate_exact(f->peak_import_w, n));
	if (f->is_limited) {
		metric_put(out, "homes.curtailed_j", NULL, estimate_exact(f->run.curtailed_j, n));
		metric_put(out, "homes.exceeded_j", NULL, estimate_exact(f->run.exceeded_j, n));
	}
	export_plans(f, out);
	export_batteries(f, out);
	if (d->stress) stress_export(d->stress, out);
	if (d->voltage) voltage_map_export(d->voltage, out);
	if (d->controls) feeder_controls_export(d->controls, out);
}
