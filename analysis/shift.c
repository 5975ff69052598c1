#include "analysis/shift.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sort.h"

static double mean_of(const double *x, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += x[i];
	return sum / (double)n;
}

struct shift shift_mean(const double *difference, size_t n)
{
	struct shift s = { NAN, NAN, NAN, n };
	if (!n) return s;
	s.value = mean_of(difference, n);
	if (n < 2) return s;
	double squares = 0;
	for (size_t i = 0; i < n; i++)
		squares += (difference[i] - s.value) * (difference[i] - s.value);
	double dof = (double)(n - 1), error = sqrt(squares / dof / (double)n);
	double half = gsl_cdf_tdist_Pinv((1 + SHIFT_LEVEL) / 2, dof) * error;
	s.lo = s.value - half;
	s.hi = s.value + half;
	return s;
}

/* Where block b of n values in order begins. */
static size_t begin_of(size_t b, size_t n)
{
	return b * n / SHIFT_BLOCKS;
}

struct shift shift_mean_in_order(const double *difference, size_t n)
{
	struct shift all = { n ? mean_of(difference, n) : NAN, NAN, NAN, n };
	double batch[SHIFT_BLOCKS];
	if (n < 2 * SHIFT_BLOCKS) return all;
	for (size_t b = 0; b < SHIFT_BLOCKS; b++) {
		size_t from = begin_of(b, n);
		batch[b] = mean_of(difference + from, begin_of(b + 1, n) - from);
	}
	struct shift of_batches = shift_mean(batch, SHIFT_BLOCKS);
	all.lo = all.value - (of_batches.value - of_batches.lo);
	all.hi = all.value + (of_batches.hi - of_batches.value);
	return all;
}

/* ---- quantiles of what is drawn from blocks ---- */

enum { STRIDE = 64 }; /* ranks between two rows of counts */

struct ranked {
	double value;
	uint32_t block;
};

/* Values by rank; how many of the first STRIDE * j are of each block: so a weighted rank is
 * found by bisection, whatever the weights. */
struct sample {
	struct ranked *rank;
	uint32_t (*below)[SHIFT_BLOCKS];
	size_t n, rows;
};

static int by_value(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->value != y->value) return x->value < y->value ? -1 : 1;
	return (x->block > y->block) - (x->block < y->block);
}

static struct sample sample_new(const double *v, size_t n)
{
	struct sample s = { .n = n, .rows = n / STRIDE + 1 };
	s.rank = mem_new(n, sizeof *s.rank);
	for (size_t b = 0; b < SHIFT_BLOCKS; b++)
		for (size_t i = begin_of(b, n); i < begin_of(b + 1, n); i++)
			s.rank[i] = (struct ranked){ v[i], (uint32_t)b };
	qsort(s.rank, n, sizeof *s.rank, by_value);
	s.below = mem_new(s.rows, sizeof *s.below);
	uint32_t so_far[SHIFT_BLOCKS] = { 0 };
	for (size_t i = 0; i < n; i++) {
		if (i % STRIDE == 0)
			for (int b = 0; b < SHIFT_BLOCKS; b++) s.below[i / STRIDE][b] = so_far[b];
		so_far[s.rank[i].block]++;
	}
	return s;
}

static void sample_free(struct sample *s)
{
	free(s->rank);
	free(s->below);
}

static double weight_below(const struct sample *s, size_t row, const double weight[SHIFT_BLOCKS])
{
	double sum = 0;
	for (int b = 0; b < SHIFT_BLOCKS; b++) sum += weight[b] * s->below[row][b];
	return sum;
}

/* The value of that rank (from 1) when each counts as often as its block was drawn. */
static double value_at(const struct sample *s, const double weight[SHIFT_BLOCKS], double rank)
{
	size_t lo = 0, hi = (s->n - 1) / STRIDE;
	while (lo < hi) { /* the last row with less than `rank` below it */
		size_t mid = lo + (hi - lo + 1) / 2;
		if (weight_below(s, mid, weight) < rank) lo = mid;
		else hi = mid - 1;
	}
	double sum = weight_below(s, lo, weight);
	size_t i = lo * STRIDE;
	while (i < s->n && (sum += weight[s->rank[i].block]) < rank) i++;
	return s->rank[i < s->n ? i : s->n - 1].value;
}

/* The smallest rank r with r >= p n; 0.07 of 100 is 7, whatever the last bit says. */
static double rank_of(double p, double n)
{
	return fmax(1, ceil(p * n * (1 - 0x1p-50)));
}

/* Student's t for a normal: the percentiles to take where there are few blocks. */
static double expanded_tail(void)
{
	double k = SHIFT_BLOCKS, t = gsl_cdf_tdist_Pinv((1 - SHIFT_LEVEL) / 2, k - 1);
	return gsl_cdf_ugaussian_P(t * sqrt(k / (k - 1)));
}

/* How often each block is drawn in SHIFT_BLOCKS draws; returns how many values that makes. */
static double draw_blocks(struct pcg64 *g, size_t n, double weight[SHIFT_BLOCKS])
{
	double drawn = 0;
	for (int b = 0; b < SHIFT_BLOCKS; b++) weight[b] = 0;
	for (int i = 0; i < SHIFT_BLOCKS; i++) {
		size_t b = (size_t)(pcg64_unit(g) * SHIFT_BLOCKS);
		weight[b]++;
		drawn += (double)(begin_of(b + 1, n) - begin_of(b, n));
	}
	return drawn;
}

struct shift shift_quantile(const double *before, const double *after, size_t n, double p)
{
	assert(p > 0 && p < 1);
	struct shift s = { NAN, NAN, NAN, n };
	if (!n) return s;
	struct sample a = sample_new(before, n), b = sample_new(after, n);
	size_t at = (size_t)rank_of(p, (double)n);
	s.value = b.rank[at - 1].value - a.rank[at - 1].value;
	if (at >= SHIFT_BEYOND && n - at >= SHIFT_BEYOND && n >= 2 * SHIFT_BLOCKS) {
		double shift[SHIFT_RESAMPLES], weight[SHIFT_BLOCKS];
		struct pcg64 g;
		pcg64_seed(&g, n, SHIFT_RESAMPLES);
		for (int r = 0; r < SHIFT_RESAMPLES; r++) {
			double rank = rank_of(p, draw_blocks(&g, n, weight));
			shift[r] = value_at(&b, weight, rank) - value_at(&a, weight, rank);
		}
		sort_f64(shift, SHIFT_RESAMPLES);
		size_t tail = (size_t)floor(expanded_tail() * (SHIFT_RESAMPLES + 1));
		s.lo = shift[tail - 1];
		s.hi = shift[SHIFT_RESAMPLES - tail];
	}
	sample_free(&a);
	sample_free(&b);
	return s;
}

/* ---- */

struct shift shift_of_intervals(struct ranged before, struct ranged after)
{
	return (struct shift){
		.value = after.value - before.value,
		.lo = after.value - before.value - hypot(after.value - after.lo, before.hi - before.value),
		.hi = after.value - before.value + hypot(after.hi - after.value, before.value - before.lo),
		.n = 1,
	};
}
