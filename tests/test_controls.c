#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "models/grid/branch.h"
#include "models/grid/settle.h"
#include "models/grid/tie_currents.h"

static const double no_shunt[NET_PHASES * NET_PHASES];
static const double tolerance_pu = 1e-12, hour_s = 3600;

/* One phase throughout: nodes by their bus. */
static uint32_t at(struct network *n, const char *bus)
{
	return network_node(n, network_bus(n, bus), 0);
}

static void line(
    struct network *n, const char *name, const char *from, const char *to, double complex z_ohm)
{
	uint32_t a = at(n, from), b = at(n, to);
	cr_assert(branch_line(n, name, 1, &a, &b, &z_ohm, no_shunt));
}

static void load(struct network *n, const char *bus, double complex s_va, double nominal_v)
{
	struct net_load l = { .name = (char *)bus,
		.plus = at(n, bus),
		.minus = NET_GROUND,
		.s_va = s_va,
		.nominal_v = nominal_v,
		.power = 1 };
	network_load(n, &l);
}

static void tie(struct network *n, const char *from, const char *to, double weight)
{
	struct net_tie t = { at(n, to), 1, { at(n, from) }, { weight } };
	network_tie(n, &t);
}

static void regulator(struct network *n, const char *name, struct regulator_par par, int tap)
{
	struct regulator_at r = { (char *)name, par, 1, { (uint32_t)n->ties - 1 }, tap };
	control_list_regulator(network_controls(n), &r);
}

struct bed {
	struct network *n;
	struct solver *s;
	struct controls *c;
	struct err_list *e;
};

static struct bed bed_of(struct network *n)
{
	network_nominal(n);
	struct bed b = { n, solver_new(n, "bed"), controls_new(n, 0), err_new() };
	cr_assert_not_null(b.c);
	return b;
}

static void bed_free(struct bed *b)
{
	cr_expect_eq(err_count(b->e), 0);
	controls_free(b->c);
	solver_free(b->s);
	network_free(b->n);
	err_free(b->e);
}

static enum settle_end settle(struct bed *b, double limit_s)
{
	return controls_settle(b->c, b->s, tolerance_pu, limit_s, b->e);
}

static double v_at(struct bed *b, const char *bus)
{
	return cabs(solver_v(b->s)[at(b->n, bus)]);
}

/* ---- currents of ties ---- */

/* Source - line - regulator - regulator, switch - loads: what comes through the first is
 * what the line carries, through the second what the loads draw; ratios 1.05 and 0.97. */
Test(tie_currents, what_is_drawn_comes_through)
{
	struct network *n = network_new();
	network_source(n, at(n, "source"), 7311, 7200);
	line(n, "line", "source", "one", 0.9 + 1.7 * I);
	tie(n, "one", "two", 1.05);
	tie(n, "two", "three", 0.97);
	network_join(n, at(n, "three"), at(n, "four"));
	load(n, "two", 31e3 + 7e3 * I, 7200);
	load(n, "three", 53e3 + 11e3 * I, 7200);
	load(n, "four", 71e3 - 23e3 * I, 7200);
	network_nominal(n);
	struct solver *s = solver_new(n, "chain");
	struct err_list *e = err_new();
	cr_assert(solver_solve(s, tolerance_pu, e));
	const double complex *v = solver_v(s);
	struct tie_currents *t = tie_currents_new(n);
	const double complex *i_a = tie_currents_at(t, v);
	double complex behind = conj((124e3 - 12e3 * I) / v[at(n, "three")]);
	double complex carried = (v[at(n, "source")] - v[at(n, "one")]) / (0.9 + 1.7 * I);
	cr_expect(epsilon_eq(dbl, cabs(i_a[1] - behind), 0, 1e-9));
	cr_expect(epsilon_eq(dbl, cabs(1.05 * i_a[0] - carried), 0, 1e-8));
	tie_currents_free(t);
	solver_free(s);
	err_free(e);
	network_free(n);
}

/* ---- regulators ---- */

static struct regulator_par relay(double delay_s, double again_s)
{
	return (struct regulator_par){ .set_v = 120,
		.band_v = 2,
		.pt_ratio = 60,
		.ct_a = 100,
		.delay_s = delay_s,
		.again_s = again_s };
}

/* 6840 V of a stiff source are 114 V at the relay, 0.7125 V a step: 8 of them pass 119 V,
 * after 33 s and seven times 7 s. */
Test(controls, a_regulator_steps_into_its_band)
{
	struct network *n = network_new();
	network_source(n, at(n, "source"), 6840, 7200);
	tie(n, "source", "out", 1);
	load(n, "out", 90e3, 7200);
	regulator(n, "R", relay(33, 7), 0);
	struct bed b = bed_of(n);
	cr_expect_eq(settle(&b, hour_s), SETTLE_RESTS);
	const struct regulator_seen *r = &b.c->regulator[0];
	cr_expect_eq(r->state.tap, 8);
	cr_expect_eq(r->state.moves, 8);
	cr_expect(epsilon_eq(dbl, r->last_s, 33 + 7 * 7, 1e-9));
	cr_expect(epsilon_eq(dbl, r->state.relay_v, 114 * 1.05, 1e-9));
	cr_expect(epsilon_eq(dbl, v_at(&b, "out"), 6840 * 1.05, 1e-6));
	bed_free(&b);
}

/* At 6840 V the compensator sees 4 V less at 100 A of load: it is that place which the
 * regulator brings to 119 V. The load draws its 720 kW at whatever voltage it gets. */
Test(controls, a_compensator_regulates_down_the_line)
{
	struct network *n = network_new();
	network_source(n, at(n, "source"), 6840, 7200);
	tie(n, "source", "out", 1);
	load(n, "out", 720e3, 7200);
	struct regulator_par p = relay(30, 30);
	p.r_v = 4;
	regulator(n, "R", p, 0);
	struct bed b = bed_of(n);
	cr_expect_eq(settle(&b, hour_s), SETTLE_RESTS);
	int tap = b.c->regulator[0].state.tap;
	double v = 6840 * (1 + 0.00625 * tap), below = 6840 * (1 + 0.00625 * (tap - 1));
	cr_expect(ge(dbl, v / 60 - 4 * 720e3 / v / 100, 119));
	cr_expect(lt(dbl, below / 60 - 4 * 720e3 / below / 100, 119));
	cr_expect_eq(tap, 13); /* 119.37 V; with 12 118.63 V */
	bed_free(&b);
}

/* Two in a row: the second waits longer, sees what the first has done, and need not move. */
Test(controls, the_one_upstream_acts_first)
{
	struct network *n = network_new();
	network_source(n, at(n, "source"), 6840, 7200);
	tie(n, "source", "mid", 1);
	load(n, "mid", 30e3, 7200);
	tie(n, "mid", "out", 1);
	load(n, "out", 90e3, 7200);
	regulator(n, "far", relay(90, 90), 0);
	n->controls->regulator[0].tie[0] = 1;
	regulator(n, "near", relay(10, 10), 0);
	n->controls->regulator[1].tie[0] = 0;
	struct bed b = bed_of(n);
	cr_expect_eq(settle(&b, hour_s), SETTLE_RESTS);
	cr_expect_eq(b.c->regulator[0].state.moves, 0);
	cr_expect_eq(b.c->regulator[1].state.tap, 8);
	bed_free(&b);
}

/* With the same delay both act at once: 114 V becomes 114 (1 + 0.00625 t)^2 at the far end,
 * which passes 119 V with t = 4 (119.77); the near one goes on to 8 and the far one comes
 * back below 121 V: 119.7 (1 + 0.00625 t) <= 121 with t = 1. */
Test(controls, the_two_at_once_overshoot_and_come_back)
{
	struct network *n = network_new();
	network_source(n, at(n, "source"), 6840, 7200);
	tie(n, "source", "mid", 1);
	load(n, "mid", 30e3, 7200);
	tie(n, "mid", "out", 1);
	load(n, "out", 90e3, 7200);
	regulator(n, "near", relay(30, 30), 0);
	n->controls->regulator[0].tie[0] = 0;
	regulator(n, "far", relay(30, 30), 0);
	struct bed b = bed_of(n);
	cr_expect_eq(settle(&b, hour_s), SETTLE_RESTS);
	cr_expect_eq(b.c->regulator[0].state.tap, 8);
	cr_expect_eq(b.c->regulator[1].state.tap, 1);
	cr_expect_eq(b.c->regulator[1].state.moves, 4 + 3);
	bed_free(&b);
}

/* ---- capacitors ---- */

static void bank(struct network *n, const char *bus, double var, struct capacitor_par par)
{
	uint32_t node = at(n, bus);
	struct capacitor_at c = { .name = (char *)bus, .par = par, .units = 1, .line = NET_NONE };
	c.element[0] = (uint32_t)n->elements;
	c.y_s[0] = I * var / (7200.0 * 7200);
	branch_shunt(n, bus, node, NET_GROUND, c.y_s[0]);
	control_list_capacitor(network_controls(n), &c);
}

/* A reactance of 24 ohm and 300 kvar, y = 5.787 mS: 1 / (1 - x y) = 1.1613 without load. */
static struct network *bank_behind_line(double on_pu, double off_pu, double e_v)
{
	struct network *n = network_new();
	network_source(n, at(n, "source"), e_v, 7200);
	line(n, "line", "source", "bank", 24 * I);
	bank(n, "bank", 300e3,
	    (struct capacitor_par){ CAPACITOR_BY_VOLTAGE, on_pu, off_pu, 60, 60, 300 });
	return n;
}

Test(controls, a_bank_raises_the_voltage_it_was_missing)
{
	struct bed b = bed_of(bank_behind_line(0.92, 1.07, 6500));
	cr_expect_eq(settle(&b, 4 * hour_s), SETTLE_RESTS);
	cr_expect(b.c->capacitor[0].state.closed);
	cr_expect_eq(b.c->capacitor[0].state.operations, 1);
	cr_expect(epsilon_eq(dbl, b.c->capacitor[0].last_s, 60, 1e-9));
	cr_expect(epsilon_eq(dbl, v_at(&b, "bank"), 6500 / (1 - 24 * 300e3 / 7200 / 7200), 1e-6));
	bed_free(&b);
}

/* A band of 0.05 against a rise of 0.14: every 300 s and no sooner, for it must rest. */
Test(controls, a_band_narrower_than_its_own_rise_hunts)
{
	struct bed b = bed_of(bank_behind_line(0.92, 0.97, 6500));
	cr_expect_eq(settle(&b, hour_s), SETTLE_HUNTS);
	cr_expect_eq(b.c->capacitor[0].state.operations, 1 + 3540 / 300);
	bed_free(&b);
}

/* ---- inverters ---- */

static void inverter(struct network *n, const char *bus, struct inverter_par par, double w)
{
	struct inverter_at v = { .name = (char *)bus,
		.par = par,
		.units = 1,
		.load = { (uint32_t)n->loads },
		.available_w = w };
	load(n, bus, -w, 230);
	control_list_inverter(network_controls(n), &v);
}

/* |V| of E - z I for p and q drawn: the upper root of the quadratic in V^2. */
static double two_bus_v(double e, double complex z, double p, double q)
{
	double b = 2 * (creal(z) * p + cimag(z) * q) - e * e;
	double c = creal(z * conj(z)) * (p * p + q * q);
	return sqrt((-b + sqrt(b * b - 4 * c)) / 2);
}

static struct inverter_par functions(bool var, bool watt)
{
	struct inverter_par p = inverter_default(INVERTER_CATEGORY_B, 10e3, 10e3);
	p.volt_var = var;
	p.volt_watt = watt;
	return p;
}

/* The point where curve and network agree, by bisection of the voltage: a curve that falls
 * against a network that rises meets it once. */
static double agreed_v(const struct inverter_par *p, double complex z, double w)
{
	double low = 200, high = 300;
	for (int i = 0; i < 100; i++) {
		double v = (low + high) / 2;
		struct inverter_state s = { inverter_var_pu(p, v / 230),
			inverter_limit_pu(p, v / 230) };
		struct inverter_power g = inverter_power(p, &s, w);
		if (two_bus_v(236, z, -g.w, -g.var) > v)
			low = v;
		else
			high = v;
	}
	return low;
}

/* A short-circuit power of 2.0 and of 4.4 times the inverter's rating. */
Test(controls, inverters_settle_where_curve_and_network_agree)
{
	static const double complex z[] = { 1.2 + 2.4 * I, 0.9 + 0.8 * I };
	for (int i = 0; i < 6; i++) {
		struct inverter_par p = functions(i % 3 != 1, i % 3 != 0);
		struct network *n = network_new();
		network_source(n, at(n, "source"), 236, 230);
		line(n, "line", "source", "home", z[i / 3]);
		inverter(n, "home", p, 9100);
		struct bed b = bed_of(n);
		cr_expect_eq(settle(&b, hour_s), SETTLE_RESTS, "case %d", i);
		double v = agreed_v(&p, z[i / 3], 9100);
		cr_expect(epsilon_eq(dbl, v_at(&b, "home") / 230, v / 230, 1e-4), "case %d", i);
		bed_free(&b);
	}
}

/* A minute from the start; false when the voltage rose by more than is called rest. */
static bool falls_for_a_minute(struct bed *b, double finest_s)
{
	double last_v = 1e9, left_s = 60;
	bool falls = true;
	for (;;) {
		cr_assert(solver_solve(b->s, tolerance_pu, b->e));
		falls &= v_at(b, "home") <= last_v + 230 * INVERTER_REST_PU;
		last_v = v_at(b, "home");
		double dt_s = fmin(fmin(controls_see(b->c, solver_v(b->s)), finest_s), left_s);
		controls_pass(b->c, dt_s);
		controls_act(b->c);
		if ((left_s -= dt_s) <= 0) return falls;
	}
}

static struct bed steep(void)
{
	struct network *n = network_new();
	network_source(n, at(n, "source"), 236, 230);
	line(n, "line", "source", "home", 1.2 + 2.4 * I);
	inverter(n, "home", functions(true, false), 9100);
	return bed_of(n);
}

Test(controls, a_weak_network_makes_no_inverter_overshoot)
{
	struct bed b = steep();
	cr_expect(falls_for_a_minute(&b, INFINITY));
	bed_free(&b);
}

/* The substeps that resolve the lag, and some a hundred times finer: as far apart as what is
 * called rest. */
Test(controls, finer_steps_say_the_same)
{
	struct bed coarse = steep(), fine = steep();
	falls_for_a_minute(&coarse, INFINITY);
	falls_for_a_minute(&fine, 2.5e-3);
	cr_expect(epsilon_eq(dbl, v_at(&coarse, "home") / 230, v_at(&fine, "home") / 230, 2e-5));
	cr_expect(epsilon_eq(dbl, coarse.c->inverters.unit[0].state.var_pu,
	    fine.c->inverters.unit[0].state.var_pu, INVERTER_REST_PU));
	bed_free(&coarse);
	bed_free(&fine);
}

/* Held back at rest for an hour: 9.1 kW less what the limit leaves. */
Test(controls, curtailed_energy_is_counted)
{
	struct network *n = network_new();
	network_source(n, at(n, "source"), 236, 230);
	line(n, "line", "source", "home", 0.9 + 0.8 * I);
	inverter(n, "home", functions(false, true), 9100);
	struct bed b = bed_of(n);
	cr_assert_eq(settle(&b, hour_s), SETTLE_RESTS);
	const struct inverter_unit *s = &b.c->inverters.unit[0];
	double before_j = b.c->inverters.volt_watt_j;
	controls_pass(b.c, hour_s);
	double w = 9100 - 1e4 * (1 - (s->v_pu - 1.06) / 0.04);
	cr_expect(gt(dbl, w, 500));
	cr_expect(epsilon_eq(dbl, b.c->inverters.volt_watt_j - before_j, w * hour_s, 2 * hour_s));
	bed_free(&b);
}

Test(controls, nothing_controlled_is_no_controls)
{
	struct network *n = network_new();
	network_source(n, at(n, "source"), 236, 230);
	cr_expect_null(controls_new(n, 0));
	network_free(n);
}
