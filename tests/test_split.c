/* Centre-tapped transformers and split-phase secondaries: circuits solved by hand, and both
 * engines on random ones. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/grid/branch.h"
#include "models/grid/flow.h"
#include "models/grid/nodal.h"
#include "models/grid/split.h"
#include "models/grid/sweep.h"

static const double no_shunt[NET_PHASES * NET_PHASES];
static const struct split_par pad = {
	.s_va = 25e3, .primary_v = 7200, .leg_v = 120, .z_pu = 0.012 + 0.017 * I, .no_load_w = 58
};

static double complex turned(double size, double degrees)
{
	return size * cexp(I * degrees * M_PI / 180);
}

/* ---- one transformer ---- */

enum primary { TO_EARTH, BETWEEN_PHASES, PRIMARIES };

struct drop {
	struct network *n;
	uint32_t head[2], leg[SPLIT_LEGS];
	double complex open_v; /* of leg 1, unloaded */
};

/* A source of 7243 V, or two phases with 7200 V of primary between them; no line. */
static struct drop drop_new(enum primary how, const struct split_par *par)
{
	struct drop d = { .n = network_new() };
	double v_v = how == TO_EARTH ? 7243 : 7243 / sqrt(3);
	uint32_t bus = network_bus(d.n, "head"), home = network_bus(d.n, "home");
	for (int k = 0; k < 2; k++) {
		d.head[k] = network_node(d.n, bus, k);
		network_source(
		    d.n, d.head[k], turned(v_v, -120 * k), how == TO_EARTH ? 7200 : 4157);
		d.leg[k] = network_node(d.n, home, k);
	}
	d.n->bus[home]->split = true;
	branch_centre_tapped(
	    d.n, "pad", d.head[0], how == TO_EARTH ? NET_GROUND : d.head[1], d.leg, par);
	d.open_v = turned(7243, how == TO_EARTH ? 0 : 30) / 60;
	network_nominal(d.n);
	return d;
}

/* Of the impedance that a load of s_va is at every voltage. */
static void add_impedance(struct drop *d, uint32_t plus, uint32_t minus, double complex s_va)
{
	struct net_load l = { .name = (char *)"load",
		.plus = plus,
		.minus = minus,
		.s_va = s_va,
		.nominal_v = minus == NET_GROUND ? 120 : 240,
		.impedance = 1 };
	network_load(d->n, &l);
}

static void add_power(struct drop *d, uint32_t plus, uint32_t minus, double complex s_va)
{
	add_impedance(d, plus, minus, s_va);
	struct net_load *l = &d->n->load[d->n->loads - 1];
	l->impedance = 0;
	l->power = 1;
}

/* The voltages by one engine, which the caller frees with network and all. */
struct solved {
	struct nodal *nodal;
	struct sweep *sweep;
	const double complex *v;
};

static struct solved solve(const struct network *n, bool by_sweep)
{
	struct solved s = { 0 };
	if (by_sweep) {
		s.sweep = sweep_takes(n, true);
		cr_assert_not_null(s.sweep);
		cr_assert(sweep_solve(s.sweep, 1e-13).converged);
		s.v = sweep_v(s.sweep);
		return s;
	}
	struct err_list *e = err_new();
	s.nodal = nodal_new(n, (struct err_pos){ 0 }, e);
	cr_assert_not_null(s.nodal);
	err_free(e);
	cr_assert(nodal_solve(s.nodal, 1e-13).converged);
	s.v = nodal_v(s.nodal);
	return s;
}

static void solved_free(struct solved *s)
{
	nodal_free(s->nodal);
	sweep_free(s->sweep);
}

static double complex leg_ohm(const struct split_par *p)
{
	return p->leg_v * p->leg_v / p->s_va;
}

#define EACH_WAY(how, by_sweep)                                                                    \
	for (enum primary how = TO_EARTH; how < PRIMARIES; how++)                                  \
		for (int by_sweep = 0; by_sweep < 2; by_sweep++)

Test(split, unloaded_legs_are_opposite_and_half)
{
	struct split_par lossless = pad;
	lossless.no_load_w = 0;
	EACH_WAY(how, by_sweep)
	{
		struct drop d = drop_new(how, &lossless);
		struct solved s = solve(d.n, by_sweep);
		cr_expect(epsilon_eq(dbl, d.n->bus[1]->nominal_v, 120, 0.02)); /* 4157: rounded */
		cr_expect_lt(cabs(s.v[d.leg[0]] - d.open_v), 1e-9);
		cr_expect_lt(cabs(s.v[d.leg[1]] + d.open_v), 1e-9);
		solved_free(&s);
		network_free(d.n);
	}
}

/* Between the legs R + j X is met once, on the base of 240 V: the upper root of
 * V^4 + (2 (r P + x Q) - E^2) V^2 + |z|^2 |S|^2 = 0, halved by each leg. */
Test(split, a_load_between_the_legs_meets_the_impedance_once)
{
	const double complex s_va = 17e3 + 5e3 * I, z = 4 * leg_ohm(&pad) * pad.z_pu;
	double e = 2 * 7243 / 60.0;
	double b = 2 * (creal(z) * 17e3 + cimag(z) * 5e3) - e * e;
	double c = creal(z * conj(z)) * creal(s_va * conj(s_va));
	double wanted_v = sqrt((-b + sqrt(b * b - 4 * c)) / 2);
	EACH_WAY(how, by_sweep)
	{
		struct drop d = drop_new(how, &pad);
		add_power(&d, d.leg[0], d.leg[1], s_va);
		struct solved s = solve(d.n, by_sweep);
		double complex v = s.v[d.leg[0]] - s.v[d.leg[1]];
		cr_expect(epsilon_eq(dbl, cabs(v), wanted_v, 1e-9));
		cr_expect_lt(cabs(s.v[d.leg[0]] - v / 2), 1e-9);
		solved_free(&s);
		network_free(d.n);
	}
}

/* On one leg: 0.5 R + 0.8 j X of the primary and R + 0.4 j X of the leg, on the leg's base,
 * are in series; the other leg sees the primary's share alone. */
Test(split, a_load_on_one_leg_meets_primary_and_leg)
{
	double r = 0.012, x = 0.017;
	double complex primary = leg_ohm(&pad) * (0.5 * r + 0.8 * x * I);
	double complex leg = leg_ohm(&pad) * (r + 0.4 * x * I);
	const double complex s_va = 3100 + 900 * I, load = 120 * 120 / conj(s_va);
	EACH_WAY(how, by_sweep)
	{
		struct drop d = drop_new(how, &pad);
		add_impedance(&d, d.leg[0], NET_GROUND, s_va);
		struct solved s = solve(d.n, by_sweep);
		double complex current = d.open_v / (primary + leg + load);
		cr_expect_lt(cabs(s.v[d.leg[0]] - current * load), 1e-9);
		cr_expect_lt(cabs(s.v[d.leg[1]] + d.open_v - current * primary), 1e-9);
		solved_free(&s);
		network_free(d.n);
	}
}

/* What the legs deliver and do not take from each other comes back through the centre, and
 * the primary carries what balances their ampere-turns, and the current of no load. */
Test(split, currents_balance_by_turns_and_at_the_centre)
{
	EACH_WAY(how, by_sweep)
	{
		struct drop d = drop_new(how, &pad);
		add_impedance(&d, d.leg[0], NET_GROUND, 2900 + 700 * I);
		add_impedance(&d, d.leg[1], NET_GROUND, 1300 - 200 * I);
		add_impedance(&d, d.leg[0], d.leg[1], 6100 + 1500 * I);
		struct solved s = solve(d.n, by_sweep);
		double complex in[NET_TERMINALS], *out = &in[how == TO_EARTH ? 1 : 2];
		flow_currents(&d.n->element[0], s.v, in);
		double complex one = s.v[d.leg[0]] * conj(2900 + 700 * I) / (120 * 120);
		double complex two = s.v[d.leg[1]] * conj(1300 - 200 * I) / (120 * 120);
		cr_expect_lt(cabs(out[0] + out[1] + one + two), 1e-9);
		double complex no_load = 60 * d.open_v * 58 / (7200.0 * 7200);
		cr_expect_lt(cabs(in[0] - no_load + (out[0] - out[1]) / 60), 1e-11);
		if (how == BETWEEN_PHASES) cr_expect_lt(cabs(in[0] + in[1]), 1e-11);
		solved_free(&s);
		network_free(d.n);
	}
}

Test(split, power_in_is_power_drawn_and_lost)
{
	EACH_WAY(how, by_sweep)
	{
		struct drop d = drop_new(how, &pad);
		double complex drawn = 2900 + 700 * I + 9100 + 2300 * I;
		add_power(&d, d.leg[1], NET_GROUND, 2900 + 700 * I);
		add_power(&d, d.leg[0], d.leg[1], 9100 + 2300 * I);
		struct solved s = solve(d.n, by_sweep);
		double complex in[NET_TERMINALS];
		const struct net_element *el = &d.n->element[0];
		flow_currents(el, s.v, in);
		double complex sent = flow_power(el, s.v, 0, el->sends);
		double r = leg_ohm(&pad) * 0.012;
		double complex *out = &in[el->sends], first = (out[0] - out[1]);
		double lost_w = 0.5 * r * pow(cabs(first), 2) + r * pow(cabs(out[0]), 2) +
				r * pow(cabs(out[1]), 2) + 58 * pow(7243 / 7200.0, 2);
		cr_expect(epsilon_eq(dbl, creal(sent - drawn), lost_w, 1e-6));
		solved_free(&s);
		network_free(d.n);
	}
}

/* ---- random streets ---- */

enum { PADS = 7, HOMES = 9 };

static void add_triplex(
    struct network *n, struct pcg64 *g, const uint32_t *from, const uint32_t *to)
{
	double m = 20 + 50 * pcg64_unit(g);
	double complex self = m * (6e-4 + 3.3e-4 * I), mutual = m * (2.9e-4 + 2.3e-4 * I);
	const double complex z[] = { self, mutual, mutual, self };
	cr_assert(branch_line(n, "triplex", SPLIT_LEGS, from, to, z, no_shunt));
}

static void two_legs(struct network *n, int number, uint32_t leg[SPLIT_LEGS])
{
	char *name = mem_print("leg %d", number);
	uint32_t bus = network_bus(n, name);
	n->bus[bus]->split = true;
	for (int k = 0; k < SPLIT_LEGS; k++) leg[k] = network_node(n, bus, k);
	free(name);
}

static void add_homes(struct network *n, struct pcg64 *g, int at_pad, const uint32_t *first)
{
	uint32_t leg[HOMES + 1][SPLIT_LEGS] = { { first[0], first[1] } };
	for (int i = 1; i <= HOMES; i++) {
		const uint32_t *from = leg[(int)(i * pcg64_unit(g))];
		two_legs(n, 100 * at_pad + i, leg[i]);
		add_triplex(n, g, from, leg[i]);
		for (int k = 0; k < 3; k++) {
			struct net_load l = { .name = (char *)"load",
				.plus = leg[i][k % 2],
				.minus = k == 2 ? leg[i][1] : NET_GROUND,
				.s_va = 1900 * pcg64_unit(g) + 500 * I * pcg64_unit(g),
				.nominal_v = k == 2 ? 240 : 120,
				.power = 0.7,
				.current = 0.3 };
			network_load(n, &l);
		}
	}
}

/* A line of three phases with a pad at each pole, between phases or to earth. */
static struct network *street_new(uint64_t seed)
{
	struct network *n = network_new();
	struct pcg64 g;
	uint32_t last[NET_PHASES], next[NET_PHASES], leg[SPLIT_LEGS];
	pcg64_seed(&g, seed, 19);
	for (int k = 0; k < NET_PHASES; k++) {
		last[k] = network_node(n, network_bus(n, "head"), k);
		network_source(n, last[k], turned(7300, 7 - 120 * k), 7200);
	}
	for (int i = 0; i < PADS; i++) {
		char *name = mem_print("pole %d", i);
		double complex z[NET_PHASES * NET_PHASES];
		for (int k = 0; k < NET_PHASES * NET_PHASES; k++)
			z[k] = (k % 4 ? 0.1 + 0.2 * I : 0.4 + 0.6 * I) * (0.2 + pcg64_unit(&g));
		for (int k = 0; k < NET_PHASES; k++)
			next[k] = network_node(n, network_bus(n, name), k);
		free(name);
		for (int k = 1; k < NET_PHASES * NET_PHASES; k++) /* symmetric */
			z[k] = k % 4 ? z[1] : z[0];
		cr_assert(branch_line(n, "line", NET_PHASES, last, next, z, no_shunt));
		int phase = (int)(3 * pcg64_unit(&g));
		bool between = pcg64_unit(&g) < 0.4;
		struct split_par p = pad;
		if (between) p.primary_v = 7200 * sqrt(3);
		two_legs(n, 100 * i, leg);
		branch_centre_tapped(n, "pad", next[phase],
		    between ? next[(phase + 1) % NET_PHASES] : NET_GROUND, leg, &p);
		add_homes(n, &g, i, leg);
		for (int k = 0; k < NET_PHASES; k++) last[k] = next[k];
	}
	network_nominal(n);
	return n;
}

Test(split, both_engines_find_the_same_flow)
{
	for (uint64_t seed = 1; seed <= 31; seed++) {
		struct network *n = street_new(seed);
		struct solved a = solve(n, false), b = solve(n, true);
		double most = 0;
		for (uint32_t i = 0; i < n->nodes; i++)
			most = fmax(most, cabs(a.v[i] - b.v[i]) / n->node[i].nominal_v);
		cr_expect_lt(most, 1e-9, "%lu: %g", (unsigned long)seed, most);
		solved_free(&a);
		solved_free(&b);
		network_free(n);
	}
}
