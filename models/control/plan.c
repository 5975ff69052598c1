#include "models/control/plan.h"

#include <math.h>

/* Generation is curtailed where export is full, or is paid for. */
static double curtailed_w(const struct plan *p, const struct plan_interval *at, double meter_w)
{
	double over_w = at->export_per_j < 0 ? -meter_w : -meter_w - p->export_limit_w;
	return over_w > 0 ? fmin(over_w, at->curtail_w) : 0;
}

double plan_cost(const struct plan *p, const double *battery_w)
{
	double cost = 0, peak_w = p->peak_w, gained_j = 0;
	for (size_t k = 0; k < p->n; k++) {
		const struct plan_interval *at = &p->at[k];
		double b = battery_w[k], meter_w = at->net_w + b;
		meter_w += curtailed_w(p, at, meter_w);
		double export_per_j = fmin(at->export_per_j, at->import_per_j);
		cost += p->interval_s * (meter_w > 0 ? at->import_per_j : export_per_j) * meter_w;
		gained_j += p->interval_s * (b > 0 ? b * p->eff_frac : b / p->eff_frac);
		peak_w = fmax(peak_w, meter_w);
	}
	return cost + p->demand_per_w * (peak_w - p->peak_w) - p->value_per_j * gained_j;
}
