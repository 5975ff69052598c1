#include "tests/unit.h"

#include <math.h>

#include "models/energy/ageing.h"

static struct ageing_day day_at(double soc, double temp_k)
{
	struct ageing_day d = { .days = 1, .n = AGEING_POINTS_MAX };
	for (size_t i = 0; i < d.n; i++) {
		d.soc[i] = soc;
		d.temp_k[i] = temp_k;
	}
	ageing_day_derive(&d);
	return d;
}

/* From `low` up to `high` by noon and back, at one temperature. */
static struct ageing_day day_between(double low, double high, double temp_k)
{
	struct ageing_day d = day_at(low, temp_k);
	for (size_t i = 0; i < d.n; i++) d.soc[i] = high - (high - low) * fabs((double)i - 48) / 48;
	ageing_day_derive(&d);
	return d;
}

static double after(enum ageing_cell cell, const struct ageing_day *d, int days)
{
	struct ageing_state a = ageing_new(cell);
	for (int i = 0; i < days; i++) ageing_advance(cell, d, &a, NULL);
	return a.health_frac;
}

/* Capacity after 3650 days by BLAST-Lite 1.1 itself, and after 1000 days of one
 * cycle a day from its formulas in another program. */
Test(ageing, measured_cells_fade_as_their_authors_say)
{
	static const struct {
		enum ageing_cell cell;
		double stored_cool, stored_hot, cycled;
	} want[] = {
		{ AGEING_LFP_250AH, 0.9630029802, 0.8951808505, 0.9561215712 },
		{ AGEING_LFP_3AH, 0.8876292471, 0.8044218170, 0.9334622669 },
		{ AGEING_NMC_75AH, 0.9843099766, 0.8584060661, 0.9431743488 },
		{ AGEING_NMC_50AH, 0.8627574019, 0.6448830560, 0.9096720374 },
		{ AGEING_NMC111_75AH, 0.9769496927, 0.7616417908, 0.9531088364 },
	};
	struct ageing_day cool = day_at(0.5, 298.15), hot = day_at(1, 308.15);
	struct ageing_day cycle = day_between(0.1, 0.9, 298.15);
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		cr_expect_float_eq(after(want[i].cell, &cool, 3650), want[i].stored_cool, 1e-8);
		cr_expect_float_eq(after(want[i].cell, &hot, 3650), want[i].stored_hot, 1e-8);
		cr_expect_float_eq(after(want[i].cell, &cycle, 1000), want[i].cycled, 1e-8);
	}
}

/* Up 0.8 and down 0.8: 0.8 full cycles, at 0.8 in 12 hours; the first and last of
 * the 96 rates count half. */
Test(ageing, a_series_gives_cycles_depth_and_rate)
{
	struct ageing_day d = day_between(0.1, 0.9, 290);
	cr_expect_float_eq(d.efc, 0.8, 1e-12);
	cr_expect_float_eq(d.dod, 0.8, 1e-12);
	cr_expect_float_eq(d.c_per_h, 0.8 / 12 * 95 / 96, 1e-12);
	struct ageing_day slow = day_between(0.4, 0.5, 290); /* 0.0083 / h: rest */
	cr_expect_float_eq(slow.efc, 0.1, 1e-12);
	cr_expect_eq(slow.c_per_h, 0);
}

/* The fits of the pouch cells divide by 0.123 V as the potential at about half charge. */
Test(ageing, graphite_falls_as_it_fills)
{
	cr_expect_float_eq(ageing_anode_v(0.5), 0.123, 0.003);
	for (double soc = 0; soc < 1; soc += 0.01)
		cr_expect(ageing_anode_v(soc + 0.01) < ageing_anode_v(soc));
	cr_expect(ageing_anode_v(1) > 0);
}

Test(ageing, a_chemistry_has_cells_beside_each_other)
{
	cr_expect_eq(ageing_cells_of(CHEMISTRY_LFP).first, AGEING_LFP_250AH);
	cr_expect_eq(ageing_cells_of(CHEMISTRY_LFP).n, 2);
	cr_expect_eq(ageing_cells_of(CHEMISTRY_NMC).first, AGEING_NMC_75AH);
	cr_expect_eq(ageing_cells_of(CHEMISTRY_NMC).n, 3);
	cr_expect_eq(ageing_cells_of(CHEMISTRY_SOLID_STATE).first, AGEING_SOLID_PLAIN);
	cr_expect_eq(ageing_cells_of(CHEMISTRY_SOLID_STATE).n, 3);
	cr_expect(ageing_is_assumption(CHEMISTRY_SOLID_STATE));
	cr_expect_not(ageing_is_assumption(CHEMISTRY_LFP) || ageing_is_assumption(CHEMISTRY_NMC));
}

/* A day of 1000 EFC: 5 % by any power; of 10 000: 50 % in proportion, 0.05 sqrt(10)
 * = 15.81 % by the root. The calendar is that of lfp-250ah, whose day at rest is it
 * alone. */
Test(ageing, solid_state_is_the_stated_assumption)
{
	struct ageing_day rest = day_at(0.7, 303), d = rest;
	double calendar = 1 - after(AGEING_LFP_250AH, &rest, 1);
	d.efc = 1000;
	cr_expect_float_eq(after(AGEING_SOLID_PLAIN, &d, 1), 0.95 - calendar, 1e-12);
	cr_expect_float_eq(after(AGEING_SOLID_BEST, &d, 1), 0.95 - calendar / 2, 1e-12);
	cr_expect_float_eq(after(AGEING_SOLID_WORST, &d, 1), 0.95 - 2 * calendar, 1e-12);
	d.efc = 10000;
	cr_expect_float_eq(after(AGEING_SOLID_PLAIN, &d, 1), 0.5 - calendar, 1e-12);
	cr_expect_float_eq(
	    after(AGEING_SOLID_BEST, &d, 1), 1 - 0.05 * sqrt(10) - calendar / 2, 1e-12);
	cr_expect_float_eq(after(AGEING_SOLID_WORST, &d, 1), 0.5 - 2 * calendar, 1e-12);
}

/* Days of a table in an order that a multiplicative generator shuffles: any order
 * only takes capacity, stays finite and within 0 to 1; best and worst bound plain. */
Test(ageing, days_may_follow_in_any_order)
{
	struct ageing_day kind[5];
	kind[0] = day_at(0.02, 263);
	kind[1] = day_between(0, 1, 318);
	kind[2] = day_at(0.97, 313);
	kind[3] = day_between(0.45, 0.53, 285);
	kind[4] = day_between(0.2, 0.8, 298);
	kind[4].efc = 7.3; /* many cycles a day */
	kind[4].c_per_h = 0.61;
	struct ageing_state a[AGEING_CELL_COUNT];
	for (int c = 0; c < AGEING_CELL_COUNT; c++) a[c] = ageing_new((enum ageing_cell)c);
	unsigned draw = 7;
	for (int day = 0; day < 1500; day++) {
		draw = draw * 48271u % 2147483647u;
		for (int c = 0; c < AGEING_CELL_COUNT; c++) {
			double before = a[c].health_frac;
			ageing_advance((enum ageing_cell)c, &kind[draw % 5], &a[c], NULL);
			cr_expect(a[c].health_frac <= before && a[c].health_frac >= 0);
		}
	}
	cr_expect(a[AGEING_LFP_250AH].health_frac < 0.9);
	cr_expect(a[AGEING_SOLID_BEST].health_frac > a[AGEING_SOLID_PLAIN].health_frac);
	cr_expect(a[AGEING_SOLID_WORST].health_frac < a[AGEING_SOLID_PLAIN].health_frac);
}

static struct ageing_mean mean_of(enum ageing_cell cell, const struct ageing_day *d)
{
	struct ageing_state a = ageing_new(cell);
	struct ageing_mean m = { 0 };
	ageing_advance(cell, d, &a, &m);
	return m;
}

/* The same days on the curves themselves. Slopes of whole days run ahead of a curve
 * of power p by about (1 - p) / 2 days / n on day n, (1 - p) / 2 ln 700 in all: 2.1
 * days for the steepest, of 0.357, and what the first days add to it. */
Test(ageing, projection_is_the_limit_of_the_days)
{
	static const enum ageing_cell cells[] = { AGEING_LFP_250AH, AGEING_LFP_3AH, AGEING_NMC_75AH,
		AGEING_NMC_50AH, AGEING_NMC111_75AH, AGEING_SOLID_PLAIN };
	struct ageing_day d = day_at(0.83, 301);
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		double stepped = after(cells[i], &d, 700);
		struct ageing_mean m = mean_of(cells[i], &d);
		cr_expect(stepped <= ageing_projected_frac(cells[i], &m, 700) + 1e-12);
		cr_expect(stepped >= ageing_projected_frac(cells[i], &m, 703));
	}
}

/* Found days give the health asked for; a duty that never gets there says so. */
Test(ageing, time_to_a_health_inverts_the_projection)
{
	struct ageing_day d = day_between(0.05, 0.95, 305);
	for (int c = 0; c < AGEING_CELL_COUNT; c++) {
		enum ageing_cell cell = (enum ageing_cell)c;
		struct ageing_mean m = mean_of(cell, &d);
		double days = ageing_days_to(cell, &m, 0.8);
		cr_expect(days > 300 && days < AGEING_HORIZON_DAYS);
		cr_expect_float_eq(ageing_projected_frac(cell, &m, days), 0.8, 1e-5);
	}
	struct ageing_day cold = day_at(0.1, 275);
	struct ageing_mean m = mean_of(AGEING_LFP_250AH, &cold);
	cr_expect_eq(ageing_days_to(AGEING_LFP_250AH, &m, 0.5), AGEING_HORIZON_DAYS);
}

/* Cold and warm days by turns: the state of a power is (sum of k^(1/p) dx)^p, whose
 * mean over the kinds gives the same as the days themselves, but for their steps
 * (5 days of 2000, by the estimate above at half the warm rate). */
Test(ageing, mean_of_unlike_days_projects_them)
{
	struct ageing_day cold = day_at(0.2, 278), warm = day_between(0.1, 0.9, 311);
	struct ageing_state a = ageing_new(AGEING_LFP_250AH);
	struct ageing_mean m = { 0 }, twice = { 0 };
	for (int i = 0; i < 1000; i++) {
		ageing_advance(AGEING_LFP_250AH, &warm, &a, &m);
		ageing_advance(AGEING_LFP_250AH, &cold, &a, &m);
	}
	cr_expect(a.health_frac < ageing_projected_frac(AGEING_LFP_250AH, &m, 2000));
	cr_expect(a.health_frac > ageing_projected_frac(AGEING_LFP_250AH, &m, 2005));
	ageing_mean_add(&twice, &m);
	ageing_mean_add(&twice, &m);
	cr_expect_float_eq(ageing_projected_frac(AGEING_LFP_250AH, &twice, 777),
	    ageing_projected_frac(AGEING_LFP_250AH, &m, 777), 1e-12);
}
