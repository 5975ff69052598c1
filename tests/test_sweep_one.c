/* The kernel for one phase of the sweep against the nodal equations. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "models/grid/sweep_state.h"
#include "tests/plant.h"

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
		struct network *n = plant_one_phase(&p, seed, seed % 3 ? 1 : 3);
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
