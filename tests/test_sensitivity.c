#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/interval.h"
#include "analysis/sensitivity.h"
#include "base/mem.h"
#include "base/rng.h"
#include "sweep/design.h"

enum { AXES_MAX = 8 };

/* A function of the unit cube with the closed forms of its indices. */
struct known {
	const char *name;
	size_t axes;
	double (*f)(const double *x);
	double variance, first[AXES_MAX], total[AXES_MAX];
};

/* Ishigami and Homma 1990, with a = 7, b = 0.1 and arguments from -pi to pi. */
static double ishigami(const double *x)
{
	double a = M_PI * (2 * x[0] - 1), b = M_PI * (2 * x[1] - 1), c = M_PI * (2 * x[2] - 1);
	return sin(a) + 7 * sin(b) * sin(b) + 0.1 * pow(c, 4) * sin(a);
}

/* Its variance by parts: V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = 8 b^2 pi^8 / 225
 * (Saltelli et al. 2008, "Global Sensitivity Analysis. The Primer", section 4.6). */
static struct known ishigami_known(void)
{
	double v1 = pow(1 + 0.1 * pow(M_PI, 4) / 5, 2) / 2, v2 = 49.0 / 8;
	double v13 = 8 * 0.01 * pow(M_PI, 8) / 225, v = v1 + v2 + v13;
	return (struct known){ .name = "Ishigami",
		.axes = 3,
		.f = ishigami,
		.variance = v,
		.first = { v1 / v, v2 / v, 0 },
		.total = { (v1 + v13) / v, v2 / v, v13 / v } };
}

static const double g_a[AXES_MAX] = { 0, 1, 4.5, 9, 99, 99, 99, 99 };

/* Sobol' 1993: the product of (|4 x - 2| + a) / (1 + a). */
static double g_function(const double *x)
{
	double product = 1;
	for (size_t j = 0; j < AXES_MAX; j++)
		product *= (fabs(4 * x[j] - 2) + g_a[j]) / (1 + g_a[j]);
	return product;
}

/* Each factor's variance is 1 / (3 (1 + a)^2), its mean 1. */
static struct known g_known(void)
{
	struct known k = { .name = "Sobol-G", .axes = AXES_MAX, .f = g_function };
	double part[AXES_MAX], all = 1;
	for (size_t j = 0; j < AXES_MAX; j++) {
		part[j] = 1 / (3 * pow(1 + g_a[j], 2));
		all *= 1 + part[j];
	}
	k.variance = all - 1;
	for (size_t j = 0; j < AXES_MAX; j++) {
		k.first[j] = part[j] / k.variance;
		k.total[j] = part[j] * all / (1 + part[j]) / k.variance;
	}
	return k;
}

static void evaluate(const struct known *k, const double *x, size_t rows, double *y)
{
	for (size_t row = 0; row < rows; row++) y[row] = k->f(x + row * k->axes);
}

/* A design with independent A and B: what the bootstrap assumes. */
static void fill_independent(double *x, size_t blocks, size_t axes, uint64_t seed)
{
	struct pcg64 g = rng_stream(seed, 0, rng_entity("independent"), RNG_TEST);
	for (size_t i = 0; i < blocks; i++) {
		double *block = x + i * (axes + 2) * axes, *b = block + (axes + 1) * axes;
		for (size_t j = 0; j < axes; j++) {
			block[j] = pcg64_unit(&g);
			b[j] = pcg64_unit(&g);
		}
		for (size_t row = 1; row <= axes; row++)
			for (size_t j = 0; j < axes; j++)
				block[row * axes + j] = j + 1 == row ? b[j] : block[j];
	}
}

static double indices(
    const struct known *k, size_t blocks, uint64_t seed, bool independent, struct sobol_axis *axis)
{
	size_t rows = design_rows(DESIGN_SALTELLI, blocks, NULL, k->axes);
	double *x = mem_new(rows * k->axes, sizeof *x), *y = mem_new(rows, sizeof *y);
	if (independent)
		fill_independent(x, blocks, k->axes, seed);
	else
		design_fill(x, DESIGN_SALTELLI, blocks, NULL, k->axes, seed);
	evaluate(k, x, rows, y);
	double variance = sensitivity_sobol(y, blocks, k->axes, seed, axis);
	free(y);
	free(x);
	return variance;
}

static double worst_error(const struct known *k, const struct sobol_axis *axis)
{
	double worst = 0;
	for (size_t j = 0; j < k->axes; j++) {
		worst = fmax(worst, fabs(axis[j].first.value - k->first[j]));
		worst = fmax(worst, fabs(axis[j].total.value - k->total[j]));
	}
	return worst;
}

/* Closed forms above. Bounds: three times the error that was seen at 4096 blocks, seed 1; a design
 * of independent points has about 0.03. */
Test(sensitivity, sobol_indices_come_to_the_closed_forms)
{
	const struct known known[] = { ishigami_known(), g_known() };
	static const double most[] = { 0.011, 0.0025 };
	for (size_t i = 0; i < 2; i++) {
		struct sobol_axis axis[AXES_MAX];
		for (size_t blocks = 64; blocks <= 4096; blocks *= 8) {
			double v = indices(&known[i], blocks, 1, false, axis);
			fprintf(stderr,
			    "%s, %zu blocks: largest error of an index %.4f, of the "
			    "variance %.2f %%\n",
			    known[i].name, blocks, worst_error(&known[i], axis),
			    100 * fabs(v / known[i].variance - 1));
		}
		cr_expect_lt(worst_error(&known[i], axis), most[i], "%s", known[i].name);
	}
}

struct coverage {
	size_t held, of;
};

static void count(struct coverage *c, const struct interval *e, double truth)
{
	c->of++;
	c->held += e->lo <= truth && truth <= e->hi;
}

static double coverage_of(const struct known *k, size_t blocks, bool independent)
{
	struct coverage first = { 0 }, total = { 0 };
	for (uint64_t seed = 1; seed <= 150; seed++) {
		struct sobol_axis axis[AXES_MAX];
		indices(k, blocks, seed, independent, axis);
		for (size_t j = 0; j < k->axes; j++) {
			count(&first, &axis[j].first, k->first[j]);
			count(&total, &axis[j].total, k->total[j]);
		}
	}
	fprintf(stderr,
	    "%s, %zu %s blocks: the 95 %% interval holds the first-order index in %.1f %%, "
	    "the total one in %.1f %%\n",
	    k->name, blocks, independent ? "independent" : "Sobol",
	    100.0 * (double)first.held / (double)first.of,
	    100.0 * (double)total.held / (double)total.of);
	return (double)(first.held + total.held) / (double)(first.of + total.of);
}

/* Of 900 and 2400 intervals, whose axes are not independent: sd about 1.5 points. Independent
 * blocks: what is promised, less what a percentile interval of a ratio loses. Those of the
 * design err less than chance, which their interval does not know: it is too wide. */
Test(sensitivity, intervals_of_sobol_indices_hold_the_truth)
{
	const struct known known[] = { ishigami_known(), g_known() };
	for (size_t i = 0; i < 2; i++) {
		double fair = coverage_of(&known[i], 256, true);
		double design = coverage_of(&known[i], 256, false);
		cr_expect(fair > 0.90 && fair < 0.98, "%s: %g", known[i].name, fair);
		cr_expect_gt(design, 0.95, "%s: %g", known[i].name, design);
	}
}

Test(sensitivity, an_additive_function_has_equal_first_and_total_indices)
{
	/* 3 x + 4 y over three and five equidistant levels from 0 to 1: variances 9 * 2 / 3 / 4 and
	 * 16 * 2 / 16 (of levels 0, 1/2, 1: 1/6; of 0, 1/4 ... 1: 1/8). */
	static const size_t levels[] = { 3, 5 };
	double y[15], v1 = 9.0 / 6, v2 = 16.0 / 8;
	for (size_t row = 0; row < 15; row++)
		y[row] = 3 * (double)(row / 5) / 2 + 4 * (double)(row % 5) / 4;
	struct sobol_axis axis[2];
	double variance = sensitivity_grid(y, levels, 2, axis);
	cr_expect_lt(fabs(variance - v1 - v2), 1e-12);
	cr_expect_lt(fabs(axis[0].first.value - v1 / (v1 + v2)), 1e-12);
	cr_expect_lt(fabs(axis[0].total.value - v1 / (v1 + v2)), 1e-12);
	cr_expect_lt(fabs(axis[1].first.value - v2 / (v1 + v2)), 1e-12);
	cr_expect_lt(fabs(axis[1].total.value - v2 / (v1 + v2)), 1e-12);
	cr_expect(isnan(axis[0].first.lo));
}

/* x y of x, y in {-1, 1} is all interaction: first-order indices 0, total ones 1. With a third
 * axis in the middle that does nothing. */
Test(sensitivity, an_interaction_is_in_the_total_indices_only)
{
	static const size_t levels[] = { 2, 3, 2 };
	double y[12];
	for (size_t row = 0; row < 12; row++) y[row] = (row / 6 ? 1 : -1) * (row % 2 ? 1 : -1);
	struct sobol_axis axis[3];
	cr_expect_lt(fabs(sensitivity_grid(y, levels, 3, axis) - 1), 1e-12);
	static const double total[] = { 1, 0, 1 };
	for (size_t j = 0; j < 3; j++) {
		cr_expect_lt(fabs(axis[j].first.value), 1e-12, "axis %zu", j);
		cr_expect_lt(fabs(axis[j].total.value - total[j]), 1e-12, "axis %zu", j);
	}
}

/* A grid of the middles of 21 equal cells, three axes of Ishigami: the indices of the discrete
 * function are near those of the continuous one. */
Test(sensitivity, a_fine_grid_comes_to_the_closed_forms)
{
	enum { N = 21 };
	static const size_t levels[] = { N, N, N };
	struct known k = ishigami_known();
	double *y = mem_new(N * N * N, sizeof *y);
	for (size_t row = 0; row < N * N * N; row++) {
		double x[] = { ((double)(row / N / N) + 0.5) / N, ((double)(row / N % N) + 0.5) / N,
			((double)(row % N) + 0.5) / N };
		y[row] = ishigami(x);
	}
	struct sobol_axis axis[3];
	sensitivity_grid(y, levels, 3, axis);
	fprintf(stderr, "Ishigami on a grid of 21 levels an axis: largest error of an index %.4f\n",
	    worst_error(&k, axis));
	cr_expect_lt(worst_error(&k, axis), 0.01);
	free(y);
}

/* ---- Morris ---- */

/* Elementary effects of a function, taken from a design as it is. */
static double *effects(double (*f)(const double *), size_t trajectories, size_t axes, uint64_t seed)
{
	size_t rows = design_rows(DESIGN_MORRIS, trajectories, NULL, axes);
	double *x = mem_new(rows * axes, sizeof *x);
	double *effect = mem_new(trajectories * axes, sizeof *effect);
	design_fill(x, DESIGN_MORRIS, trajectories, NULL, axes, seed);
	for (size_t t = 0; t < trajectories; t++)
		for (size_t s = 1; s <= axes; s++) {
			const double *to = x + (t * (axes + 1) + s) * axes, *from = to - axes;
			size_t j = 0;
			while (to[j] == from[j]) j++;
			effect[t * axes + j] = (f(to) - f(from)) / (to[j] - from[j]);
		}
	free(x);
	return effect;
}

/* 5 a - 2 b + 0 c + 3 d e: the effect of d is 3 e, of e 3 d, at levels 0, 1/3, 2/3, 1 with the
 * same odds: mean 3/2, variance 9 * 5/36. */
static double mixed(const double *x)
{
	return 5 * x[0] - 2 * x[1] + 3 * x[3] * x[4];
}

Test(sensitivity, elementary_effects_come_to_the_closed_forms)
{
	static const double mu[] = { 5, -2, 0, 1.5, 1.5 };
	enum { N = 4000 };
	double sigma = 3 * sqrt(5.0 / 36);
	double *effect = effects(mixed, N, 5, 3);
	struct morris_axis axis[5];
	sensitivity_morris(effect, N, 5, axis);
	for (size_t j = 0; j < 5; j++) {
		double most = j < 3 ? 1e-12 : 4 * sigma / sqrt(N);
		cr_expect_lt(fabs(axis[j].mu.value - mu[j]), most, "axis %zu", j);
		cr_expect_lt(fabs(axis[j].mu_star.value - fabs(mu[j])), most, "axis %zu", j);
		cr_expect_lt(fabs(axis[j].sigma - (j < 3 ? 0 : sigma)), j < 3 ? 1e-12 : 0.03);
	}
	free(effect);
}

/* An effect that changes sign: 4 levels of (x - 1/2) (y - 1/2) give y's levels less 1/2: -1/2,
 * -1/6, 1/6, 1/2, mean 0, of their sizes 1/3. */
static double saddle(const double *x)
{
	return (x[0] - 0.5) * (x[1] - 0.5);
}

Test(sensitivity, mu_star_sees_what_cancels_in_mu)
{
	double *effect = effects(saddle, 2000, 2, 5);
	struct morris_axis axis[2];
	sensitivity_morris(effect, 2000, 2, axis);
	cr_expect_lt(fabs(axis[0].mu.value), 0.03);
	cr_expect_lt(fabs(axis[0].mu_star.value - 1.0 / 3), 0.02);
	cr_expect_leq(axis[0].mu.lo, 0);
	cr_expect_geq(axis[0].mu.hi, 0);
	free(effect);
}

Test(sensitivity, screening_finds_the_order_of_the_g_function)
{
	double *effect = effects(g_function, 50, AXES_MAX, 1);
	struct morris_axis axis[AXES_MAX];
	sensitivity_morris(effect, 50, AXES_MAX, axis);
	for (size_t j = 1; j < 5; j++)
		cr_expect_gt(axis[j - 1].mu_star.value, axis[j].mu_star.value, "axis %zu", j);
	free(effect);
}

/* Twenty trajectories of `mixed`, axis 3: the truth is 1.5. Stratified starts make the spread of
 * means smaller than chance has it, so that t holds at least what it promises; sd at 1000: 0.7
 * points. */
Test(sensitivity, intervals_of_mu_star_hold_the_truth)
{
	struct coverage c = { 0 };
	for (uint64_t seed = 0; seed < 1000; seed++) {
		double *effect = effects(mixed, 20, 5, seed);
		struct morris_axis axis[5];
		sensitivity_morris(effect, 20, 5, axis);
		count(&c, &axis[3].mu_star, 1.5);
		free(effect);
	}
	fprintf(stderr, "mu*, 20 trajectories: the 95 %% interval holds it in %.1f %%\n",
	    100.0 * (double)c.held / (double)c.of);
	cr_expect_gt((double)c.held / (double)c.of, 0.93);
}

/* ---- estimates ---- */

/* Student's own sleep data (1908, Biometrika 6, additional hours of drug 2 over 1): mean 1.58,
 * sd 1.230, n = 10, t of 9 degrees 2.2622: 0.70 to 2.46, as R's t.test prints
 * (0.7001142, 2.4598858). */
Test(interval, a_mean_has_students_interval)
{
	static const double x[] = { 1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4 };
	struct interval e = interval_mean(x, 10);
	cr_expect_lt(fabs(e.value - 1.58), 1e-12);
	cr_expect_lt(fabs(e.lo - 0.7001142), 1e-6);
	cr_expect_lt(fabs(e.hi - 2.4598858), 1e-6);
	cr_expect_not(interval_known(&(struct interval){ 1, NAN, NAN }));
	cr_expect(isnan(interval_mean(x, 1).lo));
	cr_expect(isnan(interval_mean(x, 0).value));
}

/* Of 0 to 998: the place 0.025 * 1000 counted from 1 is the value 24, and 0.975 * 1000 is 974. */
Test(interval, percentiles_of_resamples_are_the_interval)
{
	double x[1001];
	for (int i = 0; i < 999; i++) x[i] = (i * 7) % 999;
	x[999] = NAN;
	x[1000] = INFINITY;
	struct interval e = interval_resampled(500, x, 1001);
	cr_expect_lt(fabs(e.lo - 24), 1e-9, "%g", e.lo);
	cr_expect_lt(fabs(e.hi - 974), 1e-9, "%g", e.hi);
	for (int i = 0; i < 40; i++) x[i] = i;
	cr_expect(isnan(interval_resampled(5, x, 38).lo));
	cr_expect_lt(fabs(interval_resampled(5, x, 39).hi - 38), 1e-9);
	cr_expect(isnan(interval_resampled(NAN, x, 39).lo));
}

Test(interval, ranks_are_what_the_intervals_leave_possible)
{
	static const struct interval e[] = { { 5, 4, 6 }, { 9, 8, 10 }, { NAN, NAN, NAN },
		{ 3.5, 3, 4.5 }, { 1, NAN, NAN } };
	static const size_t first[] = { 2, 1, 5, 2, 4 }, last[] = { 3, 1, 5, 3, 4 };
	static const size_t in_order[] = { 1, 0, 3, 4, 2 };
	struct interval_rank rank[5];
	size_t order[5];
	interval_ranks(e, 5, rank);
	interval_order(e, 5, order);
	for (size_t i = 0; i < 5; i++) {
		cr_expect_eq(rank[i].first, first[i], "%zu: %zu", i, rank[i].first);
		cr_expect_eq(rank[i].last, last[i], "%zu: %zu", i, rank[i].last);
		cr_expect_eq(order[i], in_order[i], "%zu: %zu", i, order[i]);
	}
}
