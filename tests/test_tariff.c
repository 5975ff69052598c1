#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/tariff_bed.h"

#define H 3600.0
#define D 86400.0
/* Days since 1970 of a Monday: 1970-01-05 was one; this is 2023-09-04. */
static const double monday_s = 4 * D + 2800 * 7 * D;

static const struct period_par night = { { 22 * H, 6 * H, DAYS_ALL, NULL }, 19, NAN };
static const struct period_par evening = { { 17 * H, 20.5 * H, DAYS_WEEKDAY, NULL }, 44, 11 };
static const struct period_par noon = { { 10 * H, 19 * H, DAYS_WEEKEND, NULL }, 23, NAN };

static void three_periods(struct tariff_bed *x)
{
	tariff_bed_init(x);
	tariff_bed_period(x, night);
	tariff_bed_period(x, evening);
	tariff_bed_period(x, noon);
}

static double import_at(const struct tariff_bed *x, double local_s)
{
	return tariff_mean(x->t, local_s, 1).import_per_j;
}

Test(tariff, first_period_that_holds_decides)
{
	struct tariff_bed x;
	three_periods(&x);
	tariff_bed_build(&x, 0);
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
	tariff_bed_fini(&x);
}

Test(tariff, a_night_belongs_to_the_day_on_which_it_begins)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	tariff_bed_period(
	    &x, (struct period_par){ { 21 * H, 7 * H, DAYS_WEEKEND, "sep" }, 5, NAN });
	tariff_bed_build(&x, 0);
	cr_expect(eq(dbl, import_at(&x, monday_s + 5 * D + 3 * H), 31));  /* Friday's night */
	cr_expect(eq(dbl, import_at(&x, monday_s + 6 * D + 3 * H), 5));   /* Saturday's */
	cr_expect(eq(dbl, import_at(&x, monday_s + 7 * D + 3 * H), 5));   /* Sunday's, on Monday */
	cr_expect(eq(dbl, import_at(&x, monday_s + 7 * D + 21 * H), 31)); /* Monday's own */
	/* 2023-09-30 is a Saturday: its night is September's also in October; Sunday's is not. */
	cr_expect(eq(dbl, import_at(&x, monday_s + 26 * D + 22 * H), 5));
	cr_expect(eq(dbl, import_at(&x, monday_s + 27 * D + 3 * H), 5));
	cr_expect(eq(dbl, import_at(&x, monday_s + 27 * D + 22 * H), 31));
	tariff_bed_fini(&x);
}

Test(tariff, a_step_is_split_at_the_boundaries)
{
	struct tariff_bed x;
	three_periods(&x);
	tariff_bed_build(&x, 0);
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
	tariff_bed_fini(&x);
}

Test(tariff, seasons_begin_and_end_with_months)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	tariff_bed_period(&x, (struct period_par){ { 0, D, DAYS_ALL, "nov-feb apr" }, 7, NAN });
	tariff_bed_build(&x, 0);
	/* Seconds of 2024-03-01 (a leap year), 2024-04-01, 05-01 and 11-01. */
	static const double march = 1709251200, april = 1711929600, may = 1714521600,
			    november = 1730419200;
	cr_expect(eq(dbl, import_at(&x, march - 1), 7)); /* 29 February */
	cr_expect(eq(dbl, import_at(&x, march), 31));
	cr_expect(eq(dbl, import_at(&x, april), 7));
	cr_expect(eq(dbl, import_at(&x, may), 31));
	cr_expect(eq(dbl, import_at(&x, november - 1), 31));
	cr_expect(eq(dbl, import_at(&x, november), 7));
	/* 40 min in February, 20 in March. */
	double mean = tariff_mean(x.t, march - 2400, 3600).import_per_j;
	cr_expect(epsilon_eq(dbl, mean, (40 * 7 + 20 * 31) / 60.0, 1e-12));
	tariff_bed_fini(&x);
}

Test(tariff, holidays_are_weekend)
{
	struct tariff_bed x;
	three_periods(&x);
	x.par.holidays = "2023-09-05  2024-12-25"; /* a Tuesday, a Wednesday */
	tariff_bed_build(&x, 0);
	cr_expect(eq(dbl, import_at(&x, monday_s + 18 * H), 44));
	cr_expect(eq(dbl, import_at(&x, monday_s + D + 18 * H), 23));
	cr_expect(eq(dbl, import_at(&x, monday_s + 2 * D + 18 * H), 44));
	cr_expect(eq(dbl, import_at(&x, 1735149600), 23)); /* 2024-12-25T18:00 */
	tariff_bed_fini(&x);
}

/* Half-hour prices of a wholesale market, one below zero, in pounds a megawatt-hour. */
static const char wholesale[] = "utc,price\n2024-01-16 16:00,60\n2024-01-16 16:30,-30\n"
				"2024-01-16 17:00,90\n";

static void write_series(struct tariff_bed *x, const char *text)
{
	static char path[64];
	snprintf(path, sizeof path, "test_tariff_%ld.csv", (long)getpid());
	FILE *f = fopen(path, "w");
	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
	x->par.series = path;
	x->par.series_per_j = 1 / 3.6e9;
}

Test(tariff, retail_is_wholesale_times_a_factor_and_more)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	write_series(&x, wholesale);
	x.par.price_per_j = NAN;
	x.par.scale = 2.2;
	x.par.export_scale = 0.9;
	x.par.export_per_j = 0;
	tariff_bed_period(
	    &x, (struct period_par){ { 17 * H, 20 * H, DAYS_ALL, NULL }, 0.12 / 3.6e6, NAN });
	tariff_bed_build(&x, 3600);
	remove(x.par.series);
	/* 16:50 to 17:40 local, at +01:00: 10 min before the series begins are not covered. */
	double at_s = 1705424400 - 600;
	cr_expect(not(tariff_covers(x.t, at_s, 600)));
	at_s += 600; /* 17:00 local is 16:00 UTC */
	cr_expect(tariff_covers(x.t, at_s, 5400));
	cr_expect(not(tariff_covers(x.t, at_s + 1, 5400)));
	/* 17:10 to 17:40: 20 min at 60, 10 at -30, peak adder all the time. */
	struct tariff_price p = tariff_mean(x.t, at_s + 600, 1800);
	double mean = (20 * 60 - 10 * 30) / 30.0 / 3.6e9;
	cr_expect(epsilon_eq(dbl, p.import_per_j * 3.6e6, 2.2 * mean * 3.6e6 + 0.12, 1e-12));
	cr_expect(epsilon_eq(dbl, p.export_per_j * 3.6e6, 0.9 * mean * 3.6e6, 1e-12));
	tariff_bed_fini(&x);
}

Test(tariff, export_is_worth_import_under_net_metering)
{
	struct tariff_bed x;
	three_periods(&x);
	x.par.export_kind = EXPORT_NET_METERING;
	tariff_bed_build(&x, 0);
	cr_expect(eq(dbl, tariff_mean(x.t, monday_s + 18 * H, 60).export_per_j, 44));
	tariff_bed_fini(&x);
}

Test(tariff, a_supply_quotes_at_any_time)
{
	struct tariff_bed x;
	tariff_bed_init(&x);
	x.par.price_per_j = NAN;
	x.par.from = FROM_SUPPLY;
	tariff_bed_build(&x, 0);
	tariff_quote(x.t, 77);
	cr_expect(eq(dbl, import_at(&x, monday_s + 3 * D), 77));
	cr_expect(eq(dbl, tariff_mean(x.t, monday_s, 60).export_per_j, 8));
	tariff_bed_fini(&x);
}

Test(tariff, a_gap_without_a_price_is_a_fault)
{
	struct tariff_bed x;
	three_periods(&x);
	x.par.price_per_j = NAN;
	cr_expect_str_eq(tariff_bed_faults(&x),
	    "t.xml:1:1: error: tariff: no period gives a price for a weekday in January from 6 h; "
	    "write price=\"...\" for the rest of the time\n");
	tariff_bed_fini(&x);
	tariff_bed_init(&x);
	x.par.price_per_j = NAN;
	tariff_bed_period(&x, (struct period_par){ { 7 * H, 19 * H, DAYS_ALL, NULL }, 3, NAN });
	tariff_bed_period(&x, (struct period_par){ { 19 * H, 7 * H, DAYS_ALL, NULL }, 2, NAN });
	cr_expect_str_eq(tariff_bed_faults(&x), "");
	tariff_bed_fini(&x);
}

Test(tariff, hours_that_are_none_are_faults)
{
	static const struct {
		struct hours when;
		const char *says;
	} cases[] = {
		{ { 7 * H, 7 * H, DAYS_ALL, NULL },
		    "period: begins and ends at 7 h; write from=\"0 h\" to=\"24 h\"" },
		{ { 0, D, DAYS_ALL, "summer" }, "months=\"summer\": not months; write them as" },
		{ { 0, D, DAYS_ALL, "jun-" }, "months=\"jun-\": not months" },
		{ { 0, D, DAYS_ALL, "june-sep" }, "months=\"june-sep\": not months" },
		{ { 0, D, DAYS_ALL, " " }, "months=\" \": not months" },
		{ { 0, D, DAYS_ALL, "JUN-Sep dec" }, "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct tariff_bed x;
		tariff_bed_init(&x);
		tariff_bed_period(&x, (struct period_par){ cases[i].when, 3, NAN });
		const char *shown = tariff_bed_child_faults(&x);
		cr_expect_not_null(strstr(shown, cases[i].says), "case %zu: %s", i, shown);
		cr_expect_eq(!*cases[i].says, !*shown, "case %zu: %s", i, shown);
		tariff_bed_fini(&x);
	}
}
