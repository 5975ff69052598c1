#include "models/compute/early_exit.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Terms further than ten standard deviations, and ten more, from the mean add nothing that
 * a double holds. */
double binomial_mean(const double *value, int64_t n, double p)
{
	double mean = (double)n * p, reach = 10 * sqrt(mean * (1 - p)) + 10, sum = 0;
	int64_t first = (int64_t)fmax(0, ceil(mean - reach));
	int64_t last = (int64_t)fmin((double)n, floor(mean + reach));
	for (int64_t k = first; k <= last; k++)
		sum += gsl_ran_binomial_pdf((unsigned)k, p, (unsigned)n) * value[k];
	return sum;
}

struct early_exit *early_exit_new(
    double depth_frac, double exit_frac, const struct early_exit_of *all)
{
	struct early_exit *x = mem_new(1, sizeof *x);
	size_t rows = (size_t)all->most + 1;
	double behind = 1 - depth_frac;
	x->stay_frac = 1 - exit_frac;
	x->passed_frac = depth_frac + behind * x->stay_frac;
	x->reached_frac = mem_new(rows, sizeof *x->reached_frac);
	x->layers_s = mem_new(rows, sizeof *x->layers_s);
	x->head_s = mem_new(rows, sizeof *x->head_s);
	x->weight_bytes = mem_new(rows, sizeof *x->weight_bytes);
	for (int64_t n = 1; n <= all->most; n++) {
		double any = 1 - pow(exit_frac, (double)n);
		x->reached_frac[n] = depth_frac + behind * any;
		x->layers_s[n] = depth_frac * all->layers_s[n] +
				 behind * binomial_mean(all->layers_s, n, x->stay_frac);
		x->head_s[n] = all->head_s[n] + binomial_mean(all->head_s, n, x->stay_frac);
		x->weight_bytes[n] = depth_frac * all->layers_bytes[n] +
				     behind * binomial_mean(all->layers_bytes, n, x->stay_frac) +
				     (1 + any) * all->head_bytes;
	}
	return x;
}

void early_exit_free(struct early_exit *x)
{
	if (!x) return;
	free(x->reached_frac);
	free(x->layers_s);
	free(x->head_s);
	free(x->weight_bytes);
	free(x);
}
