#include "analysis/interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "base/sort.h"

enum { RESAMPLES_LEAST = 39 }; /* 2.5 % of 40 gaps between the values */

struct interval interval_mean(const double *x, size_t n)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < n; i++) sum += x[i];
	double mean = sum / (double)n; /* NAN without a value */
	if (n < 2) return (struct interval){ mean, NAN, NAN };
	for (size_t i = 0; i < n; i++) squares += (x[i] - mean) * (x[i] - mean);
	double freedom = (double)(n - 1);
	double t = gsl_cdf_tdist_Pinv((1 + INTERVAL_LEVEL) / 2, freedom);
	double half = t * sqrt(squares / freedom / (double)n);
	return (struct interval){ mean, mean - half, mean + half };
}

/* The value with that part of n sorted ones below it, between two by proportion. */
static double percentile(const double *sorted, size_t n, double part)
{
	double place = part * (double)(n + 1) - 1;
	size_t below = (size_t)place;
	double rest = place - (double)below;
	return below + 1 < n ? sorted[below] + rest * (sorted[below + 1] - sorted[below])
			     : sorted[n - 1];
}

struct interval interval_resampled(double value, double *resampled, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (isfinite(resampled[i])) resampled[kept++] = resampled[i];
	if (kept < RESAMPLES_LEAST || !isfinite(value)) return (struct interval){ value, NAN, NAN };
	sort_f64(resampled, kept);
	return (struct interval){ value, percentile(resampled, kept, (1 - INTERVAL_LEVEL) / 2),
		percentile(resampled, kept, (1 + INTERVAL_LEVEL) / 2) };
}

bool interval_known(const struct interval *e)
{
	return !isnan(e->lo) && !isnan(e->hi);
}

/* Whether a is surely larger. */
static bool is_above(const struct interval *a, const struct interval *b)
{
	if (isnan(a->value) || isnan(b->value)) return !isnan(a->value);
	return (interval_known(a) ? a->lo : a->value) > (interval_known(b) ? b->hi : b->value);
}

void interval_ranks(const struct interval *e, size_t n, struct interval_rank *rank)
{
	for (size_t i = 0; i < n; i++) {
		rank[i] = (struct interval_rank){ 1, n };
		for (size_t j = 0; j < n; j++) {
			if (j == i) continue;
			if (is_above(&e[j], &e[i])) rank[i].first++;
			if (is_above(&e[i], &e[j])) rank[i].last--;
		}
	}
}

static bool comes_before(const struct interval *a, const struct interval *b)
{
	return !isnan(a->value) && (isnan(b->value) || a->value > b->value);
}

void interval_order(const struct interval *e, size_t n, size_t *order)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = i;
		for (; at > 0 && comes_before(&e[i], &e[order[at - 1]]); at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}
