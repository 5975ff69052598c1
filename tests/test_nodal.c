#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/grid/branch.h"
#include "models/grid/feeder.h"
#include "models/grid/flow.h"
#include "models/grid/nodal.h"
#include "models/grid/zip.h"

static const double no_shunt[NET_PHASES * NET_PHASES];
static const struct err_pos nowhere;

static struct nodal *solver_of(const struct network *n)
{
	struct err_list *e = err_new();
	struct nodal *s = nodal_new(n, nowhere, e);
	cr_assert_not_null(s);
	cr_assert_eq(err_count(e), 0);
	err_free(e);
	return s;
}

/* Faults of a network that cannot be solved. */
static size_t faults_of(const struct network *n)
{
	struct err_list *e = err_new();
	struct nodal *s = nodal_new(n, nowhere, e);
	size_t faults = err_count(e);
	cr_expect_null(s);
	nodal_free(s);
	err_free(e);
	return faults;
}

static void three_nodes(struct network *n, const char *bus, uint32_t node[NET_PHASES])
{
	for (int k = 0; k < NET_PHASES; k++) node[k] = network_node(n, network_bus(n, bus), k);
}

static double complex turned(double size, double degrees)
{
	return size * cexp(I * degrees * M_PI / 180);
}

static void three_sources(struct network *n, const uint32_t *node, double v_v)
{
	for (int k = 0; k < NET_PHASES; k++) network_source(n, node[k], turned(v_v, -120 * k), v_v);
}

static void add_load(struct network *n, uint32_t plus, uint32_t minus, double complex s_va,
    double nominal_v, double low_pu)
{
	struct net_load l = { .name = (char *)"load",
		.plus = plus,
		.minus = minus,
		.s_va = s_va,
		.nominal_v = nominal_v,
		.power = 1,
		.low_pu = low_pu };
	network_load(n, &l);
}

/* ---- closed forms ---- */

/* |V| of E - z I with I = conj(S / V): the upper root of
 * V^4 + (2 (r P + x Q) - E^2) V^2 + |z|^2 |S|^2 = 0; NAN: there is none. */
static double two_bus_v(double e, double complex z, double complex s)
{
	double b = 2 * (creal(z) * creal(s) + cimag(z) * cimag(s)) - e * e;
	double c = creal(z * conj(z)) * creal(s * conj(s));
	return sqrt((-b + sqrt(b * b - 4 * c)) / 2);
}

struct two {
	struct network *n;
	struct nodal *s;
};

/* A source of one phase, a line, a load that keeps its power down to low_pu. */
static struct two two_buses(double e, double complex z, double complex s_va, double low_pu)
{
	struct network *n = network_new();
	uint32_t from = network_node(n, network_bus(n, "from"), 1);
	uint32_t to = network_node(n, network_bus(n, "to"), 1);
	network_source(n, from, e, 230);
	cr_assert(branch_line(n, "line", 1, &from, &to, &z, no_shunt));
	add_load(n, to, NET_GROUND, s_va, 230, low_pu);
	network_nominal(n);
	return (struct two){ n, solver_of(n) };
}

static void two_free(struct two *t)
{
	nodal_free(t->s);
	network_free(t->n);
}

Test(nodal, two_buses_follow_the_quadratic)
{
	const double complex z = 0.31 + 0.083 * I, s[] = { 4730 + 1290 * I, -6130 - 770 * I,
		9300 + 2110 * I, 310 - 4090 * I };
	for (int i = 0; i < 4; i++) {
		struct two t = two_buses(233.7, z, s[i], 0.8);
		struct nodal_result r = nodal_solve(t.s, 1e-13);
		cr_assert(r.converged);
		double v = two_bus_v(233.7, z, s[i]);
		cr_expect(epsilon_eq(dbl, cabs(nodal_v(t.s)[1]), v, 1e-9));
		struct flow_totals f = flow_totals(t.n, nodal_v(t.s));
		double loss = 0.31 * creal(s[i] * conj(s[i])) / (v * v);
		cr_expect(epsilon_eq(dbl, creal(f.kept_va[NET_LINE]), loss, 1e-7));
		cr_expect(epsilon_eq(dbl, creal(f.source_va), creal(s[i]) + loss, 1e-6));
		two_free(&t);
	}
}

/* Of a solution nothing is left over; one volt off, the currents of line and load differ. */
Test(flow, what_does_not_balance_is_told)
{
	const double complex z = 0.31 + 0.083 * I, s = 4730 + 1290 * I;
	struct two t = two_buses(233.7, z, s, 0.8);
	cr_assert(nodal_solve(t.s, 1e-13).converged);
	double complex v[] = { nodal_v(t.s)[0], nodal_v(t.s)[1] };
	cr_expect_lt(flow_residual_va(t.n, nodal_topology(t.s), v), 1e-7);
	v[1] += 1;
	double complex left_a = (v[1] - v[0]) / z + conj(s / v[1]);
	double residual_va = flow_residual_va(t.n, nodal_topology(t.s), v);
	cr_expect(epsilon_eq(dbl, residual_va, cabs(v[1] * left_a), 1e-7));
	cr_expect_gt(residual_va, 100);
	two_free(&t);
}

/* Constant power to the last: the quadratic says where the solution ends. */
Test(nodal, a_collapse_is_never_a_voltage)
{
	const double complex z = 0.31 + 0.083 * I, s = 7300 + 1900 * I;
	int solved = 0, refused = 0;
	for (double factor = 0.5; factor < 12; factor *= 1.03) {
		struct two t = two_buses(233.7, z, factor * s, 1e-3);
		struct nodal_result r = nodal_solve(t.s, 1e-10);
		double v = two_bus_v(233.7, z, factor * s);
		if (r.converged) {
			cr_expect(epsilon_eq(dbl, cabs(nodal_v(t.s)[1]), v, 1e-5), "%g", factor);
			cr_expect_lt(r.mismatch_va, 1e-3 * factor);
			solved++;
		} else {
			cr_expect(isnan(v) || v < 0.55 * 233.7, "%g: %g V", factor, v);
			refused++;
		}
		two_free(&t);
	}
	cr_expect_gt(solved, 30);
	cr_expect_gt(refused, 15);
}

/* Below its limit the load is the impedance that it has there: always a solution. */
Test(nodal, a_load_below_its_limit_is_an_impedance)
{
	const double complex z = 0.31 + 0.083 * I, s = 61000 + 17000 * I;
	struct two t = two_buses(233.7, z, s, 0.8);
	cr_assert(nodal_solve(t.s, 1e-13).converged);
	double complex load_ohm = pow(0.8 * 230, 2) / conj(s);
	double complex v = 233.7 * load_ohm / (load_ohm + z);
	cr_expect(epsilon_eq(dbl, cabs(nodal_v(t.s)[1] - v), 0, 1e-9));
	two_free(&t);
}

Test(zip, parts_follow_the_voltage)
{
	struct net_load l = { .s_va = 1700 + 300 * I,
		.nominal_v = 230,
		.power = 0.5,
		.current = 0.3,
		.impedance = 0.2,
		.low_pu = 0.8,
		.high_pu = 1.2 };
	static const double at[][2] = { { 1, 1 }, { 0.9, 0.5 + 0.27 + 0.162 },
		{ 0.5, (0.5 + 0.24 + 0.128) * 0.25 / 0.64 }, { 0, 0 } };
	for (int i = 0; i < 4; i++) {
		double complex v = turned(230 * at[i][0], 17), s = v * conj(zip_current(&l, v));
		cr_expect(epsilon_eq(dbl, cabs(s - at[i][1] * l.s_va), 0, 1e-9));
	}
}

/* ---- transformers ---- */

/* Phase a and line ab of the far side without load, of a source of 1000 V to neutral. */
static double complex far_side(enum winding from, enum winding to, double ratio, bool line)
{
	struct network *n = network_new();
	uint32_t a[NET_PHASES], b[NET_PHASES];
	three_nodes(n, "near", a);
	three_nodes(n, "far", b);
	three_sources(n, a, 1000);
	struct branch_side near = { from, 1000 * sqrt(3), a };
	struct branch_side far = { to, 1000 * sqrt(3) * ratio, b };
	branch_transformer(n, "t", &near, &far, 1e6, 0.01 + 0.05 * I, 0);
	network_nominal(n);
	struct nodal *s = solver_of(n);
	cr_assert(nodal_solve(s, 1e-13).converged);
	double complex v = nodal_v(s)[b[0]] - (line ? nodal_v(s)[b[1]] : 0);
	nodal_free(s);
	network_free(n);
	return v;
}

/* Degrees that the far side is ahead; IEEE C57.12.00: the low side lags by 30. */
static const struct shift {
	enum winding from, to;
	double ratio, degrees;
} shifts[] = {
	{ WINDING_EARTHED, WINDING_EARTHED, 0.4, 0 },
	{ WINDING_DELTA, WINDING_DELTA, 0.4, 0 },
	{ WINDING_DELTA, WINDING_EARTHED, 0.4, -30 },
	{ WINDING_EARTHED, WINDING_DELTA, 0.4, -30 },
	{ WINDING_WYE, WINDING_DELTA, 0.4, -30 },
	{ WINDING_DELTA, WINDING_EARTHED, 2.5, 30 },
	{ WINDING_WYE, WINDING_DELTA, 2.5, 30 },
	{ WINDING_DELTA, WINDING_WYE, 0.4, -30 },
};

Test(nodal, transformers_shift_as_the_standard_says)
{
	for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++) {
		const struct shift *t = &shifts[i];
		double complex line = far_side(t->from, t->to, t->ratio, true);
		double complex wanted = turned(1000 * sqrt(3) * t->ratio, 30 + t->degrees);
		cr_expect(epsilon_eq(dbl, cabs(line - wanted), 0, 1e-7), "%zu", i);
		/* Where nothing earths the far side, its sum is held at 0: to neutral as it were.
		 */
		double complex phase = far_side(t->from, t->to, t->ratio, false);
		cr_expect(
		    epsilon_eq(dbl, cabs(phase - turned(1000 * t->ratio, t->degrees)), 0, 1e-7),
		    "%zu", i);
	}
}

/* Three alike loads through a transformer are one phase of z = z_pu V^2 / S. */
Test(nodal, a_transformer_drops_its_impedance)
{
	struct network *n = network_new();
	uint32_t a[NET_PHASES], b[NET_PHASES];
	const double complex s = 61e3 + 23e3 * I, z = (0.013 + 0.047 * I) * 400 * 400 / 250e3;
	three_nodes(n, "near", a);
	three_nodes(n, "far", b);
	three_sources(n, a, 11547);
	struct branch_side near = { WINDING_DELTA, 20000, a }, far = { WINDING_EARTHED, 400, b };
	branch_transformer(n, "t", &near, &far, 250e3, 0.013 + 0.047 * I, 0);
	for (int k = 0; k < NET_PHASES; k++) add_load(n, b[k], NET_GROUND, s, 230, 0.8);
	network_nominal(n);
	struct nodal *solver = solver_of(n);
	cr_assert(nodal_solve(solver, 1e-13).converged);
	double v = two_bus_v(11547 * 400 / 20000.0, z, s);
	for (int k = 0; k < NET_PHASES; k++)
		cr_expect(epsilon_eq(dbl, cabs(nodal_v(solver)[b[k]]), v, 1e-8));
	nodal_free(solver);
	network_free(n);
}

/* ---- ties, switches, islands ---- */

Test(nodal, regulators_turn_voltages_without_loss)
{
	struct network *n = network_new();
	uint32_t a[NET_PHASES], b[NET_PHASES];
	const double r1 = 1 + 7 * 0.00625, r2 = 1 - 3 * 0.00625;
	three_nodes(n, "near", a);
	three_nodes(n, "far", b);
	three_sources(n, a, 2400);
	network_tie(n, &(struct net_tie){ b[0], 2, { a[0], a[1] }, { r1, 1 - r1 } });
	network_tie(n, &(struct net_tie){ b[2], 2, { a[2], a[1] }, { r2, 1 - r2 } });
	network_join(n, a[1], b[1]);
	network_nominal(n);
	struct nodal *s = solver_of(n);
	cr_assert(nodal_solve(s, 1e-13).converged);
	const double complex *v = nodal_v(s);
	cr_expect(epsilon_eq(dbl, cabs(v[b[0]] - v[b[1]] - r1 * (v[a[0]] - v[a[1]])), 0, 1e-9));
	cr_expect(epsilon_eq(dbl, cabs(v[b[2]] - v[b[1]] - r2 * (v[a[2]] - v[a[1]])), 0, 1e-9));
	nodal_free(s);
	network_free(n);
}

/* A regulator in the middle of a line: load and source power balance across it. */
Test(nodal, power_goes_through_a_regulator)
{
	struct network *n = network_new();
	const double complex z = 0.4 + 0.7 * I;
	uint32_t at[4];
	for (int i = 0; i < 4; i++) {
		char name[] = { (char)('0' + i), 0 };
		at[i] = network_node(n, network_bus(n, name), 0);
	}
	network_source(n, at[0], 2400, 2400);
	branch_line(n, "1", 1, &at[0], &at[1], &z, no_shunt);
	network_tie(n, &(struct net_tie){ at[2], 1, { at[1] }, { 1.05 } });
	branch_line(n, "2", 1, &at[2], &at[3], &z, no_shunt);
	add_load(n, at[3], NET_GROUND, 210e3 + 70e3 * I, 2400, 0.8);
	network_nominal(n);
	struct nodal *s = solver_of(n);
	cr_assert(nodal_solve(s, 1e-13).converged);
	/* Seen from the far side the near line is 1.05^2 of itself, the source 1.05. */
	double v = two_bus_v(1.05 * 2400, z * (1 + 1.05 * 1.05), 210e3 + 70e3 * I);
	cr_expect(epsilon_eq(dbl, cabs(nodal_v(s)[at[3]]), v, 1e-7));
	double complex current[NET_TERMINALS];
	flow_currents(&n->element[0], nodal_v(s), current);
	double complex in = 2400 * conj(current[0]);
	cr_expect(epsilon_eq(dbl, cabs(in - flow_totals(n, nodal_v(s)).source_va), 0, 1e-5));
	cr_expect_lt(flow_residual_va(n, nodal_topology(s), nodal_v(s)), 1e-5);
	nodal_free(s);
	network_free(n);
}

/* A tap that moves changes the equations in place. */
Test(nodal, a_tap_that_moved_is_solved_anew)
{
	struct network *n = network_new();
	const double complex z = 0.4 + 0.7 * I, s = 210e3 + 70e3 * I;
	uint32_t near = network_node(n, network_bus(n, "near"), 0);
	uint32_t tap = network_node(n, network_bus(n, "tap"), 0);
	uint32_t far = network_node(n, network_bus(n, "far"), 0);
	network_source(n, near, 2400, 2400);
	network_tie(n, &(struct net_tie){ tap, 1, { near }, { 1.05 } });
	branch_line(n, "line", 1, &tap, &far, &z, no_shunt);
	add_load(n, far, NET_GROUND, s, 2400, 0.8);
	network_nominal(n);
	struct nodal *solver = solver_of(n);
	static const double weights[] = { 1.05, 0.95625, 1 };
	for (int i = 0; i < 3; i++) {
		n->tie[0].weight[0] = weights[i];
		cr_assert(nodal_refill(solver));
		cr_assert(nodal_solve(solver, 1e-13).converged);
		double v = two_bus_v(weights[i] * 2400, z, s);
		cr_expect(epsilon_eq(dbl, cabs(nodal_v(solver)[far]), v, 1e-7), "%g", weights[i]);
	}
	nodal_free(solver);
	network_free(n);
}

/* Behind a delta a regulator of one phase in wye is the only earth there is: what lies between
 * its phase and another one takes current to earth, except at the tap of ratio 1, where the
 * phases' sum is held at 0 as without it. */
Test(nodal, a_tap_can_be_a_parts_only_earth)
{
	static const double weights[] = { 1.05, 1, 0.95, 1, 1.1 };
	struct network *n = network_new();
	uint32_t a[NET_PHASES], b[NET_PHASES], c[NET_PHASES];
	three_nodes(n, "near", a);
	three_nodes(n, "mid", b);
	three_nodes(n, "far", c);
	three_sources(n, a, 2400);
	struct branch_side near = { WINDING_DELTA, 4160, a }, far = { WINDING_DELTA, 480, b };
	branch_transformer(n, "t", &near, &far, 3e5, 0.01 + 0.04 * I, 0);
	for (int k = 0; k < NET_PHASES; k++) {
		network_tie(n, &(struct net_tie){ c[k], 1, { b[k] }, { 1 } });
		add_load(n, c[k], c[(k + 1) % NET_PHASES], 2e3 + 4e2 * I * k, 480, 0.8);
	}
	branch_shunt(n, "capacitor", c[0], c[1], 0.3 * I);
	network_nominal(n);
	struct nodal *s = solver_of(n);
	for (int i = 0; i < 5; i++) {
		n->tie[0].weight[0] = weights[i];
		cr_assert(i % 2 ? nodal_retap(s) : nodal_refill(s));
		struct nodal *fresh = solver_of(n);
		cr_assert(nodal_solve(s, 1e-11).converged);
		cr_assert(nodal_solve(fresh, 1e-11).converged);
		for (uint32_t k = 0; k < n->nodes; k++)
			cr_expect_lt(cabs(nodal_v(s)[k] - nodal_v(fresh)[k]), 1e-7, "%d", i);
		nodal_free(fresh);
	}
	nodal_free(s);
	network_free(n);
}

/* What no switch joins with a source has no voltage, and the rest does not notice. */
Test(nodal, a_part_without_source_is_dead)
{
	for (int closed = 0; closed < 2; closed++) {
		struct network *n = network_new();
		const double complex z = 0.2 + 0.1 * I;
		uint32_t near = network_node(n, network_bus(n, "near"), 0);
		uint32_t gate = network_node(n, network_bus(n, "gate"), 0);
		uint32_t far = network_node(n, network_bus(n, "far"), 0);
		network_source(n, near, 231, 230);
		if (closed) network_join(n, near, gate);
		branch_line(n, "line", 1, &gate, &far, &z, no_shunt);
		add_load(n, far, NET_GROUND, 3100, 230, 0.8);
		network_nominal(n);
		struct nodal *s = solver_of(n);
		cr_assert(nodal_solve(s, 1e-13).converged);
		cr_expect_eq(nodal_is_live(s, far), closed);
		double v = closed ? two_bus_v(231, z, 3100) : 0;
		cr_expect(epsilon_eq(dbl, cabs(nodal_v(s)[far]), v, 1e-9));
		nodal_free(s);
		network_free(n);
	}
}

Test(nodal, what_cannot_be_solved_is_refused)
{
	struct network *n = network_new();
	uint32_t a = network_node(n, network_bus(n, "a"), 0);
	uint32_t b = network_node(n, network_bus(n, "b"), 0);
	uint32_t c = network_node(n, network_bus(n, "c"), 0);
	network_source(n, a, 230, 230);
	network_tie(n, &(struct net_tie){ b, 1, { c }, { 1.1 } });
	network_tie(n, &(struct net_tie){ c, 1, { b }, { 1.1 } });
	cr_expect_eq(faults_of(n), 1); /* a ring of regulators */
	network_free(n);

	n = network_new();
	a = network_node(n, network_bus(n, "a"), 0);
	b = network_node(n, network_bus(n, "b"), 0);
	network_source(n, a, 230, 230);
	network_source(n, b, 231, 230);
	network_join(n, a, b);
	cr_expect_eq(faults_of(n), 1); /* two ideal sources, short-circuited */
	network_free(n);
}

/* Loads between phases behind an ungrounded delta are fine; one to earth is told. */
Test(nodal, an_unearthed_part_needs_no_earth)
{
	for (int to_earth = 0; to_earth < 2; to_earth++) {
		struct network *n = network_new();
		uint32_t a[NET_PHASES], b[NET_PHASES];
		three_nodes(n, "near", a);
		three_nodes(n, "far", b);
		three_sources(n, a, 2771);
		struct branch_side near = { WINDING_DELTA, 4800, a },
				   far = { WINDING_DELTA, 480, b };
		branch_transformer(n, "t", &near, &far, 500e3, 0.01 + 0.02 * I, 0);
		add_load(n, b[0], b[1], 40e3 + 9e3 * I, 480, 0.8);
		if (to_earth) add_load(n, b[2], NET_GROUND, 1e3, 277, 0.8);
		network_nominal(n);
		struct nodal *s = solver_of(n);
		struct nodal_result r = nodal_solve(s, 1e-12);
		cr_assert(r.converged);
		double complex sum = nodal_v(s)[b[0]] + nodal_v(s)[b[1]] + nodal_v(s)[b[2]];
		if (to_earth) {
			cr_expect_gt(r.to_earth_a, 1);
		} else {
			cr_expect_lt(r.to_earth_a, 1e-6);
			cr_expect_lt(cabs(sum), 1e-7);
		}
		nodal_free(s);
		network_free(n);
	}
}
