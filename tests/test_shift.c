/* Differences with intervals: against values worked by hand, and by how often the intervals
 * hold the truth. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/shift.h"
#include "base/rng.h"

/* Student 1908, "The probable error of a mean", section IX: additional hours of sleep of ten
 * patients with the second drug over the first (Cushny and Peebles 1905). Mean 1.58, standard
 * deviation 1.23 with n - 1; 2.262157 is t for 9 degrees of freedom and 95 % (any table):
 * 1.58 -+ 2.262157 * 1.229995 / sqrt(10). */
Test(shift, students_sleep)
{
	static const double d[] = { 1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4 };
	struct shift s = shift_mean(d, 10);
	cr_expect(epsilon_eq(dbl, s.value, 1.58, 1e-12));
	cr_expect(epsilon_eq(dbl, s.lo, 0.700114, 1e-5), "%.6f", s.lo);
	cr_expect(epsilon_eq(dbl, s.hi, 2.459886, 1e-5), "%.6f", s.hi);
	cr_expect_eq(s.n, 10);
}

Test(shift, one_pair_has_no_interval)
{
	static const double d[] = { 3 };
	struct shift s = shift_mean(d, 1);
	cr_expect(s.value == 3 && isnan(s.lo) && isnan(s.hi));
	s = shift_mean(d, 0);
	cr_expect(isnan(s.value) && isnan(s.lo));
	static double few[2 * SHIFT_BLOCKS - 1];
	for (int i = 0; i < 2 * SHIFT_BLOCKS - 1; i++) few[i] = i;
	s = shift_mean_in_order(few, 2 * SHIFT_BLOCKS - 1);
	cr_expect(s.value == SHIFT_BLOCKS - 1 && isnan(s.lo));
	s = shift_quantile(few, few, 2 * SHIFT_BLOCKS - 1, 0.5);
	cr_expect(s.value == 0 && isnan(s.lo));
}

/* Batches of 3 equal values b = 0 to 31: mean 15.5, variance of the means (32^2 - 1) / 12 *
 * 32 / 31 = 88, t of 31 degrees of freedom 2.039513: 15.5 -+ 2.039513 * sqrt(88 / 32). */
Test(shift, batches_in_order)
{
	double d[3 * SHIFT_BLOCKS];
	for (int i = 0; i < 3 * SHIFT_BLOCKS; i++) d[i] = i / 3;
	struct shift s = shift_mean_in_order(d, 3 * SHIFT_BLOCKS);
	cr_expect(epsilon_eq(dbl, s.value, 15.5, 1e-12));
	cr_expect(epsilon_eq(dbl, s.hi - s.value, 3.382143, 1e-5), "%.6f", s.hi - s.value);
	cr_expect(epsilon_eq(dbl, s.value - s.lo, 3.382143, 1e-5));
}

/* Newcombe 1998, Statistics in Medicine 17(8), 873-890, table II, example (a), 56/70 against
 * 48/80, method 10: 0.0524 to 0.3339. Wilson's intervals of the two: 0.6912 to 0.8767 and
 * 0.4904 to 0.7003, by his formula with z = 1.959964. */
static struct ranged wilson(double x, double n)
{
	double p = x / n, z = 1.959964, mid = 2 * n * p + z * z, half = z * sqrt(z * z + 4 * n * p * (1 - p));
	return (struct ranged){ p, (mid - half) / (2 * (n + z * z)), (mid + half) / (2 * (n + z * z)) };
}

Test(shift, newcombes_proportions)
{
	struct shift s = shift_of_intervals(wilson(48, 80), wilson(56, 70));
	cr_expect(epsilon_eq(dbl, s.value, 0.2, 1e-12));
	cr_expect(epsilon_eq(dbl, s.lo, 0.0524, 5e-5), "%.5f", s.lo);
	cr_expect(epsilon_eq(dbl, s.hi, 0.3339, 5e-5), "%.5f", s.hi);
}

/* Ranks by hand: of 1 to 1000 the median is 500 and p90 is 900. A run whose every request
 * takes 7 more has quantiles 7 higher in every drawing, so the interval is a point. */
Test(shift, a_shift_of_all_is_certain)
{
	enum { N = 1000 };
	double a[N], b[N];
	for (int i = 0; i < N; i++) a[i] = 1 + i * 371 % N, b[i] = a[i] + 7;
	static const double p[] = { 0.5, 0.9, 0.95 };
	for (int i = 0; i < 3; i++) {
		struct shift s = shift_quantile(a, b, N, p[i]);
		cr_expect(s.value == 7 && s.lo == 7 && s.hi == 7, "%g: %g", p[i], s.value);
	}
	cr_expect(isnan(shift_quantile(a, b, N, 0.995).lo), "5 of 1000 are beyond");
	for (int i = 0; i < N; i++) b[i] = a[i] < 900 ? a[i] : a[i] + 3;
	cr_expect(shift_quantile(a, b, N, 0.9).value == 3 && shift_quantile(a, b, N, 0.5).value == 0);
}

/* ---- coverage ---- */

enum { RUNS = 300, PER_RUN = 3200 };

static double normal(struct pcg64 *g)
{
	double radius = sqrt(-2 * log(pcg64_open(g)));
	return radius * cos(2 * M_PI * pcg64_unit(g));
}

/* A pair of runs of requests whose latencies resemble their neighbours' (first-order
 * autoregression, 0.7) and each other's: log-normal, the second exp(0.1) times the first
 * but for noise of its own. Both have log-variance 1; the second's median is exp(0.1). */
static void draw_pair(struct pcg64 *g, double *a, double *b)
{
	double x = normal(g), y = normal(g);
	for (int i = 0; i < PER_RUN; i++) {
		x = 0.7 * x + sqrt(1 - 0.49) * normal(g);
		y = 0.7 * y + sqrt(1 - 0.49) * normal(g);
		a[i] = exp(x);
		b[i] = exp(0.1 + 0.8 * x + 0.6 * y);
	}
}

static bool holds(struct shift s, double truth)
{
	return s.lo <= truth && truth <= s.hi;
}

/* 300 runs tell 95 % to 2.5 % (two standard errors); few, skewed and dependent batches may
 * cost some more, so 91 % is asked. Cut into independent values, these intervals would hold
 * the mean in two of three runs. */
Test(shift, coverage_of_requests_that_depend_on_each_other, .timeout = 60)
{
	struct pcg64 g = rng_stream(7, 0, 1, RNG_TEST);
	static double a[PER_RUN], b[PER_RUN], d[PER_RUN];
	const double z90 = 1.2815515655446004; /* of a standard normal */
	int mean = 0, half = 0, most = 0, naive = 0;
	for (int run = 0; run < RUNS; run++) {
		draw_pair(&g, a, b);
		for (int i = 0; i < PER_RUN; i++) d[i] = b[i] - a[i];
		mean += holds(shift_mean_in_order(d, PER_RUN), exp(0.6) - exp(0.5));
		naive += holds(shift_mean(d, PER_RUN), exp(0.6) - exp(0.5));
		half += holds(shift_quantile(a, b, PER_RUN, 0.5), exp(0.1) - 1);
		most += holds(shift_quantile(a, b, PER_RUN, 0.9), exp(0.1 + z90) - exp(z90));
	}
	printf("coverage of 95 %% intervals in %d runs: mean %.1f %% (%.1f %% as if independent), "
	       "median %.1f %%, p90 %.1f %%\n",
	    RUNS, 100.0 * mean / RUNS, 100.0 * naive / RUNS, 100.0 * half / RUNS, 100.0 * most / RUNS);
	int least = (int)(0.91 * RUNS), top = (int)(0.985 * RUNS);
	cr_expect(mean >= least && mean <= top, "%d", mean);
	cr_expect(half >= least && half <= top, "%d", half);
	cr_expect(most >= least && most <= top, "%d", most);
	cr_expect(naive < (int)(0.85 * RUNS), "%d", naive);
}

/* Seeds are independent: exact for normal differences, whatever n. 4000 runs tell 95 % to
 * 0.7 % (two standard errors). */
Test(shift, coverage_of_seeds)
{
	enum { REPEATS = 4000 };
	struct pcg64 g = rng_stream(7, 0, 2, RNG_TEST);
	static const size_t seeds[] = { 3, 5, 10 };
	for (int k = 0; k < 3; k++) {
		int held = 0;
		double d[10];
		for (int r = 0; r < REPEATS; r++) {
			for (size_t i = 0; i < seeds[k]; i++) d[i] = 0.3 + 2 * normal(&g);
			held += holds(shift_mean(d, seeds[k]), 0.3);
		}
		printf("coverage of 95 %% intervals from %zu seeds: %.1f %%\n", seeds[k], 100.0 * held / REPEATS);
		cr_expect(abs(held - (int)(0.95 * REPEATS)) < 40, "%d", held);
	}
}
