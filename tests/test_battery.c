#include "tests/unit.h"

#include <math.h>

#include "models/energy/battery.h"

static const double kwh = 3.6e6;

static struct battery box(double leak_per_s)
{
	return (struct battery){ .capacity_j = 13.5 * 3.6e6,
		.power_w = 5000,
		.eff_frac = 0.95,
		.reserve_j = 1.35 * 3.6e6,
		.taper_j = 0.8 * 13.5 * 3.6e6,
		.leak_per_s = leak_per_s };
}

/* 2.385 kW for an hour, far from every limit. */
Test(battery, efficiency_is_met_once_each_way)
{
	struct battery b = box(0);
	double e = 5 * kwh;
	struct battery_flow in = battery_step(&b, &e, 2385, 3600);
	cr_expect_float_eq(in.ac_w, 2385, 1e-9);
	cr_expect_float_eq(in.charge_j, 0.95 * 2385 * 3600, 1e-6);
	cr_expect_float_eq(in.loss_j, 0.05 * 2385 * 3600, 1e-6);
	struct battery_flow out = battery_step(&b, &e, -2385 * 0.95 * 0.95, 3600);
	cr_expect_float_eq(out.ac_w, -2385 * 0.9025, 1e-9);
	cr_expect_float_eq(out.discharge_j, 0.95 * 2385 * 3600, 1e-6);
	cr_expect_float_eq(e, 5 * kwh, 1e-6);
}

Test(battery, rated_power_limits_both_ways)
{
	struct battery b = box(0);
	double e = 6 * kwh;
	struct battery_flow in = battery_step(&b, &e, 7100, 60);
	cr_expect_float_eq(in.ac_w, 5000, 1e-9);
	struct battery_flow out = battery_step(&b, &e, -7100, 60);
	cr_expect_float_eq(out.ac_w, -5000, 1e-9);
}

/* From 2 kWh, 0.65 kWh above the reserve: 0.95 of it reaches the wall, then none. */
Test(battery, reserve_stays)
{
	struct battery b = box(0);
	double e = 2 * kwh;
	struct battery_flow f = battery_step(&b, &e, -3000, 3600);
	cr_expect_float_eq(f.ac_w, -0.65 * 0.95 * 1000, 1e-6);
	cr_expect_float_eq(e, 1.35 * kwh, 1e-6);
	f = battery_step(&b, &e, -3000, 3600);
	cr_expect_eq(f.ac_w, 0);
	double below = 1 * kwh;
	f = battery_step(&b, &below, -3000, 3600);
	cr_expect_eq(f.discharge_j, 0);
}

/* Above the taper at full request dE/dt = eff P (full - E) / (full - taper): from
 * 0.8, the gap of 2.7 kWh shrinks by exp(-4.75 / 2.7) in an hour. At 1 kW the knee
 * lies at full - 2.7 / 5 = 12.96 kWh. */
Test(battery, taper_is_an_exponential_in_time)
{
	struct battery b = box(0);
	double e = 10.8 * kwh;
	battery_step(&b, &e, 9000, 3600);
	cr_expect_float_eq(e / kwh, 13.5 - 2.7 * exp(-4.75 / 2.7), 1e-9);
	double slow = 12 * kwh;
	struct battery_flow f = battery_step(&b, &slow, 1000, 3600); /* to 12.95 */
	cr_expect_float_eq(f.ac_w, 1000, 1e-9);
	double past = 12.96 * kwh;
	battery_step(&b, &past, 1000, 3600);
	cr_expect_float_eq(past / kwh, 13.5 - 0.54 * exp(-4.75 / 2.7), 1e-9);
	for (int i = 0; i < 1000; i++) battery_step(&b, &e, 5000, 3600);
	cr_expect(e <= b.capacity_j && e > 0.999999 * b.capacity_j);
	f = battery_step(&b, &e, 5000, 3600);
	cr_expect(f.charge_j >= 0);
}

/* A month of rest at 2 % a month leaves 98 %. */
Test(battery, self_discharge_is_what_the_month_says)
{
	struct battery b = box(-log1p(-0.02) / (30 * 86400.0));
	double e = 7 * kwh, leak_j = 0;
	for (int day = 0; day < 30; day++) leak_j += battery_step(&b, &e, 0, 86400).leak_j;
	cr_expect_float_eq(e / kwh, 6.86, 1e-9);
	cr_expect_float_eq(leak_j / kwh, 0.14, 1e-9);
}

/* A day of requests, constant within each hour, that fill and empty it. */
static double request_w(int hour)
{
	static const double kw[24] = { -2.1, -1.3, -0.7, -0.9, -1.7, -3.3, -5.9, -2.2, 0.4, 1.9,
		3.7, 6.3, 7.1, 5.3, 4.1, 2.9, 0.8, 0, -1.9, -4.7, -6.1, -3.1, -2.7, -2.3 };
	return 1000 * kw[hour % 24];
}

struct day {
	double stored_j, charge_j, discharge_j, loss_j, leak_j, ac_j;
};

static struct day walk(struct battery b, double dt_s)
{
	struct day d = { .stored_j = 6.1 * kwh };
	for (double at = 0; at < 3 * 86400; at += dt_s) {
		struct battery_flow f =
		    battery_step(&b, &d.stored_j, request_w((int)(at / 3600)), dt_s);
		d.charge_j += f.charge_j;
		d.discharge_j += f.discharge_j;
		d.loss_j += f.loss_j;
		d.leak_j += f.leak_j;
		d.ac_j += f.ac_w * dt_s;
	}
	return d;
}

/* Steps of 1, 5, 15 and 60 minutes against 20 seconds, to a share of the throughput. */
static void expect_same_in_all_steps(struct battery b, double share)
{
	static const double minutes[] = { 1, 5, 15, 60 };
	struct day want = walk(b, 20);
	double tol = share * (want.charge_j + want.discharge_j);
	cr_expect(want.charge_j > 20 * kwh && want.discharge_j > 20 * kwh);
	for (int k = 0; k < 4; k++) {
		struct day d = walk(b, 60 * minutes[k]);
		cr_expect_float_eq(d.stored_j, want.stored_j, tol);
		cr_expect_float_eq(d.charge_j, want.charge_j, tol);
		cr_expect_float_eq(d.discharge_j, want.discharge_j, tol);
		cr_expect_float_eq(d.loss_j, want.loss_j, tol);
		cr_expect_float_eq(d.leak_j, want.leak_j, tol);
	}
}

/* Without and with self-discharge of 2 % a month and of 50 % a day, with and without
 * a taper of the discharge below 40 %. Only with a curve as well it is not exact. */
Test(battery, step_length_does_not_matter)
{
	static const double leak[] = { 0, 7.8e-9, 8.0e-6 };
	struct battery_curve curve;
	char why[128];
	cr_assert(battery_curve_parse("0:0.7, 0.5:0.96, 1:0.9", &curve, why, sizeof why));
	for (int l = 0; l < 3; l++) {
		struct battery b = box(leak[l]);
		expect_same_in_all_steps(b, 1e-9);
		b.low_j = 0.4 * b.capacity_j;
		expect_same_in_all_steps(b, 1e-9);
		b.curve = &curve;
		expect_same_in_all_steps(b, 2e-6);
	}
}

/* charge - discharge - leak = gain; ac = charge - discharge + loss. */
Test(battery, every_joule_is_booked)
{
	static const double leak[] = { 0, 7.8e-9, 8.0e-6 };
	for (int l = 0; l < 3; l++) {
		struct day d = walk(box(leak[l]), 300);
		double tol = 1e-9 * (d.charge_j + d.discharge_j);
		double gain_j = d.stored_j - 6.1 * kwh;
		cr_expect_float_eq(d.charge_j - d.discharge_j - d.leak_j, gain_j, tol);
		cr_expect_float_eq(d.ac_j, d.charge_j - d.discharge_j + d.loss_j, tol);
	}
}

/* Below 5.4 kWh the 5 kW fall in a line: at full request E shrinks by exp(-5 / (0.95 x
 * 5.4)) in an hour. 1 kW is met down to 1.08 kWh, below the reserve of 1.35. */
Test(battery, discharging_slows_down_below_its_taper)
{
	struct battery b = box(0);
	b.low_j = 5.4 * kwh;
	double e = 5.4 * kwh;
	struct battery_flow f = battery_step(&b, &e, -7000, 900);
	cr_expect_float_eq(e / kwh, 5.4 * exp(-0.25 * 5 / (0.95 * 5.4)), 1e-9);
	cr_expect_float_eq(f.ac_w * 900, -0.95 * f.discharge_j, 1e-6);
	double slow = 3 * kwh;
	f = battery_step(&b, &slow, -1000, 3600);
	cr_expect_float_eq(f.ac_w, -1000, 1e-9);
	for (int i = 0; i < 30; i++) battery_step(&b, &e, -5000, 3600);
	cr_expect_float_eq(e, b.reserve_j, 1e-6);
}

/* Half of 5 kW at 0.96, full power at 0.9; 0.75 of it between: 0.93. */
Test(battery, efficiency_follows_its_curve_once_each_way)
{
	struct battery b = box(0);
	struct battery_curve curve;
	char why[128];
	double e = 5 * kwh;
	cr_assert(battery_curve_parse("0.1:0.8, 0.5:0.96, 1:0.9", &curve, why, sizeof why));
	b.curve = &curve;
	struct battery_flow f = battery_step(&b, &e, 3750, 600);
	cr_expect_float_eq(f.charge_j, 0.93 * 3750 * 600, 1e-6);
	f = battery_step(&b, &e, -2500, 600);
	cr_expect_float_eq(f.discharge_j, 2500 * 600 / 0.96, 1e-6);
	f = battery_step(&b, &e, -100, 600); /* below the first point */
	cr_expect_float_eq(f.discharge_j, 100 * 600 / 0.8, 1e-6);
}

Test(battery, chemistry_gives_what_is_not_written)
{
	struct battery_par p = { .chemistry = CHEMISTRY_NMC,
		.eff_frac = NAN,
		.taper_soc = NAN,
		.leak_frac = NAN,
		.reserve_soc = 0.13 };
	struct battery b = battery_make(&p, 7 * kwh, 3300);
	cr_expect_float_eq(b.taper_j, 5.6 * kwh, 1e-6); /* 0.80 */
	cr_expect_float_eq(b.eff_frac, 0.95, 1e-12);
	cr_expect_float_eq(b.reserve_j, 0.91 * kwh, 1e-6);
	p.eff_frac = 0.91;
	p.taper_soc = 0.7;
	p.leak_frac = 0;
	b = battery_make(&p, 7 * kwh, 3300);
	cr_expect_float_eq(b.taper_j, 4.9 * kwh, 1e-6);
	cr_expect_eq(b.eff_frac, 0.91);
	cr_expect_eq(b.leak_per_s, 0);
}
