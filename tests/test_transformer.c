#include "tests/unit.h"

#include <math.h>
#include <stdio.h>

#include "models/grid/transformer.h"

/* The constants of the distribution type in the class's own table. */
static const struct transformer_par distribution = {
	.name = "T",
	.rating_va = 250e3,
	.no_load_w = NAN,
	.load_w = NAN,
	.impedance_pu = NAN,
	.ambient_k = NAN,
	.paper = PAPER_ORDINARY,
	.oil_rise_k = 60,
	.gradient_k = 23,
	.hot_spot = 1.2,
	.tau_oil_s = 180 * 60,
	.tau_winding_s = 4 * 60,
	.k11 = 1,
	.k21 = 1,
	.k22 = 2,
	.oil_exponent = 0.8,
	.winding_exponent = 1.6,
};

Test(transformer, losses_and_impedance_follow_the_rating)
{
	/* Regulation (EU) 548/2014, table I.1, tier 2, and IEC 60076-5, table 1. */
	static const struct {
		double rating_va, load_w, no_load_w, impedance_pu;
	} rows[] = {
		{ 100e3, 1250, 130, 0.04 }, { 250e3, 2350, 270, 0.04 }, { 400e3, 3250, 387, 0.04 },
		{ 280e3, 2350 + 450 * 30.0 / 65, 270 + 54 * 30.0 / 65,
		    0.04 }, /* linear between rows */
		{ 800e3, 6000, 585, 0.05 }, { 1600e3, 12000, 1080, 0.06 },
		{ 10e3, 600 * 0.4, 63 * 0.4, 0.04 }, /* below the table: as its first row */
		{ 6300e3, 46000, 3960, 0.06 },       /* above: as its last */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct transformer_par p = distribution;
		p.rating_va = rows[i].rating_va;
		p = transformer_resolve(&p);
		cr_expect(epsilon_eq(dbl, p.load_w, rows[i].load_w, 1e-9));
		cr_expect(epsilon_eq(dbl, p.no_load_w, rows[i].no_load_w, 1e-9));
		cr_expect(eq(dbl, p.impedance_pu, rows[i].impedance_pu));
	}
}

Test(transformer, what_is_written_stays)
{
	struct transformer_par p = distribution;
	p.load_w = 3171;
	p.no_load_w = 313;
	p.impedance_pu = 0.043;
	p = transformer_resolve(&p);
	cr_expect(eq(dbl, p.load_w, 3171));
	cr_expect(eq(dbl, p.no_load_w, 313));
	/* Per unit of the rating, the resistance is the load loss, the whole u_k. */
	double complex z_pu = transformer_series_pu(&p);
	cr_expect(epsilon_eq(dbl, creal(z_pu) * p.rating_va, 3171, 1e-9));
	cr_expect(epsilon_eq(dbl, cabs(z_pu), 0.043, 1e-15));
}

Test(transformer, temperatures_at_rest_are_the_rated_rises)
{
	struct transformer_par p = transformer_resolve(&distribution);
	struct transformer_state s;
	transformer_settle(&p, 1, 293.15, &s);
	/* IEC 60076-7: at rated load top oil is its rise above ambient, hot spot H g above that. */
	cr_expect(epsilon_eq(dbl, s.top_oil_k, 353.15, 1e-9));
	cr_expect(epsilon_eq(dbl, s.hot_spot_k, 353.15 + 1.2 * 23, 1e-9));
	p.indoors = true;
	transformer_settle(&p, 1, 293.15, &s);
	cr_expect(epsilon_eq(dbl, s.top_oil_k, 363.15, 1e-9));
	struct transformer_state later = s;
	transformer_heat(&p, 1, 1, 293.15, 7200, &later);
	cr_expect(epsilon_eq(dbl, later.hot_spot_k, s.hot_spot_k, 1e-9));
}

/* A step response of each part by hand, k21 above 1 so that all three move. */
Test(transformer, parts_decay_with_their_own_time_constants)
{
	struct transformer_par p = transformer_resolve(&distribution);
	p.k11 = 0.5, p.k21 = 2.3;
	struct transformer_state s;
	transformer_settle(&p, 0, 283.15, &s);
	double cold_k = s.top_oil_k, t = 31 * 60;
	transformer_heat(&p, 1.3, 1.3, 283.15, t, &s);
	double ratio = 2350.0 / 270, rise = 60 * pow((1 + 1.69 * ratio) / (1 + ratio), 0.8);
	double g = 1.2 * 23 * pow(1.3, 1.6);
	double oil = 283.15 + rise + (cold_k - 283.15 - rise) * exp(-t / (0.5 * 10800));
	double hot = oil + 2.3 * g * (1 - exp(-t / 480)) - 1.3 * g * (1 - exp(-t * 2 / 10800));
	cr_expect(epsilon_eq(dbl, s.top_oil_k, oil, 1e-9));
	cr_expect(epsilon_eq(dbl, s.hot_spot_k, hot, 1e-9));
}

Test(transformer, result_does_not_depend_on_the_step)
{
	struct transformer_par p = transformer_resolve(&distribution);
	struct transformer_state whole, parts;
	transformer_settle(&p, 0.3, 290.15, &whole);
	parts = whole;
	transformer_heat(&p, 1.41, 1.53, 301.15, 3600, &whole);
	for (int i = 0; i < 240; i++) transformer_heat(&p, 1.41, 1.53, 301.15, 15, &parts);
	cr_expect(epsilon_eq(dbl, whole.top_oil_k, parts.top_oil_k, 1e-9));
	cr_expect(epsilon_eq(dbl, whole.hot_spot_k, parts.hot_spot_k, 1e-9));
	cr_expect(epsilon_eq(dbl, whole.aged_iec_s / parts.aged_iec_s, 1, 1e-6));
	cr_expect(epsilon_eq(dbl, whole.aged_ieee_s / parts.aged_ieee_s, 1, 1e-6));
	cr_expect(gt(dbl, whole.aged_iec_s, 3600)); /* overloaded: older than the clock says */
}

Test(transformer, ageing_is_one_at_the_standards_temperatures)
{
	cr_expect(epsilon_eq(dbl, transformer_ageing_iec(PAPER_ORDINARY, 98 + 273.15), 1, 1e-12));
	cr_expect(epsilon_eq(dbl, transformer_ageing_iec(PAPER_ORDINARY, 104 + 273.15), 2, 1e-12));
	cr_expect(epsilon_eq(dbl, transformer_ageing_iec(PAPER_UPGRADED, 110 + 273.15), 1, 1e-12));
	/* IEEE C57.91-2011, table of F_AA: 100 degC 0.3499, 120 degC 2.7089. */
	cr_expect(epsilon_eq(dbl, transformer_ageing_ieee(100 + 273.15), 0.3499, 5e-5));
	cr_expect(epsilon_eq(dbl, transformer_ageing_ieee(120 + 273.15), 2.7089, 5e-5));
}

Test(transformer, life_lost_at_rest_is_rate_times_time)
{
	struct transformer_par p = transformer_resolve(&distribution);
	struct transformer_state s;
	transformer_settle(&p, 1.1, 288.15, &s);
	double hot = s.hot_spot_k;
	transformer_heat(&p, 1.1, 1.1, 288.15, 5 * 3600, &s);
	cr_expect(epsilon_eq(dbl, s.aged_iec_s,
	    5 * 3600 * transformer_ageing_iec(PAPER_ORDINARY, hot), 1e-6));
	cr_expect(epsilon_eq(dbl, s.aged_ieee_s, 5 * 3600 * transformer_ageing_ieee(hot), 1e-6));
}

/* Load, ambient and temperatures of an independent implementation of IEC 60076-7,
 * printed to 1e-6 K and
 * for the ageing rates to four digits; a row's load holds since the row before. */
static void compare(const char *table, const struct transformer_par *p, double rated_a,
    bool rates)
{
	const char *shared = getenv("HEARTH_SHARED");
	char path[512], line[256];
	snprintf(
	    path, sizeof path, "%s/data/reference/transformer/%s", shared ? shared : ".", table);
	FILE *in = fopen(path, "r");
	if (!in) cr_skip_test("needs %s: set HEARTH_SHARED", path);
	cr_assert_not_null(fgets(line, sizeof line, in));
	double minute, a, ambient, oil, hot, last = NAN, worst_k = 0, worst_rate = 0;
	double normal = NAN, upgraded = NAN;
	struct transformer_state s = { 0 };
	int rows = 0;
	while (fgets(line, sizeof line, in)) {
		int got = sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf,%lf", &minute, &a, &ambient, &oil,
		    &hot, &normal, &upgraded);
		cr_assert(ge(int, got, 5));
		if (rows++ == 0) s.top_oil_k = oil + 273.15; /* cold: no gradient */
		else
			transformer_heat(p, a / rated_a, a / rated_a, ambient + 273.15,
			    60 * (minute - last), &s);
		last = minute;
		worst_k = fmax(worst_k, fabs(s.top_oil_k - 273.15 - oil));
		if (rows > 1) worst_k = fmax(worst_k, fabs(s.hot_spot_k - 273.15 - hot));
		if (!rates || rows == 1) continue;
		cr_assert(eq(int, got, 7));
		double v_normal = transformer_ageing_iec(PAPER_ORDINARY, s.hot_spot_k);
		double v_upgraded = transformer_ageing_ieee(s.hot_spot_k);
		worst_rate = fmax(worst_rate, fabs(v_normal / normal - 1));
		worst_rate = fmax(worst_rate, fabs(v_upgraded / upgraded - 1));
	}
	fclose(in);
	cr_expect(gt(int, rows, 100));
	cr_expect(lt(dbl, worst_k, 1.5e-6), "%s: %g K", table, worst_k);
	cr_expect(lt(dbl, worst_rate, 4e-4), "%s: rate off by %g", table, worst_rate);
}

Test(transformer, follows_the_reference_of_the_distribution_type)
{
	struct transformer_par p = distribution;
	p.indoors = true, p.load_w = 5200, p.no_load_w = 800;
	compare("distribution_week_15min.csv", &p, 900, true);
	compare("distribution_day_1min_overload.csv", &p, 900, true);
}

Test(transformer, follows_the_reference_of_the_power_type)
{
	struct transformer_par p = distribution;
	p.load_w = 80e3, p.no_load_w = 16e3;
	p.tau_oil_s = 210 * 60, p.tau_winding_s = 600, p.gradient_k = 17, p.hot_spot = 1.3;
	p.k11 = 0.5, p.k21 = 2, p.winding_exponent = 1.3;
	compare("power_onan_3days_10min.csv", &p, 1500, true);
}

/* The step-load example of IEC 60076-7 (ONAF; loss ratio R = 1000). */
Test(transformer, follows_the_example_of_the_standard)
{
	struct transformer_par p = distribution;
	p.load_w = 1000e3, p.no_load_w = 1e3, p.oil_rise_k = 38.3, p.gradient_k = 14.5;
	p.tau_oil_s = 150 * 60, p.tau_winding_s = 7 * 60, p.hot_spot = 1.4;
	p.k11 = 0.5, p.k21 = 2, p.winding_exponent = 1.3;
	compare("iec_step_example.csv", &p, 1000, false);
}
