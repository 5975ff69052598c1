/* The kernel for one phase of the sweep against the nodal equations. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/branch.h"
#include "models/grid/sweep_state.h"
#include "tests/plant.h"

enum { ONES = 97 };

/* A tree of one phase: lines, complex taps, regulators, loads of constant power, of which
 * `heavy` ones leave their limits here and there. */
static struct network *one_phase(struct plant *p, uint64_t seed, double heavy)
{
	struct network *n = p->n = network_new();
	uint32_t node[ONES] = { network_node(n, network_bus(n, "0"), 0) };
	pcg64_seed(&p->g, seed, 13);
	network_source(n, node[0], plant_turned(2410, 5), 2400);
	for (int i = 1; i < ONES; i++) {
		char *name = mem_print("%d", i);
		uint32_t from = node[plant_below(p, 3) ? i - 1 : plant_below(p, i)];
		double complex z = plant_some(p, 0.01, 0.1) + I * plant_some(p, 0.01, 0.1);
		int kind = plant_below(p, 12);
		node[i] = network_node(n, network_bus(n, name), 0);
		if (kind == 0)
			network_tie(n, &(struct net_tie){ node[i], 1, { from }, { 1.0125 } });
		else if (kind == 1)
			branch_tapped(n, name, from, node[i], z, 0, plant_turned(0.99, 2));
		else if (kind == 2)
			branch_tapped(n, name, node[i], from, z, 0, plant_turned(1.01, -1));
		else
			cr_assert(branch_line(n, name, 1, &from, &node[i], &z, plant_no_shunt));
		struct net_load l = { .name = name,
			.plus = node[plant_below(p, i + 1)],
			.minus = NET_GROUND,
			.s_va = heavy * (plant_some(p, -2e3, 9e3) + I * plant_some(p, -2e3, 5e3)),
			.nominal_v = 2400,
			.power = 1,
			.low_pu = plant_some(p, 0.8, 0.95),
			.high_pu = 1.05 };
		if (plant_below(p, 2)) network_load(n, &l);
		free(name);
	}
	network_nominal(n);
	return n;
}

/* Solutions that do not know of the last and such that do, before and after a tap. */
static void expect_one(struct plant *p, bool reduce, uint64_t seed)
{
	struct nodal *reference = plant_nodal(p->n);
	struct sweep *s = sweep_takes(p->n, reduce);
	cr_assert(s && s->one);
	for (int i = 0; i < 3; i++) {
		double differs = plant_differ_pu(p->n, reference, s);
		cr_expect_lt(differs, 1e-9, "%lu: %g", (unsigned long)seed, differs);
		if (i == 0) sweep_restart(s);
		if (i == 1) {
			plant_move_taps(p);
			cr_assert(sweep_retap(s) && nodal_retap(reference));
		}
	}
	sweep_free(s);
	nodal_free(reference);
}

Test(sweep_one, one_phase_flows_as_the_nodal_equations_say)
{
	int limited = 0;
	for (uint64_t seed = 1; seed <= 43; seed++) {
		struct plant p;
		struct network *n = one_phase(&p, seed, seed % 3 ? 1 : 3);
		expect_one(&p, seed % 2, seed);
		struct nodal *s = plant_nodal(n);
		cr_assert(nodal_solve(s, 1e-9).converged);
		for (size_t i = 0; i < n->loads; i++) {
			double pu = cabs(nodal_v(s)[n->load[i].plus]) / 2400;
			limited += pu < n->load[i].low_pu || pu > n->load[i].high_pu;
		}
		nodal_free(s);
		network_free(n);
	}
	cr_expect_gt(limited, 50, "%d loads at a limit", limited);
}
