#include "tests/unit.h"

#include <math.h>
#include <string.h>

#include "base/dist.h"

static struct dist parsed(const char *text, enum dim dim, double min, double max)
{
	struct dist d;
	char why[256] = "";
	cr_assert(dist_parse(text, dim, min, max, &d, why, sizeof why), "%s: %s", text, why);
	return d;
}

/* Expected by hand: SI = number * factor + offset. */
Test(dist, laws_are_read_with_one_unit)
{
	static const struct {
		const char *text;
		enum dim dim;
		enum dist_kind kind;
		double a, b, mean;
	} row[] = {
		{ "4.2 kW", DIM_POWER, DIST_CONST, 4200, 0, 4200 },
		{ "uniform(3, 6) kW", DIM_POWER, DIST_UNIFORM, 3000, 6000, 4500 },
		{ " uniform ( 3,6 )kW ", DIM_POWER, DIST_UNIFORM, 3000, 6000, 4500 },
		{ "uniform(18, 23) degC", DIM_TEMPERATURE, DIST_UNIFORM, 291.15, 296.15, 293.65 },
		{ "normal(20.5, 1.5) degC", DIM_TEMPERATURE, DIST_NORMAL, 293.65, 1.5, 293.65 },
		{ "normal(4, 0.5) kW", DIM_POWER, DIST_NORMAL, 4000, 500, 4000 },
		{ "lognormal(4, 0.5) kW", DIM_POWER, DIST_LOGNORMAL, 4000, 0.5,
		    4000 * 1.1331484530668263 }, /* exp(1/8) */
		{ "uniform(20, 65) %", DIM_FRACTION, DIST_UNIFORM, 0.2, 0.65, 0.425 },
		{ "uniform(0.2, 0.65)", DIM_FRACTION, DIST_UNIFORM, 0.2, 0.65, 0.425 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct dist d = parsed(row[i].text, row[i].dim, -1e6, 1e6);
		cr_expect_eq(d.kind, row[i].kind, "%s", row[i].text);
		cr_expect_float_eq(d.a, row[i].a, 1e-12 * fabs(row[i].a), "%s: a", row[i].text);
		cr_expect_float_eq(d.b, row[i].b, 1e-12 * fabs(row[i].b), "%s: b", row[i].text);
		cr_expect_float_eq(
		    dist_mean(&d), row[i].mean, 1e-12 * row[i].mean, "%s: mean", row[i].text);
	}
}

Test(dist, choices_have_weights_that_add_up_to_one)
{
	struct dist d = parsed("choice(3, 5, 10) kW", DIM_POWER, 0, 1e5);
	cr_expect_eq(d.n, 3);
	cr_expect_float_eq(dist_mean(&d), 6000, 1e-9);
	d = parsed("choice(3:0.5, 5 : 0.3, 10:0.2) kW", DIM_POWER, 0, 1e5);
	cr_expect_eq(d.value[2], 10000);
	cr_expect_float_eq(d.weight[1], 0.3, 1e-15);
	cr_expect_float_eq(dist_mean(&d), 5000, 1e-9); /* 1.5 + 1.5 + 2 */
	d = parsed("choice(1:0.333, 2:0.333, 3:0.333)", DIM_NUMBER, 0, 9);
	cr_expect_float_eq(d.weight[0] + d.weight[1] + d.weight[2], 1, 1e-15);
}

/* By hand: a tenth below 2, then 2 to 8 (4 at the middle, in the logarithm), then
 * flat; mean 0.1 x 2 + 0.5 x 6 / ln 4 + 0.3 x 8 + 0.1 x 8. */
Test(dist, quantiles_are_interpolated_in_the_logarithm)
{
	struct dist d = parsed("quantiles(0.1:2, 0.6 : 8, 0.9:8) kW", DIM_POWER, 0, 1e5);
	cr_expect_eq(d.n, 3);
	cr_expect_eq(d.value[1], 8000);
	cr_expect_eq(d.weight[1], 0.6);
	cr_expect_float_eq(dist_mean(&d), 1000 * (0.2 + 3 / 1.3862943611198906 + 3.2), 1e-9);
	struct pcg64 g = rng_stream(3, 0, 5, RNG_TEST), twin = g;
	for (int i = 0; i < 1009; i++) {
		double u = pcg64_open(&twin), x = dist_draw(&d, &g);
		double want = u < 0.1 ? 2000 : u < 0.6 ? 2000 * exp2((u - 0.1) / 0.25) : 8000;
		cr_assert_float_eq(x, want, 1e-9 * want, "%g: %g", u, x);
	}
	d = parsed("quantiles(0:5, 1:5)", DIM_NUMBER, 0, 9);
	cr_expect_eq(dist_draw(&d, &g), 5);
	cr_expect_eq(dist_mean(&d), 5);
}

/* Prompts of the Azure 2023 conversation trace (Patel et al. 2024): what is drawn
 * has the quantiles that were given. The share below a p-quantile is binomial: four
 * standard deviations. */
Test(dist, drawn_quantiles_are_those_given)
{
	static const double p[] = { 0.01, 0.25, 0.5, 0.75, 0.9, 0.99 };
	static const double value[] = { 29, 396, 1020, 1189, 2734, 4142 };
	struct dist d = parsed("quantiles(0.01:29, 0.25:396, 0.5:1020, 0.75:1189, 0.9:2734, "
			       "0.99:4142, 1:14050) tokens", DIM_TOKENS, 1, 131072);
	enum { N = 100003 };
	int below[6] = { 0 };
	struct pcg64 g = rng_stream(3, 0, 7, RNG_TEST);
	for (int i = 0; i < N; i++) {
		double x = dist_draw(&d, &g);
		for (int k = 0; k < 6; k++) below[k] += x <= value[k];
	}
	for (int k = 0; k < 6; k++)
		cr_expect(fabs(below[k] - p[k] * N) < 4 * sqrt(p[k] * (1 - p[k]) * N), "%g: %d",
		    p[k], below[k]);
}

Test(dist, money_keeps_its_currency)
{
	struct dist d = parsed("uniform(0.2, 0.4) EUR/kWh", DIM_MONEY_PER_ENERGY, 0, 1);
	cr_expect_str_eq(d.currency, "EUR");
	d = parsed("0.31 USD/kWh", DIM_MONEY_PER_ENERGY, 0, 1);
	cr_expect_str_eq(d.currency, "USD");
}

Test(dist, faults_name_the_remedy)
{
	static const struct {
		const char *text;
		enum dim dim;
		const char *part; /* of the message */
	} row[] = {
		{ "unifrom(3, 6) kW", DIM_POWER, "did you mean uniform?" },
		{ "gamma(3, 6) kW", DIM_POWER, "lognormal, choice or quantiles" },
		{ "(3, 6) kW", DIM_POWER, "lognormal, choice or quantiles" },
		{ "uniform(3, 6 kW", DIM_POWER, "no closing bracket" },
		{ "uniform(3, 6)", DIM_POWER, "no unit; power wants" },
		{ "uniform(3, 6) kWh", DIM_POWER, "is an energy; power wants" },
		{ "uniform(3 kW, 6 kW) kW", DIM_POWER, "write the unit once, after the bracket" },
		{ "uniform(3) kW", DIM_POWER, "1 number in uniform, which takes two" },
		{ "uniform(3,5, 6) kW", DIM_POWER, "3 numbers in uniform, which takes two" },
		{ "uniform() kW", DIM_POWER, "a number is missing" },
		{ "uniform(3,) kW", DIM_POWER, "a number is missing" },
		{ "uniform(6, 3) kW", DIM_POWER, "write uniform(3, 6)" },
		{ "uniform(3, nan) kW", DIM_POWER, "'nan' is not a plain number" },
		{ "uniform(3, 1e999) kW", DIM_POWER, "too large" },
		{ "uniform(3, 60) kW", DIM_POWER, "60 kW must be at most 50 kW" },
		{ "uniform(0.5, 6) kW", DIM_POWER, "500 W must be at least 1 kW" },
		{ "70 kW", DIM_POWER, "70 kW must be at most 50 kW" },
		{ "normal(4, -1) kW", DIM_POWER, "must not be negative" },
		{ "normal(70, 1) kW", DIM_POWER, "70 kW must be at most 50 kW" },
		{ "lognormal(0, 1) kW", DIM_POWER, "must be above zero" },
		{ "lognormal(4, -1) kW", DIM_POWER, "must not be negative" },
		{ "lognormal(4:1, 1) kW", DIM_POWER, "only choice takes weights" },
		{ "choice(3:0.5, 5:0.4) kW", DIM_POWER, "the weights add up to 0.9" },
		{ "choice(3:0.5, 5) kW", DIM_POWER, "give it to all or none" },
		{ "choice(3:1.5, 5:-0.5) kW", DIM_POWER, "must not be negative" },
		{ "choice(3, 70) kW", DIM_POWER, "70 kW must be at most 50 kW" },
		{ "choice(2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2) kW", DIM_POWER, "at most 16" },
		{ "quantiles(0.5:5) kW", DIM_POWER, "one pair is no distribution" },
		{ "quantiles(0.5:5, 7) kW", DIM_POWER, "' 7' is no pair" },
		{ "quantiles(0.5:5, 0.9:) kW", DIM_POWER, "a number is missing" },
		{ "quantiles(0.5:5, 1.1:7) kW", DIM_POWER, "the share 1.1 is not from 0 to 1" },
		{ "quantiles(0.5:5, 0.5:7) kW", DIM_POWER, "shares must rise" },
		{ "quantiles(0.5:5, 0.7:4) kW", DIM_POWER, "values not fall" },
		{ "quantiles(0:0, 0.7:4) kW", DIM_POWER, "must be above zero" },
		{ "quantiles(0:2, 0.7:51) kW", DIM_POWER, "51 kW must be at most 50 kW" },
		{ "4.2", DIM_POWER, "no unit" },
		{ "", DIM_POWER, "empty" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct dist d = { .kind = DIST_CONST, .a = 7 };
		char why[256] = "";
		cr_expect_not(dist_parse(row[i].text, row[i].dim, 1000, 50e3, &d, why, sizeof why),
		    "%s", row[i].text);
		cr_expect(strstr(why, row[i].part) != NULL, "%s: %s", row[i].text, why);
		cr_expect_eq(d.a, 7, "%s: touched", row[i].text);
	}
}

enum { DRAWS = 200000 };

struct moments {
	double mean, variance, lowest, highest;
};

static struct moments draw_many(const struct dist *d)
{
	struct pcg64 g = rng_stream(11, 0, rng_entity("dist"), RNG_TEST);
	struct moments m = { 0, 0, INFINITY, -INFINITY };
	double squares = 0, sum = 0, centre = dist_mean(d);
	for (int i = 0; i < DRAWS; i++) {
		double x = dist_draw(d, &g);
		sum += x - centre;
		squares += (x - centre) * (x - centre);
		m.lowest = fmin(m.lowest, x);
		m.highest = fmax(m.highest, x);
	}
	m.mean = centre + sum / DRAWS;
	m.variance = squares / DRAWS - (sum / DRAWS) * (sum / DRAWS);
	return m;
}

/* Expected: the laws' moments; 4 standard errors of the mean, and for the
 * variance 4 sqrt((kurtosis - 1) / n) relative: 2 % covers all but the
 * lognormal, whose kurtosis at sigma 1/2 is 8.9 (2.5 %). */
Test(dist, draws_have_the_moments_of_the_law)
{
	static const struct {
		const char *text;
		double mean, sd, tol_var;
	} row[] = {
		{ "uniform(3, 6)", 4.5, 0.8660254037844386, 0.02 },
		{ "normal(4, 0.7)", 4, 0.7, 0.02 },
		{ "lognormal(4, 0.5)", 4.532593812267305, 2.4156021328435244, 0.03 },
		{ "choice(3:0.5, 5:0.3, 10:0.2)", 5, 2.6457513110645907, 0.02 },
		/* the exponential of a uniform number: 2 / ln 3, 4 / ln 3 less its square */
		{ "quantiles(0:1, 1:3)", 1.8204784532536746, 0.571677450794115, 0.02 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct dist d = parsed(row[i].text, DIM_NUMBER, -1e9, 1e9);
		struct moments m = draw_many(&d);
		cr_expect_lt(fabs(m.mean - row[i].mean), 4 * row[i].sd / sqrt(DRAWS), "%s: %g",
		    row[i].text, m.mean);
		cr_expect_lt(fabs(m.variance / (row[i].sd * row[i].sd) - 1), row[i].tol_var,
		    "%s: variance %g", row[i].text, m.variance);
	}
}

Test(dist, draws_stay_in_the_attributes_range)
{
	struct dist d = parsed("normal(4, 3)", DIM_NUMBER, 1.5, 7.5);
	struct moments m = draw_many(&d);
	cr_expect_eq(m.lowest, 1.5);
	cr_expect_eq(m.highest, 7.5);
	d = parsed("lognormal(4, 1)", DIM_NUMBER, 0.5, 9);
	m = draw_many(&d);
	cr_expect_eq(m.lowest, 0.5);
	cr_expect_eq(m.highest, 9);
	d = parsed("uniform(3, 6)", DIM_NUMBER, 0, 9);
	m = draw_many(&d);
	cr_expect(m.lowest >= 3 && m.lowest < 3.001 && m.highest <= 6 && m.highest > 5.999);
}

/* One number a draw whatever the law, and the same order: the member that draws
 * more under one setting draws more under the other. */
Test(dist, common_random_numbers_survive_a_change_of_law)
{
	static const char *const text[] = { "4", "uniform(3, 6)", "normal(4, 1)", "lognormal(4, 1)",
		"choice(3, 5, 10)", "quantiles(0.2:3, 1:7)" };
	double before[6] = { 0 };
	struct pcg64 other = rng_stream(2, 0, 5, RNG_TEST);
	for (int i = 0; i < 6; i++) {
		struct dist d = parsed(text[i], DIM_NUMBER, -1e9, 1e9);
		struct pcg64 g = rng_stream(2, 0, 5, RNG_TEST), h = g;
		dist_draw(&d, &g);
		pcg64_next(&h);
		cr_expect(g.state == h.state, "%s", text[i]);
	}
	for (int k = 0; k < 100; k++) {
		double u = pcg64_unit(&(struct pcg64){ other.state, other.inc });
		for (int i = 1; i < 6; i++) {
			struct dist d = parsed(text[i], DIM_NUMBER, -1e9, 1e9);
			struct pcg64 g = other;
			double x = dist_draw(&d, &g);
			if (k) cr_expect_eq(u >= before[0] ? x >= before[i] : x <= before[i], true);
			before[i] = x;
		}
		before[0] = u;
		pcg64_next(&other);
	}
}
