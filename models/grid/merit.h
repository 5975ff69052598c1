/* Which units of a bulk system run: merit-order dispatch for one period.
 *
 * Least cost of  sum of cost_i g_i dt  such that  sum g_i = demand - unserved + surplus  and
 * low_i <= g_i <= high_i, where the bounds come of what a unit has available and of how far
 * it can move from its last output; first as little unserved and surplus as the bounds
 * allow. One node, no losses, no start-up costs: what IEA and IRENA call the merit order. */
#ifndef HEARTH_MODELS_GRID_MERIT_H
#define HEARTH_MODELS_GRID_MERIT_H

#include <stddef.h>

struct merit_unit {
	double capacity_w;
	double cost_per_j;
	double carbon_kg_j; /* by energy generated */
	double ramp_w_s;    /* up and down; INFINITY: none */
};

/* Places of units in the order of their costs; of equal ones the first listed first. */
void merit_order(const struct merit_unit *unit, size_t n, size_t *order);

/* What the units of one period can do. */
struct merit_period {
	double demand_w; /* >= 0 */
	double dt_s;
	double scarcity_per_j;      /* price where demand is left unserved */
	const double *available_w;  /* [n], 0 to capacity: at once, without a ramp, downwards */
};

struct merit_result {
	double generation_w;  /* of all units */
	double unserved_w;    /* demand beyond what they can reach */
	double surplus_w;     /* what they cannot fall below, beyond the demand */
	double available_w;   /* of all units, ramps apart */
	double price_per_j;   /* cost of the unit that serves the next joule */
	double average_kg_j;  /* of the generation; 0: there is none */
	double marginal_kg_j; /* of the unit that serves the next joule */
};

/* Dispatches a period: output_w [n] holds each unit's last output, NAN where there is
 * none to ramp from, and then its new one. With a surplus the next joule is there
 * already: it costs and emits nothing. With demand unserved nobody serves it: it is worth
 * the scarcity price, and emits nothing. */
struct merit_result merit_dispatch(const struct merit_unit *unit, const size_t *order, size_t n,
    const struct merit_period *period, double *output_w);

#endif
