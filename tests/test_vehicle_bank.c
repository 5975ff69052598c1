/* Cars in a bank, and cars that live by a table of sessions. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/energy/vehicle_bank.h"

static const double kwh = 3.6e6, monday_s = 19891 * 86400.0; /* 2024-06-17 */
enum { CARS = 37 };

static struct vehicle_par habits(enum vehicle_policy policy)
{
	return (struct vehicle_par){
		.departure_s = dist_between(21600, 36000), .arrival_s = dist_between(50000, 80000),
		.trip_j = dist_between(2 * kwh, 31 * kwh), .weekday_frac = 0.83, .weekend_frac = 0.47,
		.eff_frac = 0.87, .taper_soc = 0.8, .policy = policy, .delay_s = 23 * 3600,
		.ready_soc = 0.85, .reserve_soc = 0.35, .initial_soc = 0.7,
	};
}

static struct vehicle car_of(const struct vehicle_par *p, uint64_t k, const struct sessions *table)
{
	double capacity_j = (40 + (double)k) * kwh, power_w = 3700 + 211 * (double)k;
	return vehicle_make(p, capacity_j, power_w, rng_stream(k, 0, 7, RNG_VEHICLE), table);
}

/* What a car is asked for in a step. */
static double request_w(size_t k, long step)
{
	return 500 * (double)((step * 7 + (long)k * 3) % 19 - 11);
}

/* What its site leaves it, on one of three such days. */
static double cap_w(size_t k, long step, double dt_s)
{
	bool is_capped = (long)((double)step * dt_s / 86400 + (double)k) % 3 == 0;
	return is_capped ? 300 * (double)((step * 5 + (long)k) % 23) : INFINITY;
}

static struct vehicle_flow alone(const struct vehicle_par *p, size_t k, double dt_s, long steps,
    bool capped, double *stored_j)
{
	struct vehicle car = car_of(p, k, NULL);
	struct vehicle_state s;
	struct vehicle_flow sum = { 0 };
	vehicle_start(p, &car, monday_s, &s);
	for (long i = 0; i < steps; i++) {
		struct vehicle_ask ask = { request_w(k, i), capped ? cap_w(k, i, dt_s) : INFINITY };
		struct vehicle_flow f = vehicle_step_under(
		    p, &car, &s, monday_s + dt_s * (double)i, ask, dt_s);
		vehicle_flow_add(&sum, &f);
	}
	*stored_j = s.stored_j;
	return sum;
}

/* 9 days, every policy, under a cap or none: a bank's cars do what each does alone. */
Test(vehicle_bank, is_so_many_cars)
{
	static const double dt_s[] = { 60, 900 };
	for (int policy = 0; policy <= VEHICLE_V2G; policy++)
		for (int way = 0; way < 4; way++) {
			int d = way % 2;
			bool capped = way / 2;
			struct vehicle_par p = habits(policy);
			struct vehicle *car = mem_new(CARS, sizeof *car);
			struct vehicle_bank b;
			struct vehicle_flow sum = { 0 }, want = { 0 };
			double ask_w[CARS], most_w[CARS];
			long steps = (long)(9 * 86400 / dt_s[d]);
			for (size_t k = 0; k < CARS; k++) car[k] = car_of(&p, k, NULL);
			vehicle_bank_init(&b, &p, car, CARS, monday_s);
			for (long i = 0; i < steps; i++) {
				for (size_t k = 0; k < CARS; k++) {
					ask_w[k] = request_w(k, i);
					most_w[k] = cap_w(k, i, dt_s[d]);
				}
				struct vehicle_flow f = vehicle_bank_step(&b,
				    monday_s + dt_s[d] * (double)i, ask_w, capped ? most_w : NULL, dt_s[d]);
				for (size_t k = 0; capped && k < CARS; k++)
					cr_expect_leq(b.ac_w[k], most_w[k] * (1 + 1e-9));
				vehicle_flow_add(&sum, &f);
			}
			for (size_t k = 0; k < CARS; k++) {
				double stored_j;
				struct vehicle_flow f = alone(&p, k, dt_s[d], steps, capped, &stored_j);
				vehicle_flow_add(&want, &f);
				cr_expect_float_eq(vehicle_bank_stored_j(&b, k), stored_j, 0.01);
			}
			cr_expect_float_eq(sum.drawn_j, want.drawn_j, 1e-10 * want.drawn_j);
			cr_expect_float_eq(sum.given_j, want.given_j, 1e-10 * want.drawn_j);
			cr_expect_float_eq(sum.charge_j, want.charge_j, 1e-10 * want.drawn_j);
			cr_expect_float_eq(sum.loss_j, want.loss_j, 1e-10 * want.drawn_j);
			cr_expect_eq(sum.departures, want.departures);
			cr_expect_eq(sum.unready, want.unready);
			cr_expect_gt(want.departures, 150);
			vehicle_bank_fini(&b);
		}
}

/* A weekday's session from 17:12 for stay_h, of 11.3 kWh; none on weekends. */
static struct sessions weekdays(struct session *s, double stay_h)
{
	*s = (struct session){ .arrival_s = 17.2 * 3600, .stay_s = stay_h * 3600,
		.energy_j = 11.3 * kwh };
	return (struct sessions){ .of = { s }, .n = { 1 } };
}

static struct vehicle_flow fortnight(double stay_h, double *first_draw_s)
{
	struct session one;
	struct sessions table = weekdays(&one, stay_h);
	struct vehicle_par p = habits(VEHICLE_IMMEDIATE);
	p.weekday_frac = p.weekend_frac = p.initial_soc = 1;
	struct vehicle car = car_of(&p, 5, &table);
	struct vehicle_state s;
	struct vehicle_flow sum = { 0 };
	vehicle_start(&p, &car, monday_s + 12 * 3600, &s);
	*first_draw_s = NAN;
	for (int m = 0; m < 14 * 1440; m++) {
		double at_s = monday_s + 12 * 3600 + 60 * m;
		struct vehicle_flow f = vehicle_step(&p, &car, &s, at_s, 0, 60);
		if (isnan(*first_draw_s) && f.drawn_j > 1) *first_draw_s = at_s - monday_s;
		vehicle_flow_add(&sum, &f);
	}
	return sum;
}

/* Ten sessions in two weeks, each of which puts back what the cells lacked: 11.3 kWh
 * at the wall, but for the last of the taper. One of 30 hours lasts until 23:12 on the
 * next day, so that day's falls away: Monday, Wednesday and Friday are left. */
Test(vehicle_bank, sessions_are_kept)
{
	double first_s;
	struct vehicle_flow f = fortnight(14.5, &first_s);
	cr_expect_eq(first_s, 17.2 * 3600);
	cr_expect_float_eq(f.trip_j, 10 * 0.87 * 11.3 * kwh, 1);
	cr_expect_float_eq(f.drawn_j, 10 * 11.3 * kwh, 0.01 * 113 * kwh);
	cr_expect_eq(f.departures, 10);
	f = fortnight(30, &first_s);
	cr_expect_float_eq(f.trip_j, 6 * 0.87 * 11.3 * kwh, 1);
}

/* A day's draw does not know when the run began. */
Test(vehicle_bank, sessions_depend_on_car_and_day_only)
{
	struct session one;
	struct sessions table = weekdays(&one, 3);
	struct vehicle_par p = habits(VEHICLE_IMMEDIATE);
	int differ = 0;
	for (uint64_t k = 0; k < CARS; k++) {
		struct vehicle car = car_of(&p, k, &table);
		struct vehicle_state early, late;
		vehicle_start(&p, &car, monday_s, &early);
		vehicle_step(&p, &car, &early, monday_s, 0, 3 * 86400);
		vehicle_start(&p, &car, monday_s + 3 * 86400, &late);
		cr_expect_eq(early.leave_s, late.leave_s);
		cr_expect_eq(early.return_s, late.return_s);
		differ += late.return_s > monday_s + 4 * 86400;
	}
	cr_expect(differ > 1 && differ < CARS / 2);
}

/* One car of 11 kW and 51 kWh from 20 % on, under 6 kW: it takes 6 kW until the taper's own
 * line, 11 (full - E) / (full - taper), comes down to that, at E = full - 10.2 kWh * 6 / 11.
 * At 0.87 that is (0.8 * 51 - 10.2 * 6 / 11) / 0.87 / 6 hours. Committed or not, and it
 * leaves before with what it has. */
Test(vehicle_bank, a_cap_slows_charging)
{
	static const int policy[] = { VEHICLE_IMMEDIATE, VEHICLE_V2H };
	for (int i = 0; i < 2; i++) {
		struct vehicle_par p = habits((enum vehicle_policy)policy[i]);
		p.departure_s = dist_between(25199, 25199.001);
		p.weekday_frac = 1;
		p.initial_soc = 0.2;
		p.ready_soc = 0.99;
		struct vehicle *car = mem_new(1, sizeof *car), one;
		one = vehicle_make(&p, 51 * kwh, 11000, rng_stream(1, 0, 7, RNG_VEHICLE), NULL);
		*car = one;
		struct vehicle_bank b;
		struct vehicle_flow sum = { 0 };
		const double six_w = 6000, ask_w = 11000;
		double until_h = (0.8 * 51 - 10.2 * 6 / 11) / 0.87 / 6;
		vehicle_bank_init(&b, &p, car, 1, monday_s);
		for (long m = 0; m < 421; m++) {
			struct vehicle_flow f =
			    vehicle_bank_step(&b, monday_s + 60.0 * (double)m, &ask_w, &six_w, 60);
			vehicle_flow_add(&sum, &f);
			bool is_full_power = m + 1 < 60 * until_h;
			if (is_full_power && m < 415) cr_expect_float_eq(b.ac_w[0], 6000, 1e-6, "%ld", m);
			else if (m < 419) cr_expect_lt(b.ac_w[0], 6000, "policy %d, minute %ld", i, m);
		}
		cr_expect_gt(until_h, 6.5);
		cr_expect_eq(sum.departures, 1);
		cr_expect_eq(sum.unready, 1);
		cr_expect_float_eq(
		    sum.missed_j, 0.99 * 51 * kwh - 0.2 * 51 * kwh - sum.charge_j, 1e-6 * kwh);
		vehicle_bank_fini(&b);
	}
}
