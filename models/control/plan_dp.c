/* The plan by dynamic programming, backwards over the intervals and levels of charge. */
#include "models/control/plan.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

/* What is alike for all intervals. */
struct grid {
	const struct plan *p;
	size_t levels;
	double step_j;   /* between levels */
	long reach_up, reach_down; /* levels in an interval, at the rating */
	double *move_w;  /* [2 levels - 1]: power at the meter for a change of levels */
};

static struct grid grid_make(const struct plan *p, size_t levels)
{
	double step_j = (p->capacity_j - p->reserve_j) / (double)(levels - 1);
	double rated_j = p->power_w * p->interval_s;
	long most = (long)levels - 1;
	struct grid g = {
		.p = p,
		.levels = levels,
		.step_j = step_j,
		.reach_up = lround(fmin(floor(rated_j * p->eff_frac / step_j + 1e-9), (double)most)),
		.reach_down = lround(fmin(floor(rated_j / p->eff_frac / step_j + 1e-9), (double)most)),
		.move_w = mem_new(2 * levels - 1, sizeof *g.move_w),
	};
	for (long d = -most; d <= most; d++) {
		double cells_w = (double)d * step_j / p->interval_s;
		g.move_w[d + most] = d > 0 ? cells_w / p->eff_frac : cells_w * p->eff_frac;
	}
	return g;
}

/* Money of an interval; INFINITY beyond a limit. */
static double price_of(const struct plan *p, const struct plan_interval *at, double battery_w,
    double *meter_w)
{
	double w = at->net_w + battery_w;
	double over_w = at->export_per_j < 0 ? -w : -w - p->export_limit_w;
	if (over_w > 0) w += fmin(over_w, at->curtail_w);
	*meter_w = w;
	if (w > p->import_limit_w || -w > p->export_limit_w * (1 + 1e-12)) return INFINITY;
	double export_per_j = fmin(at->export_per_j, at->import_per_j);
	return p->interval_s * w * (w > 0 ? at->import_per_j : export_per_j);
}

/* The best level after interval k for each before it; from `next` makes `value`. */
static void step_back(const struct grid *g, size_t k, const double *next, double *value,
    uint16_t *to)
{
	long most = (long)g->levels - 1;
	for (long i = 0; i <= most; i++) {
		long lo = i > g->reach_down ? i - g->reach_down : 0;
		long hi = i + g->reach_up < most ? i + g->reach_up : most;
		value[i] = INFINITY;
		to[i] = (uint16_t)i;
		for (long j = lo; j <= hi; j++) {
			double meter_w;
			double cost = next[j] + price_of(g->p, &g->p->at[k],
			    g->move_w[j - i + most], &meter_w);
			if (cost >= value[i]) continue;
			value[i] = cost;
			to[i] = (uint16_t)j;
		}
	}
}

static void follow(const struct grid *g, struct plan *p, const uint16_t *to, size_t level)
{
	long most = (long)g->levels - 1;
	p->planned_peak_w = p->peak_w;
	for (size_t k = 0; k < p->n; k++) {
		struct plan_interval *at = &p->at[k];
		size_t next = to[k * g->levels + level];
		at->battery_w = g->move_w[(long)next - (long)level + most];
		price_of(p, at, at->battery_w, &at->meter_w);
		p->planned_peak_w = fmax(p->planned_peak_w, at->meter_w);
		level = next;
	}
}

enum plan_result plan_dp(struct plan *p, size_t levels)
{
	assert(levels >= 2 && levels <= UINT16_MAX && p->capacity_j > p->reserve_j);
	struct grid g = grid_make(p, levels);
	double *value = mem_new(2 * levels, sizeof *value), *next = value + levels;
	uint16_t *to = mem_new(p->n * levels, sizeof *to);
	double from = (fmax(p->stored_j, p->reserve_j) - p->reserve_j) / g.step_j;
	size_t first = (size_t)lround(fmin(from, (double)(levels - 1)));
	for (size_t i = 0; i < levels; i++)
		next[i] = -p->value_per_j * ((double)i - (double)first) * g.step_j;
	for (size_t k = p->n; k-- > 0;) {
		step_back(&g, k, next, value, to + k * levels);
		for (size_t i = 0; i < levels; i++) next[i] = value[i];
	}
	bool found = isfinite(next[first]);
	p->cost = found ? next[first] : NAN;
	if (found) follow(&g, p, to, first);
	free(value);
	free(to);
	free(g.move_w);
	return found ? PLAN_OPTIMAL : PLAN_INFEASIBLE;
}
