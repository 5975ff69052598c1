/* Intervals for values that depend on each other. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sort.h"
#include "models/site/estimate.h"
#include "sim/blocks.h"
#include "sim/quantile.h"
#include "sim/ratio.h"

static const int64_t second = 1000000000;

/* Sums 3, 5, 7 of 1, 2, 4 values: 15/7, residuals 6/7, 5/7, -11/7; Student's t of two
 * degrees is 4.302652729911275: 4.3027 sqrt(3/2 * 182/49) / 7. */
Test(ratio, the_interval_is_cochrans)
{
	struct ratio r = { .k = 0 };
	cr_expect(isnan(ratio_value(&r)));
	ratio_add(&r, 3, 1);
	cr_expect(isnan(ratio_half(&r, 0.95)));
	ratio_add(&r, 5, 2);
	ratio_add(&r, 7, 4);
	cr_expect(epsilon_eq(dbl, ratio_value(&r), 15 / 7.0, 1e-15));
	cr_expect(epsilon_eq(dbl, ratio_half(&r, 0.95), 1.450846741864866, 1e-9));
}

/* Values i at second 0.7 i: nothing is lost whenever neighbours are joined. */
Test(blocks, any_length_fits_into_them)
{
	struct blocks b;
	struct block all;
	blocks_init(&b);
	double sum = 0;
	for (int i = 0; i < 5003; i++) {
		struct block *k = blocks_at(&b, i * (7 * second / 10));
		hist_add_n(&k->hist, i, 3);
		k->sum += 3 * i;
		sum += 3 * i;
		blocks_total(&b, &all);
		cr_assert_eq(all.hist.count, 3 * (i + 1));
		cr_assert_eq(all.sum, sum);
	}
	/* 3501.4 s are 54.7 blocks of 64 s = 2^9 x 1/8 s */
	cr_expect_eq(b.width_ns, 64 * second);
	cr_expect_eq(b.count, 55);
	cr_expect_eq(b.block[7].hist.min, 640); /* 448 s / 0.7 s */
	blocks_at(&b, INT64_MAX);
	blocks_total(&b, &all);
	cr_expect_eq(all.hist.count, 3 * 5003);
	blocks_fini(&b);
}

Test(blocks, too_few_or_equal_values_have_no_or_no_wide_interval)
{
	struct blocks b;
	struct block all;
	double lo, hi;
	blocks_init(&b);
	for (int i = 0; i < BLOCKS_MIN; i++) {
		blocks_total(&b, &all);
		cr_expect(isnan(blocks_mean_half(&b, 0.95)));
		cr_expect_not(blocks_quantile_ci(&b, &all, 0.5, 0.95, &lo, &hi));
		cr_expect(isnan(lo) && isnan(hi));
		struct block *k = blocks_at(&b, 3 * i * second / 8); /* two of three are empty */
		hist_add_n(&k->hist, 0.028, 101);
		k->sum += 101 * 0.028;
	}
	blocks_total(&b, &all);
	cr_expect_lt(blocks_mean_half(&b, 0.95), 1e-15);
	cr_expect(blocks_quantile_ci(&b, &all, 0.5, 0.95, &lo, &hi));
	cr_expect_eq(lo, 0.028);
	cr_expect_eq(hi, 0.028);
	blocks_fini(&b);
}

static double exponential(struct pcg64 *g)
{
	return -log(1 - pcg64_unit(g));
}

enum { RUNS = 500 };

struct cover {
	int mean, median, tail, naive;
};

static void cover_run(struct pcg64 *g, struct cover *c)
{
	struct blocks b;
	struct block all;
	double lo, hi;
	blocks_init(&b);
	for (int i = 0; i < 40; i++) {
		double level = 0.5 + exponential(g); /* of the whole block */
		struct block *k = blocks_at(&b, i * second / 8);
		for (int n = 20 + (int)(60 * pcg64_unit(g)); n > 0; n--) {
			double x = level * (0.9 + 0.2 * pcg64_unit(g));
			hist_add(&k->hist, x);
			k->sum += x;
		}
	}
	blocks_total(&b, &all);
	double mean = all.sum / (double)all.hist.count;
	c->mean += fabs(mean - 1.5) < blocks_mean_half(&b, 0.95);
	/* P(level u <= x) by numerical integration over u uniform in 0.9 to 1.1 */
	const double median = 1.191544, tail = 2.109838;
	blocks_quantile_ci(&b, &all, 0.5, 0.95, &lo, &hi);
	c->median += lo <= median && hi >= median;
	blocks_quantile_ci(&b, &all, 0.8, 0.95, &lo, &hi);
	c->tail += lo <= tail && hi >= tail;
	hist_quantile_ci(&all.hist, 0.5, 0.95, &lo, &hi);
	c->naive += lo <= median && hi >= median;
	blocks_fini(&b);
}

/* Forty bursts of 20 to 79 values that share a level: as if there were forty values.
 * Of 500 intervals 475 should hold the true value; counts of a binomial law below
 * 0.9 or above 0.99 are out of the question for a good one. */
Test(blocks, bursts_count_once)
{
	struct pcg64 g = rng_stream(11, 0, 17, RNG_LENGTH);
	struct cover c = { 0 };
	for (int i = 0; i < RUNS; i++) cover_run(&g, &c);
	cr_expect(c.mean > 0.88 * RUNS && c.mean < 0.99 * RUNS, "mean: %d", c.mean);
	cr_expect(c.median > 0.9 * RUNS && c.median < 0.99 * RUNS, "median: %d", c.median);
	cr_expect(c.tail > 0.9 * RUNS && c.tail < 0.99 * RUNS, "tail: %d", c.tail);
	cr_expect_lt(c.naive, 0.4 * RUNS, "taken as independent: %d", c.naive);
}

/* A stationary autoregression of 3200 values, correlated over twenty, whose law is
 * the standard normal. */
static void autoregression(struct pcg64 *g, double *v, size_t n)
{
	const double phi = 0.9;
	double x = 0;
	for (size_t i = 0; i < n + 200; i++) { /* 200: forgets where it began */
		double far = sqrt(-2 * log(1 - pcg64_unit(g))); /* Box and Muller 1958 */
		double normal = far * cos(6.283185307179586 * pcg64_unit(g));
		x = phi * x + sqrt(1 - phi * phi) * normal;
		if (i >= 200) v[i - 200] = x;
	}
}

Test(estimate, quantiles_of_dependent_values_are_covered)
{
	enum { N = 3200 };
	const double p = 0.9, true_quantile = 1.2815515655446004; /* of the normal law */
	struct pcg64 g = rng_stream(19, 0, 23, RNG_LENGTH);
	double v[N], sorted[N], lo, hi;
	int covered = 0, naive = 0;
	for (int run = 0; run < RUNS; run++) {
		autoregression(&g, v, N);
		for (int i = 0; i < N; i++) sorted[i] = v[i];
		sort_f64(sorted, N);
		struct estimate e = estimate_quantile(v, sorted, N, p);
		quantile_sorted_ci(sorted, N, p, 0.95, &lo, &hi);
		covered += e.lo <= true_quantile && true_quantile <= e.hi;
		naive += lo <= true_quantile && true_quantile <= hi;
		cr_expect(e.lo <= lo && e.hi >= hi);
	}
	cr_expect(covered > 0.88 * RUNS && covered < 0.99 * RUNS, "%d of %d", covered, RUNS);
	cr_expect_lt(naive, 0.75 * RUNS, "taken as independent: %d", naive);
}

Test(estimate, batches_take_every_value_once)
{
	static const size_t length[] = { 0, 1, 31, 32, 33, 319, 100003 };
	for (size_t k = 0; k < sizeof length / sizeof *length; k++) {
		size_t n = length[k], from = 0;
		for (int b = 0; b < ESTIMATE_BATCHES; b++) {
			size_t to = estimate_batch_end(n, b);
			cr_expect(to >= from && to - from <= n / ESTIMATE_BATCHES + 1);
			from = to;
		}
		cr_expect_eq(from, n);
	}
}

/* 640 requests, 20 a batch, of which those of four batches in a row all miss: by Wilson
 * as if 80 independent ones did, 12.5 % [10.2 %, 15.3 %]. */
Test(estimate, misses_that_come_together_widen_a_share)
{
	struct ratio r = { .k = 0 };
	for (int b = 0; b < ESTIMATE_BATCHES; b++) ratio_add(&r, b >= 7 && b < 11 ? 20 : 0, 20);
	struct estimate e = estimate_share_batched(&r), alone = estimate_share(80, 640);
	cr_expect_eq(e.value, 0.125);
	cr_expect_eq(e.n, 640);
	/* t of 31 degrees 2.039513446; deviations 28 x (1/8)^2 + 4 x (7/8)^2 = 3.5 */
	double half = 2.039513446396408 * sqrt(32.0 / 31 * 3.5) / 32;
	cr_expect(epsilon_eq(dbl, e.lo, 0.125 - half, 1e-9));
	cr_expect(epsilon_eq(dbl, e.hi, 0.125 + half, 1e-9));
	cr_expect(e.lo < alone.lo && e.hi > alone.hi);
}
