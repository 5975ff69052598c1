#include "tests/unit.h"

#include <math.h>
#include <string.h>

#include "models/grid/tariff.h"

enum { MOST = 4 };

struct fixture {
	struct tariff_par par;
	struct period_par period[MOST];
	struct object tariff, child[MOST];
	struct err_pos pos[8];
	struct tariff *t;
};

/* A <tariff> as the reader would give it; prices are per joule, small odd numbers. */
static void build(struct fixture *x, struct tariff_par par, const struct period_par *p, int n)
{
	*x = (struct fixture){ .par = par };
	x->tariff = (struct object){ .cls = &tariff_class, .par = &x->par, .pos = { "t.xml", 1, 1 },
		.attr_pos = x->pos };
	for (int i = 0; i < n; i++) {
		x->period[i] = p[i];
		x->child[i] = (struct object){ .cls = &period_class, .par = &x->period[i],
			.pos = { "t.xml", i + 2, 3 }, .attr_pos = x->pos,
			.next = i + 1 < n ? &x->child[i + 1] : NULL };
	}
	x->tariff.child = n ? &x->child[0] : NULL;
	x->t = tariff_new(&x->tariff);
}

#define H 3600.0
#define D 86400.0
/* Days since 1970 of a Monday: 1970-01-05 was one. */
static const double monday_s = 4 * D + 2800 * 7 * D;

static const struct tariff_par par = { "t", 31, 8, 0, 0 };
static const struct period_par periods[] = {
	{ 22 * H, 6 * H, DAYS_ALL, 19, NAN },
	{ 17 * H, 20.5 * H, DAYS_WEEKDAY, 44, 11 },
	{ 10 * H, 19 * H, DAYS_WEEKEND, 23, NAN },
};

static double import_at(const struct fixture *x, double local_s)
{
	return tariff_mean(x->t, local_s, 1).import_per_j;
}

Test(tariff, first_period_that_holds_decides)
{
	struct fixture x;
	build(&x, par, periods, 3);
	cr_expect(eq(dbl, import_at(&x, monday_s), 19));
	cr_expect(eq(dbl, import_at(&x, monday_s + 6 * H - 1), 19));
	cr_expect(eq(dbl, import_at(&x, monday_s + 6 * H), 31));
	cr_expect(eq(dbl, import_at(&x, monday_s + 17 * H), 44));
	cr_expect(eq(dbl, import_at(&x, monday_s + 20.5 * H), 31));
	cr_expect(eq(dbl, import_at(&x, monday_s + 22 * H), 19));
	cr_expect(eq(dbl, import_at(&x, monday_s + 4 * D + 18 * H), 44)); /* Friday */
	cr_expect(eq(dbl, import_at(&x, monday_s + 5 * D + 18 * H), 23)); /* Saturday */
	cr_expect(eq(dbl, import_at(&x, monday_s + 6 * D + 9 * H), 31));  /* Sunday */
	cr_expect(eq(dbl, tariff_mean(x.t, monday_s + 18 * H, 60).export_per_j, 11));
	cr_expect(eq(dbl, tariff_mean(x.t, monday_s + 15 * H, 60).export_per_j, 8));
	tariff_free(x.t);
}

Test(tariff, a_night_belongs_to_the_day_on_which_it_begins)
{
	struct fixture x;
	build(&x, par, &(struct period_par){ 21 * H, 7 * H, DAYS_WEEKEND, 5, NAN }, 1);
	cr_expect(eq(dbl, import_at(&x, monday_s + 5 * D + 3 * H), 31));  /* Friday's night */
	cr_expect(eq(dbl, import_at(&x, monday_s + 6 * D + 3 * H), 5));   /* Saturday's */
	cr_expect(eq(dbl, import_at(&x, monday_s + 7 * D + 3 * H), 5));   /* Sunday's, on Monday */
	cr_expect(eq(dbl, import_at(&x, monday_s + 7 * D + 21 * H), 31)); /* Monday's own */
	tariff_free(x.t);
}

Test(tariff, a_step_is_split_at_the_boundaries)
{
	struct fixture x;
	build(&x, par, periods, 3);
	/* 16:40 to 17:10 on a Tuesday: 20 min at 31, 10 min at 44. */
	struct tariff_price p = tariff_mean(x.t, monday_s + D + 16 * H + 2400, 1800);
	cr_expect(epsilon_eq(dbl, p.import_per_j, (20 * 31 + 10 * 44) / 30.0, 1e-12));
	cr_expect(epsilon_eq(dbl, p.export_per_j, (20 * 8 + 10 * 11) / 30.0, 1e-12));
	/* Sunday 23:30 to Monday 06:30: across the week's end; 6.5 h at 19, 0.5 h at 31. */
	p = tariff_mean(x.t, monday_s + 6 * D + 23.5 * H, 7 * H);
	cr_expect(epsilon_eq(dbl, p.import_per_j, (6.5 * 19 + 0.5 * 31) / 7, 1e-12));
	/* Nine days: any division of them into steps costs the same. */
	double whole = tariff_mean(x.t, monday_s + 777, 9 * D).import_per_j, parts = 0;
	for (int i = 0; i < 1296; i++)
		parts += tariff_mean(x.t, monday_s + 777 + 600.0 * i, 600).import_per_j / 1296;
	cr_expect(epsilon_eq(dbl, whole, parts, 1e-10));
	tariff_free(x.t);
}

Test(tariff, bill_adds_energy_standing_and_export)
{
	struct fixture x;
	struct tariff_par p = par;
	p.fixed_per_day = 0.48;
	build(&x, p, periods, 3);
	struct bill b;
	bill_init(&b);
	bill_add(&b, x.t, monday_s + 16 * H + 2400, 1800, 700, 90);
	cr_expect(epsilon_eq(dbl, b.import_cost, 700 * (20 * 31 + 10 * 44) / 30.0, 1e-9));
	cr_expect(epsilon_eq(dbl, b.export_income, 90 * (20 * 8 + 10 * 11) / 30.0, 1e-9));
	cr_expect(epsilon_eq(dbl, b.fixed_cost, 0.01, 1e-15));
	cr_expect(eq(dbl, b.demand_cost, 0));
	cr_expect(epsilon_eq(dbl, bill_total(&b),
	    b.import_cost + b.fixed_cost - b.export_income, 1e-9));
	tariff_free(x.t);
}

Test(tariff, demand_charge_is_for_each_months_highest_quarter)
{
	struct fixture x;
	struct tariff_par p = par;
	p.demand_per_kw = 13;
	build(&x, p, NULL, 0);
	struct bill b;
	bill_init(&b);
	/* 2023-05-31T23:00 local = 1685574000 s: two hours over the month's end, in steps
	 * of 5 minutes; mean of the quarters in kW as below. */
	static const double kw[] = { 4, 9, 6, 7, 3, 8, 2, 5 };
	for (int i = 0; i < 24; i++) {
		/* 1.5 times, 1 time and 0.5 times the mean within each quarter */
		double w = 1000 * kw[i / 3] * (1.5 - 0.5 * (i % 3));
		bill_add(&b, x.t, 1685574000 + 300.0 * i, 300, w * 300, 0);
	}
	cr_expect(epsilon_eq(dbl, b.demand_cost, 13 * (9 + 8), 1e-9));
	tariff_free(x.t);
}

static const char *faults_of(const struct class *cls, const struct object *o)
{
	static char shown[1024];
	struct err_list *e = err_new();
	cls->check(o, e);
	memset(shown, 0, sizeof shown);
	FILE *f = fmemopen(shown, sizeof shown - 1, "w");
	err_print(e, f);
	fclose(f);
	err_free(e);
	return shown;
}

Test(tariff, a_gap_without_a_price_is_a_fault)
{
	struct fixture x;
	struct tariff_par p = par;
	p.price_per_j = NAN;
	build(&x, p, periods, 3);
	cr_expect_str_eq(faults_of(&tariff_class, &x.tariff),
	    "t.xml:1:1: error: tariff: no period gives a price for Monday from 6 h; write "
	    "price=\"...\" for the rest of the time\n");
	tariff_free(x.t);
	static const struct period_par all[] = { { 7 * H, 19 * H, DAYS_ALL, 3, NAN },
		{ 19 * H, 7 * H, DAYS_ALL, 2, NAN } };
	build(&x, p, all, 2);
	cr_expect_str_eq(faults_of(&tariff_class, &x.tariff), "");
	tariff_free(x.t);
}

Test(tariff, an_empty_period_is_a_fault)
{
	struct fixture x;
	build(&x, par, &(struct period_par){ 7 * H, 7 * H, DAYS_ALL, 3, NAN }, 1);
	cr_expect_str_eq(faults_of(&period_class, &x.child[0]),
	    "t.xml:2:3: error: period: begins and ends at 7 h; write from=\"0 h\" to=\"24 h\" for "
	    "whole days\n");
	tariff_free(x.t);
}
