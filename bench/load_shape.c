#include "bench/load_shape.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

static double mean_w(const struct load_curves *c, size_t home)
{
	return gsl_stats_mean(c->w + home, c->homes, c->rows);
}

/* The power that is passed 95 % of the time. */
static double low_w(const struct load_curves *c, size_t home, double *scratch)
{
	for (size_t r = 0; r < c->rows; r++) scratch[r] = c->w[r * c->homes + home];
	gsl_sort(scratch, 1, c->rows);
	return gsl_stats_quantile_from_sorted_data(scratch, 1, c->rows, 0.05);
}

struct load_shape load_shape(const struct load_curves *c)
{
	struct load_shape s = { 0 };
	double *scratch = mem_new(c->rows, sizeof *scratch), homes = 0;
	for (size_t h = 0; h < c->homes; h++) {
		double mean = mean_w(c, h);
		if (!(mean > 0)) continue;
		homes++;
		s.load_factor += mean / gsl_stats_max(c->w + h, c->homes, c->rows);
		s.base_share += low_w(c, h, scratch) / mean;
		s.variation += gsl_stats_sd_m(c->w + h, c->homes, c->rows, mean) / mean;
	}
	free(scratch);
	s.load_factor /= homes;
	s.base_share /= homes;
	s.variation /= homes;
	return s;
}

static double correlation(const struct load_curves *c, size_t home, size_t lag)
{
	size_t n = c->rows - lag;
	return gsl_stats_correlation(
	    c->w + home, c->homes, c->w + home + lag * c->homes, c->homes, n);
}

double load_autocorrelation(const struct load_curves *c, size_t lag)
{
	double sum = 0, homes = 0;
	for (size_t h = 0; h < c->homes; h++) {
		double r = correlation(c, h, lag);
		if (isnan(r)) continue; /* a home that never changes */
		sum += r;
		homes++;
	}
	return sum / homes;
}

static double group_peak(const struct load_curves *c, const double *scale, size_t from, size_t n)
{
	double peak = 0;
	for (size_t r = 0; r < c->rows; r++) {
		double sum = 0;
		for (size_t k = 0; k < n; k++) {
			size_t h = (from + k) % c->homes;
			sum += scale[h] * c->w[r * c->homes + h];
		}
		peak = fmax(peak, sum);
	}
	return peak / (double)n;
}

double load_diversity(const struct load_curves *c, size_t n)
{
	double *scale = mem_new(c->homes, sizeof *scale), sum = 0;
	for (size_t h = 0; h < c->homes; h++) {
		double mean = mean_w(c, h);
		scale[h] = mean > 0 ? 1 / mean : 0;
	}
	for (size_t from = 0; from < c->homes; from++) sum += group_peak(c, scale, from, n);
	free(scale);
	return sum / (double)c->homes;
}
