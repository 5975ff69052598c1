/* Dispatch by merit order: by hand, and against every whole-numbered output there is. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "models/grid/merit.h"

enum { UNITS = 4 };

/* Powers in W, times in s; costs and factors in odd numbers. */
static const struct merit_unit fleet[UNITS] = {
	{ 70, 0.41, 0.9, 3 },
	{ 50, 0.0, 0.0, INFINITY },
	{ 30, 1.7, 0.5, INFINITY },
	{ 20, 0.41, 0.7, INFINITY },
};
static const double all_w[UNITS] = { 70, 50, 30, 20 };

static struct merit_result dispatch(double demand_w, const double *available_w, double *output_w)
{
	size_t order[UNITS];
	merit_order(fleet, UNITS, order);
	return merit_dispatch(fleet, order, UNITS,
	    &(struct merit_period){ demand_w, 7, 11.3, available_w }, output_w);
}

static double *fresh(void)
{
	static double output_w[UNITS];
	for (int i = 0; i < UNITS; i++) output_w[i] = NAN;
	return output_w;
}

Test(merit, order_is_by_cost_and_by_place)
{
	size_t order[UNITS];
	merit_order(fleet, UNITS, order);
	const size_t want[UNITS] = { 1, 0, 3, 2 };
	for (int i = 0; i < UNITS; i++) cr_expect_eq(order[i], want[i]);
}

/* Filled by hand: 50 W of unit 1, then 70 of unit 0, then 20 of unit 3, then 30 of 2. */
Test(merit, units_fill_one_after_the_other)
{
	static const struct {
		double demand_w, g_w[UNITS], price, marginal, unserved_w;
	} row[] = {
		{ 0, { 0, 0, 0, 0 }, 0, 0, 0 },
		{ 37, { 0, 37, 0, 0 }, 0, 0, 0 },
		{ 50, { 0, 50, 0, 0 }, 0.41, 0.9, 0 },
		{ 97, { 47, 50, 0, 0 }, 0.41, 0.9, 0 },
		{ 131, { 70, 50, 0, 11 }, 0.41, 0.7, 0 },
		{ 140, { 70, 50, 0, 20 }, 1.7, 0.5, 0 },
		{ 163, { 70, 50, 23, 20 }, 1.7, 0.5, 0 },
		{ 170, { 70, 50, 30, 20 }, 11.3, 0, 0 },
		{ 181, { 70, 50, 30, 20 }, 11.3, 0, 11 },
	};
	for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
		double *g = fresh(), kg = 0, sum = 0;
		struct merit_result r = dispatch(row[k].demand_w, all_w, g);
		for (int i = 0; i < UNITS; i++) {
			cr_expect(epsilon_eq(dbl, g[i], row[k].g_w[i], 1e-12), "row %zu", k);
			kg += row[k].g_w[i] * fleet[i].carbon_kg_j;
			sum += row[k].g_w[i];
		}
		cr_expect(epsilon_eq(dbl, r.average_kg_j, sum > 0 ? kg / sum : 0, 1e-12));
		cr_expect_eq(r.price_per_j, row[k].price, "row %zu", k);
		cr_expect_eq(r.marginal_kg_j, row[k].marginal, "row %zu", k);
		cr_expect(epsilon_eq(dbl, r.unserved_w, row[k].unserved_w, 1e-12));
		cr_expect_eq(r.available_w, 170);
	}
}

/* Unit 0 moves by 3 W/s * 7 s = 21 W: from 60 W it falls to 39 at least and from 20 W it
 * rises to 41 at most. */
Test(merit, ramps_bound_what_a_unit_does)
{
	double g[UNITS] = { 60, 50, 0, 0 };
	struct merit_result r = dispatch(31, all_w, g);
	cr_expect(epsilon_eq(dbl, g[0], 39, 1e-12));
	cr_expect_eq(g[1], 0);
	cr_expect(epsilon_eq(dbl, r.surplus_w, 8, 1e-12));
	cr_expect_eq(r.price_per_j, 0, "the next joule is there already");
	cr_expect_eq(r.marginal_kg_j, 0);
	double h[UNITS] = { 20, 50, 0, 0 };
	r = dispatch(117, all_w, h);
	cr_expect(epsilon_eq(dbl, h[0], 41, 1e-12));
	cr_expect(epsilon_eq(dbl, h[3], 20, 1e-12));
	cr_expect(epsilon_eq(dbl, h[2], 6, 1e-12));
	cr_expect_eq(r.price_per_j, 1.7);
	cr_expect_eq(r.unserved_w, 0);
}

/* A trip needs no ramp: the output is gone, and the rest makes up for it. */
Test(merit, what_is_not_available_is_lost_at_once)
{
	static const double left_w[UNITS] = { 13, 50, 30, 20 };
	double g[UNITS] = { 60, 50, 0, 0 };
	struct merit_result r = dispatch(110, left_w, g);
	cr_expect_eq(g[0], 13);
	cr_expect(epsilon_eq(dbl, g[2], 27, 1e-12));
	cr_expect_eq(r.unserved_w, 0);
	cr_expect_eq(r.available_w, 113);
}

/* ---- every output ---- */

/* With whole bounds and a whole demand an optimum in whole numbers exists (the constraint
 * is one row of ones), so trying all of them finds the least cost. */
struct trial {
	struct merit_unit unit[3];
	double available_w[3], last_w[3];
	int low[3], high[3], demand;
};

static int draw(uint64_t *state, int most)
{
	return (int)(rng_splitmix(state) % (uint64_t)(most + 1));
}

static void make_trial(uint64_t *r, struct trial *t)
{
	for (int i = 0; i < 3; i++) {
		int capacity = 1 + draw(r, 8), last = draw(r, capacity), ramp = 1 + draw(r, 5);
		int available = draw(r, 3) ? capacity : draw(r, capacity);
		t->unit[i] = (struct merit_unit){ capacity, draw(r, 4) - 1, draw(r, 9), ramp };
		t->available_w[i] = available;
		t->last_w[i] = last;
		t->low[i] = last - ramp > 0 ? last - ramp : 0;
		if (t->low[i] > available) t->low[i] = available;
		t->high[i] = last + ramp < available ? last + ramp : available;
	}
	t->demand = draw(r, 24);
}

struct least {
	int miss; /* unserved and surplus together */
	double cost;
};

static struct least try_all(const struct trial *t)
{
	struct least best = { 1000, 0 };
	for (int a = t->low[0]; a <= t->high[0]; a++)
		for (int b = t->low[1]; b <= t->high[1]; b++)
			for (int c = t->low[2]; c <= t->high[2]; c++) {
				int miss = abs(t->demand - a - b - c);
				double cost = a * t->unit[0].cost_per_j +
				    b * t->unit[1].cost_per_j + c * t->unit[2].cost_per_j;
				if (miss < best.miss || (miss == best.miss && cost < best.cost))
					best = (struct least){ miss, cost };
			}
	return best;
}

Test(merit, no_other_output_costs_less)
{
	uint64_t r = 17;
	int short_of = 0, over = 0;
	for (int k = 0; k < 3001; k++) {
		struct trial t;
		size_t order[3];
		make_trial(&r, &t);
		struct least best = try_all(&t);
		merit_order(t.unit, 3, order);
		struct merit_result m = merit_dispatch(t.unit, order, 3,
		    &(struct merit_period){ t.demand, 1, 99, t.available_w }, t.last_w);
		double cost = 0, sum = 0;
		for (int i = 0; i < 3; i++) {
			cost += t.last_w[i] * t.unit[i].cost_per_j;
			sum += t.last_w[i];
			cr_assert_geq(t.last_w[i], t.low[i]);
			cr_assert_leq(t.last_w[i], t.high[i] > t.low[i] ? t.high[i] : t.low[i]);
		}
		cr_assert(epsilon_eq(dbl, sum, t.demand - m.unserved_w + m.surplus_w, 1e-9));
		cr_assert(epsilon_eq(dbl, m.unserved_w + m.surplus_w, best.miss, 1e-9), "%d", k);
		cr_assert(epsilon_eq(dbl, cost, best.cost, 1e-9), "trial %d", k);
		short_of += m.unserved_w > 0;
		over += m.surplus_w > 0;
	}
	cr_expect_gt(short_of, 100);
	cr_expect_gt(over, 100);
}

/* The price is what the optimum rises by for a little more demand. */
Test(merit, price_is_the_cost_of_the_next_joule)
{
	for (double demand_w = 0.5; demand_w < 169; demand_w += 1.7) {
		double g[UNITS], h[UNITS], more = 0;
		for (int i = 0; i < UNITS; i++) g[i] = h[i] = NAN;
		struct merit_result r = dispatch(demand_w, all_w, g);
		dispatch(demand_w + 1e-3, all_w, h);
		for (int i = 0; i < UNITS; i++) more += (h[i] - g[i]) * fleet[i].cost_per_j;
		cr_expect(epsilon_eq(dbl, more, 1e-3 * r.price_per_j, 1e-9), "%g W", demand_w);
	}
}
