#include "tests/unit.h"

#include <math.h>

#include "base/rng.h"
#include "models/energy/vehicle.h"

static const double kwh = 3.6e6, monday_s = 19891 * 86400.0; /* 2024-06-17 */

/* Leaves at 7:50, is back at 17:40, uses 11 kWh; 60 kWh, 7 kW at the wall. */
static struct vehicle_par commuter(enum vehicle_policy policy)
{
	return (struct vehicle_par){
		.departure_s = dist_just(7 * 3600 + 3000), .arrival_s = dist_just(17 * 3600 + 2400),
		.trip_j = dist_just(11 * kwh), .weekday_frac = 1, .weekend_frac = 0, .eff_frac = 0.9,
		.taper_soc = 0.8, .policy = policy, .delay_s = 23 * 3600, .ready_soc = 0.75,
		.initial_soc = 0.8,
	};
}

static struct vehicle car(const struct vehicle_par *p)
{
	return vehicle_make(p, 60 * kwh, 7000, rng_stream(3, 0, rng_entity("car"), RNG_VEHICLE),
	    NULL);
}

/* Energy at the wall between two hours of a day, in minutes. */
static double drawn_j(const struct vehicle_par *p, const struct vehicle *v,
    struct vehicle_state *s, double from_h, double to_h, double surplus_w)
{
	double sum = 0;
	for (long m = lround(60 * from_h); m < lround(60 * to_h); m++)
		sum += vehicle_step(p, v, s, monday_s + 60 * (double)m, surplus_w, 60).drawn_j;
	return sum;
}

/* From 0.8: gone from 7:50 to 17:40, back with 37 kWh, then 7 kW * 0.9 until 48 kWh
 * (1.746 h), then the taper. */
Test(vehicle, charges_when_it_is_back)
{
	struct vehicle_par p = commuter(VEHICLE_IMMEDIATE);
	struct vehicle v = car(&p);
	struct vehicle_state s;
	vehicle_start(&p, &v, monday_s + 7 * 3600 + 3000, &s);
	double drawn = drawn_j(&p, &v, &s, 7 + 50 / 60.0, 17 + 40 / 60.0, 0);
	cr_expect_eq(drawn, 0);
	cr_expect_float_eq(s.stored_j, 37 * kwh, 1e-3);
	drawn = drawn_j(&p, &v, &s, 17 + 40 / 60.0, 19, 0);
	cr_expect_float_eq(drawn, 7000 * 4800, 1);
	cr_expect_float_eq(s.stored_j, (37 + 6.3 * 80 / 60) * kwh, 1);
}

Test(vehicle, waits_for_its_hour)
{
	struct vehicle_par p = commuter(VEHICLE_DELAYED);
	struct vehicle v = car(&p);
	struct vehicle_state s;
	vehicle_start(&p, &v, monday_s + 12 * 3600, &s);
	double drawn = drawn_j(&p, &v, &s, 12, 23, 0);
	cr_expect_eq(drawn, 0);
	drawn = drawn_j(&p, &v, &s, 23, 24, 0);
	cr_expect_float_eq(drawn, 7000 * 3600, 1);
}

/* Its hour, 23:00, comes after it leaves at 22:00: charging begins on return. */
Test(vehicle, does_not_wait_for_an_hour_after_departure)
{
	struct vehicle_par p = commuter(VEHICLE_DELAYED);
	p.departure_s = dist_just(22 * 3600);
	p.arrival_s = dist_just(17 * 3600); /* on the next day */
	p.weekend_frac = 1;
	struct vehicle v = car(&p);
	struct vehicle_state s;
	vehicle_start(&p, &v, monday_s + 12 * 3600, &s);
	double drawn = drawn_j(&p, &v, &s, 12, 17, 0);
	cr_expect_eq(drawn, 0);
	drawn = drawn_j(&p, &v, &s, 17, 18, 0);
	cr_expect_float_eq(drawn, 7000 * 3600, 1);
}

/* Surplus of 1.1 kW from 17:40 brings 0.99 kW into the cells; 45 kWh (0.75) must
 * be there at 7:50: E + 0.99 x + 6.3 (14.1667 - x) = 45 with E = 37 gives
 * x = 15.30 h > 14.17: surplus alone is enough. With none, full power must begin
 * 8 / 6.3 = 1.2698 h before 7:50. */
Test(vehicle, lives_on_the_sun_but_is_ready)
{
	struct vehicle_par p = commuter(VEHICLE_SOLAR);
	struct vehicle v = car(&p);
	struct vehicle_state s;
	vehicle_start(&p, &v, monday_s + 12 * 3600, &s);
	drawn_j(&p, &v, &s, 12, 17 + 40 / 60.0, 0);
	double drawn = drawn_j(&p, &v, &s, 17 + 40 / 60.0, 24, 1100);
	cr_expect_float_eq(drawn, 1100 * 22800, 1);
	vehicle_start(&p, &v, monday_s + 12 * 3600, &s);
	drawn_j(&p, &v, &s, 12, 24, 0);
	drawn = drawn_j(&p, &v, &s, 24, 30, 0);
	cr_expect_float_eq(drawn, 0, 1);
	drawn = drawn_j(&p, &v, &s, 30, 31 + 50 / 60.0, 0);
	cr_expect_float_eq(drawn, 8 / 0.9 * kwh, 1);
	cr_expect_float_eq(s.stored_j, 45 * kwh, 1);
}

Test(vehicle, stays_at_home_on_the_weekend)
{
	struct vehicle_par p = commuter(VEHICLE_IMMEDIATE);
	struct vehicle v = car(&p);
	struct vehicle_state s;
	int trips = 0;
	vehicle_start(&p, &v, monday_s, &s);
	for (int h = 0; h < 24 * 14; h++)
		trips += vehicle_step(&p, &v, &s, monday_s + 3600 * h, 0, 3600).trip_j > 0;
	cr_expect_eq(trips, 10);
	p.weekday_frac = 0;
	vehicle_start(&p, &v, monday_s, &s);
	cr_expect_eq(s.leave_s, INFINITY);
}

/* 70 kWh out of 48: the other 22 were charged elsewhere. */
Test(vehicle, a_trip_beyond_its_range_is_told)
{
	struct vehicle_par p = commuter(VEHICLE_IMMEDIATE);
	p.trip_j = dist_just(70 * kwh);
	struct vehicle v = car(&p);
	struct vehicle_state s;
	vehicle_start(&p, &v, monday_s + 12 * 3600, &s);
	struct vehicle_flow f = vehicle_step(&p, &v, &s, monday_s + 12 * 3600, 0, 20400);
	cr_expect_float_eq(f.short_j, 22 * kwh, 1e-3);
	cr_expect_eq(s.stored_j, 0);
}

struct week {
	double stored_j, ac_j, charge_j, loss_j, leak_j, trip_j, short_j;
};

static struct vehicle_par random_car(void)
{
	struct vehicle_par p = commuter(VEHICLE_IMMEDIATE);
	p.departure_s = (struct dist){ .kind = DIST_UNIFORM, .a = 21600, .b = 36000, .max = 86399 };
	p.arrival_s = (struct dist){ .kind = DIST_UNIFORM, .a = 50000, .b = 80000, .max = 86399 };
	p.trip_j = (struct dist){ .kind = DIST_UNIFORM, .a = 2 * kwh, .b = 31 * kwh, .max = 1e12 };
	p.weekday_frac = 0.83;
	p.weekend_frac = 0.47;
	return p;
}

static struct week walk(enum vehicle_policy policy, double dt_s)
{
	struct vehicle_par p = random_car();
	p.policy = policy;
	struct vehicle v = car(&p);
	struct vehicle_state s;
	struct week w = { 0 };
	vehicle_start(&p, &v, monday_s, &s);
	for (double at = 0; at < 14 * 86400; at += dt_s) {
		struct vehicle_flow f = vehicle_step(&p, &v, &s, monday_s + at, 0, dt_s);
		w.ac_j += f.drawn_j - f.given_j;
		w.charge_j += f.charge_j - f.discharge_j;
		w.loss_j += f.loss_j;
		w.leak_j += f.leak_j;
		w.trip_j += f.trip_j;
		w.short_j += f.short_j;
	}
	w.stored_j = s.stored_j;
	return w;
}

/* Leaving and coming back lie inside the steps. Without surplus, solar is the
 * late charging by the deadline. */
Test(vehicle, step_length_does_not_matter)
{
	static const double dt_s[] = { 60, 300, 900, 3600 };
	for (int policy = 0; policy <= VEHICLE_DELAYED; policy++) {
		struct week want = walk(policy, 20);
		cr_expect_gt(want.trip_j, 40 * kwh);
		for (int k = 0; k < 4; k++) {
			struct week w = walk(policy, dt_s[k]);
			cr_expect_float_eq(w.stored_j, want.stored_j, 1e-9 * want.trip_j);
			cr_expect_float_eq(w.ac_j, want.ac_j, 1e-9 * want.trip_j);
			cr_expect_float_eq(w.trip_j, want.trip_j, 1e-9 * want.trip_j);
		}
	}
}

/* charge - leak - trip + short = gain; wall = charge + loss. */
Test(vehicle, every_joule_is_booked)
{
	for (int policy = 0; policy <= VEHICLE_SOLAR; policy++) {
		struct week w = walk(policy, 900);
		double gain_j = w.stored_j - 48 * kwh, tol = 1e-9 * w.trip_j;
		cr_expect_float_eq(w.charge_j - w.leak_j - w.trip_j + w.short_j, gain_j, tol);
		cr_expect_float_eq(w.ac_j, w.charge_j + w.loss_j, tol);
	}
}

/* 400 cars over 10 working days, 83 % of days: 5 standard errors are 3 %. */
Test(vehicle, leaves_as_often_as_asked)
{
	struct vehicle_par p = random_car();
	int trips = 0;
	for (uint64_t i = 0; i < 400; i++) {
		struct pcg64 own = rng_stream(i, 0, 7, RNG_VEHICLE);
		struct vehicle v = vehicle_make(&p, 60 * kwh, 7000, own, NULL);
		struct vehicle_state s;
		vehicle_start(&p, &v, monday_s, &s);
		for (int day = 0; day < 12; day++) {
			double at_s = monday_s + 86400 * day;
			bool went = vehicle_step(&p, &v, &s, at_s, 0, 86400).trip_j > 0;
			trips += went && day != 5 && day != 6;
		}
	}
	cr_expect_float_eq(trips / 4000.0, 0.83, 0.03);
}
