#include "tests/unit.h"

#include <math.h>

#include "models/grid/bill.h"
#include "tests/tariff_bed.h"

#define H 3600.0
#define D 86400.0
/* 2023-05-31T23:00 and 2023-06-01T00:00, local: a Wednesday's end, a Thursday. */
static const double before_s = 1685574000, june_s = 1685577600;
static const double july_s = 1688169600, december_s = 1701388800, january_s = 1704067200;

static struct bills *one_meter(struct tariff_bed *x)
{
	tariff_bed_build(x, 0);
	return bills_new(x->t, 1);
}

/* Joules of import, negative: export, evenly over a step of dt_s. */
static void add(struct bills *b, double local_s, double dt_s, double net_j)
{
	double net_w = net_j / dt_s;
	bills_add(b, local_s, dt_s, &net_w);
}

static void done(struct tariff_bed *x, struct bills *b)
{
	bills_free(b);
	tariff_bed_fini(x);
}

Test(bill, adds_energy_standing_and_export)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	x.par.fixed_per_day = 0.48;
	x.par.fixed_per_month = 31;
	tariff_bed_period(&x, (struct period_par){ { 17 * H, 20 * H, DAYS_ALL, NULL }, 44, 11 });
	struct bills *b = one_meter(&x);
	/* Half hours from 16:40 on: 20 min at 31 and 8, 10 min at 44 and 11. */
	add(b, june_s + 16 * H + 2400, 1800, 700);
	cr_expect(epsilon_eq(dbl, bills_step_cost(b)[0], 700 * (20 * 31 + 10 * 44) / 30.0, 1e-9));
	add(b, june_s + D + 16 * H + 2400, 1800, -90);
	cr_expect(eq(dbl, bills_step_cost(b)[0], 0));
	struct bill due = bills_of(b, 0);
	cr_expect(epsilon_eq(dbl, due.import_cost, 700 * (20 * 31 + 10 * 44) / 30.0, 1e-9));
	cr_expect(epsilon_eq(dbl, due.export_income, 90 * (20 * 8 + 10 * 11) / 30.0, 1e-9));
	/* Twice half an hour: 2/48 of 0.48 a day, 2/48 of a thirtieth of 31. */
	cr_expect(epsilon_eq(dbl, due.fixed_cost, 0.02 + 31 / 30.0 / 24, 1e-12));
	cr_expect(eq(dbl, due.demand_cost, 0));
	cr_expect(epsilon_eq(dbl, bill_total(&due),
	    due.import_cost + due.fixed_cost - due.export_income, 1e-9));
	done(&x, b);
}

Test(bill, demand_charge_is_for_each_months_highest_quarter)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	x.par.demand_per_kw = 13;
	struct bills *b = one_meter(&x);
	/* Two hours over the month's end, in steps of 5 minutes; means of the quarters in kW. */
	static const double kw[] = { 4, 9, 6, 7, 3, 8, 2, 5 };
	for (int i = 0; i < 24; i++) {
		/* 1.5 times, 1 time and 0.5 times the mean within each quarter */
		double w = 1000 * kw[i / 3] * (1.5 - 0.5 * (i % 3));
		add(b, before_s + 300.0 * i, 300, w * 300);
	}
	cr_expect(epsilon_eq(dbl, bills_of(b, 0).demand_cost, 13 * (9 + 8), 1e-9));
	done(&x, b);
}

Test(bill, demand_charges_hold_in_their_hours_and_windows)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	x.par.window_s = 1800;
	tariff_bed_charge(&x, (struct demand_charge_par){ { 0, D, DAYS_ALL, NULL }, 3 });
	tariff_bed_charge(&x, (struct demand_charge_par){ { 0.5 * H, 2 * H, DAYS_ALL, "jun" }, 17 });
	struct bills *b = one_meter(&x);
	/* Quarters of an hour from 23:00 on; half hours: 4, 7 | 9, 5, 6, 2 kW. */
	static const double kw[] = { 3, 5, 6, 8, 10, 8, 4, 6, 5, 7, 1, 3 };
	for (int i = 0; i < 12; i++) add(b, before_s + 900.0 * i, 900, kw[i] * 900e3);
	/* May's highest is 7; June's 9; within 00:30 to 02:00 of June 6. */
	cr_expect(epsilon_eq(dbl, bills_of(b, 0).demand_cost, 3 * (7 + 9) + 17 * 6, 1e-9));
	done(&x, b);
}

static void add_tiers(struct tariff_bed *x)
{
	x->par.price_per_j = NAN;
	tariff_bed_tier(x, (struct tier_par){ 100, 2 });
	tariff_bed_tier(x, (struct tier_par){ 250, 3 });
	tariff_bed_tier(x, (struct tier_par){ NAN, 7 });
}

Test(bill, tiers_go_by_the_months_import)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	add_tiers(&x);
	struct bills *b = one_meter(&x);
	add(b, june_s, 3600, 90);
	cr_expect(eq(dbl, bills_price(b, 0, june_s, 60).import_per_j, 2));
	add(b, june_s + 3600, 3600, -40); /* fed in: at 8, and no tier goes back */
	add(b, june_s + 7200, 3600, 200); /* 10 at 2, 150 at 3, 40 at 7 */
	cr_expect(epsilon_eq(dbl, bills_step_cost(b)[0], 20 + 450 + 280, 1e-9));
	cr_expect(eq(dbl, bills_price(b, 0, june_s, 60).import_per_j, 7));
	cr_expect(epsilon_eq(dbl, bills_of(b, 0).import_cost, 180 + 750, 1e-9));
	cr_expect(epsilon_eq(dbl, bills_of(b, 0).export_income, 320, 1e-9));
	/* Three hours over the month's end: 20 go to June at 7, 40 to July at 2. */
	add(b, july_s - 3600, 10800, 60);
	cr_expect(epsilon_eq(dbl, bills_step_cost(b)[0], 140 + 80, 1e-9));
	done(&x, b);
}

Test(bill, tiers_add_to_the_price_of_the_time)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	add_tiers(&x);
	x.par.price_per_j = 31;
	struct bills *b = one_meter(&x);
	add(b, june_s, 3600, 110);
	cr_expect(epsilon_eq(dbl, bills_of(b, 0).import_cost, 110 * 31 + 200 + 30, 1e-9));
	done(&x, b);
}

Test(bill, net_metering_goes_back_through_the_tiers)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	add_tiers(&x);
	x.par.export_kind = EXPORT_NET_METERING;
	struct bills *b = one_meter(&x);
	add(b, june_s, 3600, 270);         /* 100 at 2, 150 at 3, 20 at 7: 790 */
	add(b, june_s + 3600, 3600, -180); /* back: 20 at 7, 150 at 3, 10 at 2: 610 */
	/* What is left is 90 net at 2. */
	struct bill due = bills_of(b, 0);
	cr_expect(epsilon_eq(dbl, bill_total(&due), 180, 1e-9));
	cr_expect(eq(dbl, bills_price(b, 0, june_s, 60).export_per_j, 2));
	add(b, june_s + 7200, 3600, -120); /* 90 back at 2; 30 beyond, at the first tier's 2 */
	due = bills_of(b, 0);
	cr_expect(epsilon_eq(dbl, bill_total(&due), 0, 1e-9));
	cr_expect(epsilon_eq(dbl, due.credit, 60, 1e-9));
	done(&x, b);
}

Test(bill, credits_pay_for_energy_and_last_as_long_as_they_do)
{
	/* June: import 100, export 150; July: import 100, export 20, at 31 (metered net) or
	 * credited at 8. June's credit beyond its import is 50 * 31 or nothing. */
	static const struct {
		enum export_kind kind;
		enum credit credit;
		double june, july, left; /* due for energy; credit at the end */
	} cases[] = {
		{ EXPORT_NET_METERING, CREDIT_MONTH, 0, 80 * 31, 0 },
		{ EXPORT_NET_METERING, CREDIT_YEAR, 0, 30 * 31, 0 },
		{ EXPORT_NET_METERING, CREDIT_KEEP, 0, 30 * 31, 0 },
		{ EXPORT_NET_BILLING, CREDIT_KEEP, 100 * 31 - 150 * 8, 100 * 31 - 20 * 8, 0 },
		{ EXPORT_FEED_IN, CREDIT_MONTH, 100 * 31 - 150 * 8, 100 * 31 - 20 * 8, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct tariff_bed x;
		tariff_bed_init(&x);
		x.par.export_kind = cases[i].kind;
		x.par.credit = cases[i].credit;
		x.par.fixed_per_month = 5; /* which no credit pays */
		struct bills *b = one_meter(&x);
		double half_s = (july_s - june_s) / 2;
		add(b, june_s, half_s, 100);
		add(b, june_s + half_s, half_s, -150);
		struct bill june = bills_of(b, 0);
		cr_expect(epsilon_eq(dbl, bill_total(&june), 5 + cases[i].june, 1e-9));
		add(b, july_s, 15.5 * D, 100);
		add(b, july_s + 15.5 * D, 15.5 * D, -20);
		struct bill both = bills_of(b, 0);
		cr_expect(epsilon_eq(
		    dbl, bill_total(&both), 10 + cases[i].june + cases[i].july, 1e-9));
		cr_expect(epsilon_eq(dbl, both.credit, cases[i].left, 1e-9));
		done(&x, b);
	}
}

Test(bill, a_years_credits_are_lost_at_its_end)
{
	static const struct {
		int64_t ends;
		double left;
	} cases[] = { { 12, 0 }, { 3, 70 * 31 } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct tariff_bed x;
		tariff_bed_init(&x);
		x.par.export_kind = EXPORT_NET_METERING;
		x.par.credit = CREDIT_YEAR;
		x.par.credit_ends = cases[i].ends;
		struct bills *b = one_meter(&x);
		add(b, december_s, january_s - december_s, -70);
		cr_expect(epsilon_eq(dbl, bills_of(b, 0).credit, 70 * 31, 1e-9));
		add(b, january_s, 3600, 0);
		cr_expect(epsilon_eq(dbl, bills_of(b, 0).credit, cases[i].left, 1e-9));
		done(&x, b);
	}
}

/* A day of half hours' powers over a month's end, kW: constant within each hour. */
static double power_w(double local_s)
{
	double hour = floor((local_s - before_s) / 3600);
	return 1000 * (3 * sin(hour) + 1.3);
}

/* The bill of 40 hours from 2023-05-30T23:00 on, by steps of that length. */
static struct bill in_steps(double step_s, enum export_kind kind)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	x.par.export_kind = kind;
	x.par.credit = CREDIT_KEEP;
	x.par.demand_per_kw = 11;
	x.par.fixed_per_month = 9;
	x.par.price_per_j = 1e-7;
	x.par.export_per_j = 3e-8;
	tariff_bed_period(&x, (struct period_par){
	    { 7.1 * H, 19.77 * H, DAYS_ALL, "jun" }, 2.3e-7, 5e-8 });
	tariff_bed_tier(&x, (struct tier_par){ 3e7, 1.7e-7 });
	tariff_bed_tier(&x, (struct tier_par){ NAN, 2.9e-7 });
	struct bills *b = one_meter(&x);
	for (double at = before_s - D; at < before_s + 16 * H; at += step_s) {
		double net_w = power_w(at);
		bills_add(b, at, step_s, &net_w);
	}
	struct bill due = bills_of(b, 0);
	done(&x, b);
	return due;
}

Test(bill, is_the_same_whatever_the_step)
{
	static const double step_s[] = { 60, 300, 900, 1800 };
	for (int kind = EXPORT_FEED_IN; kind <= EXPORT_NET_METERING; kind++) {
		struct bill hour = in_steps(3600, (enum export_kind)kind);
		cr_expect(gt(dbl, hour.demand_cost, 0));
		cr_expect(gt(dbl, hour.export_income, 0));
		for (size_t i = 0; i < sizeof step_s / sizeof *step_s; i++) {
			struct bill due = in_steps(step_s[i], (enum export_kind)kind);
			cr_expect(epsilon_eq(
			    dbl, due.import_cost, hour.import_cost, 1e-9 * hour.import_cost));
			cr_expect(epsilon_eq(
			    dbl, due.export_income, hour.export_income, 1e-9 * hour.import_cost));
			cr_expect(epsilon_eq(
			    dbl, due.demand_cost, hour.demand_cost, 1e-9 * hour.demand_cost));
			cr_expect(epsilon_eq(
			    dbl, due.fixed_cost, hour.fixed_cost, 1e-9 * hour.fixed_cost));
		}
	}
}

Test(bill, meters_do_not_see_each_other)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	x.par.demand_per_kw = 2;
	add_tiers(&x);
	tariff_bed_build(&x, 0);
	struct bills *b = bills_new(x.t, 3);
	const double net_w[] = { 30e-3, -5, 130e-3 };
	bills_add(b, june_s, 3600, net_w); /* 108, -18000, 468 J */
	cr_expect(epsilon_eq(dbl, bills_of(b, 0).import_cost, 200 + 8 * 3, 1e-9));
	cr_expect(eq(dbl, bills_of(b, 1).import_cost, 0));
	cr_expect(eq(dbl, bills_of(b, 1).demand_cost, 0));
	cr_expect(epsilon_eq(dbl, bills_of(b, 1).export_income, 18000 * 8, 1e-9));
	cr_expect(epsilon_eq(dbl, bills_of(b, 2).import_cost, 200 + 450 + 218 * 7, 1e-9));
	cr_expect(epsilon_eq(dbl, bills_of(b, 2).demand_cost, 2 * 130e-6, 1e-15));
	done(&x, b);
}
