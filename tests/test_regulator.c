#include "tests/unit.h"

#include <math.h>

#include "models/grid/regulator.h"

/* 7.2 kV through 60 : 1, the line's drop at 300 A as 4.1 + j 7.3 V. */
static const struct regulator_par par = { .set_v = 121,
	.band_v = 2.2,
	.r_v = 4.1,
	.x_v = 7.3,
	.pt_ratio = 60,
	.ct_a = 300,
	.delay_s = 37,
	.again_s = 11 };

static const double low_v = 119.3, good_v = 120.2, high_v = 122.4;

static void wait_for(struct regulator_state *s, double relay_v, double dt_s)
{
	regulator_see(&par, s, relay_v);
	regulator_pass(s, dt_s);
}

/* By hand: 7317 / 60 = 121.95; (4.1 + 7.3 j)(171 - 83 j) / 300 = 4.3567 + 3.0267 j. */
Test(regulator, relay_sees_the_place_down_the_line)
{
	double v = regulator_relay_v(&par, 7317, 171 - 83 * I);
	cr_expect(epsilon_eq(dbl, v, hypot(121.95 - 4.356666666667, 3.026666666667), 1e-9));
	struct regulator_par plain = par;
	plain.r_v = plain.x_v = 0;
	cr_expect(epsilon_eq(dbl, regulator_relay_v(&plain, 7317, 171 - 83 * I), 121.95, 1e-12));
}

/* Kersting's example of a compensator: 2400 V through 20 : 1 with 1.0 pu of the rated 700 A at
 * a power factor of 1 and R = 3, X = 9 V leaves |120 - 3 - 9 j|. */
Test(regulator, settings_are_volts_at_rated_current)
{
	struct regulator_par p = { .pt_ratio = 20, .ct_a = 700, .r_v = 3, .x_v = 9 };
	cr_expect(epsilon_eq(dbl, regulator_relay_v(&p, 2400, 700), hypot(117, 9), 1e-12));
}

Test(regulator, band_is_the_full_width)
{
	static const double at[][2] = { { 119.8, 0.1 }, { 119.9, 0 }, { 121, 0 }, { 122.1, 0 },
		{ 122.5, 0.4 } };
	for (int i = 0; i < 5; i++)
		cr_expect(epsilon_eq(dbl, regulator_outside_v(&par, at[i][0]), at[i][1], 1e-12));
}

Test(regulator, a_step_waits_for_its_delay)
{
	struct regulator_state s;
	regulator_begin(&s, 3);
	wait_for(&s, low_v, 36.9);
	cr_expect_not(regulator_act(&par, &s));
	wait_for(&s, low_v, 0.1);
	cr_expect(regulator_act(&par, &s));
	cr_expect_eq(s.tap, 4);
	wait_for(&s, low_v, 10.9);
	cr_expect_not(regulator_act(&par, &s)); /* further steps have their own delay ... */
	wait_for(&s, low_v, 0.1);
	cr_expect(regulator_act(&par, &s));
	cr_expect_eq(s.tap, 5);
	cr_expect_eq(s.moves, 2);
	wait_for(&s, good_v, 1);
	wait_for(&s, low_v, 11);
	cr_expect_not(regulator_act(&par, &s)); /* ... a new excursion begins anew */
	cr_expect(epsilon_eq(dbl, s.left_s, 26, 1e-9));
}

Test(regulator, the_timer_starts_anew)
{
	struct regulator_state s;
	regulator_begin(&s, 0);
	wait_for(&s, low_v, 30);
	wait_for(&s, good_v, 5);
	cr_expect(isinf(s.left_s));
	wait_for(&s, low_v, 30);
	wait_for(&s, high_v, 30); /* the other side is another excursion */
	cr_expect_not(regulator_act(&par, &s));
	wait_for(&s, high_v, 7);
	cr_expect(regulator_act(&par, &s));
	cr_expect_eq(s.tap, -1);
}

Test(regulator, the_last_step_is_the_last)
{
	static const struct {
		double v;
		int way;
	} end[] = { { 101.7, 1 }, { 139.3, -1 } };
	for (int i = 0; i < 2; i++) {
		struct regulator_state s;
		regulator_begin(&s, 15 * end[i].way);
		wait_for(&s, end[i].v, 37);
		cr_expect(regulator_act(&par, &s));
		wait_for(&s, end[i].v, 1e6);
		cr_expect_not(regulator_act(&par, &s));
		cr_expect_eq(s.tap, 16 * end[i].way);
		cr_expect(isinf(s.left_s));
	}
}

Test(regulator, without_voltage_it_rests)
{
	struct regulator_state s;
	regulator_begin(&s, 2);
	wait_for(&s, low_v, 36);
	wait_for(&s, 0, 36);
	cr_expect_not(regulator_act(&par, &s));
	cr_expect(isinf(s.left_s));
}

Test(regulator, time_may_be_split)
{
	struct regulator_state once, often;
	regulator_begin(&once, 0);
	regulator_begin(&often, 0);
	wait_for(&once, high_v, 37);
	for (int i = 0; i < 370; i++) wait_for(&often, high_v, 0.1); /* rounds to 36.99.. */
	cr_expect(regulator_act(&par, &once));
	cr_expect(regulator_act(&par, &often));
	cr_expect_eq(often.tap, -1);
}

Test(regulator, steps_are_five_eighths_of_a_percent)
{
	cr_expect(epsilon_eq(dbl, regulator_ratio(16), 1.1, 1e-15));
	cr_expect(epsilon_eq(dbl, regulator_ratio(-5), 0.96875, 1e-15));
}
