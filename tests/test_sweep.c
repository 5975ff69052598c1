/* The sweep against the nodal equations: no line of the one is in the other but the
 * primitive admittances and the loads. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/branch.h"
#include "tests/plant.h"

static void expect_alike(struct network *n, const char *what, unsigned long number)
{
	struct nodal *reference = plant_nodal(n);
	size_t blocks = SIZE_MAX;
	for (int reduce = 0; reduce < 2; reduce++) {
		struct sweep *s = sweep_takes(n, reduce);
		cr_assert_not_null(s, "%s %lu", what, number);
		cr_expect_leq(sweep_blocks(s), blocks);
		blocks = sweep_blocks(s);
		for (int hour = 0; hour < 3; hour++) {
			double differs = plant_differ_pu(n, reference, s);
			cr_expect_lt(differs, 1e-9, "%s %lu: %g", what, number, differs);
			for (size_t i = 0; i < n->loads; i++) n->load[i].s_va *= hour ? 2 : 0.5;
		}
		sweep_free(s);
	}
	nodal_free(reference);
}

Test(sweep, random_trees_flow_as_the_nodal_equations_say)
{
	for (uint64_t seed = 1; seed <= 67; seed++) {
		struct plant p = plant_new(seed);
		expect_alike(p.n, "seed", (unsigned long)seed);
		network_free(p.n);
	}
}

/* ---- changed in place ---- */

enum change { TAPS, ELEMENTS, CHANGES };

/* Both engines after a change in place against engines that never knew anything else. */
static void expect_as_new(struct plant *p, bool reduce, enum change what, uint64_t seed)
{
	struct nodal *nodal = plant_nodal(p->n);
	struct sweep *sweep = sweep_takes(p->n, reduce);
	cr_assert(plant_differ_pu(p->n, nodal, sweep) < 1e-9);
	if (what == TAPS) {
		plant_move_taps(p);
		cr_assert(nodal_retap(nodal) && sweep_retap(sweep));
	} else {
		plant_move_taps(p);
		plant_change_elements(p);
		cr_assert(nodal_refill(nodal) && sweep_refill(sweep));
	}
	struct nodal *new_nodal = plant_nodal(p->n);
	struct sweep *new_sweep = sweep_takes(p->n, reduce);
	double nodal_pu = plant_differ_pu(p->n, nodal, new_sweep);
	double sweep_pu = plant_differ_pu(p->n, new_nodal, sweep), own_pu = 0;
	for (uint32_t i = 0; i < p->n->nodes; i++)
		own_pu = fmax(own_pu,
		    cabs(nodal_v(nodal)[i] - nodal_v(new_nodal)[i]) / p->n->node[i].nominal_v);
	cr_expect_lt(nodal_pu, 1e-9, "%lu: %g", (unsigned long)seed, nodal_pu);
	cr_expect_lt(sweep_pu, 1e-9, "%lu: %g", (unsigned long)seed, sweep_pu);
	cr_expect_lt(own_pu, 1e-12, "%lu: %g", (unsigned long)seed, own_pu);
	for (uint32_t i = 0; i < p->n->nodes; i++) {
		double off = cabs(sweep_v(sweep)[i] - sweep_v(new_sweep)[i]);
		cr_expect_lt(off / p->n->node[i].nominal_v, 1e-12, "%lu", (unsigned long)seed);
	}
	cr_expect_eq(sweep_blocks(sweep), sweep_blocks(new_sweep));
	sweep_free(new_sweep);
	nodal_free(new_nodal);
	sweep_free(sweep);
	nodal_free(nodal);
}

Test(sweep, what_changes_in_place_is_as_if_it_were_new)
{
	for (uint64_t seed = 101; seed <= 131; seed++)
		for (enum change what = TAPS; what < CHANGES; what++) {
			struct plant p = plant_new(seed);
			expect_as_new(&p, seed % 2, what, seed);
			network_free(p.n);
		}
}

/* A ratio of 0 joins nothing: no tree, and no longer taken. */
Test(sweep, a_regulator_of_ratio_0_is_not_taken)
{
	struct plant p = plant_new(37);
	struct sweep *s = sweep_takes(p.n, true);
	cr_assert_not_null(s);
	cr_assert_gt(p.n->ties, 0);
	p.n->tie[0].weight[0] = 0;
	cr_expect_not(sweep_retap(s));
	cr_expect_not(sweep_refill(s));
	sweep_free(s);
	network_free(p.n);
}

/* Nine pieces of one line are one line: the block of the source and that of the load. */
Test(sweep, a_chain_is_one_line)
{
	struct plant p = { .n = network_new() };
	struct plant_bus *head = &p.bus[p.buses++];
	*head = (struct plant_bus){ { network_node(p.n, network_bus(p.n, "0"), 2) }, 1, 230 };
	pcg64_seed(&p.g, 5, 11);
	network_source(p.n, head->node[0], 233, 230);
	const double complex z = 0.0071 + 0.0023 * I;
	for (int i = 0; i < 9; i++) {
		const struct plant_bus *last = &p.bus[p.buses - 1],
				       *to = plant_bus(&p, last, false);
		cr_assert(branch_line(p.n, "line", 1, last->node, to->node, &z, plant_no_shunt));
	}
	struct net_load l = { .name = (char *)"load",
		.plus = p.bus[9].node[0],
		.minus = NET_GROUND,
		.s_va = 7100 + 1300 * I,
		.nominal_v = 230,
		.power = 1 };
	network_load(p.n, &l);
	network_nominal(p.n);
	struct sweep *s = sweep_takes(p.n, true);
	cr_assert_not_null(s);
	cr_expect_eq(sweep_blocks(s), 2);
	sweep_free(s);
	expect_alike(p.n, "chain", 0);
	network_free(p.n);
}

/* ---- what is refused ---- */

enum refusal { NOTHING, LOOP, SECOND_SOURCE, TO_DELTA, FLOATING, OPEN_DELTA, TWO_TERMS, REFUSALS };

static void add_refused(struct plant *p, enum refusal what)
{
	const struct plant_bus *head = &p->bus[0];
	const double complex z = 0.3 + 0.2 * I;
	if (what == NOTHING) return;
	if (what == LOOP) {
		const struct plant_bus *end = &p->bus[1];
		for (int k = 0; k < 2; k++)
			cr_assert(branch_line(
			    p->n, "loop", 1, &head->node[k], &end->node[k], &z, plant_no_shunt));
		return;
	}
	struct plant_bus *far = plant_bus(p, head, false);
	if (what == SECOND_SOURCE) {
		network_source(p->n, far->node[0], 2800, 2771);
	} else if (what == TO_DELTA || what == FLOATING) {
		struct branch_side a = { WINDING_DELTA, 4800, head->node };
		struct branch_side b = { what == TO_DELTA ? WINDING_DELTA : WINDING_WYE, 480,
			far->node };
		branch_transformer(p->n, "transformer", &a, &b, 3e5, 0.01 + 0.04 * I, 0);
	} else if (what == OPEN_DELTA) {
		struct branch_side a = { WINDING_EARTHED, 4800, head->node };
		struct branch_side b = { WINDING_DELTA, 480, far->node };
		branch_transformer(p->n, "transformer", &a, &b, 3e5, 0.01 + 0.04 * I, 0);
	} else {
		network_tie(p->n, &(struct net_tie){ far->node[0], 2,
				      { head->node[0], head->node[1] }, { 1.05, -0.05 } });
	}
}

Test(sweep, what_is_no_tree_is_left_to_the_nodal_equations)
{
	for (enum refusal what = NOTHING; what < REFUSALS; what++) {
		struct plant p = { .n = network_new() };
		struct plant_bus *head = &p.bus[p.buses++];
		pcg64_seed(&p.g, 3, 11);
		*head = (struct plant_bus){ .phases = NET_PHASES, .v_v = 2771 };
		for (int k = 0; k < NET_PHASES; k++) {
			head->node[k] = network_node(p.n, network_bus(p.n, "0"), k);
			network_source(p.n, head->node[k], plant_turned(2771, -120 * k), head->v_v);
		}
		plant_line(&p, head, false);
		add_refused(&p, what);
		network_nominal(p.n);
		struct sweep *s = sweep_takes(p.n, true);
		cr_expect_eq(s != NULL, what == NOTHING, "%d", what);
		sweep_free(s);
		nodal_free(plant_nodal(p.n));
		network_free(p.n);
	}
}

/* What no switch joins with the source stays at 0 V, and its loads draw nothing. */
Test(sweep, dead_parts_have_no_voltage)
{
	struct plant p = plant_new(17);
	uint32_t gone[2];
	const double complex z = 0.2 + 0.1 * I;
	for (int i = 0; i < 2; i++) gone[i] = network_node(p.n, network_bus(p.n, i ? "y" : "x"), 1);
	cr_assert(branch_line(p.n, "line", 1, &gone[0], &gone[1], &z, plant_no_shunt));
	struct net_load l = { .name = (char *)"load",
		.plus = gone[1],
		.minus = NET_GROUND,
		.s_va = 700,
		.nominal_v = 230,
		.power = 1 };
	network_load(p.n, &l);
	expect_alike(p.n, "dead", 0);
	network_free(p.n);
}

/* A load that nothing can carry below its limits is told, never solved. */
Test(sweep, too_much_does_not_converge)
{
	struct plant p = plant_new(23);
	for (size_t i = 0; i < p.n->loads; i++) {
		p.n->load[i].s_va *= 400;
		p.n->load[i].power = 1;
		p.n->load[i].current = p.n->load[i].impedance = 0;
		p.n->load[i].low_pu = 1e-3;
	}
	struct sweep *s = sweep_takes(p.n, true);
	cr_assert_not_null(s);
	cr_expect_not(sweep_solve(s, 1e-10).converged);
	sweep_free(s);
	network_free(p.n);
}

/* ---- published feeders ---- */

Test(sweep, ieee_13_node_feeder)
{
	struct network *n = plant_feeder("ieee13");
	expect_alike(n, "ieee13", 0);
	network_free(n);
}

Test(sweep, ieee_34_node_feeder)
{
	struct network *n = plant_feeder("ieee34");
	expect_alike(n, "ieee34", 0);
	network_free(n);
}

Test(sweep, european_low_voltage_feeder)
{
	struct network *n = plant_feeder("ieee_eulv");
	expect_alike(n, "ieee_eulv", 0);
	network_free(n);
}
