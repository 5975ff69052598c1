/* Branches of a sweep taken out and put back, against sweeps and nodal equations that never
 * knew anything else. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "models/grid/branch.h"
#include "models/grid/sweep_read.h"
#include "models/grid/sweep_state.h"
#include "tests/plant.h"

struct bed {
	struct plant p;
	struct sweep *s;
	bool reduce;
	unsigned taken, refused, dead;
};

static double loss_w(const struct sweep *s)
{
	double sum_w = 0;
	for (uint32_t b = 1; b < sweep_blocks(s); b++) sum_w += sweep_loss_w(s, b);
	return sum_w;
}

/* 1e-11 of another sweep, for both are at rest to 1e-13; 1e-9 of the nodal equations, as
 * without openings; exactly 0 in dead parts. Losses by the kW that these trees carry. */
static void expect_as_new(struct bed *b, uint64_t seed)
{
	const struct network *n = b->p.n;
	struct nodal *nodal = plant_nodal(n);
	struct sweep *fresh = sweep_takes(n, b->reduce);
	cr_assert_not_null(fresh);
	double nodal_pu = plant_differ_pu(n, nodal, b->s), most_pu = 0;
	cr_assert(sweep_solve(fresh, 1e-13).converged);
	cr_expect_lt(nodal_pu, 1e-9, "%lu: %g", (unsigned long)seed, nodal_pu);
	for (uint32_t i = 0; i < n->nodes; i++) {
		double complex v = sweep_v(b->s)[i];
		most_pu = fmax(most_pu, cabs(v - sweep_v(fresh)[i]) / n->node[i].nominal_v);
		if (nodal_is_live(nodal, i)) continue;
		cr_expect_eq(v, 0, "%lu", (unsigned long)seed);
		b->dead++;
	}
	cr_expect_lt(most_pu, 1e-11, "%lu: %g", (unsigned long)seed, most_pu);
	double off_w = fabs(loss_w(b->s) - loss_w(fresh));
	cr_expect_lt(off_w, 1e-6, "%lu: %g W", (unsigned long)seed, off_w);
	sweep_free(fresh);
	nodal_free(nodal);
}

/* What is refused stays as it was when it opens; what was made without it is made anew. */
static void set_open(struct bed *b, uint32_t element, bool open)
{
	struct net_element *el = &b->p.n->element[element];
	el->open = open;
	if (sweep_open(b->s, element, open)) {
		b->taken++;
		return;
	}
	b->refused++;
	if (open) {
		el->open = false;
		return;
	}
	sweep_free(b->s);
	b->s = sweep_takes(b->p.n, b->reduce);
	cr_assert_not_null(b->s);
}

static void switch_some(struct bed *b)
{
	for (int i = 0; i < 3; i++) {
		uint32_t e = (uint32_t)plant_below(&b->p, (int)b->p.n->elements);
		if (b->p.n->element[e].kind != NET_SHUNT) set_open(b, e, !b->p.n->element[e].open);
	}
}

static void close_all(struct bed *b)
{
	for (uint32_t e = 0; e < b->p.n->elements; e++)
		if (b->p.n->element[e].open) set_open(b, e, false);
}

static void scale_elements(struct plant *p)
{
	for (size_t i = 0; i < p->n->elements; i++) {
		const struct net_element *el = &p->n->element[i];
		double by = plant_some(p, 0.9, 1.1);
		for (uint32_t k = 0; k < el->terminals * el->terminals; k++) el->y[k] *= by;
	}
}

/* The last step makes other branches: refill then makes another sweep, without what is open. */
static void walk(struct bed *b, uint64_t seed)
{
	enum { STEPS = 11 };
	for (int step = 0; step < STEPS; step++) {
		switch_some(b);
		if (step % 4 == 1) {
			plant_move_taps(&b->p);
			cr_assert(sweep_retap(b->s));
		}
		if (step % 4 == 2) {
			scale_elements(&b->p);
			cr_assert(sweep_refill(b->s));
		}
		if (step == STEPS - 1 && !b->s->one) {
			plant_change_elements(&b->p);
			cr_assert(sweep_refill(b->s));
		}
		expect_as_new(b, seed);
		if (step % 5 == 3 || step == STEPS - 1) {
			close_all(b);
			expect_as_new(b, seed);
		}
	}
}

Test(sweep_open, random_trees_flow_as_if_they_were_new)
{
	struct bed b = { 0 };
	for (uint64_t seed = 201; seed <= 223; seed++) {
		b.p = plant_new(seed);
		b.reduce = seed % 2;
		b.s = sweep_takes(b.p.n, b.reduce);
		cr_assert_not_null(b.s);
		walk(&b, seed);
		sweep_free(b.s);
		network_free(b.p.n);
	}
	cr_expect_gt(b.taken, 500, "%u", b.taken);
	cr_expect_gt(b.refused, 10, "%u", b.refused);
	cr_expect_gt(b.dead, 5000, "%u", b.dead);
}

Test(sweep_open, trees_of_one_phase_flow_as_if_they_were_new)
{
	struct bed b = { 0 };
	for (uint64_t seed = 301; seed <= 323; seed++) {
		plant_one_phase(&b.p, seed, seed % 3 ? 1 : 3);
		b.reduce = seed % 2;
		b.s = sweep_takes(b.p.n, b.reduce);
		cr_assert(b.s && b.s->one);
		walk(&b, seed);
		sweep_free(b.s);
		network_free(b.p.n);
	}
	cr_expect_gt(b.taken, 500, "%u", b.taken);
	cr_expect_eq(b.refused, 0, "%u", b.refused);
	cr_expect_gt(b.dead, 5000, "%u", b.dead);
}

/* Five lines that are one, of three phases; the load at the end, 7 kW a phase. */
static struct bed chain(void)
{
	struct bed b = { .p = { .n = network_new() }, .reduce = true };
	struct plant_bus *head = &b.p.bus[b.p.buses++];
	*head = (struct plant_bus){ .phases = NET_PHASES, .v_v = 230 };
	const double complex z[NET_PHASES * NET_PHASES] = { 0.07 + 0.03 * I, 0.02, 0.02, 0.02,
		0.07 + 0.03 * I, 0.02, 0.02, 0.02, 0.07 + 0.03 * I };
	for (int k = 0; k < NET_PHASES; k++) {
		head->node[k] = network_node(b.p.n, network_bus(b.p.n, "0"), k);
		network_source(b.p.n, head->node[k], plant_turned(233, -120 * k), 230);
	}
	for (int i = 0; i < 5; i++) {
		const struct plant_bus *last = &b.p.bus[i], *to = plant_bus(&b.p, last, false);
		cr_assert(branch_line(b.p.n, "line", 3, last->node, to->node, z, plant_no_shunt));
	}
	for (int k = 0; k < NET_PHASES; k++)
		network_load(b.p.n, &(struct net_load){ .name = (char *)"load",
					.plus = b.p.bus[5].node[k],
					.minus = NET_GROUND,
					.s_va = 7000,
					.nominal_v = 230,
					.power = 1 });
	network_nominal(b.p.n);
	b.s = sweep_takes(b.p.n, true);
	cr_assert(b.s && sweep_blocks(b.s) == 2);
	return b;
}

/* Of lines that reduction has made one, those before the first opening are at the source's
 * voltage, for nothing flows. */
Test(sweep_open, a_merged_line_is_dead_from_its_first_opening_on)
{
	static const struct {
		uint32_t element, live; /* what is switched; buses with voltage after it */
	} step[] = { { 3, 4 }, { 1, 2 }, { 4, 2 }, { 1, 4 }, { 3, 5 }, { 4, 6 } };
	struct bed b = chain();
	for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
		struct net_element *el = &b.p.n->element[step[i].element];
		set_open(&b, step[i].element, !el->open);
		cr_expect(sweep_solve(b.s, 1e-13).converged);
		for (uint32_t at = 0; at < 6; at++) {
			double v_v = cabs(sweep_v(b.s)[b.p.bus[at].node[1]]);
			bool live = at < step[i].live;
			if (step[i].live < 6)
				cr_expect(epsilon_eq(dbl, v_v, live ? 233 : 0, 1e-10), "%zu", i);
			else if (at)
				cr_expect(v_v > 200 && v_v < 233, "%zu: %g V", i, v_v);
		}
		if (step[i].live < 6) cr_expect_eq(sweep_loss_w(b.s, 1), 0);
	}
	cr_expect_eq(b.refused, 0);
	sweep_free(b.s);
	network_free(b.p.n);
}

enum joint { LINE, LOAD, SHUNT, JOINTS };

/* Behind the chain, lines 5, 6 and 7 of one phase each, and what joins the first two, or all. */
static struct bed three_of_one_phase(enum joint what)
{
	struct bed b = chain();
	sweep_free(b.s);
	const struct plant_bus *end = &b.p.bus[5], *far = plant_bus(&b.p, end, false), *last;
	const double complex z[NET_PHASES * NET_PHASES] = { 0.07, 0.02, 0.02, 0.02, 0.07, 0.02,
		0.02, 0.02, 0.07 };
	const uint32_t *from = end->node, *to = far->node;
	for (int k = 0; k < NET_PHASES; k++)
		cr_assert(branch_line(b.p.n, "one", 1, from + k, to + k, z, plant_no_shunt));
	if (what == LINE) {
		last = plant_bus(&b.p, far, false);
		cr_assert(branch_line(b.p.n, "three", 3, to, last->node, z, plant_no_shunt));
	} else if (what == LOAD) {
		network_load(b.p.n, &(struct net_load){ .name = (char *)"across",
					.plus = to[0],
					.minus = to[1],
					.s_va = 1300,
					.nominal_v = 398,
					.power = 1 });
	} else {
		branch_shunt(b.p.n, "across", to[0], to[1], 0.003 * I);
	}
	network_nominal(b.p.n);
	b.s = sweep_takes(b.p.n, true);
	cr_assert_not_null(b.s);
	return b;
}

/* One end of the joint would be without feed, the other not: no tree, or none whose dead parts
 * draw nothing. What is in front of all three can be opened. */
Test(sweep_open, one_line_to_what_others_feed_too_is_refused)
{
	for (enum joint what = LINE; what < JOINTS; what++) {
		struct bed b = three_of_one_phase(what);
		for (uint32_t e = 0; e < 8; e++) {
			bool is_joined = e == 5 || e == 6 || (e == 7 && what == LINE);
			bool opens = sweep_open(b.s, e, true);
			cr_expect_eq(opens, !is_joined, "%d: %u", what, e);
			cr_expect(sweep_open(b.s, e, false));
			expect_as_new(&b, e);
		}
		sweep_free(b.s);
		network_free(b.p.n);
	}
}
