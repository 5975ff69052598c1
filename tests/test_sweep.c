/* The sweep against the nodal equations: no line of the one is in the other but the
 * primitive admittances and the loads. Feeders of $HEARTH_SHARED are not part of hearth:
 * without it those tests are skipped. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/grid/branch.h"
#include "models/grid/dense.h"
#include "models/grid/network_csv.h"
#include "models/grid/nodal.h"
#include "models/grid/sweep.h"
#include "models/grid/sweep_state.h"

static const double no_shunt[NET_PHASES * NET_PHASES];
static const struct err_pos nowhere;

static double complex turned(double size, double degrees)
{
	return size * cexp(I * degrees * M_PI / 180);
}

/* ---- random trees ---- */

enum { BUSES = 61, LOADS = 41 };

struct at_bus {
	uint32_t node[NET_PHASES];
	int phases;
	double v_v; /* phase to earth */
};

struct plant {
	struct network *n;
	struct pcg64 g;
	struct at_bus bus[BUSES];
	int buses;
};

static double some(struct plant *p, double low, double high)
{
	return low + (high - low) * pcg64_unit(&p->g);
}

static int below(struct plant *p, int n)
{
	return (int)(pcg64_unit(&p->g) * n);
}

/* A bus with some of the phases of another: all, or from one to all but one. */
static struct at_bus *new_bus(struct plant *p, const struct at_bus *like, bool fewer)
{
	char *name = mem_print("%d", p->buses);
	struct at_bus *b = &p->bus[p->buses++];
	int first = fewer && like->phases > 1 ? below(p, 2) : 0;
	*b = (struct at_bus){ .phases = like->phases - first, .v_v = like->v_v };
	if (fewer && b->phases > 1) b->phases -= below(p, 2);
	for (int k = 0; k < b->phases; k++)
		b->node[k] = network_node(
		    p->n, network_bus(p->n, name), p->n->node[like->node[first + k]].phase);
	free(name);
	return b;
}

/* The node of `like` with the phase of b's k-th. */
static uint32_t facing(
    const struct plant *p, const struct at_bus *like, const struct at_bus *b, int k)
{
	for (int i = 0; i < like->phases; i++)
		if (p->n->node[like->node[i]].phase == p->n->node[b->node[k]].phase)
			return like->node[i];
	cr_fatal("no such phase");
}

static void add_line(struct plant *p, const struct at_bus *from, bool fewer)
{
	const struct at_bus *to = new_bus(p, from, fewer);
	double complex z[NET_PHASES * NET_PHASES];
	double b_s[NET_PHASES * NET_PHASES] = { 0 }, scale = from->v_v * from->v_v / 240e3;
	bool shunts = below(p, 3) == 0;
	uint32_t near[NET_PHASES];
	for (int i = 0; i < to->phases; i++) {
		near[i] = facing(p, from, to, i);
		for (int k = 0; k <= i; k++) {
			double complex each = some(p, 0.001, 0.004) + I * some(p, 0.001, 0.005);
			z[i * to->phases + k] = z[k * to->phases + i] =
			    scale * (i == k ? 3 * each : each);
			if (shunts)
				b_s[i * to->phases + k] = b_s[k * to->phases + i] =
				    (i == k ? 3e-3 : -4e-4) / scale * some(p, 0.1, 1);
		}
	}
	cr_assert(branch_line(p->n, "line", to->phases, near, to->node, z, b_s));
}

/* Either way round: what is behind must be an earthed wye. */
static void add_transformer(struct plant *p, const struct at_bus *from)
{
	struct at_bus *to = new_bus(p, from, false);
	to->v_v = from->v_v > 1000 ? 230 : 4800;
	struct branch_side near = { below(p, 2) ? WINDING_DELTA : WINDING_EARTHED,
		from->v_v * sqrt(3), from->node };
	struct branch_side far = { WINDING_EARTHED, to->v_v * sqrt(3), to->node };
	bool turn = below(p, 2);
	branch_transformer(
	    p->n, "transformer", turn ? &far : &near, turn ? &near : &far, 400e3, 0.01 + 0.04 * I, 0);
}

static void add_regulator(struct plant *p, const struct at_bus *from)
{
	const struct at_bus *to = new_bus(p, from, false);
	for (int k = 0; k < to->phases; k++) {
		double ratio = 1 + 0.00625 * (below(p, 17) - 8);
		if (below(p, 4) == 0)
			network_join(p->n, from->node[k], to->node[k]);
		else
			network_tie(p->n,
			    &(struct net_tie){ to->node[k], 1, { from->node[k] }, { ratio } });
	}
}

static void add_load(struct plant *p)
{
	const struct at_bus *b = &p->bus[below(p, p->buses)];
	int k = below(p, b->phases);
	bool line = b->phases > 1 && below(p, 2);
	double power = some(p, 0, 1), current = (1 - power) * some(p, 0, 1);
	struct net_load l = { .name = (char *)"load",
		.plus = b->node[k],
		.minus = line ? b->node[(k + 1) % b->phases] : NET_GROUND,
		.s_va = some(p, -500, 2500) + I * some(p, -300, 900),
		.nominal_v = line ? sqrt(3) * b->v_v : b->v_v,
		.power = power,
		.current = current,
		.impedance = 1 - power - current };
	network_load(p->n, &l);
	if (below(p, 9) == 0)
		branch_shunt(
		    p->n, "capacitor", l.plus, l.minus, I * 700 / (l.nominal_v * l.nominal_v));
}

static struct plant plant_new(uint64_t seed)
{
	struct plant p = { .n = network_new() };
	struct at_bus *head = &p.bus[p.buses++];
	pcg64_seed(&p.g, seed, 11);
	head->phases = NET_PHASES;
	head->v_v = 2771;
	for (int k = 0; k < NET_PHASES; k++) {
		head->node[k] = network_node(p.n, network_bus(p.n, "0"), k);
		network_source(p.n, head->node[k], turned(2790, 3 - 120 * k), head->v_v);
	}
	while (p.buses < BUSES) {
		/* Often on from the last, so that there are chains to reduce. */
		int at = below(&p, 3) ? p.buses - 1 : below(&p, p.buses), kind = below(&p, 12);
		if (kind == 0 && p.bus[at].phases == NET_PHASES)
			add_transformer(&p, &p.bus[at]);
		else if (kind == 1)
			add_regulator(&p, &p.bus[at]);
		else
			add_line(&p, &p.bus[at], kind < 4);
	}
	for (int i = 0; i < LOADS; i++) add_load(&p);
	network_nominal(p.n);
	return p;
}

/* ---- one against the other ---- */

static struct nodal *nodal_of(const struct network *n)
{
	struct err_list *e = err_new();
	struct nodal *s = nodal_new(n, nowhere, e);
	cr_assert_not_null(s);
	err_free(e);
	return s;
}

/* Of a node's nominal voltage; each engine at rest to 1e-13. */
static double differ_pu(const struct network *n, struct nodal *reference, struct sweep *s)
{
	double most = 0;
	struct nodal_result a = nodal_solve(reference, 1e-13), b = sweep_solve(s, 1e-13);
	cr_assert(a.converged);
	cr_assert(b.converged, "%g", b.change_pu);
	const double complex *v = sweep_v(s);
	for (uint32_t i = 0; i < n->nodes; i++) {
		if (n->node[i].nominal_v > 0)
			most =
			    fmax(most, cabs(v[i] - nodal_v(reference)[i]) / n->node[i].nominal_v);
		else
			cr_expect_eq(v[i], 0);
	}
	return most;
}

static void expect_alike(struct network *n, const char *what, unsigned long number)
{
	struct nodal *reference = nodal_of(n);
	size_t blocks = SIZE_MAX;
	for (int reduce = 0; reduce < 2; reduce++) {
		struct sweep *s = sweep_takes(n, reduce);
		cr_assert_not_null(s, "%s %lu", what, number);
		cr_expect_leq(sweep_blocks(s), blocks);
		blocks = sweep_blocks(s);
		for (int hour = 0; hour < 3; hour++) {
			double differs = differ_pu(n, reference, s);
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

/* Taps, sources and shunts: what sweep_retap and nodal_retap take. */
static void move_taps(struct plant *p)
{
	for (size_t i = 0; i < p->n->ties; i++)
		p->n->tie[i].weight[0] = 1 + 0.00625 * (below(p, 33) - 16);
	for (size_t i = 0; i < p->n->sources; i++) p->n->source[i].v *= some(p, 0.98, 1.02);
}

/* Every admittance; every fifth line gets a shunt, so that it is a series branch no more. */
static void change_elements(struct plant *p)
{
	for (size_t i = 0; i < p->n->elements; i++) {
		struct net_element *el = &p->n->element[i];
		double by = some(p, 0.9, 1.1), size = cabs(el->y[0]);
		for (uint32_t k = 0; k < el->terminals * el->terminals; k++) el->y[k] *= by;
		if (el->kind == NET_LINE && i % 5 == 0) el->y[0] += 1e-6 * size * I;
	}
}

/* ---- one phase ---- */

enum { ONES = 97 };

/* A tree of one phase: lines, complex taps, regulators, loads of constant power, of which
 * `heavy` ones leave their limits here and there. */
static struct network *one_phase(struct plant *p, uint64_t seed, double heavy)
{
	struct network *n = p->n = network_new();
	uint32_t node[ONES] = { network_node(n, network_bus(n, "0"), 0) };
	pcg64_seed(&p->g, seed, 13);
	network_source(n, node[0], turned(2410, 5), 2400);
	for (int i = 1; i < ONES; i++) {
		char *name = mem_print("%d", i);
		uint32_t from = node[below(p, 3) ? i - 1 : below(p, i)];
		double complex z = some(p, 0.01, 0.1) + I * some(p, 0.01, 0.1);
		int kind = below(p, 12);
		node[i] = network_node(n, network_bus(n, name), 0);
		if (kind == 0)
			network_tie(n, &(struct net_tie){ node[i], 1, { from }, { 1.0125 } });
		else if (kind == 1)
			branch_tapped(n, name, from, node[i], z, 0, turned(0.99, 2));
		else if (kind == 2)
			branch_tapped(n, name, node[i], from, z, 0, turned(1.01, -1));
		else
			cr_assert(branch_line(n, name, 1, &from, &node[i], &z, no_shunt));
		struct net_load l = { .name = name,
			.plus = node[below(p, i + 1)],
			.minus = NET_GROUND,
			.s_va = heavy * (some(p, -2e3, 9e3) + I * some(p, -2e3, 5e3)),
			.nominal_v = 2400,
			.power = 1,
			.low_pu = some(p, 0.8, 0.95),
			.high_pu = 1.05 };
		if (below(p, 2)) network_load(n, &l);
		free(name);
	}
	network_nominal(n);
	return n;
}

/* Solutions that do not know of the last and such that do, before and after a tap. */
static void expect_one(struct plant *p, bool reduce, uint64_t seed)
{
	struct nodal *reference = nodal_of(p->n);
	struct sweep *s = sweep_takes(p->n, reduce);
	cr_assert(s && s->one);
	for (int i = 0; i < 3; i++) {
		double differs = differ_pu(p->n, reference, s);
		cr_expect_lt(differs, 1e-9, "%lu: %g", (unsigned long)seed, differs);
		if (i == 0) sweep_restart(s);
		if (i == 1) {
			move_taps(p);
			cr_assert(sweep_retap(s) && nodal_retap(reference));
		}
	}
	sweep_free(s);
	nodal_free(reference);
}

Test(sweep, one_phase_flows_as_the_nodal_equations_say)
{
	int limited = 0;
	for (uint64_t seed = 1; seed <= 43; seed++) {
		struct plant p;
		struct network *n = one_phase(&p, seed, seed % 3 ? 1 : 3);
		expect_one(&p, seed % 2, seed);
		struct nodal *s = nodal_of(n);
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

/* ---- reduced to the loads ---- */

/* The dense engine against the sweep, at its ports and everywhere. */
static void expect_dense(struct dense *d, struct sweep *s, const struct network *n, uint64_t seed)
{
	double most = 0;
	cr_assert(dense_solve(d, 1e-13).converged);
	cr_assert(sweep_solve(s, 1e-13).converged);
	const double complex *v = sweep_v(s);
	for (uint32_t i = 0; i < n->nodes; i++)
		most = fmax(most, cabs(v[i] - dense_v(d)[i]) / n->node[i].nominal_v);
	for (size_t i = 0; i < n->loads; i++) {
		const struct net_load *l = &n->load[i];
		double complex across = v[l->plus] - (l->minus == NET_GROUND ? 0 : v[l->minus]);
		most = fmax(most, cabs(across - dense_load_v(d)[i]) / l->nominal_v);
	}
	cr_expect_lt(most, 1e-9, "%lu: %g", (unsigned long)seed, most);
}

Test(dense, random_trees_flow_as_the_sweep_says)
{
	for (uint64_t seed = 201; seed <= 231; seed++) {
		struct plant p = plant_new(seed);
		struct dense *d = dense_takes(p.n);
		struct sweep *s = sweep_takes(p.n, true);
		cr_assert(d && s);
		cr_expect_leq(dense_ports(d), LOADS);
		expect_dense(d, s, p.n, seed);
		for (size_t i = 0; i < p.n->loads; i++) p.n->load[i].s_va *= some(&p, 0.2, 1.7);
		expect_dense(d, s, p.n, seed);
		move_taps(&p);
		change_elements(&p);
		cr_assert(dense_refill(d) && sweep_refill(s));
		expect_dense(d, s, p.n, seed);
		dense_free(d);
		sweep_free(s);
		network_free(p.n);
	}
}

/* Loads at the same nodes share a port; more ports than a limit are refused. */
Test(dense, ports_are_counted)
{
	for (int loads = 149; loads <= 151; loads++) {
		struct network *n = network_new();
		const double complex z = 0.001 + 0.001 * I;
		uint32_t near = network_node(n, network_bus(n, "near"), 0);
		network_source(n, near, 235, 230);
		for (int i = 0; i < loads; i++) {
			char *name = mem_print("%d", i);
			uint32_t far = network_node(n, network_bus(n, name), 0);
			struct net_load l = { .name = name,
				.plus = far,
				.minus = NET_GROUND,
				.s_va = 700,
				.nominal_v = 230,
				.power = 1 };
			cr_assert(branch_line(n, name, 1, &near, &far, &z, no_shunt));
			network_load(n, &l);
			network_load(n, &l);
			free(name);
		}
		network_nominal(n);
		struct dense *d = dense_takes(n);
		cr_expect_eq(d != NULL, loads <= DENSE_PORTS_MAX);
		if (d) cr_expect_eq(dense_ports(d), (size_t)loads);
		dense_free(d);
		network_free(n);
	}
}

Test(dense, too_much_does_not_converge)
{
	struct plant p = plant_new(23);
	for (size_t i = 0; i < p.n->loads; i++) {
		p.n->load[i].s_va *= 400;
		p.n->load[i].power = 1;
		p.n->load[i].current = p.n->load[i].impedance = 0;
		p.n->load[i].low_pu = 1e-3;
	}
	struct dense *d = dense_takes(p.n);
	cr_assert_not_null(d);
	cr_expect_not(dense_solve(d, 1e-10).converged);
	for (size_t i = 0; i < p.n->loads; i++) p.n->load[i].s_va /= 400;
	cr_expect(dense_solve(d, 1e-10).converged); /* and the next is not the worse for it */
	dense_free(d);
	network_free(p.n);
}

/* ---- both ---- */

enum change { TAPS, ELEMENTS, CHANGES };

/* Both engines after a change in place against engines that never knew anything else. */
static void expect_as_new(struct plant *p, bool reduce, enum change what, uint64_t seed)
{
	struct nodal *nodal = nodal_of(p->n);
	struct sweep *sweep = sweep_takes(p->n, reduce);
	cr_assert(differ_pu(p->n, nodal, sweep) < 1e-9);
	if (what == TAPS) {
		move_taps(p);
		cr_assert(nodal_retap(nodal) && sweep_retap(sweep));
	} else {
		move_taps(p);
		change_elements(p);
		cr_assert(nodal_refill(nodal) && sweep_refill(sweep));
	}
	struct nodal *new_nodal = nodal_of(p->n);
	struct sweep *new_sweep = sweep_takes(p->n, reduce);
	double nodal_pu = differ_pu(p->n, nodal, new_sweep);
	double sweep_pu = differ_pu(p->n, new_nodal, sweep), own_pu = 0;
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
	struct at_bus *head = &p.bus[p.buses++];
	*head = (struct at_bus){ { network_node(p.n, network_bus(p.n, "0"), 2) }, 1, 230 };
	pcg64_seed(&p.g, 5, 11);
	network_source(p.n, head->node[0], 233, 230);
	const double complex z = 0.0071 + 0.0023 * I;
	for (int i = 0; i < 9; i++) {
		const struct at_bus *last = &p.bus[p.buses - 1], *to = new_bus(&p, last, false);
		cr_assert(branch_line(p.n, "line", 1, last->node, to->node, &z, no_shunt));
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
	const struct at_bus *head = &p->bus[0];
	const double complex z = 0.3 + 0.2 * I;
	if (what == NOTHING) return;
	if (what == LOOP) {
		const struct at_bus *end = &p->bus[1];
		for (int k = 0; k < 2; k++)
			cr_assert(branch_line(
			    p->n, "loop", 1, &head->node[k], &end->node[k], &z, no_shunt));
		return;
	}
	struct at_bus *far = new_bus(p, head, false);
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
		struct at_bus *head = &p.bus[p.buses++];
		pcg64_seed(&p.g, 3, 11);
		*head = (struct at_bus){ .phases = NET_PHASES, .v_v = 2771 };
		for (int k = 0; k < NET_PHASES; k++) {
			head->node[k] = network_node(p.n, network_bus(p.n, "0"), k);
			network_source(p.n, head->node[k], turned(2771, -120 * k), head->v_v);
		}
		add_line(&p, head, false);
		add_refused(&p, what);
		network_nominal(p.n);
		struct sweep *s = sweep_takes(p.n, true);
		cr_expect_eq(s != NULL, what == NOTHING, "%d", what);
		sweep_free(s);
		nodal_free(nodal_of(p.n));
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
	cr_assert(branch_line(p.n, "line", 1, &gone[0], &gone[1], &z, no_shunt));
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

static struct network *feeder(const char *name)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *path = mem_print("%s/data/feeders/%s", shared ? shared : "..", name);
	struct err_list *e = err_new();
	struct network *n = network_read_csv(path, e);
	if (!n) cr_skip_test("needs %s: set HEARTH_SHARED to the folder with data/feeders", path);
	err_free(e);
	free(path);
	return n;
}

Test(sweep, ieee_13_node_feeder)
{
	struct network *n = feeder("ieee13");
	expect_alike(n, "ieee13", 0);
	network_free(n);
}

Test(sweep, ieee_34_node_feeder)
{
	struct network *n = feeder("ieee34");
	expect_alike(n, "ieee34", 0);
	network_free(n);
}

Test(sweep, european_low_voltage_feeder)
{
	struct network *n = feeder("ieee_eulv");
	expect_alike(n, "ieee_eulv", 0);
	struct dense *d = dense_takes(n);
	struct sweep *s = sweep_takes(n, true);
	expect_dense(d, s, n, 0);
	dense_free(d);
	sweep_free(s);
	network_free(n);
}
