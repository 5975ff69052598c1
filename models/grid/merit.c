#include "models/grid/merit.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

void merit_order(const struct merit_unit *unit, size_t n, size_t *order)
{
	for (size_t i = 0; i < n; i++) { /* by insertion, which keeps equals in order */
		size_t k = i;
		for (; k > 0 && unit[order[k - 1]].cost_per_j > unit[i].cost_per_j; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
}

struct bounds {
	double low_w, high_w;
};

/* What is no longer available is lost at once: a trip or a lull is no ramp. */
static struct bounds bounds_of(const struct merit_unit *u, double available_w, double last_w,
    double dt_s)
{
	struct bounds b = { 0, available_w };
	if (isnan(last_w) || isinf(u->ramp_w_s)) return b;
	b.low_w = fmin(fmax(last_w - u->ramp_w_s * dt_s, 0), available_w);
	b.high_w = fmin(last_w + u->ramp_w_s * dt_s, available_w);
	return b;
}

/* Rounding of a sum of outputs is no room for a joule. */
static const double room_frac = 1e-12;

struct fill {
	struct merit_result r;
	double open_w, carbon_kg_s;
	bool found; /* the unit that serves the next joule */
};

/* Raises a unit above its lower bound by what is still wanted. */
static double raise_unit(struct fill *f, const struct merit_unit *u, const struct bounds *b)
{
	double room_w = fmax(b->high_w - b->low_w, 0), more_w = fmin(room_w, f->open_w);
	double g_w = b->low_w + more_w;
	f->open_w -= more_w;
	f->r.generation_w += g_w;
	f->carbon_kg_s += g_w * u->carbon_kg_j;
	if (!f->found && room_w - more_w > room_frac * u->capacity_w) {
		f->found = true;
		f->r.price_per_j = u->cost_per_j;
		f->r.marginal_kg_j = u->carbon_kg_j;
	}
	return g_w;
}

/* Why filling in the order of costs is exact: all units start at their lower bounds. If
 * these exceed the demand, every feasible output does by as much or more, and they are
 * it. Else let g be an optimum and i cheaper than k, with g_i < high_i and g_k > low_k:
 * moving a watt from k to i keeps the sum and the bounds and costs less, so there is no
 * such pair, and g is the fill, but for the order of units that cost the same. As long as
 * any unit has room, demand unserved can be served: what is left over is the least. */
struct merit_result merit_dispatch(const struct merit_unit *unit, const size_t *order, size_t n,
    const struct merit_period *period, double *output_w)
{
	struct fill f = { .open_w = period->demand_w };
	assert(period->demand_w >= 0 && period->dt_s > 0);
	for (size_t i = 0; i < n; i++) {
		double available_w = period->available_w[i];
		f.open_w -= bounds_of(&unit[i], available_w, output_w[i], period->dt_s).low_w;
		f.r.available_w += available_w;
	}
	f.r.surplus_w = fmax(-f.open_w, 0);
	f.open_w = fmax(f.open_w, 0);
	for (size_t k = 0; k < n; k++) {
		size_t i = order[k];
		struct bounds b =
		    bounds_of(&unit[i], period->available_w[i], output_w[i], period->dt_s);
		output_w[i] = raise_unit(&f, &unit[i], &b);
	}
	if (f.r.generation_w > 0) f.r.average_kg_j = f.carbon_kg_s / f.r.generation_w;
	if (f.open_w > room_frac * period->demand_w) f.r.unserved_w = f.open_w;
	if (f.r.surplus_w > room_frac * period->demand_w) {
		f.r.price_per_j = f.r.marginal_kg_j = 0;
	} else if (!f.found) {
		f.r.price_per_j = period->scarcity_per_j;
		f.r.marginal_kg_j = 0;
	}
	return f.r;
}
