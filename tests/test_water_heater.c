#include "tests/unit.h"

#include <math.h>

#include "models/energy/hot_water.h"
#include "models/energy/water_bank.h"

static const struct tank odd = { .volume_m3 = 0.187, .c_j_k = 0.187 * WATER_J_M3_K, .ua_w_k = 1.37,
	.power_w = 4300, .set_k = 325, .band_k = 2.2 };

/* e^-x = 1 - x + x^2 second(x). */
Test(water_heater, series_is_the_exponential)
{
	for (double x = 0; x <= 0.3; x += 0.0371)
		cr_expect(epsilon_eq(dbl, 1 - x + x * x * tank_second(x), exp(-x), 2e-12));
}

/* What the tank stores more is what went in less what went out, by the mean of the step;
 * 0.14 litres a second for a minute, from 51 degC. */
Test(water_heater, single_node_keeps_its_balance)
{
	double w = 0.14e-3 * WATER_J_M3_K, s_per_c = 60 / odd.c_j_k;
	struct tank_node n = tank_node_after(324.15, s_per_c, 1.37, w, 286, 291, 4300);
	double out_w = 1.37 * (n.mean_k - 291) + w * (n.mean_k - 286);
	cr_expect(epsilon_eq(dbl, (n.end_k - 324.15) * odd.c_j_k, 60 * (4300 - out_w), 1e-4));
	struct tank_state s = { 324.15, 1 };
	struct tank_inputs in = { 0, 286, 291, 4300 };
	struct tank_node idle = tank_node_after(324.15, s_per_c, 1.37, 0, 286, 291, 4300);
	tank_step(&odd, &s, &in, 60);
	cr_expect(epsilon_eq(dbl, s.hot_k, idle.end_k, 1e-9));
}

/* Heat in the tank above the inlet's, of either regime. */
static double heat_j(const struct tank *p, const struct tank_state *s, double inlet_k)
{
	return p->c_j_k * s->hot_frac * (s->hot_k - inlet_k);
}

/* A column that is drawn down, heated up again and full: energy is kept to the loss, and
 * whether the time is one step or many does not matter. */
Test(water_heater, column_goes_down_and_comes_back)
{
	struct tank_inputs draw = { 0.09e-3, 288, 294, 4300 }, rest = { 0, 288, 294, 4300 };
	struct tank_state a = { 326, 1 }, b = a;
	double before_j = heat_j(&odd, &a, 288);
	cr_expect(tank_opens(&odd, &a, &draw));
	tank_step(&odd, &a, &draw, 600);
	/* 54 of 187 litres out, 2.58 of 29.4 MJ in: 1 - 0.289 + 0.088 */
	cr_expect(epsilon_eq(dbl, a.hot_frac, 0.799, 0.002));
	cr_expect(eq(dbl, a.hot_k, 326));
	/* 600 s of 4300 W less 54 litres of water 38 K warmer, and a loss of some 40 W */
	double expected_j = 600 * 4300 - 600 * 0.09e-3 * WATER_J_M3_K * 38;
	cr_expect(epsilon_eq(dbl, heat_j(&odd, &a, 288) - before_j, expected_j, 600 * 45.0));
	for (int i = 0; i < 60; i++) tank_step(&odd, &b, &draw, 10);
	cr_expect(epsilon_eq(dbl, a.hot_frac, b.hot_frac, 1e-12));
	tank_step(&odd, &a, &rest, 3600);
	for (int i = 0; i < 1200; i++) tank_step(&odd, &b, &rest, 3);
	cr_expect(eq(dbl, a.hot_frac, 1));
	cr_expect(gt(dbl, a.hot_k, 326));
	cr_expect(epsilon_eq(dbl, a.hot_k, b.hot_k, 1e-9));
}

/* Drawn until nothing hot is left, the tank is full of inlet water and heats from there. */
Test(water_heater, column_can_be_used_up)
{
	struct tank_inputs draw = { 0.3e-3, 288, 294, 0 };
	struct tank_state s = { 326, 1 };
	tank_step(&odd, &s, &draw, 3600);
	cr_expect(eq(dbl, s.hot_frac, 1));
	cr_expect(epsilon_eq(dbl, s.hot_k, 288, 0.1));
	cr_expect(tank_wants(&odd, &s, false, false));
}

/* 211 homes of 137 litres a day, 60 days: the law of large numbers, whose standard error
 * is sqrt(4200 / 12660) l, that is 0.6 % of the mean. */
Test(water_heater, draws_add_up_to_the_litres_asked_for)
{
	enum { HOMES = 211, DAYS = 60 };
	struct hot_water_bank b;
	hot_water_bank_init(&b, HOMES, 19000);
	for (size_t i = 0; i < HOMES; i++) {
		b.key[i] = 0x9e37 + 77 * i;
		b.rates[i] = hot_water_rates_make(137);
	}
	double m3 = 0, night = 0, steps = 0;
	for (long day = 0; day < DAYS; day++)
		for (int minute = 0; minute < HOT_WATER_DAY_MIN; minute++) {
			hot_water_bank_tick(&b, 19000 + day, minute);
			for (size_t i = 0; i < HOMES; i++) {
				m3 += 60 * (double)b.flow_m3_s[i];
				night += minute < 360 && b.flow_m3_s[i] > 0;
				steps += b.flow_m3_s[i] > 0;
			}
		}
	cr_expect(epsilon_eq(dbl, 1e3 * m3 / (HOMES * DAYS), 137, 137 * 0.02));
	cr_expect(epsilon_eq(dbl, night / steps, 0.03, 0.005));
	hot_water_bank_fini(&b);
}

/* A bank's tank is the pure function's, and its energy over a day is closed. */
Test(water_heater, bank_keeps_its_balance)
{
	enum { N = 13 };
	struct water_heater_par par = { .band_k = 2.2, .ua_w_k = 1.37, .inlet_k = 286, .room_k = 293 };
	struct water_bank b;
	water_bank_init(&b, N, 19000);
	double room_k[N], loss_w[N], drawn_w[N], first_k[N], in_j[N] = { 0 }, out_j[N] = { 0 };
	for (size_t i = 0; i < N; i++) {
		water_bank_set(&b, i, &par, 187 + 3.0 * i, 4300, 325, 0.37);
		b.draws.key[i] = 31 * i + 7;
		b.draws.rates[i] = hot_water_rates_make(211);
		room_k[i] = 293;
		first_k[i] = b.t_k[i];
	}
	for (int minute = 0; minute < HOT_WATER_DAY_MIN; minute++) {
		hot_water_bank_tick(&b.draws, 19000, minute);
		for (size_t i = 0; i < N; i++) in_j[i] += 60 * (double)(b.on[i] * b.power_w[i]);
		water_bank_advance(&b, &par, 0, N, room_k, loss_w, drawn_w);
		for (size_t i = 0; i < N; i++) out_j[i] += 60 * (loss_w[i] + drawn_w[i]);
	}
	for (size_t i = 0; i < N; i++) {
		double c_j_k = 60 / (double)b.s_per_c[i];
		cr_expect(gt(dbl, in_j[i], 10e6));
		cr_expect(epsilon_eq(dbl, in_j[i] - out_j[i], (b.t_k[i] - first_k[i]) * c_j_k,
		    1e-9 * in_j[i]));
		cr_expect(b.t_k[i] < 327);
	}
	water_bank_fini(&b);
}
