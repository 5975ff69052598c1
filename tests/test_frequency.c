/* Where a frequency goes: against closed forms, against a Runge-Kutta integration of the
 * same physics written down a second time, and against itself asked more often. */
#include "tests/unit.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/sheet.h"
#include "models/grid/frequency.h"

static const struct frequency_droop no_droop = { INFINITY, 0, 0, 0 };

/* Anderson and Mirheydar's model with nothing added to it. */
static struct frequency_par plain(double h_s, double r_pu, double d_pu, double fast, double t_s)
{
	return (struct frequency_par){
		.nominal_hz = 50, .inertia_s = h_s, .damping_pu = d_pu,
		.governor = { r_pu, 0, INFINITY, INFINITY },
		.gain_pu = 0.95, .fast_frac = fast, .reheat_s = t_s,
		.ramp_pu_s = INFINITY, .restore_s = INFINITY, .band_hz = 0.2, .window_s = 0.5,
		.battery = { no_droop, 0.3, INFINITY, 0 },
	};
}

/* All of it: deadbands, limits, a ramp, batteries that run empty, secondary control. */
static struct frequency_par full(void)
{
	struct frequency_par p = plain(3.7, 0.047, 0.9, 0.3, 7.3);
	p.governor = (struct frequency_droop){ 0.047, 0.013, 0.083, 0.051 };
	p.ramp_pu_s = 0.031;
	p.restore_s = 97;
	p.battery = (struct frequency_battery){ { 0.011, 0.021, 0.029, 0.017 }, 0.37, 0.71, 0.6 };
	return p;
}

static struct frequency_report after(const struct frequency_par *p, double power_pu, double t_s)
{
	struct frequency *f = frequency_new(p, 0);
	frequency_disturb(f, power_pu);
	frequency_advance(f, t_s);
	struct frequency_report r = frequency_report(f);
	frequency_free(f);
	return r;
}

/* The step answer is G P (1 + s1 exp(..) + s2 exp(..)) with the poles of
 * s^2 + 2 zeta wn s + wn^2; where its derivative is 0 is the nadir. Complex poles:
 * Anderson and Mirheydar's eq. 13 to 18; two real ones and a double one: the same by
 * partial fractions. */
struct nadir {
	double deviation_hz, t_s, zeta;
};

static struct nadir nadir_of(const struct frequency_par *p, double power_pu)
{
	double R = p->governor.droop_pu, D = p->damping_pu, H = p->inertia_s, T = p->reheat_s;
	double K = p->gain_pu, F = p->fast_frac;
	double wn = sqrt((D * R + K) / (2 * H * R * T));
	double zeta = wn * (2 * H * R + (D * R + K * F) * T) / (2 * (D * R + K));
	double end_hz = p->nominal_hz * R * power_pu / (D * R + K), t, x;
	if (fabs(zeta - 1) < 1e-7) {
		t = T / (T * wn - 1);
		x = 1 - exp(-wn * t) * (1 + (wn - T * wn * wn) * t);
	} else if (zeta < 1) {
		double wr = wn * sqrt(1 - zeta * zeta), a = zeta * wn;
		t = atan2(wr * T, a * T - 1) / wr;
		/* exp(-a t) (cos wr t + (a - T wn^2) / wr sin wr t) is what fades away. */
		x = 1 - exp(-a * t) * (cos(wr * t) + (a - T * wn * wn) / wr * sin(wr * t));
	} else {
		double root = wn * sqrt(zeta * zeta - 1), a = zeta * wn - root, b = zeta * wn + root;
		t = log((1 - T * b) / (1 - T * a)) / (b - a);
		x = 1 - (1 - T * a) * b / (b - a) * exp(-a * t) -
		    (1 - T * b) * a / (a - b) * exp(-b * t);
	}
	return (struct nadir){ end_hz * x, t, zeta };
}

Test(frequency, nadirs_are_those_of_the_closed_forms)
{
	/* H, R, D, F, T; and what the damping ratio is. */
	static const struct {
		double h, r, d, f, t, zeta;
	} row[] = {
		{ 4, 0.05, 1, 0.3, 8, 0.861 }, { 5.3, 0.043, 0.7, 0.21, 11.3, 0.679 },
		{ 2, 0.05, 2.7, 0.61, 8.1, 2.258 }, { 1.7, 0.031, 1.3, 0.77, 9.7, 3.772 },
		{ 0.9, 0.07, 1.1, 0.83, 6.1, 3.042 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct frequency_par p = plain(row[i].h, row[i].r, row[i].d, row[i].f, row[i].t);
		struct nadir n = nadir_of(&p, -0.087);
		struct frequency_report r = after(&p, -0.087, 300);
		cr_expect(epsilon_eq(dbl, n.zeta, row[i].zeta, 2e-3), "row %zu: %g", i, n.zeta);
		cr_expect(epsilon_eq(dbl, r.nadir_hz, 50 + n.deviation_hz, 1e-11), "row %zu", i);
		cr_expect(epsilon_eq(dbl, r.nadir_s, n.t_s, 1e-6), "row %zu", i);
		cr_expect(epsilon_eq(dbl, r.rocof0_hz_s, -0.087 * 50 / (2 * row[i].h), 1e-12));
		cr_expect(epsilon_eq(dbl, frequency_steady_hz(&p, -0.087),
		    50 * (1 - 0.087 * row[i].r / (row[i].d * row[i].r + 0.95)), 1e-11));
	}
}

/* The share F at which the poles of a model meet, by bisection, and what lies about it. */
Test(frequency, poles_that_meet_lose_no_digit)
{
	double low = 0.2, high = 0.9;
	struct frequency_par p = plain(2.3, 0.05, 1.1, low, 7.7);
	for (int i = 0; i < 60; i++) {
		p.fast_frac = (low + high) / 2;
		if (nadir_of(&p, -0.1).zeta < 1) low = p.fast_frac;
		else high = p.fast_frac;
	}
	struct nadir at = nadir_of(&p, -0.1);
	cr_assert(epsilon_eq(dbl, at.zeta, 1, 1e-14));
	cr_expect(epsilon_eq(dbl, after(&p, -0.1, 90).nadir_hz, 50 + at.deviation_hz, 1e-11));
	for (double off = -1e-3; off < 2e-3; off += 2e-3) {
		struct frequency_par q = p;
		q.fast_frac += off;
		struct nadir n = nadir_of(&q, -0.1);
		cr_expect(epsilon_eq(dbl, after(&q, -0.1, 90).nadir_hz, 50 + n.deviation_hz, 1e-9));
	}
}

/* Figures that somebody else computed, at 60 Hz. */
Test(frequency, published_reference_is_met_to_a_microhertz)
{
	static const char *const columns[] = { "H_s", "R_pu", "D_pu", "F_H", "T_R_s", "K_m",
		"dP_pu", "f0_hz", "nadir_hz", "t_nadir_s", NULL };
	const char *shared = getenv("HEARTH_SHARED");
	char *path = mem_print("%s/data/feeders/frequency/sfr_reference.csv", shared ? shared : "");
	FILE *there = fopen(path, "r");
	if (!there) cr_skip_test("needs %s: set HEARTH_SHARED to the folder with data/", path);
	fclose(there);
	struct err_list *e = err_new();
	struct sheet t;
	cr_assert(sheet_open(&t, path, columns, e));
	int rows = 0;
	for (; sheet_next(&t); rows++) {
		struct frequency_par p = plain(sheet_number(&t, "H_s"), sheet_number(&t, "R_pu"),
		    sheet_number(&t, "D_pu"), sheet_number(&t, "F_H"), sheet_number(&t, "T_R_s"));
		p.nominal_hz = sheet_number(&t, "f0_hz");
		p.gain_pu = sheet_number(&t, "K_m");
		struct frequency_report r = after(&p, sheet_number(&t, "dP_pu"), 90);
		cr_expect(epsilon_eq(dbl, r.nadir_hz - p.nominal_hz, sheet_number(&t, "nadir_hz"),
		    1e-6));
		cr_expect(epsilon_eq(dbl, r.nadir_s, sheet_number(&t, "t_nadir_s"), 1e-5));
	}
	cr_expect_gt(rows, 0);
	sheet_close(&t);
	err_free(e);
	free(path);
}

/* ---- a second integration ---- */

static double asked(const struct frequency_droop *d, double f0_hz, double x)
{
	double over = fmax(fabs(x) - d->deadband_hz / f0_hz, 0) / d->droop_pu;
	return x < 0 ? fmin(over, d->up_pu) : -fmin(over, d->down_pu);
}

/* z: x, y, b, energy given, p. No ramp limit and no end of the energy: those jump. */
static int rates(double t, const double z[], double dz[], void *ctx)
{
	const struct frequency_par *p = ctx;
	double u = asked(&p->governor, p->nominal_hz, z[0]);
	(void)t;
	dz[0] = (z[4] + p->gain_pu * (p->fast_frac * u + (1 - p->fast_frac) * z[1]) + z[2] -
	    p->damping_pu * z[0]) / (2 * p->inertia_s);
	dz[1] = (u - z[1]) / p->reheat_s;
	dz[2] = (asked(&p->battery.droop, p->nominal_hz, z[0]) - z[2]) / p->battery.lag_s;
	dz[3] = fmax(z[2], 0);
	dz[4] = -z[4] / p->restore_s;
	return GSL_SUCCESS;
}

Test(frequency, deadbands_and_limits_agree_with_runge_kutta)
{
	static const double power[] = { -0.137, -0.061, -0.0133, 0.0471, 0.113 };
	struct frequency_par p = full();
	p.ramp_pu_s = p.battery.energy_pu_s = INFINITY;
	for (size_t i = 0; i < sizeof power / sizeof *power; i++) {
		gsl_odeiv2_system sys = { rates, NULL, 5, &p };
		gsl_odeiv2_driver *d =
		    gsl_odeiv2_driver_alloc_y_new(&sys, gsl_odeiv2_step_rk8pd, 1e-4, 1e-13, 0);
		gsl_odeiv2_driver_set_hmax(d, 2e-3);
		struct frequency *f = frequency_new(&p, 0);
		double z[5] = { 0, 0, 0, 0, power[i] }, t = 0;
		frequency_disturb(f, power[i]);
		for (int k = 1; k <= 90; k++) {
			cr_assert_eq(gsl_odeiv2_driver_apply(d, &t, 0.7 * k, z), GSL_SUCCESS);
			frequency_advance(f, 0.7 * k);
			cr_expect(epsilon_eq(dbl, frequency_now_hz(f), 50 * (1 + z[0]), 1e-9),
			    "%g pu at %g s", power[i], t);
		}
		cr_expect(epsilon_eq(dbl, frequency_report(f).given_pu_s, z[3], 1e-9));
		frequency_free(f);
		gsl_odeiv2_driver_free(d);
	}
}

/* A ramp and an empty battery, by the midpoint rule in steps of 20 us, in which the gate
 * moves by no more than the ramp allows: its error is of the order of a step. */
static double crude_hz(const struct frequency_par *p, double power_pu, double until_s)
{
	const double dt = 2e-5;
	double x = 0, y = 0, u = 0, b = 0, m = power_pu;
	double e = p->battery.energy_pu_s * p->battery.initial_frac;
	for (long k = 0, n = lround(until_s / dt); k < n; k++) {
		double most = p->ramp_pu_s * dt, want = asked(&p->governor, 50, x) - u;
		u += fmax(-most, fmin(want, most));
		double wb = asked(&p->battery.droop, 50, x);
		b += dt * (wb - b) / p->battery.lag_s;
		if ((e <= 0 && b > 0) || (e >= p->battery.energy_pu_s && b < 0)) b = 0;
		e -= b * dt;
		double shaft = p->gain_pu * (p->fast_frac * u + (1 - p->fast_frac) * y);
		y += dt * (u - y) / p->reheat_s;
		x += dt * (m + shaft + b - p->damping_pu * x) / (2 * p->inertia_s);
		m -= dt * m / p->restore_s;
	}
	return 50 * (1 + x);
}

Test(frequency, ramps_and_empty_batteries_agree_with_small_steps)
{
	static const double power[] = { -0.137, -0.061, 0.0471 };
	static const double at_s[] = { 0.9, 3.1, 17, 43, 61 };
	struct frequency_par p = full();
	struct frequency_report r = after(&p, -0.137, 61);
	cr_assert(epsilon_eq(dbl, r.given_pu_s, 0.71 * 0.6, 1e-12), "the battery runs empty");
	for (size_t i = 0; i < 15; i++) {
		struct frequency *f = frequency_new(&p, 0);
		frequency_disturb(f, power[i / 5]);
		frequency_advance(f, at_s[i % 5]);
		double crude = crude_hz(&p, power[i / 5], at_s[i % 5]);
		cr_expect(epsilon_eq(dbl, frequency_now_hz(f), crude, 3e-5), "%g pu, %g s: %g, %g",
		    power[i / 5], at_s[i % 5], frequency_now_hz(f), crude);
		frequency_free(f);
	}
}

/* ---- time ---- */

static void add_steps(struct frequency_par *p)
{
	p->step[0] = (struct frequency_step){ 49.6, 0.13, 0.031, 23 };
	p->step[1] = (struct frequency_step){ 49.4, 0.07, 0.047, INFINITY };
	p->steps = 2;
}

Test(frequency, how_often_it_is_asked_changes_nothing)
{
	struct frequency_par p = full();
	add_steps(&p);
	struct frequency *once = frequency_new(&p, 0), *often = frequency_new(&p, 0);
	frequency_disturb(once, -0.171);
	frequency_disturb(often, -0.171);
	for (int k = 1; k <= 7919; k++) frequency_advance(often, 97.3 * k / 7919);
	frequency_advance(once, 97.3);
	struct frequency_report a = frequency_report(once), b = frequency_report(often);
	cr_expect(epsilon_eq(dbl, frequency_now_hz(once), frequency_now_hz(often), 1e-11));
	cr_expect(epsilon_eq(dbl, a.nadir_hz, b.nadir_hz, 1e-11));
	cr_expect(epsilon_eq(dbl, a.rocof_hz_s, b.rocof_hz_s, 1e-10));
	cr_expect(epsilon_eq(dbl, a.outside_s, b.outside_s, 1e-8));
	cr_expect(epsilon_eq(dbl, a.shed_pu_s, b.shed_pu_s, 1e-9));
	cr_expect(epsilon_eq(dbl, a.given_pu_s, b.given_pu_s, 1e-9));
	cr_expect_eq(a.steps, b.steps);
	cr_expect_gt(a.steps, 0);
	frequency_free(once);
	frequency_free(often);
}

static double draw(uint64_t *state, double low, double high)
{
	return low + (high - low) * (double)(rng_splitmix(state) >> 11) * 0x1p-53;
}

static struct frequency_droop draw_droop(uint64_t *s, double droop_pu)
{
	bool edge = rng_splitmix(s) % 3;
	return (struct frequency_droop){ droop_pu, edge ? draw(s, 0, 0.1) : 0,
		draw(s, 0, 0.2), draw(s, 0, 0.2) };
}

/* Stiff and slack, fast and slow, with and without each part. */
static struct frequency_par draw_par(uint64_t *s)
{
	struct frequency_par p = plain(draw(s, 0.3, 9), 0.05, draw(s, 0, 3), draw(s, 0, 1),
	    draw(s, 0.2, 15));
	p.governor = draw_droop(s, draw(s, 0.01, 0.2));
	if (rng_splitmix(s) % 2) p.ramp_pu_s = draw(s, 0.003, 0.3);
	if (rng_splitmix(s) % 2) p.restore_s = draw(s, 5, 200);
	p.battery = (struct frequency_battery){ draw_droop(s, draw(s, 0.002, 0.2)),
		draw(s, 0.05, 2), draw(s, 0, 2), draw(s, 0, 1) };
	p.steps = (int)(rng_splitmix(s) % 4);
	for (int i = 0; i < p.steps; i++)
		p.step[i] = (struct frequency_step){ draw(s, 48, 49.95), draw(s, 0, 0.5),
			draw(s, 0, 0.1), draw(s, 1, 30) };
	return p;
}

/* The whole of 40 s, with a disturbance in the middle, at once and in parts of 0.31 s. */
static struct frequency *run_drawn(uint64_t seed, double part_s)
{
	uint64_t s = seed;
	struct frequency_par p = draw_par(&s);
	struct frequency *f = frequency_new(&p, 0);
	frequency_disturb(f, draw(&s, -0.2, 0.2));
	for (double t = 0; t < 20; t += part_s) frequency_advance(f, fmin(t, 20));
	frequency_advance(f, 20);
	frequency_disturb(f, draw(&s, -0.2, 0.2));
	for (double t = 20; t < 40; t += part_s) frequency_advance(f, fmin(t, 40));
	frequency_advance(f, 40);
	return f;
}

Test(frequency, any_system_goes_the_same_way_in_parts)
{
	int shed = 0, given = 0;
	for (uint64_t seed = 1; seed <= 101; seed++) {
		struct frequency *whole = run_drawn(seed, 50), *parts = run_drawn(seed, 0.31);
		struct frequency_report a = frequency_report(whole), b = frequency_report(parts);
		cr_expect(epsilon_eq(dbl, frequency_now_hz(whole), frequency_now_hz(parts), 1e-8),
		    "seed %llu", (unsigned long long)seed);
		cr_expect(epsilon_eq(dbl, a.nadir_hz, b.nadir_hz, 1e-9));
		cr_expect(epsilon_eq(dbl, a.zenith_hz, b.zenith_hz, 1e-9));
		cr_expect(epsilon_eq(dbl, a.given_pu_s, b.given_pu_s, 1e-8));
		cr_expect(epsilon_eq(dbl, a.shed_pu_s, b.shed_pu_s, 1e-7));
		cr_expect_eq(a.steps, b.steps);
		shed += a.steps > 0;
		given += a.given_pu_s > 0;
		frequency_free(whole);
		frequency_free(parts);
	}
	cr_expect_gt(shed, 9);
	cr_expect_gt(given, 30);
}

struct watched {
	double t_s[4096];
	enum frequency_event what[4096];
	int n;
};

static void watch(void *ctx, double t_s, double hz, enum frequency_event what)
{
	struct watched *w = ctx;
	(void)hz;
	cr_assert_lt(w->n, 4096);
	w->t_s[w->n] = t_s;
	w->what[w->n++] = what;
}

/* Each time that frequency_next gives is a point that the trajectory then has, and none
 * that changes the equations lies before it. */
Test(frequency, next_event_is_the_one_that_comes)
{
	struct frequency_par p = full();
	struct watched w = { .n = 0 };
	add_steps(&p);
	struct frequency *f = frequency_new(&p, 0);
	cr_expect_eq(frequency_next(f, 1e6), INFINITY, "nothing happens at rest");
	frequency_disturb(f, -0.171);
	frequency_watch(f, watch, &w);
	int asked_times = 0;
	for (double t; (t = frequency_next(f, 97)) < INFINITY; asked_times++) {
		int before = w.n;
		frequency_advance(f, t);
		int changes = 0;
		for (int i = before; i < w.n; i++)
			changes += w.what[i] != FREQUENCY_TURNED && w.what[i] != FREQUENCY_PASSED;
		cr_expect_geq(changes, 1, "at %.17g s", t);
		cr_expect(epsilon_eq(dbl, w.t_s[w.n - 1], t, 2e-9));
		cr_assert_lt(asked_times, 99);
	}
	cr_expect_gt(asked_times, 10);
	frequency_free(f);
}

/* Without governors, batteries and damping a frequency is a straight line, 50 Hz -
 * 50 * 0.06 / (2 * 3) t = 50 - 0.5 t, until a step is cut. */
static struct frequency_par straight(void)
{
	struct frequency_par p = plain(3, INFINITY, 0, 0.3, 8);
	p.governor = no_droop;
	p.step[0] = (struct frequency_step){ 49.5, 0.2, 0.09, 30 };
	p.steps = 1;
	return p;
}

/* Below 49.5 Hz at 1 s, cut at 1.2 s: then 0.08 * 1.5 = 0.12 pu are gone and the lack of
 * 0.06 is an excess of 0.06: 49.4 Hz is the nadir, 49.5 Hz is passed again. */
Test(frequency, shed_load_turns_the_frequency_and_is_counted)
{
	struct frequency_par p = straight();
	p.step[0].share_frac = 0.08;
	struct frequency *f = frequency_new(&p, 0);
	frequency_demand(f, 1.5);
	frequency_disturb(f, -0.06);
	frequency_advance(f, 1.19);
	cr_expect_eq(frequency_shed_pu(f), 0);
	frequency_advance(f, 3.7);
	struct frequency_report r = frequency_report(f);
	cr_expect(epsilon_eq(dbl, frequency_shed_pu(f), 0.12, 1e-15));
	cr_expect(epsilon_eq(dbl, r.nadir_hz, 49.4, 1e-12));
	cr_expect(epsilon_eq(dbl, r.nadir_s, 1.2, 1e-12));
	cr_expect(epsilon_eq(dbl, r.shed_pu_s, 0.12 * 2.5, 1e-12));
	cr_expect(epsilon_eq(dbl, frequency_now_hz(f), 49.4 + 0.5 * 2.5, 1e-11));
	/* Below 49.8 from 0.4 s to 1.2 + 0.8 s, above 50.2 from 2.8 s on. */
	cr_expect(epsilon_eq(dbl, r.outside_s, 1.6 + 0.9, 1e-11));
	cr_expect(epsilon_eq(dbl, fabs(r.rocof_hz_s), 0.5, 1e-12), "as steep down as up");
	cr_expect_eq(r.steps, 1);
	frequency_advance(f, 33);
	cr_expect_eq(frequency_shed_pu(f), 0, "it is back after 30 s");
	cr_expect(epsilon_eq(dbl, frequency_report(f).shed_pu_s, 0.12 * 30, 1e-11));
	frequency_free(f);
}

Test(frequency, a_dip_shorter_than_the_delay_sheds_nothing)
{
	struct frequency_par p = straight();
	struct frequency *f = frequency_new(&p, 7);
	frequency_disturb(f, -0.06);
	frequency_advance(f, 8.19); /* 0.19 s below the threshold, of 0.2 */
	frequency_disturb(f, 0.12); /* 49.405 Hz, now rising by 0.5 Hz/s: 49.5 after 0.19 s */
	frequency_advance(f, 8.21);
	cr_expect_eq(frequency_report(f).steps, 1, "the delay ends before the threshold");
	frequency_free(f);
	p.step[0].delay_s = 0.39;
	f = frequency_new(&p, 7);
	frequency_disturb(f, -0.06);
	frequency_advance(f, 8.19);
	frequency_disturb(f, 0.12);
	frequency_advance(f, 9);
	cr_expect_eq(frequency_report(f).steps, 0, "0.38 s below it");
	frequency_free(f);
}

/* 0.5 Hz/s of a straight line for 0.2 s and 0 then: the mean over 0.5 s is 0.2. */
Test(frequency, rate_of_change_is_a_mean_over_its_window)
{
	struct frequency_par p = straight();
	p.steps = 0;
	struct frequency *f = frequency_new(&p, 0);
	frequency_disturb(f, -0.06);
	frequency_advance(f, 1);
	cr_expect(epsilon_eq(dbl, frequency_report(f).rocof_hz_s, -0.5, 1e-12));
	cr_expect(epsilon_eq(dbl, frequency_report(f).rocof0_hz_s, -0.5, 1e-12));
	frequency_free(f);
	p.damping_pu = 1.7; /* x = -p / D (1 - exp(-D t / 2H)) */
	double mean = -50 * 0.06 / 1.7 * (1 - exp(-1.7 * 0.5 / 6)) / 0.5;
	cr_expect(epsilon_eq(dbl, after(&p, -0.06, 30).rocof_hz_s, mean, 1e-12));
}

/* The droop's own balance: 0.019 pu are less than the batteries' 0.029 and nobody else
 * answers, so x = -(deadband + 0.019 R); the energy lasts 0.4 / 0.019 s and more. */
Test(frequency, batteries_hold_a_frequency_until_they_are_empty)
{
	struct frequency_par p = full();
	p.governor = no_droop;
	p.damping_pu = 0.01;
	p.restore_s = p.ramp_pu_s = INFINITY;
	p.battery.energy_pu_s = 20;
	p.battery.initial_frac = 0.5;
	double hz = frequency_steady_hz(&p, -0.019);
	struct frequency *f = frequency_new(&p, 0);
	frequency_disturb(f, -0.019);
	frequency_advance(f, 400);
	cr_expect(epsilon_eq(dbl, frequency_now_hz(f), hz, 1e-8));
	/* 0.019 = b + 0.01 x and b = (-x - 0.021 / 50) / 0.011 */
	double x = -(0.019 + 0.021 / 50 / 0.011) / (1 / 0.011 + 0.01);
	cr_expect(epsilon_eq(dbl, hz, 50 * (1 + x), 1e-11));
	frequency_advance(f, 1e5);
	cr_expect(epsilon_eq(dbl, frequency_report(f).given_pu_s, 10, 1e-9));
	cr_expect_lt(frequency_now_hz(f), 49);
	frequency_free(f);
}

Test(frequency, steady_state_without_a_balance_is_none)
{
	struct frequency_par p = straight();
	cr_expect(isnan(frequency_steady_hz(&p, -0.06)));
	p = full();
	p.damping_pu = 0;
	cr_expect(isnan(frequency_steady_hz(&p, -0.137)), "0.083 * 0.95 + 0.029 is less");
	cr_expect(not(isnan(frequency_steady_hz(&p, -0.107))));
}
