#include "tests/unit.h"

#include <math.h>

#include "models/grid/inverter.h"

/* IEEE Std 1547-2018, tables 8 and 10; 11 kVA, 10 kW. */
static struct inverter_par both(enum inverter_category c)
{
	struct inverter_par p = inverter_default(c, 11e3, 10e3);
	p.volt_var = p.volt_watt = true;
	return p;
}

static struct inverter_state at_rest(const struct inverter_par *p, double v_pu)
{
	struct inverter_state s;
	inverter_begin(&s);
	inverter_pass(p, &s, v_pu, 1e4, 1e4);
	return s;
}

/* Points, and between them by thirds and halves. */
Test(inverter, volt_var_follows_table_8)
{
	static const double b[][2] = { { 0.7, 0.44 }, { 0.92, 0.44 }, { 0.94, 0.44 * 2 / 3 },
		{ 0.95, 0.22 }, { 0.98, 0 }, { 1, 0 }, { 1.02, 0 }, { 1.04, -0.44 / 3 },
		{ 1.05, -0.22 }, { 1.08, -0.44 }, { 1.3, -0.44 } };
	static const double a[][2] = { { 0.9, 0.25 }, { 0.96, 0.1 }, { 1, 0 }, { 1.02, -0.05 },
		{ 1.1, -0.25 } };
	struct inverter_par pb = both(INVERTER_CATEGORY_B), pa = both(INVERTER_CATEGORY_A);
	for (int i = 0; i < 11; i++)
		cr_expect(epsilon_eq(dbl, inverter_var_pu(&pb, b[i][0]), b[i][1], 1e-12));
	for (int i = 0; i < 5; i++)
		cr_expect(epsilon_eq(dbl, inverter_var_pu(&pa, a[i][0]), a[i][1], 1e-12));
}

Test(inverter, volt_watt_follows_table_10)
{
	static const double at[][2] = { { 0.9, 1 }, { 1.06, 1 }, { 1.07, 0.75 }, { 1.09, 0.25 },
		{ 1.1, 0 }, { 1.2, 0 } };
	struct inverter_par p = both(INVERTER_CATEGORY_B);
	for (int i = 0; i < 6; i++)
		cr_expect(epsilon_eq(dbl, inverter_limit_pu(&p, at[i][0]), at[i][1], 1e-12));
	p.watt_least_pu = 0.2;
	cr_expect(epsilon_eq(dbl, inverter_limit_pu(&p, 1.07), 0.8, 1e-12));
	cr_expect(epsilon_eq(dbl, inverter_limit_pu(&p, 1.13), 0.2, 1e-12));
}

Test(inverter, without_functions_it_gives_what_it_has)
{
	struct inverter_par p = inverter_default(INVERTER_CATEGORY_B, 11e3, 10e3);
	struct inverter_state s = at_rest(&p, 1.09);
	struct inverter_power g = inverter_power(&p, &s, 7300);
	cr_expect(eq(dbl, g.w, 7300));
	cr_expect(eq(dbl, g.var, 0));
	cr_expect(isinf(inverter_resolve_s(&p)));
}

/* Open loop response: 90 % after 5 s and 10 s. */
Test(inverter, responses_reach_nine_tenths_in_their_time)
{
	struct inverter_par p = both(INVERTER_CATEGORY_B);
	struct inverter_state s;
	inverter_begin(&s);
	inverter_pass(&p, &s, 1.07, 1e4, 5);
	cr_expect(epsilon_eq(dbl, s.var_pu, -0.9 * 0.44 * 5 / 6, 1e-12));
	inverter_pass(&p, &s, 1.07, 1e4, 5);
	cr_expect(epsilon_eq(dbl, s.var_pu, -0.99 * 0.44 * 5 / 6, 1e-12));
	cr_expect(epsilon_eq(dbl, s.limit_pu, 1 - 0.9 * 0.25, 1e-12));
}

Test(inverter, time_may_be_split)
{
	struct inverter_par p = both(INVERTER_CATEGORY_B);
	struct inverter_state once, often;
	inverter_begin(&once);
	inverter_begin(&often);
	inverter_pass(&p, &once, 1.083, 1e4, 4.7);
	for (int i = 0; i < 47; i++) inverter_pass(&p, &often, 1.083, 1e4, 0.1);
	cr_expect(epsilon_eq(dbl, once.var_pu, often.var_pu, 1e-13));
	cr_expect(epsilon_eq(dbl, once.limit_pu, often.limit_pu, 1e-13));
}

Test(inverter, without_voltage_it_rests)
{
	struct inverter_par p = both(INVERTER_CATEGORY_B);
	struct inverter_state s = at_rest(&p, 1.07), before = s;
	inverter_pass(&p, &s, 0, 1e4, 100);
	cr_expect(eq(dbl, s.var_pu, before.var_pu));
	cr_expect(eq(dbl, inverter_gap(&p, &s, 0, 1e4).var_pu, 0));
}

/* Asleep below 500 W: what it gave decays. */
Test(inverter, without_sun_it_gives_no_reactive_power)
{
	struct inverter_par p = both(INVERTER_CATEGORY_B);
	struct inverter_state s = at_rest(&p, 1.07);
	double before_pu = s.var_pu;
	inverter_pass(&p, &s, 1.07, 499, 5);
	cr_expect(epsilon_eq(dbl, s.var_pu, 0.1 * before_pu, 1e-12));
}

/* 10 kVA and 9.8 kW at full absorption, 4.4 kvar: sqrt(100 - 19.36) = 8.98 kW fit, or
 * sqrt(100 - 96.04) = 1.99 kvar. */
Test(inverter, one_power_gives_way)
{
	struct inverter_par p = inverter_default(INVERTER_CATEGORY_B, 10e3, 10e3);
	p.volt_var = true;
	struct inverter_state s = at_rest(&p, 1.09);
	struct inverter_power g = inverter_power(&p, &s, 9800);
	cr_expect(epsilon_eq(dbl, g.var, -4400, 1e-6));
	cr_expect(epsilon_eq(dbl, g.w, sqrt(100 - 19.36) * 1e3, 1e-6));
	cr_expect(epsilon_eq(dbl, g.clipped_w, 9800 - g.w, 1e-9));
	cr_expect(eq(dbl, g.curtailed_w, 0));
	p.watt_first = true;
	g = inverter_power(&p, &s, 9800);
	cr_expect(eq(dbl, g.w, 9800));
	cr_expect(epsilon_eq(dbl, g.var, -sqrt(100 - 96.04) * 1e3, 1e-6));
	g = inverter_power(&p, &s, 3100); /* both fit */
	cr_expect(epsilon_eq(dbl, g.var, -4400, 1e-6));
	cr_expect(eq(dbl, g.clipped_w, 0));
}

Test(inverter, volt_watt_curtails_what_is_above_its_limit)
{
	struct inverter_par p = both(INVERTER_CATEGORY_B);
	p.volt_var = false;
	struct inverter_state s = at_rest(&p, 1.08);
	struct inverter_power g = inverter_power(&p, &s, 7300);
	cr_expect(epsilon_eq(dbl, g.w, 5000, 1e-6));
	cr_expect(epsilon_eq(dbl, g.curtailed_w, 2300, 1e-6));
	g = inverter_power(&p, &s, 4900);
	cr_expect(eq(dbl, g.w, 4900));
	cr_expect(eq(dbl, g.curtailed_w, 0));
}

Test(inverter, a_gap_is_what_the_lags_have_before_them)
{
	static const struct {
		double v_pu, available_w, var_pu, watt_pu;
	} at[] = { { 1.05, 1e4, -0.22, 0 }, { 1.09, 1e4, -0.44, -0.75 }, { 0.95, 1e4, 0.22, 0 },
		{ 1.09, 2e3, -0.44, 0 }, { 1.09, 3e3, -0.44, -0.05 }, { 1.01, 1e4, 0, 0 },
		{ 1.05, 510, -0.22, 0 }, { 1.05, 490, 0, 0 } };
	struct inverter_par p = both(INVERTER_CATEGORY_B);
	struct inverter_state s;
	inverter_begin(&s);
	for (int i = 0; i < 8; i++) {
		struct inverter_gap g = inverter_gap(&p, &s, at[i].v_pu, at[i].available_w);
		cr_expect(epsilon_eq(dbl, g.var_pu, at[i].var_pu, 1e-12), "%d", i);
		cr_expect(epsilon_eq(dbl, g.watt_pu, at[i].watt_pu, 1e-12), "%d", i);
	}
}

/* The steepest network that inverter_resolve_s speaks of: 1 pu for 1 pu, for either power. */
static double voltage(const struct inverter_state *s)
{
	return 1.14 + s->var_pu + (s->limit_pu - 1);
}

/* The larger gap after so many steps; -1: the voltage rose in between. */
static double rest_of(const struct inverter_par *p, int steps)
{
	double dt_s = inverter_resolve_s(p), last_pu = 2;
	bool falls = true;
	struct inverter_state s;
	inverter_begin(&s);
	for (int i = 0; i < steps; i++) {
		double v_pu = voltage(&s);
		falls &= v_pu <= last_pu + 1e-12;
		last_pu = v_pu;
		inverter_pass(p, &s, v_pu, 1e4, dt_s);
	}
	struct inverter_gap g = inverter_gap(p, &s, voltage(&s), 1e4);
	return falls ? fmax(fabs(g.var_pu), fabs(g.watt_pu)) : -1;
}

/* Slopes 0.44 / 0.06 = 22/3 and 1 / 0.04 = 25: ln(1 + 3/22) and ln(1 + 1/25) of the lags. */
Test(inverter, a_stiff_loop_comes_to_rest_without_overshoot)
{
	struct inverter_par var = both(INVERTER_CATEGORY_B), watt = var;
	var.volt_watt = watt.volt_var = false;
	cr_expect(epsilon_eq(dbl, inverter_resolve_s(&var), 5 / log(10) * log(25.0 / 22), 1e-12));
	cr_expect(epsilon_eq(dbl, inverter_resolve_s(&watt), 10 / log(10) * log(26.0 / 25), 1e-12));
	double rest[] = { rest_of(&var, 60), rest_of(&watt, 60) };
	for (int i = 0; i < 2; i++) cr_expect(rest[i] >= 0 && rest[i] < 1e-9, "%d: %g", i, rest[i]);
}
