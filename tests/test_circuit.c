/* The two engines behind a circuit: what is read after a solve must be the same. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/grid/branch.h"
#include "models/grid/circuit.h"
#include "tests/feeder_bed.h"

static const struct feeder_par par = { .name = "feeder", .v_ll_v = 400, .source_pu = 1.013,
	.fault_va = 31e6, .fault_x_r = 7, .v_low_pu = 0.8 };

static const struct transformer_par t160 = { .name = "T1", .rating_va = 160e3, .no_load_w = 189,
	.load_w = 1750, .impedance_pu = 0.04 };

/* 23 lines in a tree, 31 customers on one and three phases. */
static struct bed bush(struct pcg64 *g)
{
	struct bed b = { .lines = 23, .customers = 31 };
	for (uint32_t i = 0; i < b.lines; i++) {
		b.line[i].from = (uint32_t)(pcg64_unit(g) * (i + 1));
		b.line[i].r_ohm = 0.003 + 0.02 * pcg64_unit(g);
		b.line[i].x_ohm = 0.002 + 0.01 * pcg64_unit(g);
		b.line[i].rn_ohm = 0.003 + 0.02 * pcg64_unit(g);
		b.line[i].xn_ohm = 0.002 + 0.01 * pcg64_unit(g);
		b.line[i].rating_a = 60 + 100 * pcg64_unit(g);
	}
	for (uint32_t c = 0; c < b.customers; c++) {
		b.customer[c].node = 1 + (uint32_t)(pcg64_unit(g) * b.lines);
		b.customer[c].phases = (enum phases)(PHASES_A + c % 4);
	}
	return b;
}

static const double no_shunt[NET_PHASES * NET_PHASES];

struct case_of {
	struct circuit *c;
	double v_pu[64], served_w[64], line_pu[64], unbalance2[64];
	bool dark[64];
	struct transformer_flow transformer[1];
};

static void build(struct case_of *x, struct network *n)
{
	struct err_list *e = err_new();
	x->c = circuit_new(n, 0.8, (struct err_pos){ 0 }, e);
	cr_assert_not_null(x->c);
	x->c->at = (struct circuit_results){ x->v_pu, x->dark, x->served_w, x->line_pu, x->unbalance2,
		x->transformer };
	err_free(e);
}

/* A source that nothing hangs on: the sweep takes but one bus of them. */
static struct network *not_for_the_sweep(struct network *n)
{
	network_source(n, network_node(n, network_bus(n, "island"), 0), 230, 230);
	network_nominal(n);
	return n;
}

static uint32_t place_named(const struct circuit *c, const char *name)
{
	for (uint32_t i = 0; i < c->places; i++)
		if (!strcmp(c->network->bus[c->place[i]]->name, name)) return i;
	return NET_NONE;
}

static void expect_alike(const struct case_of *a, const struct case_of *b, double w)
{
	const struct circuit_sums *sa = &a->c->sums, *sb = &b->c->sums;
	const double sums[][2] = { { sa->meter_w, sb->meter_w }, { sa->meter_var, sb->meter_var },
		{ sa->line_loss_w, sb->line_loss_w }, { sa->unserved_w, sb->unserved_w },
		{ sa->transformer_loss_w, sb->transformer_loss_w },
		{ sa->delivered_w, sb->delivered_w }, { sa->collected_w, sb->collected_w },
		{ sa->curtailed_w, sb->curtailed_w }, { sa->dark_w, sb->dark_w },
		{ sa->low, sb->low } };
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
		cr_expect(epsilon_eq(dbl, sums[i][0], sums[i][1], 1e-9 * w), "sum %zu", i);
	for (uint32_t k = 0; k < a->c->customers; k++) {
		cr_expect(epsilon_eq(dbl, a->v_pu[k], b->v_pu[k], 1e-9));
		cr_expect_eq(a->dark[k], b->dark[k]);
		cr_expect(epsilon_eq(dbl, a->served_w[k], b->served_w[k], 1e-9 * w));
	}
	cr_assert(eq(u32, a->c->lines, b->c->lines));
	for (uint32_t i = 0; i < a->c->lines; i++)
		cr_expect(epsilon_eq(dbl, a->line_pu[i], b->line_pu[i], 1e-9));
	for (uint32_t i = 0; i < a->c->places; i++) {
		uint32_t at = place_named(b->c, a->c->network->bus[a->c->place[i]]->name);
		cr_assert(ne(u32, at, NET_NONE));
		cr_expect(epsilon_eq(dbl, a->unbalance2[i], b->unbalance2[at], 1e-9));
	}
	const struct transformer_flow *ta = a->transformer, *tb = b->transformer;
	cr_expect(epsilon_eq(dbl, ta->w, tb->w, 1e-9 * w));
	cr_expect(epsilon_eq(dbl, ta->var, tb->var, 1e-9 * w));
	cr_expect(epsilon_eq(dbl, ta->pu, tb->pu, 1e-9));
	cr_expect(epsilon_eq(dbl, ta->winding_pu, tb->winding_pu, 1e-9));
	cr_expect(epsilon_eq(dbl, ta->winding_rms_pu, tb->winding_rms_pu, 1e-9));
	cr_expect(epsilon_eq(dbl, ta->loss_w, tb->loss_w, 1e-9 * w));
}

Test(circuit, both_engines_tell_the_same)
{
	double lowest = 2;
	for (uint64_t seed = 1; seed <= 29; seed++) {
		struct pcg64 g = rng_stream(seed, 0, rng_entity("circuit"), RNG_TEST);
		struct bed b = bush(&g);
		struct case_of swept = { 0 }, nodal = { 0 };
		double p[64], q[64], most = seed % 3 ? 3700 : 71000;
		build(&swept, bed_network(&b, &par, &t160));
		build(&nodal, not_for_the_sweep(bed_network(&b, &par, &t160)));
		cr_assert(swept.c->sweep && nodal.c->nodal);
		for (uint32_t c = 0; c < b.customers; c++) {
			p[c] = most * (pcg64_unit(&g) - 0.2);
			q[c] = 0.3 * most * (pcg64_unit(&g) - 0.2);
		}
		cr_assert(circuit_solve(swept.c, p, q));
		cr_assert(circuit_solve(nodal.c, p, q));
		expect_alike(&swept, &nodal, most * b.customers);
		for (uint32_t c = 0; c < b.customers; c++) lowest = fmin(lowest, swept.v_pu[c]);
		circuit_free(swept.c);
		circuit_free(nodal.c);
	}
	cr_expect(lt(dbl, lowest, 0.8), "no customer was below the limit: %g", lowest);
}

/* A customer behind an open switch: all that it wants is unserved. */
Test(circuit, dead_customers_are_unserved)
{
	struct bed b = { .lines = 1, .customers = 1 };
	b.line[0].r_ohm = b.line[0].rn_ohm = 0.1;
	b.line[0].rating_a = 100;
	b.customer[0].node = 1;
	b.customer[0].phases = PHASES_A;
	struct case_of x = { 0 };
	struct network *n = bed_network(&b, &par, &t160);
	network_load(n, &(struct net_load){ .name = (char *)"cut off", .power = 1, .nominal_v = 230.94,
		.plus = network_node(n, network_bus(n, "beyond"), 1), .minus = NET_GROUND });
	network_customer(n, false);
	build(&x, n);
	cr_assert(circuit_solve(x.c, (double[]){ 1700, 900 }, (double[]){ 0, 0 }));
	cr_expect(eq(dbl, x.v_pu[1], 0));
	cr_expect(x.dark[1] && !x.dark[0]);
	cr_expect(eq(dbl, x.c->sums.dark_w, 900));
	cr_expect(eq(dbl, x.served_w[1], 0));
	cr_expect(eq(dbl, x.c->sums.unserved_w, 900));
	cr_expect(eq(dbl, x.c->sums.delivered_w, 2600));
	circuit_free(x.c);
}

/* A tree of three lines, a customer at the end of each; the second hangs behind the first. */
static struct bed three_lines(void)
{
	static const uint32_t from[] = { 0, 1, 0 };
	struct bed b = { .lines = 3, .customers = 3 };
	for (uint32_t i = 0; i < 3; i++) {
		b.line[i].from = from[i];
		b.line[i].r_ohm = b.line[i].rn_ohm = 0.1 + 0.03 * i;
		b.line[i].rating_a = 100;
		b.customer[i].node = i + 1;
		b.customer[i].phases = PHASES_ABC;
	}
	return b;
}

static uint32_t element_named(const struct network *n, const char *name)
{
	for (uint32_t i = 0; i < n->elements; i++)
		if (!strcmp(n->element[i].name, name)) return i;
	return NET_NONE;
}

Test(circuit, what_hangs_behind_an_open_line_is_dark_until_it_closes)
{
	const double p[] = { 1700, 2300, 1100 }, q[] = { 300, 100, 700 };
	for (int nodal = 0; nodal < 2; nodal++) {
		struct bed b = three_lines();
		struct network *n = bed_network(&b, &par, &t160);
		struct case_of x = { 0 };
		build(&x, nodal ? not_for_the_sweep(n) : n);
		cr_assert(circuit_solve(x.c, p, q));
		double before_w = x.c->sums.meter_w, before_pu = x.v_pu[1];
		circuit_open(x.c, element_named(n, "line 1"), true);
		cr_assert(circuit_solve(x.c, p, q));
		cr_expect(x.dark[0] && x.dark[1] && !x.dark[2]);
		cr_expect(eq(dbl, x.c->sums.dark_w, 4000));
		cr_expect(epsilon_eq(dbl, x.c->sums.unserved_w, 4000, 1e-9));
		cr_expect(eq(u32, x.c->sums.low, 0));
		cr_expect(eq(dbl, x.line_pu[0], 0));
		double loss_w = x.c->sums.line_loss_w + x.c->sums.transformer_loss_w;
		cr_expect(epsilon_eq(dbl, x.c->sums.meter_w, 1100 + loss_w, 1e-6));
		circuit_open(x.c, element_named(n, "line 1"), false);
		cr_assert(circuit_solve(x.c, p, q));
		cr_expect(epsilon_eq(dbl, x.c->sums.meter_w, before_w, 1e-6));
		cr_expect(epsilon_eq(dbl, x.v_pu[1], before_pu, 1e-11));
		circuit_free(x.c);
	}
}

/* Any line or the transformer, one to four of them at a time, against nodal equations that know
 * nothing else: what is dark, what is missing, what is lost. */
Test(circuit, branches_open_and_close_as_if_the_network_were_new)
{
	unsigned dark = 0;
	for (uint64_t seed = 41; seed <= 59; seed++) {
		struct pcg64 g = rng_stream(seed, 0, rng_entity("switches"), RNG_TEST);
		struct bed b = bush(&g);
		struct case_of swept = { 0 };
		double p[64], q[64];
		build(&swept, bed_network(&b, &par, &t160));
		const struct sweep *as_built = swept.c->sweep;
		for (uint32_t c = 0; c < b.customers; c++) {
			p[c] = 3700 * (pcg64_unit(&g) - 0.2);
			q[c] = 900 * (pcg64_unit(&g) - 0.2);
		}
		for (int step = 0; step < 9; step++) {
			struct network *n = not_for_the_sweep(bed_network(&b, &par, &t160));
			struct case_of nodal = { 0 };
			for (uint32_t i = 0; i < n->elements; i++) {
				bool open = n->element[i].kind < NET_SHUNT &&
					    pcg64_unit(&g) < 3.0 / n->elements;
				circuit_open(swept.c, i, open);
				n->element[i].open = open;
			}
			build(&nodal, n);
			cr_assert(nodal.c->nodal && swept.c->sweep == as_built);
			cr_assert(circuit_solve(swept.c, p, q) && circuit_solve(nodal.c, p, q));
			expect_alike(&swept, &nodal, 3700 * b.customers);
			for (uint32_t c = 0; c < b.customers; c++) dark += swept.dark[c];
			circuit_free(nodal.c);
		}
		circuit_free(swept.c);
	}
	cr_expect(gt(u32, dark, 500), "%u", dark); /* of 5301 customers and steps */
}

/* Three lines of one phase feed one of three: opening one of them leaves no tree, and the nodal
 * equations take over until it closes. */
Test(circuit, an_opening_that_leaves_no_tree_is_for_the_nodal_equations)
{
	const double p[] = { 1700, 2300, 1100, 900 }, q[] = { 300, 100, 700, 0 };
	const double complex z[NET_PHASES * NET_PHASES] = { 0.07, 0.02, 0.02, 0.02, 0.07, 0.02,
		0.02, 0.02, 0.07 };
	struct bed b = three_lines();
	struct network *n = bed_network(&b, &par, &t160);
	uint32_t from[NET_PHASES], to[NET_PHASES], last[NET_PHASES];
	for (int k = 0; k < NET_PHASES; k++) {
		const char *const name[] = { "one a", "one b", "one c" };
		from[k] = network_node(n, network_bus(n, "node 1"), k);
		to[k] = network_node(n, network_bus(n, "joint"), k);
		last[k] = network_node(n, network_bus(n, "last"), k);
		cr_assert(branch_line(n, name[k], 1, &from[k], &to[k], z, no_shunt));
	}
	cr_assert(branch_line(n, "three", NET_PHASES, to, last, z, no_shunt));
	network_load(n, &(struct net_load){ .name = (char *)"end", .power = 1,
		.nominal_v = 230.94, .plus = last[1], .minus = NET_GROUND });
	network_customer(n, false);
	network_nominal(n);
	struct case_of x = { 0 };
	build(&x, n);
	cr_assert(circuit_solve(x.c, p, q));
	double before_w = x.c->sums.meter_w, before_pu = x.v_pu[3];
	cr_assert_not_null(x.c->sweep);
	circuit_open(x.c, element_named(n, "one c"), true);
	cr_assert(x.c->nodal && !x.c->sweep);
	cr_assert(circuit_solve(x.c, p, q));
	cr_expect(epsilon_eq(dbl, x.v_pu[3], before_pu, 1e-9)); /* phase b is as it was */
	circuit_open(x.c, element_named(n, "one c"), false);
	cr_assert(x.c->sweep && !x.c->nodal);
	cr_assert(circuit_solve(x.c, p, q));
	cr_expect(epsilon_eq(dbl, x.c->sums.meter_w, before_w, 1e-6));
	cr_expect(epsilon_eq(dbl, x.v_pu[3], before_pu, 1e-11));
	circuit_free(x.c);
}

Test(circuit, a_cut_takes_everything)
{
	struct bed b = three_lines();
	struct case_of x = { 0 };
	build(&x, bed_network(&b, &par, &t160));
	const double p[] = { 1700, -2300, 1100 }, q[] = { 300, 100, 700 };
	circuit_cut(x.c, true);
	cr_assert(circuit_solve(x.c, p, q));
	cr_expect(x.dark[0] && x.dark[1] && x.dark[2]);
	cr_expect(eq(dbl, x.c->sums.dark_w, 2800));
	cr_expect(epsilon_eq(dbl, x.c->sums.curtailed_w, 2300, 1e-9));
	cr_expect(eq(dbl, x.c->sums.meter_w, 0)); /* the core, too, is without voltage */
	cr_expect(eq(dbl, x.transformer[0].pu, 0));
	circuit_cut(x.c, false);
	cr_assert(circuit_solve(x.c, p, q));
	cr_expect(gt(dbl, x.c->sums.meter_w, 500));
	cr_expect_not(x.dark[0]);
	circuit_free(x.c);
}

/* Loads of one customer in the proportion 1 : 2, and evenly where they state no power. */
Test(circuit, a_customers_power_is_shared_by_its_loads)
{
	for (int stated = 0; stated < 2; stated++) {
		struct bed b = { .lines = 1 };
		b.line[0].r_ohm = b.line[0].rn_ohm = 0.1;
		struct network *n = bed_network(&b, &par, NULL);
		for (int k = 0; k < 2; k++) {
			network_load(n, &(struct net_load){ .name = (char *)"both", .power = 1,
				.nominal_v = 230.94, .s_va = stated ? 1000 * (k + 1) : 0,
				.plus = network_node(n, network_bus(n, "node 1"), k),
				.minus = NET_GROUND });
			network_customer(n, k > 0);
		}
		struct case_of x = { 0 };
		build(&x, n);
		cr_assert(circuit_solve(x.c, (double[]){ 2400 }, (double[]){ 300 }));
		cr_expect(eq(dbl, creal(n->load[0].s_va), stated ? 800 : 1200));
		cr_expect(eq(dbl, cimag(n->load[1].s_va), stated ? 200 : 150));
		circuit_free(x.c);
	}
}
