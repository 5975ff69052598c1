#include "models/control/dispatch_carbon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void carbon_rule_init(
    struct carbon_rule *r, double threshold_kg_j, double quantile_frac, double window_s)
{
	size_t hours = (size_t)ceil(window_s / 3600);
	*r = (struct carbon_rule){
		.threshold_kg_j = threshold_kg_j,
		.quantile_frac = quantile_frac,
		.hours = hours,
		.past = mem_new(hours, sizeof *r->past),
		.sorted = mem_new(hours, sizeof *r->sorted),
		.hour = -1,
	};
}

void carbon_rule_fini(struct carbon_rule *r)
{
	free(r->past);
	free(r->sorted);
}

static int by_value(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;
	return (a > b) - (a < b);
}

/* Linear between order statistics (R. J. Hyndman and Y. Fan 1996, "Sample quantiles in
 * statistical packages", The American Statistician 50(4), 361-365, definition 7). */
static double past_quantile(struct carbon_rule *r)
{
	size_t n = r->seen < r->hours ? r->seen : r->hours;
	memcpy(r->sorted, r->past, n * sizeof *r->sorted);
	qsort(r->sorted, n, sizeof *r->sorted, by_value);
	double at = r->quantile_frac * (double)(n - 1);
	size_t i = (size_t)at;
	if (i + 1 >= n) return r->sorted[n - 1];
	return r->sorted[i] + (at - (double)i) * (r->sorted[i + 1] - r->sorted[i]);
}

void carbon_rule_step(struct carbon_rule *r, double utc_s, double hour_kg_j, double kg_j)
{
	long hour = (long)floor(utc_s / 3600);
	if (hour != r->hour) r->past[r->seen++ % r->hours] = hour_kg_j;
	r->hour = hour;
	r->limit_kg_j = isnan(r->threshold_kg_j) ? past_quantile(r) : r->threshold_kg_j;
	r->now_kg_j = kg_j;
}
