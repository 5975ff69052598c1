#include "tests/unit.h"

#include <math.h>

#include "models/grid/capacitor.h"

static const double hour_s = 3600;

static const struct capacitor_par by_voltage = { CAPACITOR_BY_VOLTAGE, 0.971, 1.037, 43, 67, 290 };
static const struct capacitor_par by_reactive = { CAPACITOR_BY_REACTIVE, 410e3, -170e3, 31, 19,
	310 };

static void wait_for(
    const struct capacitor_par *p, struct capacitor_state *s, double measured, double dt_s)
{
	capacitor_see(p, s, measured);
	capacitor_pass(s, dt_s);
}

Test(capacitor, low_voltage_closes_and_high_opens)
{
	struct capacitor_state s;
	capacitor_begin(&s, false);
	wait_for(&by_voltage, &s, 1.05, 1e4); /* open already */
	cr_expect(isinf(capacitor_due_s(&s)));
	wait_for(&by_voltage, &s, 0.97, 42);
	cr_expect_not(capacitor_act(&by_voltage, &s));
	wait_for(&by_voltage, &s, 0.97, 1);
	cr_expect(capacitor_act(&by_voltage, &s));
	cr_expect(s.closed);
	wait_for(&by_voltage, &s, 1.01, 1e4); /* between the two limits it stays */
	cr_expect_not(capacitor_act(&by_voltage, &s));
	wait_for(&by_voltage, &s, 1.04, 67);
	cr_expect(capacitor_act(&by_voltage, &s));
	cr_expect_not(s.closed);
	cr_expect_eq(s.operations, 2);
}

Test(capacitor, without_voltage_it_rests)
{
	struct capacitor_state s;
	capacitor_begin(&s, false);
	wait_for(&by_voltage, &s, 0.9, 42);
	wait_for(&by_voltage, &s, 0, 42);
	cr_expect_not(capacitor_act(&by_voltage, &s));
	cr_expect(isinf(capacitor_due_s(&s)));
}

Test(capacitor, reactive_flow_closes_and_its_return_opens)
{
	struct capacitor_state s;
	capacitor_begin(&s, false);
	wait_for(&by_reactive, &s, 430e3, 31);
	cr_expect(capacitor_act(&by_reactive, &s));
	wait_for(&by_reactive, &s, -150e3, 1e4);
	cr_expect_not(capacitor_act(&by_reactive, &s));
	wait_for(&by_reactive, &s, -171e3, 19);
	cr_expect(capacitor_act(&by_reactive, &s));
	cr_expect_not(s.closed);
}

Test(capacitor, the_delay_starts_anew)
{
	struct capacitor_state s;
	capacitor_begin(&s, false);
	wait_for(&by_voltage, &s, 0.96, 40);
	wait_for(&by_voltage, &s, 0.98, 1);
	wait_for(&by_voltage, &s, 0.96, 40);
	cr_expect_not(capacitor_act(&by_voltage, &s));
	cr_expect(epsilon_eq(dbl, capacitor_due_s(&s), 3, 1e-12));
}

Test(capacitor, it_rests_between_operations)
{
	struct capacitor_state s;
	capacitor_begin(&s, true);
	wait_for(&by_voltage, &s, 1.1, 67);
	cr_expect(capacitor_act(&by_voltage, &s));
	wait_for(&by_voltage, &s, 0.9, 0);
	cr_expect(epsilon_eq(dbl, capacitor_due_s(&s), 290, 1e-12)); /* not after 43 s */
	wait_for(&by_voltage, &s, 0.9, 289);
	cr_expect_not(capacitor_act(&by_voltage, &s));
	wait_for(&by_voltage, &s, 0.9, 1);
	cr_expect(capacitor_act(&by_voltage, &s));
}

/* Hours of the day at which it is closed. */
static unsigned closed_hours(double on_h, double off_h)
{
	struct capacitor_par p = {
		.by = CAPACITOR_BY_TIME, .on = on_h * hour_s, .off = off_h * hour_s, .rest_s = 300
	};
	struct capacitor_state s;
	unsigned hours = 0;
	capacitor_begin(&s, false);
	for (unsigned h = 0; h < 24; h++) {
		capacitor_see(&p, &s, (h + 0.5) * hour_s);
		capacitor_act(&p, &s);
		hours |= (unsigned)s.closed << h;
		capacitor_pass(&s, hour_s);
	}
	return hours;
}

Test(capacitor, a_clock_closes_it_for_some_hours)
{
	cr_expect_eq(closed_hours(7, 11), 0x000780u); /* 7 to 10 */
	cr_expect_eq(closed_hours(21, 2), 0xE00003u); /* 21, 22, 23, 0, 1 */
}

/* From noon, opened at 19:00, closed at 6:30: each when its time has come, once. */
Test(capacitor, a_clock_says_when)
{
	static const struct capacitor_par p = {
		.by = CAPACITOR_BY_TIME, .on = 6.5 * 3600, .off = 19 * 3600
	};
	static const double wait_s[] = { 7 * 3600, 11.5 * 3600, 12.5 * 3600 };
	struct capacitor_state s;
	double now_s = 12 * hour_s;
	capacitor_begin(&s, true);
	for (int i = 0; i < 3; i++) {
		capacitor_see(&p, &s, now_s);
		cr_expect(epsilon_eq(dbl, capacitor_due_s(&s), wait_s[i], 1e-6));
		double dt_s = capacitor_due_s(&s) - 4e-7; /* rounding may fall short of it */
		capacitor_pass(&s, dt_s);
		now_s = fmod(now_s + dt_s, 24 * hour_s);
		cr_expect(capacitor_act(&p, &s));
		capacitor_see(&p, &s, now_s);
		cr_expect_not(capacitor_act(&p, &s));
	}
	cr_expect_eq(s.operations, 3);
}
