/* Cars that give back: what they owe the driver, the reserve, and the books. */
#include "tests/unit.h"

#include <math.h>

#include "base/rng.h"
#include "models/energy/vehicle.h"

static const double kwh = 3.6e6, hour_s = 3600, begin_s = 19891 * 86400.0;

/* A car with a state of charge, plugged in now, that leaves after left_s. */
struct bed {
	struct vehicle_par par;
	struct vehicle car;
	struct vehicle_state state;
	struct vehicle_flow sum;
	double now_s;
};

static struct bed bed_of(struct vehicle_par par, double capacity_j, double power_w, double soc,
    double left_s)
{
	struct bed b = { .par = par, .now_s = begin_s };
	struct pcg64 own = rng_stream(3, 0, 17, RNG_VEHICLE);
	b.car = vehicle_make(&par, capacity_j, power_w, own, NULL);
	b.state = (struct vehicle_state){
		.stored_j = soc * capacity_j,
		.arrived_s = begin_s,
		.leave_s = begin_s + left_s,
		.return_s = INFINITY,
		.free_s = begin_s,
	};
	return b;
}

static void go(struct bed *b, double request_w, double dt_s)
{
	struct vehicle_flow f =
	    vehicle_step(&b->par, &b->car, &b->state, b->now_s, request_w, dt_s);
	vehicle_flow_add(&b->sum, &f);
	b->now_s += dt_s;
}

/* 60 kWh, 7 kW at the wall, 0.9 one way: 6.3 kW into the cells, a taper of
 * 12 kWh / 6.3 kW = 1.90476 h from 48 kWh on. */
static struct bed commuter(enum vehicle_policy policy, double soc, double left_h)
{
	struct vehicle_par par = { .eff_frac = 0.9, .taper_soc = 0.8, .policy = policy,
		.ready_soc = 0.9, .reserve_soc = 0.3 };
	return bed_of(par, 60 * kwh, 7000, soc, left_h * hour_s);
}

/* From 40 kWh, 8 kWh at 6.3 kW until 1.26984 h; at 2 h the gap is 12 kWh times
 * exp(-0.73016 / 1.90476) = 8.17903 kWh. Back out, 3 kW at the wall are 3.33333 kW
 * of the cells. */
Test(v2g, charges_in_two_stages_and_loses_on_both_ways)
{
	struct bed b = commuter(VEHICLE_IMMEDIATE, 40 / 60.0, 30);
	go(&b, 0, 2 * hour_s);
	cr_expect_float_eq(b.state.stored_j, (60 - 8.17903) * kwh, 1e-5 * kwh);
	cr_expect_float_eq(b.sum.drawn_j, (60 - 8.17903 - 40) / 0.9 * kwh, 1e-5 * kwh);
	b = commuter(VEHICLE_V2G, 40 / 60.0, 30);
	go(&b, -3000, 1.5 * hour_s);
	cr_expect_float_eq(b.state.stored_j, 35 * kwh, 1e-3);
	cr_expect_float_eq(b.sum.given_j, 4.5 * kwh, 1e-3);
	cr_expect_float_eq(b.sum.discharge_j, 5 * kwh, 1e-3);
	cr_expect_float_eq(b.sum.loss_j, 0.5 * kwh, 1e-3);
}

/* Asked for all it has from 37 kWh on, it stops at 18 kWh after 19 / 7.77778 =
 * 2.44286 h. From there 54 kWh need 30 / 6.3 + 1.90476 log 2 = 6.082185 h, so of 14 h
 * it rests until 7.917815 h and then draws 36 / 0.9 kWh. */
Test(v2g, turns_to_be_ready_at_the_minute)
{
	struct bed b = commuter(VEHICLE_V2G, 37 / 60.0, 14);
	for (int m = 0; m < 475; m++) go(&b, -9000, 60);
	cr_expect_float_eq(b.sum.given_j, 19 * 0.9 * kwh, 1);
	cr_expect_float_eq(b.state.stored_j, 18 * kwh, 1);
	cr_expect_eq(b.sum.drawn_j, 0);
	go(&b, -9000, 60);
	cr_expect_float_eq(b.sum.drawn_j, 7000 * (476 * 60 - 7.917815 * hour_s), 7000 * 0.01);
	for (int m = 476; m < 14 * 60; m++) go(&b, -9000, 60);
	cr_expect_eq(b.sum.departures, 1);
	cr_expect_eq(b.sum.unready, 0);
	cr_expect_float_eq(b.state.stored_j, 54 * kwh, 1);
	cr_expect_float_eq(b.sum.drawn_j, 40 * kwh, 1);
}

/* 2 h are too short for 40 -> 54 kWh (2.59012 h): full power at once, and the rest is
 * told: 54 - (60 - 8.17903). */
Test(v2g, what_cannot_be_is_missed)
{
	struct bed b = commuter(VEHICLE_V2G, 40 / 60.0, 2);
	for (int m = 0; m < 150; m++) go(&b, -9000, 60);
	cr_expect_eq(b.sum.given_j, 0);
	cr_expect_eq(b.sum.departures, 1);
	cr_expect_eq(b.sum.unready, 1);
	cr_expect_float_eq(b.sum.missed_j, 2.17903 * kwh, 1e-5 * kwh);
}

static double unit(struct pcg64 *g, double low, double high)
{
	return low + (high - low) * pcg64_unit(g);
}

static struct bed random_bed(struct pcg64 *g)
{
	struct vehicle_par par = {
		.eff_frac = unit(g, 0.7, 1),
		.taper_soc = unit(g, 0.4, 0.97),
		.policy = VEHICLE_V2G,
		.ready_soc = unit(g, 0.05, 0.99),
		.reserve_soc = unit(g, 0, 0.7),
	};
	double capacity_j = unit(g, 17, 103) * kwh, power_w = unit(g, 1900, 23000);
	return bed_of(par, capacity_j, power_w, unit(g, 0, 1), unit(g, 100, 19 * hour_s));
}

/* Time at full power to `ready`, by small steps of the store itself. */
static bool is_feasible(const struct bed *b)
{
	double e = b->state.stored_j;
	battery_step(&b->car.store, &e, b->car.store.power_w, b->state.leave_s - begin_s);
	return e >= b->car.ready_j;
}

/* 3000 cars of any size, asked for anything in steps of any length: wherever full
 * power from plug-in would have been enough, `ready` is met; nothing is given from
 * below the reserve; gain and wall balance. */
Test(v2g, keeps_its_word)
{
	struct pcg64 g = rng_stream(29, 0, 1, RNG_TEST);
	int feasible = 0, gave = 0, turned = 0;
	for (int i = 0; i < 3000; i++) {
		struct bed b = random_bed(&g);
		double first_j = b.state.stored_j, reserve_j = b.car.store.reserve_j;
		double floor_j = fmin(first_j, reserve_j) - 1e-9 * b.car.store.capacity_j;
		bool can = is_feasible(&b);
		while (b.now_s < b.state.leave_s) {
			double dt_s = 60 * floor(unit(&g, 1, 61)), before_j = b.state.stored_j;
			go(&b, unit(&g, -2, 0.7) * b.car.store.power_w, dt_s);
			cr_expect_geq(b.state.stored_j, floor_j);
			if (before_j < reserve_j) cr_expect_geq(b.state.stored_j, before_j);
			turned += b.state.committed;
		}
		double gain_j = b.state.stored_j - first_j, tol_j = 1e-9 * b.car.store.capacity_j;
		cr_expect_float_eq(b.sum.charge_j - b.sum.discharge_j, gain_j, tol_j);
		double wall_j = b.sum.charge_j + b.sum.loss_j - b.sum.discharge_j;
		cr_expect_float_eq(b.sum.drawn_j - b.sum.given_j, wall_j, tol_j);
		cr_expect_eq(b.sum.departures, 1);
		if (can) cr_expect_eq(b.sum.unready, 0, "car %d lacks %g J", i, b.sum.missed_j);
		feasible += can;
		gave += b.sum.given_j > 0;
	}
	cr_expect(feasible > 1000 && feasible < 2900, "%d", feasible);
	cr_expect_gt(gave, 1000);
	cr_expect_gt(turned, 1000);
}

/* A request that changes by the hour: minutes, quarters and hours agree, since the
 * turn lies inside the step. */
Test(v2g, step_length_does_not_matter)
{
	static const double dt_s[] = { 60, 300, 900, 3600 };
	struct pcg64 g = rng_stream(31, 0, 1, RNG_TEST);
	for (int i = 0; i < 100; i++) {
		struct bed first = random_bed(&g);
		uint64_t hours = pcg64_next(&g);
		struct vehicle_flow want = { 0 };
		for (int k = 0; k < 4; k++) {
			struct bed b = first;
			for (double at = 0; at < 20 * hour_s; at += dt_s[k]) {
				bool gives = hours >> (int)(at / hour_s) & 1;
				go(&b, gives ? -3100 : 900, dt_s[k]);
			}
			if (k == 0) want = b.sum;
			double tol_j = 1e-9 * first.car.store.capacity_j;
			cr_expect_float_eq(b.sum.drawn_j, want.drawn_j, tol_j);
			cr_expect_float_eq(b.sum.given_j, want.given_j, tol_j);
			cr_expect_float_eq(b.sum.missed_j, want.missed_j, tol_j);
			cr_expect_eq(b.sum.unready, want.unready);
		}
	}
}
