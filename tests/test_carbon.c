#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "models/grid/carbon.h"

static char shown[2048], path[64];
static struct err_pos places[8];

/* Reads a <carbon> with a file of that text; faults are in `shown`. */
static struct carbon *read_text(struct carbon_par par, const char *text)
{
	snprintf(path, sizeof path, "test_carbon_%ld.csv", (long)getpid());
	FILE *f = fopen(path, "w");
	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
	if (isnan(par.intensity_kg_j)) par.series = path;
	else par.shape = path;
	struct object o = { .cls = &carbon_class, .par = &par, .attr_pos = places };
	struct err_list *e = err_new();
	struct carbon *c = carbon_new(&o, e);
	memset(shown, 0, sizeof shown);
	f = fmemopen(shown, sizeof shown - 1, "w");
	err_print(e, f);
	fclose(f);
	err_free(e);
	remove(path);
	return c;
}

static const struct carbon_par by_series = { .intensity_kg_j = NAN, .marginal_kg_j = NAN };
static const struct carbon_par by_shape = { .intensity_kg_j = 1e-7, .marginal_kg_j = NAN };

Test(carbon, a_constant_is_the_same_always)
{
	struct carbon_par par = { .intensity_kg_j = 1.17e-7, .marginal_kg_j = NAN };
	struct object o = { .cls = &carbon_class, .par = &par };
	struct err_list *e = err_new();
	struct carbon *c = carbon_new(&o, e);
	cr_expect(carbon_covers(c, -1e9, 1e12));
	cr_expect(eq(dbl, carbon_mean(c, 1717171717, 19800, 61), 1.17e-7));
	cr_expect(epsilon_eq(dbl, carbon_mean(c, 1717171717, 19800, 98765), 1.17e-7, 1e-20));
	carbon_free(c);
	err_free(e);
}

Test(carbon, a_series_is_weighed_by_time)
{
	/* 2024-06-20T13:00Z is 1718888400. */
	struct carbon *c = read_text(by_series, "# own numbers\nzone,utc,g_per_kwh\n"
	    "X,2024-06-20 13:00,360\nX,2024-06-20T14:00Z,720\nX,2024-06-20T15:00:00+00:00,180\n");
	cr_assert_not_null(c);
	double g = 1e-3 / 3.6e6; /* g/kWh in kg/J */
	cr_expect(epsilon_eq(dbl, carbon_mean(c, 1718888400, 19800, 3600), 360 * g, 1e-20));
	/* 13:45 to 15:15: 15 min of the first, 60 of the second, 15 of the third. */
	cr_expect(epsilon_eq(dbl, carbon_mean(c, 1718888400 + 2700, 0, 5400),
	    (360 * 15 + 720 * 60 + 180 * 15) / 90.0 * g, 1e-20));
	cr_expect(carbon_covers(c, 1718888400, 10800));
	cr_expect(not(carbon_covers(c, 1718888399, 60)));
	cr_expect(not(carbon_covers(c, 1718888400 + 10799, 2)));
	carbon_free(c);
}

static char *shape_of(double (*f)(int))
{
	static char text[1024];
	int n = snprintf(text, sizeof text, "hour,relative\n");
	for (int h = 0; h < 24; h++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%d,%.3f\n", h, f(h));
	return text;
}

static double ramp(int h)
{
	return 1 + (h - 11.5) / 20;
}

static double doubled(int h)
{
	return 2 * ramp(h);
}

Test(carbon, a_shape_goes_by_local_time_and_keeps_the_mean)
{
	struct carbon *c = read_text(by_shape, shape_of(ramp));
	cr_assert_not_null(c, "%s", shown);
	/* 13:00 UTC at +05:30 is 18:30: hour 18 for 30 minutes, then 19. */
	cr_expect(epsilon_eq(dbl, carbon_mean(c, 1718888400, 19800, 1800), ramp(18) * 1e-7, 1e-15));
	cr_expect(epsilon_eq(dbl, carbon_mean(c, 1718888400, 19800, 2400),
	    (30 * ramp(18) + 10 * ramp(19)) / 40 * 1e-7, 1e-15));
	cr_expect(
	    epsilon_eq(dbl, carbon_mean(c, 1718888400 + 1234, 19800, 3 * 86400), 1e-7, 1e-20));
	carbon_free(c);
}

Test(carbon, a_marginal_intensity_stands_beside_the_average)
{
	struct carbon_par par = { .intensity_kg_j = 1.17e-7, .marginal_kg_j = 1.9e-7 };
	struct object o = { .cls = &carbon_class, .par = &par };
	struct err_list *e = err_new();
	struct carbon *c = carbon_new(&o, e);
	cr_expect(carbon_has_marginal(c));
	cr_expect(eq(dbl, carbon_mean(c, 1717171717, 0, 61), 1.17e-7));
	cr_expect(eq(dbl, carbon_marginal(c, 1717171717, 0, 61), 1.9e-7));
	carbon_free(c);
	par = (struct carbon_par){ .intensity_kg_j = NAN, .marginal_kg_j = NAN,
		.from = FROM_SUPPLY };
	c = carbon_new(&o, e);
	carbon_quote(c, 1e-7, 2e-7);
	cr_expect(carbon_has_marginal(c));
	cr_expect(eq(dbl, carbon_mean(c, 0, 0, 61), 1e-7));
	cr_expect(eq(dbl, carbon_marginal(c, 0, 0, 61), 2e-7));
	carbon_free(c);
	par.kind = CARBON_MARGINAL; /* then nothing is beside it */
	c = carbon_new(&o, e);
	carbon_quote(c, 1e-7, 2e-7);
	cr_expect_not(carbon_has_marginal(c));
	cr_expect(eq(dbl, carbon_mean(c, 0, 0, 61), 2e-7));
	carbon_free(c);
	err_free(e);
}

Test(carbon, faults_come_with_place_and_remedy)
{
	static const struct {
		bool series;
		const char *text, *says;
	} cases[] = {
		{ true, "when,g_per_kwh\n",
		    "1:1: error: the header must name the columns utc (or time) and g_per_kwh" },
		{ true, "utc,g_per_kwh\n2024-06-20T13:00Z,36O\n",
		    "2:19: error: not a number of 0 or more" },
		{ true, "utc,g_per_kwh\n2024-06-20T13:00Z\n",
		    "2:1: error: fewer fields than the header has" },
		{ true, "utc,g_per_kwh\n2024-06-20T13:00Z,-1\n",
		    "2:19: error: not a number of 0 or more" },
		{ true, "utc,g_per_kwh\n2024-06-31T13:00Z,7\n", "2:1: error: not a time in UTC; write" },
		{ true, "utc,g_per_kwh\n2024-06-20T13:00+05:30,7\n",
		    "2:1: error: not a time in UTC; write" },
		{ true, "utc,g_per_kwh\n", "error: a series has at least two rows" },
		{ false, "hour,relative\n1,1\n",
		    "2:1: error: a shape has the hours 0 to 23 in order" },
		{ false, "hour,relative\n0,1\n", "error: a shape has 24 hours" },
		{ false, "utc,g_per_kwh\n",
		    "1:1: error: the header must name the columns hour and relative" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cr_expect_null(read_text(cases[i].series ? by_series : by_shape, cases[i].text));
		cr_expect_not_null(strstr(shown, cases[i].says), "case %zu: %s", i, shown);
	}
	cr_expect_null(read_text(by_shape, shape_of(doubled)));
	cr_expect_not_null(strstr(shown, "the mean of 'relative' is 2.0000; scale"), "%s", shown);
}

Test(carbon, one_source_of_figures_is_asked_for)
{
	static const struct {
		struct carbon_par par;
		const char *says;
	} cases[] = {
		{ { .intensity_kg_j = 1e-7, .kind = CARBON_MARGINAL, .marginal_series = "m.csv" },
		    "by kind=\"marginal\" the main figures are marginal" },
		{ { .intensity_kg_j = NAN, .from = FROM_SUPPLY, .marginal_series = "m.csv" },
		    "the units of the <supply> give both intensities" },
		{ { .intensity_kg_j = NAN }, "carbon: write intensity=\"...\" or series=\"...\"" },
		{ { .intensity_kg_j = 1e-7, .series = "a.csv" }, "a series gives the intensity" },
		{ { .intensity_kg_j = NAN, .series = "a.csv", .shape = "b.csv" },
		    "has its own shape" },
		{ { .intensity_kg_j = 1e-7, .shape = "b.csv" }, "" },
		{ { .intensity_kg_j = NAN, .series = "a.csv" }, "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct carbon_par par = cases[i].par;
		par.marginal_kg_j = NAN;
		struct object o = { .cls = &carbon_class, .par = &par, .attr_pos = places };
		struct err_list *e = err_new();
		carbon_class.check(&o, e);
		memset(shown, 0, sizeof shown);
		FILE *f = fmemopen(shown, sizeof shown - 1, "w");
		err_print(e, f);
		fclose(f);
		cr_expect_not_null(strstr(shown, cases[i].says), "case %zu: %s", i, shown);
		cr_expect_eq(err_count(e), *cases[i].says ? 1 : 0);
		err_free(e);
	}
}
