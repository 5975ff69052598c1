#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "sim/batch.h"
#include "sim/hist.h"
#include "sim/quantile.h"
#include "sim/tally.h"
#include "sim/timeweighted.h"
#include "sim/warmup.h"

#define S INT64_C(1000000000)

static double exponential(struct pcg64 *g)
{
	return -log(pcg64_open(g));
}

/* Polar coordinates of two uniforms (Box and Muller 1958). */
static double normal(struct pcg64 *g)
{
	double r = sqrt(2 * exponential(g));
	return r * cos(6.283185307179586 * pcg64_unit(g));
}

/* ---- tally ---- */

/* Expected by hand: deviations -3 -1 -1 -1 0 0 2 4, squares 32. */
Test(tally, mean_variance_and_extremes)
{
	static const double x[] = { 4, 2, 4, 5, 4, 9, 5, 7 };
	struct tally t = TALLY_EMPTY;
	for (int i = 0; i < 8; i++) tally_add(&t, x[i]);
	cr_expect_eq(t.count, 8);
	cr_expect_float_eq(tally_mean(&t), 5, 1e-15);
	cr_expect_float_eq(tally_variance(&t), 32.0 / 7, 1e-14);
	cr_expect_float_eq(tally_sd(&t), sqrt(32.0 / 7), 1e-14);
	cr_expect_eq(tally_min(&t), 2);
	cr_expect_eq(tally_max(&t), 9);
	/* t(0.975, 7) = 2.36462 (tables of Student's t) */
	cr_expect_float_eq(tally_half_width(&t, 0.95), 2.36462 * sqrt(32.0 / 7 / 8), 1e-4);
}

/* The sum of squares minus the square of the sum would lose every digit. */
Test(tally, variance_far_from_zero)
{
	static const double x[] = { 4, 7, 13, 16 }; /* deviations -6 -3 3 6: 90 / 3 */
	struct tally t = TALLY_EMPTY;
	for (int i = 0; i < 4; i++) tally_add(&t, 1e9 + x[i]);
	cr_expect_float_eq(tally_variance(&t), 30, 1e-9);
}

Test(tally, none_and_one)
{
	struct tally t = TALLY_EMPTY;
	cr_expect(isnan(tally_mean(&t)) && isnan(tally_min(&t)) && isnan(tally_max(&t)));
	tally_add(&t, -7);
	cr_expect_eq(tally_mean(&t), -7);
	cr_expect_eq(tally_max(&t), -7);
	cr_expect(isnan(tally_variance(&t)) && isnan(tally_half_width(&t, 0.95)));
}

Test(tally, a_merge_equals_one_tally)
{
	struct pcg64 g = rng_stream(1, 0, 0, RNG_TEST);
	for (int first = 0; first <= 100; first += 25) {
		struct tally all = TALLY_EMPTY, a = TALLY_EMPTY, b = TALLY_EMPTY;
		for (int i = 0; i < 100; i++) {
			double x = 1000 + normal(&g);
			tally_add(&all, x);
			tally_add(i < first ? &a : &b, x);
		}
		tally_merge(&a, &b);
		cr_expect_eq(a.count, 100);
		cr_expect_float_eq(tally_mean(&a), tally_mean(&all), 1e-10);
		cr_expect_float_eq(tally_variance(&a), tally_variance(&all), 1e-9);
		cr_expect_eq(tally_min(&a), tally_min(&all));
		cr_expect_eq(tally_max(&a), tally_max(&all));
	}
}

/* Expected: tables of Student's t, 0.975 quantile. */
Test(tally, student_quantiles)
{
	static const double row[][2] = { { 1, 12.7062 }, { 9, 2.26216 }, { 19, 2.09302 },
		{ 29, 2.04523 }, { 49, 2.00958 } };
	for (int i = 0; i < 5; i++) cr_expect_float_eq(student_t(0.95, row[i][0]), row[i][1], 1e-4);
}

/* ---- timeweighted ---- */

/* 3 for 2 s, 0 for 4 s, 8 for no time, 5 for 1 s. */
Test(timeweighted, mean_integral_and_extremes)
{
	struct timeweighted w;
	timeweighted_init(&w, 7 * S, 3);
	cr_expect_eq(timeweighted_mean(&w, 7 * S), 3);
	timeweighted_set(&w, 9 * S, 0);
	timeweighted_add(&w, 13 * S, 8);
	timeweighted_add(&w, 13 * S, -3);
	cr_expect_float_eq(timeweighted_integral(&w, 14 * S), 11, 1e-12);
	cr_expect_float_eq(timeweighted_mean(&w, 14 * S), 11.0 / 7, 1e-12);
	cr_expect_eq(w.max, 8);
	cr_expect_eq(w.min, 0);
}

Test(timeweighted, reset_forgets_all_but_the_level)
{
	struct timeweighted w;
	timeweighted_init(&w, 0, 9);
	timeweighted_set(&w, 5 * S, 2);
	timeweighted_reset(&w, 8 * S);
	timeweighted_set(&w, 9 * S, 4);
	cr_expect_float_eq(timeweighted_mean(&w, 10 * S), 3, 1e-12);
	cr_expect_eq(w.max, 4);
	cr_expect_eq(w.min, 2);
}

/* A year in steps of 7 ms at level 1: no drift beyond rounding. */
Test(timeweighted, many_short_steps_add_up)
{
	struct timeweighted w;
	timeweighted_init(&w, 0, 1);
	int64_t t = 0;
	for (int i = 0; i < 3000000; i++) timeweighted_set(&w, t += 7000003, 1);
	cr_expect_float_eq(timeweighted_mean(&w, t), 1, 1e-9);
}

/* ---- quantiles of sorted values ---- */

Test(quantile, ranks)
{
	static const struct {
		uint64_t n;
		double p;
		uint64_t rank;
	} row[] = { { 1, 0.5, 1 }, { 10, 0.5, 5 }, { 11, 0.5, 6 }, { 100, 0.07, 7 },
		{ 100, 0.29, 29 }, { 100, 0.991, 100 }, { 1000, 0.999, 999 }, { 7, 0, 1 },
		{ 7, 1, 7 } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_eq(quantile_rank(row[i].n, row[i].p), row[i].rank, "row %zu", i);
}

/* Expected: tables of the 95 % interval of the median (Conover 1999, "Practical
 * Nonparametric Statistics", table A3: the sign test's critical values). The last
 * two rows bracket ln 0.025 / ln 0.999 = 3687.03. */
Test(quantile, interval_ranks_agree_with_tables)
{
	static const struct {
		uint64_t n;
		double p;
		uint64_t lo, hi; /* 0: too few */
	} row[] = { { 5, 0.5, 0, 0 }, { 6, 0.5, 1, 6 }, { 10, 0.5, 2, 9 }, { 20, 0.5, 6, 15 },
		{ 50, 0.5, 18, 33 }, { 100, 0.5, 40, 61 }, { 3687, 0.999, 0, 0 },
		{ 3688, 0.999, 3680, 3688 } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		uint64_t lo = 0, hi = 0;
		bool some = quantile_ci_ranks(row[i].n, row[i].p, 0.95, &lo, &hi);
		cr_expect_eq(some, row[i].lo > 0, "n %lu", row[i].n);
		cr_expect_eq(lo, row[i].lo, "n %lu: %lu", row[i].n, lo);
		cr_expect_eq(hi, row[i].hi, "n %lu: %lu", row[i].n, hi);
	}
}

/* From 1e5 on the binomial is expanded: the width grows as sqrt(n), with no jump. */
Test(quantile, interval_ranks_are_smooth_where_the_method_changes)
{
	static const double p[] = { 0.5, 0.9, 0.99, 0.999, 0.003 };
	for (int i = 0; i < 5; i++) {
		uint64_t lo[2], hi[2];
		for (uint64_t k = 0; k < 2; k++)
			cr_assert(quantile_ci_ranks(100000 + k, p[i], 0.95, &lo[k], &hi[k]));
		cr_expect_leq(llabs((long long)(lo[1] - lo[0])), 1, "p %g", p[i]);
		cr_expect_leq(llabs((long long)(hi[1] - hi[0])), 2, "p %g", p[i]);
	}
	uint64_t lo, hi; /* 1e9: np = 5e8, z sd = 1.959964 * 15811.388 = 30989.8 */
	cr_assert(quantile_ci_ranks(1000000000, 0.5, 0.95, &lo, &hi));
	cr_expect_leq(llabs((long long)lo - (500000000 - 30989)), 2);
	cr_expect_leq(llabs((long long)hi - (500000000 + 30991)), 2);
}

static int ascending(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;
	return (a > b) - (a < b);
}

/* 2000 samples of 200 exponential values: the p-quantile -ln(1-p) is covered in
 * 95 % at least (4 standard errors: 2 %), and the interval is not idle. */
Test(quantile, intervals_cover_the_true_quantile)
{
	enum { RUNS = 2000, N = 200 };
	static const double p[] = { 0.5, 0.9, 0.95 };
	struct pcg64 g = rng_stream(4, 0, 0, RNG_TEST);
	struct hist *h = mem_new(1, sizeof *h);
	int sorted[3] = { 0 }, binned[3] = { 0 };
	for (int run = 0; run < RUNS; run++) {
		double x[N], lo, hi;
		hist_init(h);
		for (int i = 0; i < N; i++) hist_add(h, x[i] = exponential(&g));
		qsort(x, N, sizeof *x, ascending);
		for (int k = 0; k < 3; k++) {
			double truth = -log1p(-p[k]);
			cr_assert(quantile_sorted_ci(x, N, p[k], 0.95, &lo, &hi));
			sorted[k] += lo <= truth && truth <= hi;
			cr_assert(
			    lo <= quantile_sorted(x, N, p[k]) && hi >= quantile_sorted(x, N, p[k]));
			cr_assert(hist_quantile_ci(h, p[k], 0.95, &lo, &hi));
			binned[k] += lo <= truth && truth <= hi;
		}
	}
	for (int k = 0; k < 3; k++) {
		cr_expect(sorted[k] > 0.93 * RUNS && sorted[k] < 0.985 * RUNS, "p %g: %d", p[k],
		    sorted[k]);
		cr_expect(
		    binned[k] >= sorted[k] && binned[k] < 0.99 * RUNS, "p %g: %d", p[k], binned[k]);
	}
	free(h);
}

/* ---- histogram ---- */

Test(hist, edges_enclose_their_values)
{
	cr_expect_eq(hist_edge(0), 0);
	cr_expect_eq(hist_edge(1), ldexp(1, HIST_EXP_MIN));
	cr_expect_eq(hist_edge(1 + HIST_PER_OCTAVE), ldexp(2, HIST_EXP_MIN));
	cr_expect_eq(hist_edge(HIST_BUCKETS - 1), ldexp(1, HIST_EXP_MAX));
	cr_expect_eq(hist_edge(HIST_BUCKETS), INFINITY);
	for (int i = 0; i < HIST_BUCKETS - 1; i++) {
		double lo = hist_edge(i), hi = hist_edge(i + 1);
		cr_assert_lt(lo, hi);
		cr_assert_eq(hist_index(lo), i);
		cr_assert_eq(hist_index(nextafter(hi, 0)), i);
		if (i) cr_assert(hi / lo <= 1 + 1.0 / 128 && hi / lo > 1 + 1.0 / 256);
	}
	cr_expect_eq(hist_index(1e300), HIST_BUCKETS - 1);
}

static double law_value(int law, struct pcg64 *g)
{
	if (law == 0) return exponential(g);
	if (law == 1) return exp(1.2 * normal(g));
	return pow(pcg64_open(g), -1 / 1.5); /* Pareto 1.5 */
}

/* Against the exact order statistic: off by less than a bucket, 1/128. */
Test(hist, quantiles_agree_with_a_sort)
{
	enum { N = 100003 };
	static const double p[] = { 0, 0.0001, 0.5, 0.9, 0.99, 0.999, 1 };
	struct hist *h = mem_new(1, sizeof *h);
	double *x = mem_new(N, sizeof *x);
	for (int law = 0; law < 3; law++) {
		struct pcg64 g = rng_stream(6, 0, law, RNG_TEST);
		hist_init(h);
		for (int i = 0; i < N; i++) hist_add(h, x[i] = law_value(law, &g));
		qsort(x, N, sizeof *x, ascending);
		for (int k = 0; k < 7; k++) {
			double want = quantile_sorted(x, N, p[k]), got = hist_quantile(h, p[k]);
			cr_expect_lt(fabs(got / want - 1), 1.0 / 128, "law %d, p %g", law, p[k]);
		}
		cr_expect_eq(hist_quantile(h, 0), x[0]);
		cr_expect_eq(hist_quantile(h, 1), x[N - 1]);
	}
	free(x);
	free(h);
}

/* Tokens that come together have no gap between them, not some part of a nanosecond. */
Test(hist, zeros_stay_zero)
{
	struct hist *h = mem_new(1, sizeof *h);
	hist_init(h);
	hist_add_n(h, 0, 700);
	hist_add_n(h, 0.017, 300);
	cr_expect_eq(hist_quantile(h, 0.5), 0);
	cr_expect_eq(hist_quantile(h, 0.7), 0);
	cr_expect_float_eq(hist_quantile(h, 0.71), 0.017, 0.017 * 0.008);
	free(h);
}

Test(hist, a_merge_is_exact_and_free_of_order)
{
	struct hist *part = mem_new(5, sizeof *part), *a = part + 3, *b = part + 4;
	struct pcg64 g = rng_stream(8, 0, 0, RNG_TEST);
	for (int i = 0; i < 5; i++) hist_init(&part[i]);
	for (int i = 0; i < 3000; i++) hist_add(&part[i % 3 ? i % 2 : 2], law_value(1, &g));
	for (int i = 0; i < 3; i++) {
		hist_merge(a, &part[i]);
		hist_merge(b, &part[2 - i]);
	}
	cr_expect_eq(a->count, 3000);
	cr_expect_eq(memcmp(a, b, sizeof *a), 0);
	hist_init(b);
	hist_merge(a, b); /* nothing */
	cr_expect_eq(a->count, 3000);
	cr_expect_eq(a->min, fmin(part[0].min, fmin(part[1].min, part[2].min)));
	free(part);
}

Test(hist, adding_n_times_equals_n_additions)
{
	struct hist *h = mem_new(2, sizeof *h);
	hist_init(&h[0]);
	hist_init(&h[1]);
	for (int i = 0; i < 37; i++) hist_add(&h[0], 0.0271);
	hist_add_n(&h[1], 0.0271, 37);
	hist_add_n(&h[1], 99, 0);
	cr_expect_eq(memcmp(&h[0], &h[1], sizeof *h), 0);
	cr_expect_eq(hist_quantile(&h[0], 0.5), 0.0271, "min and max are exact");
	free(h);
}

/* 300 of 3, 500 of 5, 200 of 40: no bucket holds two of them. */
Test(hist, counts_below)
{
	struct hist *h = mem_new(1, sizeof *h);
	hist_init(h);
	cr_expect_eq(hist_below(h, 1), 0);
	hist_add_n(h, 3, 300);
	hist_add_n(h, 5, 500);
	hist_add_n(h, 40, 200);
	cr_expect_eq(hist_below(h, 3), 0);
	cr_expect_eq(hist_below(h, 4), 300);
	cr_expect_eq(hist_below(h, 20), 800);
	cr_expect_eq(hist_below(h, 40), 800);
	cr_expect_eq(hist_below(h, 40.0001), 1000);
	/* 5 begins the bucket to 5 + 4/128: a quarter of it */
	cr_expect_float_eq(hist_below(h, 5 + 1.0 / 128), 300 + 500 / 4.0, 1e-9);
	free(h);
}

Test(hist, values_out_of_range_keep_their_extremes)
{
	struct hist *h = mem_new(1, sizeof *h);
	hist_init(h);
	cr_expect(isnan(hist_quantile(h, 0.5)));
	hist_add_n(h, 0, 10);
	hist_add_n(h, -0.0, 10);
	hist_add_n(h, 7e12, 20);
	cr_expect_eq(h->bucket[0], 20);
	cr_expect_eq(h->bucket[HIST_BUCKETS - 1], 20);
	cr_expect_eq(hist_quantile(h, 0), 0);
	cr_expect_eq(hist_quantile(h, 1), 7e12);
	cr_expect(hist_quantile(h, 0.3) >= 0 && hist_quantile(h, 0.3) < hist_edge(1));
	free(h);
}

/* ---- batch means ---- */

/* Expected by hand for the means 1 2 4 3: deviations -1.5 -0.5 1.5 0.5, squares
 * 5, products 0.75, steps 1 + 4 + 1; t(0.975, 3) = 3.182446. */
Test(batch, formulas)
{
	struct batch b;
	batch_init(&b);
	static const double x[] = { 1, 2, 4, 3 };
	for (int i = 0; i < 4; i++) batch_add(&b, x[i]);
	struct batch_interval in = batch_interval(&b, 0.95);
	cr_expect_eq(in.batches, 4);
	cr_expect_float_eq(in.mean, 2.5, 1e-15);
	cr_expect_float_eq(in.half_width, 3.182446 * sqrt(5.0 / 3 / 4), 1e-5);
	cr_expect_float_eq(in.lag1, 0.15, 1e-14);
	cr_expect_float_eq(in.z, sqrt(15.0 / 2) * 0.4, 1e-14);
	cr_expect(in.independent);
}

Test(batch, batches_double_in_size)
{
	static const struct {
		uint64_t n;
		int count;
		uint64_t size;
	} row[] = { { 0, 0, 1 }, { 63, 63, 1 }, { 64, 64, 1 }, { 65, 32, 2 }, { 66, 33, 2 },
		{ 128, 64, 2 }, { 129, 32, 4 }, { 100000, 48, 2048 } };
	for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
		struct batch b;
		batch_init(&b);
		for (uint64_t i = 0; i < row[k].n; i++) batch_add(&b, (double)i);
		cr_expect_eq(b.count, row[k].count, "n %lu: %d", row[k].n, b.count);
		cr_expect_eq(b.size, row[k].size, "n %lu: %lu", row[k].n, b.size);
		for (int i = 0; i < b.count; i++) /* mean of i size to (i + 1) size - 1 */
			cr_assert_float_eq(
			    b.mean[i], i * (double)b.size + ((double)b.size - 1) / 2, 1e-9);
	}
}

/* An autoregressive series of mean 5: x' = 5 + phi (x - 5) + noise. */
static struct batch_interval series(double phi, int n, uint64_t seed)
{
	struct pcg64 g = rng_stream(seed, 0, 0, RNG_TEST);
	struct batch b;
	double x = normal(&g) / sqrt(1 - phi * phi);
	batch_init(&b);
	for (int i = 0; i < n; i++) {
		x = phi * x + normal(&g);
		batch_add(&b, 5 + x);
	}
	return batch_interval(&b, 0.95);
}

/* Of 400 series, 95 % of the intervals cover the mean (4 standard errors: 4.4 %);
 * a normalised z above its 95 % quantile is rare. */
Test(batch, intervals_cover_when_batches_are_long)
{
	int covered = 0, trusted = 0;
	for (uint64_t seed = 0; seed < 400; seed++) {
		struct batch_interval in = series(0.7, 8192, seed);
		covered += fabs(in.mean - 5) <= in.half_width;
		trusted += in.independent;
	}
	cr_expect_gt(covered, 362, "%d", covered);
	cr_expect_lt(covered, 398, "%d", covered);
	cr_expect_gt(trusted, 355, "%d", trusted);
}

Test(batch, short_batches_are_not_trusted)
{
	int trusted = 0;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct batch_interval in = series(0.99, 256, seed); /* of 4 values */
		trusted += in.independent;
		cr_expect_gt(in.lag1, 0.3, "lag 1: %g", in.lag1);
	}
	cr_expect_lt(trusted, 5, "%d", trusted);
}

Test(batch, too_few_values_have_no_interval)
{
	struct batch b;
	batch_init(&b);
	cr_expect(isnan(batch_interval(&b, 0.95).mean));
	batch_add(&b, 3);
	cr_expect(isnan(batch_interval(&b, 0.95).half_width));
	for (int i = 0; i < 9; i++) batch_add(&b, 3);
	cr_expect_eq(batch_interval(&b, 0.95).half_width, 0);
	cr_expect_not(batch_interval(&b, 0.95).independent, "equal values tell nothing");
}

/* ---- warm-up ---- */

/* The definition, in n^2: averages of five, the cut of least standard error. */
static size_t mser5_plainly(const double *x, size_t n)
{
	size_t groups = n / 5, best = 0;
	double least = INFINITY;
	for (size_t d = 0; d + 5 <= groups; d++) {
		double mean = 0, squares = 0, kept = (double)(groups - d);
		for (size_t i = 5 * d; i < 5 * groups; i++) mean += x[i] / (5 * kept);
		for (size_t k = d; k < groups; k++) {
			double y = 0;
			for (size_t i = 5 * k; i < 5 * k + 5; i++) y += x[i] / 5;
			squares += (y - mean) * (y - mean);
		}
		if (squares / (kept * kept) >= least) continue;
		least = squares / (kept * kept);
		best = d;
	}
	return 5 * best;
}

/* A start 8 standard deviations off that fades by 1/e in 60 values. */
Test(warmup, a_fading_start_is_cut)
{
	enum { N = 2003 };
	double x[N];
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct pcg64 g = rng_stream(seed, 0, 0, RNG_TEST);
		size_t cut;
		for (int i = 0; i < N; i++) x[i] = 8 * exp(-i / 60.0) + normal(&g);
		cr_assert(warmup_mser5(x, N, &cut), "seed %lu", seed);
		cr_expect_eq(cut, mser5_plainly(x, N), "seed %lu: %zu", seed, cut);
		cr_expect_gt(cut, 100, "seed %lu: %zu", seed, cut); /* 8 exp(-100/60) = 1.5 */
	}
}

Test(warmup, a_steady_run_is_kept)
{
	double x[500];
	size_t cut = 1;
	for (int i = 0; i < 500; i++) x[i] = 3;
	cr_expect(warmup_mser5(x, 500, &cut));
	cr_expect_eq(cut, 0);
}

Test(warmup, a_run_that_is_too_short_is_told)
{
	double x[500];
	size_t cut = 1;
	for (int i = 0; i < 500; i++) x[i] = exp(-i / 250.0); /* still falling at the end */
	cr_expect_not(warmup_mser5(x, 500, &cut));
	cr_expect_eq(cut, 500);
	cr_expect_not(warmup_mser5(x, 49, &cut));
}
