#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "models/compute/node.h"
#include "models/energy/battery.h"
#include "models/energy/house.h"
#include "models/energy/pv.h"
#include "models/energy/vehicle.h"
#include "models/site/battery_metrics.h"
#include "models/site/fleet.h"
#include "models/site/homes.h"

static const double kwh = 3.6e6;

/* A street and its elements, as a scenario would hold them. */
struct street {
	struct homes_par homes;
	struct load_par load;
	struct solar_par solar;
	struct battery_par battery;
	struct vehicle_par vehicle;
	struct node_par node;
	struct weather_par weather;
	struct place_par place;
	struct object root, child[5];
};

static void link_children(struct street *s)
{
	static const struct class *const cls[5] = { &load_class, &solar_class, &battery_class,
		&vehicle_class, &node_class };
	void *const par[5] = { &s->load, &s->solar, &s->battery, &s->vehicle, &s->node };
	s->root = (struct object){ .cls = &homes_class, .par = &s->homes, .child = s->child };
	for (int i = 0; i < 5; i++)
		s->child[i] = (struct object){ .cls = cls[i], .par = par[i], .parent = &s->root,
			.next = i < 4 ? &s->child[i + 1] : NULL };
}

/* Bengaluru in June: 70 % with 5 kW on 13 deg roofs, 40 % with a battery, 30 %
 * with a car, 20 % with a node. */
static void street_init(struct street *s, int64_t homes)
{
	*s = (struct street){
		.homes = { .name = "street", .count = homes },
		.load = { .annual_j = dist_between(3000 * kwh, 5400 * kwh), .out_frac = 0.5,
			.absent_frac = 0.05, .regular_frac = 0.6 },
		.solar = {
			.share_frac = 0.7,
			.capacity_w = dist_just(5000),
			.tilt_rad = dist_just(13 * M_PI / 180),
			.azimuth_rad = dist_just(M_PI),
			.loss_frac = 0.140757,
			.gamma_per_k = -0.0035,
			.dc_ac_ratio = 1.2,
			.inverter_eff_frac = 0.96,
			.u0_w_m2k = 25,
			.u1_ws_m3k = 6.84,
			.noct_k = 318.15,
		},
		.battery = {
			.share_frac = 0.4,
			.capacity_j = dist_between(7 * kwh, 14 * kwh),
			.power_w = dist_just(4100),
			.eff_frac = NAN,
			.taper_soc = NAN,
			.leak_frac = NAN,
			.initial_soc = 0.45,
			.reserve_soc = 0.1,
			.room_k = NAN,
			.cooling_s = 7200,
			.heat_frac = 0.5,
		},
		.vehicle = {
			.share_frac = 0.3,
			.capacity_j = dist_just(60 * kwh),
			.charger_w = dist_just(7400),
			.departure_s = dist_between(6 * 3600, 10 * 3600),
			.arrival_s = dist_between(15 * 3600, 21 * 3600),
			.trip_j = dist_between(3 * kwh, 19 * kwh),
			.weekday_frac = 0.9,
			.weekend_frac = 0.6,
			.eff_frac = 0.9,
			.taper_soc = 0.8,
			.ready_soc = 0.7,
			.initial_soc = 0.7,
		},
		.node = { .share_frac = 0.2 },
		.weather = {
			.turbidity = 4,
			.cloudiness_frac = 0.3,
			.correlation_frac = 0.9,
			.persistence_s = 1800,
			.mean_k = 297.15,
			.swing_k = 8,
			.wind_m_s = 2,
			.albedo_frac = 0.2,
		},
		.place = { 12.97 * M_PI / 180, 77.59 * M_PI / 180, 920 },
	};
	link_children(s);
}

/* 2024-06-20T00:00+05:30, a Thursday. */
static struct step step_at(double dt_s, long index)
{
	return (struct step){ .begin_ns = (int64_t)(1e9 * dt_s) * index, .dt_s = dt_s,
		.utc_s = 1718821800 + dt_s * (double)index, .zone_s = 19800, .index = index };
}

static struct fleet *fleet_of(const struct street *s, enum dispatch_kind d, uint64_t seed,
    double dt_s)
{
	struct step first = step_at(dt_s, 0);
	return fleet_new(&s->root, &s->place, &s->weather, d, seed, &first);
}

static struct fleet *run(const struct street *s, enum dispatch_kind d, double dt_s, double days)
{
	struct fleet *f = fleet_of(s, d, 7, dt_s);
	for (long i = 0; i * dt_s < days * 86400; i++) {
		struct step st = step_at(dt_s, i);
		fleet_step(f, &st, NULL);
	}
	return f;
}

/* A ledger of three days with nodes of 0 to 450 W: sources and sinks agree, and
 * the stores' own balance closes: charge - discharge - leak - trip + short. */
Test(fleet, every_joule_is_booked)
{
	struct street s;
	street_init(&s, 37);
	struct fleet *f = fleet_of(&s, DISPATCH_SELF_CONSUMPTION, 7, 300);
	struct ledger l = { 0 };
	double node_w[37], node_j = 0;
	for (long i = 0; i < 864; i++) {
		struct step st = step_at(300, i);
		for (size_t h = 0; h < 37; h++) {
			node_w[h] = fleet_node(f, h) ? 50.0 * (double)((i + (long)h) % 10) : 0;
			node_j += node_w[h] * 300;
		}
		fleet_step(f, &st, node_w);
		fleet_book(f, &l);
	}
	ledger_add(&l, LEDGER_COMPUTE, 0.8 * node_j);
	ledger_add(&l, LEDGER_HOST, 0.2 * node_j);
	cr_expect_lt(ledger_residual(&l), 1e-12);
	cr_expect_gt(l.j[LEDGER_EXPORT], 10 * kwh);
	cr_expect_gt(l.j[LEDGER_DISCHARGE], 10 * kwh);
	double gain_j = fleet_stored_j(f) - fleet_stored_first_j(f);
	const struct fleet_total *t = &f->run;
	double store_j = t->charge_j - t->discharge_j - t->leak_j - t->trip_j + t->short_j;
	cr_expect_float_eq(store_j, gain_j, 1e-9 * t->charge_j);
	cr_expect_float_eq(l.j[LEDGER_CHARGE], t->charge_j, 1e-9 * t->charge_j);
	fleet_free(f);
}

/* Cars that serve their homes: what they give back is discharge, their ledger closes,
 * and without sun nothing but rounding leaves a home; every car is ready when it leaves. */
Test(fleet, cars_give_back)
{
	struct street s;
	street_init(&s, 41);
	s.solar.share_frac = s.battery.share_frac = 0;
	s.vehicle.share_frac = 0.5;
	s.vehicle.policy = VEHICLE_V2H;
	s.vehicle.reserve_soc = 0.25;
	struct fleet *f = fleet_of(&s, DISPATCH_NONE, 7, 900);
	struct ledger l = { 0 };
	for (long i = 0; i < 960; i++) {
		struct step st = step_at(900, i);
		fleet_step(f, &st, NULL);
		fleet_book(f, &l);
	}
	const struct fleet_total *t = &f->run;
	cr_expect_lt(ledger_residual(&l), 1e-12);
	cr_expect_gt(t->vehicle_returned_j, 100 * kwh);
	cr_expect_float_eq(t->vehicle_returned_j, 0.9 * l.j[LEDGER_DISCHARGE], kwh * 1e-6);
	cr_expect_lt(l.j[LEDGER_EXPORT], 1e-9 * t->vehicle_returned_j);
	cr_expect_eq(fleet_unready_frac(f), 0);
	cr_expect_gt(t->departures, 100);
	double gain_j = fleet_stored_j(f) - fleet_stored_first_j(f);
	double store_j = t->charge_j - t->discharge_j - t->leak_j - t->trip_j + t->short_j;
	cr_expect_float_eq(store_j, gain_j, 1e-9 * t->charge_j);
	fleet_free(f);
}

/* Every home's meter is what stands behind it. */
Test(fleet, meters_read_their_homes)
{
	struct street s;
	street_init(&s, 23);
	struct fleet *f = fleet_of(&s, DISPATCH_SELF_CONSUMPTION, 7, 60);
	double node_w[23];
	for (size_t h = 0; h < 23; h++) node_w[h] = 11.0 * (double)h;
	for (long i = 0; i < 1440; i++) {
		struct step st = step_at(60, i);
		fleet_step(f, &st, node_w);
		for (size_t h = 0; h < 23; h++) {
			double used_w = f->load_w[h] + node_w[h] + f->vehicle_w[h];
			double sum_w = used_w + f->battery_w[h] - f->pv_w[h];
			cr_expect_float_eq(f->net_w[h], sum_w, 1e-9);
		}
	}
	fleet_free(f);
}

/* PVWatts-like check of size: 5 kW at 13 N in June under an average of 30 % of
 * cloud gives about 20 kWh a day; a home of 4200 kWh a year uses 11.5. */
Test(fleet, default_day_is_plausible)
{
	struct street s;
	street_init(&s, 100);
	s.load.annual_j = dist_just(4200 * kwh);
	s.solar.share_frac = 1;
	struct fleet *f = run(&s, DISPATCH_SELF_CONSUMPTION, 60, 7);
	double pv_kwh = f->run.pv_ac_j / kwh / 700, load_kwh = f->run.load_j / kwh / 700;
	fprintf(stderr,
	    "a home's day: %.1f kWh of sun, %.1f used, car %.1f; self-consumption %.2f, "
	    "self-sufficiency %.2f, street's peak %.2f kW a home\n",
	    pv_kwh, load_kwh, f->run.vehicle_j / kwh / 700, fleet_self_consumption_frac(f),
	    fleet_self_sufficiency_frac(f), f->peak_import_w / 1e5);
	cr_expect(pv_kwh > 15 && pv_kwh < 25);
	cr_expect_float_eq(load_kwh, 11.5, 1);
	fleet_free(f);
}

/* 20 more homes, and not a bit of the first 17 changes. */
Test(fleet, a_home_does_not_know_how_many_there_are)
{
	struct street few, many;
	street_init(&few, 17);
	street_init(&many, 37);
	struct fleet *a = fleet_of(&few, DISPATCH_SELF_CONSUMPTION, 7, 60);
	struct fleet *b = fleet_of(&many, DISPATCH_SELF_CONSUMPTION, 7, 60);
	for (long i = 0; i < 1440; i++) {
		struct step st = step_at(60, i);
		fleet_step(a, &st, NULL);
		fleet_step(b, &st, NULL);
		cr_expect_eq(memcmp(a->net_w, b->net_w, 17 * sizeof *a->net_w), 0);
		cr_expect_eq(memcmp(a->soc, b->soc, 17 * sizeof *a->soc), 0);
	}
	fleet_free(a);
	fleet_free(b);
}

/* Loads, sun and batteries at rest do not feel the step; a battery that follows
 * the net power sees its mean, so import may differ: 5 minutes against 1 by
 * little (G. Wright and S. Firth 2007, Applied Energy 84, 389: averaging hides
 * import of single homes). */
Test(fleet, step_length_does_not_matter)
{
	struct street s;
	street_init(&s, 29);
	struct fleet *want = run(&s, DISPATCH_NONE, 60, 2);
	struct fleet *self = run(&s, DISPATCH_SELF_CONSUMPTION, 60, 2);
	static const double dt_s[] = { 300, 900, 3600 }, sun_tol[] = { 5e-4, 2e-3, 3e-2 };
	for (int k = 0; k < 3; k++) {
		struct fleet *f = run(&s, DISPATCH_NONE, dt_s[k], 2);
		const struct fleet_total *g = &f->run, *w = &want->run;
		cr_expect_float_eq(g->load_j, w->load_j, 1e-9 * w->load_j);
		cr_expect_float_eq(g->vehicle_j, w->vehicle_j, 1e-9 * w->vehicle_j);
		cr_expect_float_eq(g->pv_ac_j, w->pv_ac_j, sun_tol[k] * w->pv_ac_j);
		fleet_free(f);
	}
	struct fleet *coarse = run(&s, DISPATCH_SELF_CONSUMPTION, 300, 2);
	cr_expect_float_eq(coarse->run.import_j, self->run.import_j, 0.03 * self->run.import_j);
	fleet_free(coarse);
	fleet_free(self);
	fleet_free(want);
}

/* Batteries on self-consumption never make the street import or export more. */
Test(fleet, self_consumption_saves_import_and_export)
{
	struct street s;
	street_init(&s, 31);
	struct fleet *rest = run(&s, DISPATCH_NONE, 300, 5);
	struct fleet *self = run(&s, DISPATCH_SELF_CONSUMPTION, 300, 5);
	cr_expect_lt(self->run.import_j, 0.95 * rest->run.import_j);
	cr_expect_lt(self->run.export_j, 0.95 * rest->run.export_j);
	cr_expect_eq(rest->run.battery_in_j, 0);
	cr_expect_gt(fleet_self_consumption_frac(self), fleet_self_consumption_frac(rest));
	cr_expect_gt(fleet_self_sufficiency_frac(self), fleet_self_sufficiency_frac(rest));
	fleet_free(rest);
	fleet_free(self);
}

/* The run's seed changes loads and clouds, not who has what when homes has its own. */
Test(fleet, seeds_do_their_own_part)
{
	struct street s;
	street_init(&s, 41);
	s.homes.seed = 99;
	struct fleet *a = fleet_of(&s, DISPATCH_NONE, 1, 3600);
	struct fleet *b = fleet_of(&s, DISPATCH_NONE, 2, 3600);
	bool loads_differ = false;
	for (long i = 0; i < 24; i++) {
		struct step st = step_at(3600, i);
		fleet_step(a, &st, NULL);
		fleet_step(b, &st, NULL);
		for (size_t h = 0; h < 41; h++) {
			cr_expect_eq(isnan(a->soc[h]), isnan(b->soc[h]));
			cr_expect_eq(a->pv_w[h] > 0, b->pv_w[h] > 0);
			loads_differ |= a->load_w[h] != b->load_w[h];
		}
	}
	cr_expect(loads_differ);
	fleet_free(a);
	fleet_free(b);
}

/* Two shapes of mean 1 (0.5 and 1.5 by half days, and the reverse); 4380 kWh a
 * year is 500 W. */
Test(fleet, loads_may_follow_a_measured_profile)
{
	char path[] = "/tmp/hearth-fleet-XXXXXX";
	static const char text[] = "time_s,early,late\n0,1,3\n43200,3,1\n";
	int fd = mkstemp(path), early = 0;
	cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	struct street s;
	street_init(&s, 60);
	s.load.profile = path;
	s.load.annual_j = dist_just(4380 * kwh);
	struct fleet *f = run(&s, DISPATCH_NONE, 900, 0.25);
	unlink(path);
	for (size_t h = 0; h < 60; h++) {
		bool is_early = fabs(f->load_w[h] - 250) < 1e-6;
		cr_expect(is_early || fabs(f->load_w[h] - 750) < 1e-6);
		early += is_early;
	}
	cr_expect(early > 10 && early < 50); /* 30 are expected, 5 deviations are 19 */
	fleet_free(f);
}

/* Two days and a half: the cycles are what went through the cells over twice what they
 * held when new, in 40 % of 50 homes but for a home or two; soc stays the share of what they can
 * still hold. */
Test(fleet, batteries_age_as_their_chemistry_does)
{
	struct street s;
	street_init(&s, 50);
	s.vehicle.share_frac = 0;
	s.battery.chemistry = CHEMISTRY_SOLID_STATE;
	struct fleet *f = run(&s, DISPATCH_SELF_CONSUMPTION, 300, 2.5);
	struct battery_outlook o, none;
	fleet_battery_outlook(f, CHEMISTRY_LFP, &none);
	fleet_battery_outlook(f, CHEMISTRY_SOLID_STATE, &o);
	cr_expect_eq(none.units, 0);
	cr_expect(o.units >= 18 && o.units <= 22);
	cr_expect_float_eq(o.years, 2.5 / 365, 1e-12);
	cr_expect_float_eq(o.efc, (f->run.charge_j + f->run.discharge_j) / (2 * o.nominal_j), 1e-9);
	cr_expect(o.efc > 0.5 && o.health_frac[0] < 0.9999);
	for (size_t h = 0; h < f->n; h++)
		cr_expect(isnan(f->soc[h]) || (f->soc[h] >= 0 && f->soc[h] <= 1));

	struct dataset *d = ds_new();
	struct ds_metric m, low, high;
	battery_export(&none, CHEMISTRY_LFP, "homes", d);
	battery_export(&o, CHEMISTRY_SOLID_STATE, "homes", d);
	cr_expect_not(ds_metric_find(d, "battery.life_year.homes.lfp", &m));
	cr_expect_not(ds_metric_find(d, "battery.life_year.homes.solid_state", &m));
	const char *key = "battery.state_of_health_frac.homes.solid_state_assumption";
	cr_assert(ds_metric_find(d, key, &m));
	cr_expect_eq(m.value, o.health_frac[0]);
	cr_assert(ds_metric_find(
	    d, "battery.state_of_health_frac.homes.solid_state_assumption.low", &low));
	cr_assert(ds_metric_find(
	    d, "battery.state_of_health_frac.homes.solid_state_assumption.high", &high));
	cr_expect(low.value < m.value && m.value < high.value);
	cr_assert(ds_metric_find(
	    d, "battery.equivalent_full_cycles_per_year.homes.solid_state_assumption", &m));
	cr_expect_float_eq(m.value, o.efc * 365 / 2.5, 1e-9);
	ds_free(d);
	fleet_free(f);
}

Test(fleet, a_street_may_be_empty)
{
	struct street s;
	street_init(&s, 0);
	struct fleet *f = run(&s, DISPATCH_SELF_CONSUMPTION, 3600, 1);
	cr_expect_eq(f->run.import_j, 0);
	cr_expect(isnan(fleet_self_consumption_frac(f)));
	fleet_free(f);
}

/* Of any stretch of a street the asked share has it, within 2; growing shares
 * only add; two elements of a kind do not meet. */
Test(homes, shares_are_spread_evenly)
{
	static const double shares[] = { 0.2, 0.37, 0.5, 0.93 };
	for (size_t k = 0; k < sizeof shares / sizeof *shares; k++)
		for (int kind = 0; kind < HOMES_KINDS; kind++) {
			struct homes_pick p = homes_pick_make(5, "street", kind, 0, shares[k]);
			for (size_t from = 0; from < 300; from += 7) {
				int n = 0;
				for (size_t h = from; h < from + 50; h++) n += homes_pick(&p, h);
				cr_expect_float_eq(n, 50 * shares[k], 3);
			}
		}
}

Test(homes, a_larger_share_only_adds)
{
	struct homes_pick less = homes_pick_make(5, "street", HOMES_SOLAR, 0, 0.31);
	struct homes_pick more = homes_pick_make(5, "street", HOMES_SOLAR, 0, 0.47);
	struct homes_pick other = homes_pick_make(5, "street", HOMES_SOLAR, 0.31, 0.69);
	for (size_t h = 0; h < 1000; h++) {
		cr_expect(homes_pick(&more, h) || !homes_pick(&less, h));
		cr_expect_neq(homes_pick(&less, h), homes_pick(&other, h));
	}
}

/* Shares 0.5 and 0.4 of 1000 homes: 200 have both when they are independent. */
Test(homes, kinds_are_independent)
{
	for (int a = 0; a < HOMES_KINDS; a++)
		for (int b = a + 1; b < HOMES_KINDS; b++) {
			struct homes_pick p = homes_pick_make(5, "street", a, 0, 0.5);
			struct homes_pick q = homes_pick_make(5, "street", b, 0, 0.4);
			int both = 0;
			for (size_t h = 0; h < 1000; h++)
				both += homes_pick(&p, h) && homes_pick(&q, h);
			cr_expect_float_eq(both, 200, 25, "kinds %d and %d: %d", a, b, both);
		}
}

Test(homes, all_and_none_are_exact)
{
	struct homes_pick all = homes_pick_make(5, "street", HOMES_NODE, 0, 1);
	struct homes_pick none = homes_pick_make(5, "street", HOMES_NODE, 0, 0);
	for (size_t h = 0; h < 1000; h++) {
		cr_expect(homes_pick(&all, h));
		cr_expect_not(homes_pick(&none, h));
	}
}

/* 28 % of 57 homes are 15.96, to the nearest whole 16; 35 % are 19.95, so 20. */
Test(homes, random_placements_host_the_share_exactly)
{
	struct street s;
	uint32_t less[57], more[57];
	street_init(&s, 57);
	const struct object *node = &s.child[4];
	for (s.homes.placement = 1; s.homes.placement <= 31; s.homes.placement++) {
		s.node.share_frac = 0.28;
		size_t n = homes_list(&s.root, node, HOMES_NODE, 5, less);
		cr_assert_eq(n, 16);
		s.node.share_frac = 0.35;
		cr_assert_eq(homes_list(&s.root, node, HOMES_NODE, 5, more), 20);
		size_t kept = 0;
		for (size_t k = 0; k < 20; k++) kept += kept < n && more[k] == less[kept];
		cr_expect_eq(kept, n, "a home loses its node as the share grows");
	}
}

/* Each of 13 homes hosts one of the 3 nodes in 3/13 of 2600 orders: 600, with a
 * standard deviation of sqrt(2600 3/13 10/13) = 21.5; four of them are allowed. */
Test(homes, random_placements_prefer_no_home)
{
	struct street s;
	int hosts[13] = { 0 };
	uint32_t list[13];
	street_init(&s, 13);
	s.node.share_frac = 3 / 13.0;
	for (s.homes.placement = 1; s.homes.placement <= 2600; s.homes.placement++) {
		size_t n = homes_list(&s.root, &s.child[4], HOMES_NODE, 5, list);
		for (size_t k = 0; k < n; k++) hosts[list[k]]++;
	}
	for (int h = 0; h < 13; h++) cr_expect_float_eq(hosts[h], 600, 86, "home %d", h);
}

Test(homes, a_placement_moves_only_nodes)
{
	static const enum homes_kind kind[] = { HOMES_SOLAR, HOMES_BATTERY, HOMES_VEHICLE };
	struct street s;
	uint32_t spread[57], moved[57];
	street_init(&s, 57);
	for (int i = 0; i < 3; i++) {
		s.homes.placement = 0;
		size_t n = homes_list(&s.root, &s.child[i + 1], kind[i], 5, spread);
		s.homes.placement = 7;
		cr_assert_eq(homes_list(&s.root, &s.child[i + 1], kind[i], 5, moved), n);
		cr_expect_arr_eq(moved, spread, n * sizeof *moved);
	}
}
