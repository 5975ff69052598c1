#include "tests/unit.h"

#include <math.h>
#include <string.h>

#include "models/energy/battery_unit.h"

static const double kwh = 3.6e6;

static struct battery_par home(int chemistry)
{
	return (struct battery_par){ .chemistry = chemistry,
		.eff_frac = 0.93,
		.taper_soc = 0.9,
		.leak_frac = 0.03,
		.initial_soc = 0.37,
		.reserve_soc = 0.07,
		.low_soc = 0.13,
		.room_k = NAN,
		.cooling_s = 5400,
		.heat_frac = 0.6 };
}

/* Requests of a day, constant within each hour; a different day every day. */
static double request_w(double at_s)
{
	static const double kw[24] = { -2.1, -1.3, -0.7, -0.9, -1.7, -3.3, -5.9, -2.2, 0.4, 1.9,
		3.7, 6.3, 7.1, 5.3, 4.1, 2.9, 0.8, 0, -1.9, -4.7, -6.1, -3.1, -2.7, -2.3 };
	long hour = (long)(at_s / 3600);
	return 1000 * kw[hour % 24] * (1 + 0.3 * sin((double)(hour / 24)));
}

/* The air by the hour, so that steps of up to an hour see the same. */
static double air_k(double at_s)
{
	return 291 + 6 * sin(floor(at_s / 3600) * 2 * M_PI / 24);
}

struct life {
	double ac_j, charge_j, discharge_j, loss_j, leak_j;
	struct battery_unit u;
	struct battery_outlook o;
};

static struct life live(const struct battery_par *p, double dt_s, double days)
{
	struct life l = { 0 };
	struct battery_kind k;
	battery_kind_init(&k, p);
	battery_unit_init(&l.u, &k, 11 * kwh, 5300, air_k(0));
	for (long i = 0; (double)i * dt_s < days * 86400; i++) {
		double at_s = (double)i * dt_s;
		struct battery_air air = battery_air_at(&k, air_k(at_s), dt_s);
		struct battery_flow f = battery_unit_step(&l.u, &k, &air, request_w(at_s));
		l.ac_j += f.ac_w * dt_s;
		l.charge_j += f.charge_j;
		l.discharge_j += f.discharge_j;
		l.loss_j += f.loss_j;
		l.leak_j += f.leak_j;
	}
	battery_outlook_add_kind(&l.o, &k);
	battery_outlook_add(&l.o, &k, &l.u);
	battery_outlook_finish(&l.o, (enum chemistry)p->chemistry);
	return l;
}

/* Forty days and a half, with fading capacity and tapers at both ends, by constant
 * efficiency and by a curve: what came in went out, was lost, leaked or is there. */
Test(battery_unit, every_joule_is_booked_while_it_fades)
{
	for (int chemistry = 0; chemistry < CHEMISTRY_COUNT; chemistry++)
		for (int curved = 0; curved < 2; curved++) {
			struct battery_par p = home(chemistry);
			p.curve = curved ? "0.1:0.81, 0.6:0.95, 1:0.9" : NULL;
			struct life l = live(&p, 300, 40.5);
			double tol = 1e-9 * (l.charge_j + l.discharge_j);
			double gain_j = l.u.stored_j - 0.37 * 11 * kwh;
			cr_expect(l.charge_j > 300 * kwh && l.u.cells.capacity_j < 11 * kwh);
			cr_expect_float_eq(l.charge_j - l.discharge_j - l.leak_j, gain_j, tol);
			cr_expect_float_eq(l.ac_j, l.charge_j - l.discharge_j + l.loss_j, tol);
		}
}

/* Steps of 1, 5, 15 and 60 minutes. Temperatures follow the mean loss of a step, which
 * is not even where a limit is met inside: the cells age by up to 0.5 % of their loss
 * more or less in steps of an hour, and hold as much more or less. */
Test(battery_unit, step_length_does_not_matter)
{
	static const double minutes[] = { 1, 5, 15, 60 };
	struct battery_par p = home(CHEMISTRY_LFP);
	struct life want = live(&p, 20, 9.25);
	double tol = 5e-6 * (want.charge_j + want.discharge_j);
	for (int k = 0; k < 4; k++) {
		struct life l = live(&p, 60 * minutes[k], 9.25);
		cr_expect_float_eq(l.u.stored_j, want.u.stored_j, tol);
		cr_expect_float_eq(l.charge_j, want.charge_j, tol);
		cr_expect_float_eq(l.discharge_j, want.discharge_j, tol);
		cr_expect_float_eq(l.loss_j, want.loss_j, tol);
		cr_expect_float_eq(l.leak_j, want.leak_j, tol);
		cr_expect_float_eq(l.o.efc, want.o.efc, 5e-6 * want.o.efc);
		cr_expect_float_eq(l.o.years, 9.25 / 365, 1e-12);
		for (int c = 0; c < 2; c++) {
			double loss = 1 - want.o.health_frac[c];
			cr_expect_float_eq(l.o.health_frac[c], want.o.health_frac[c], 0.005 * loss);
			cr_expect_float_eq(
			    l.o.life_years[c], want.o.life_years[c], 0.005 * want.o.life_years[c]);
		}
	}
}

/* 420 s does not divide a day: days end inside steps, whose parts go to both. */
Test(battery_unit, days_end_inside_steps)
{
	struct battery_par p = home(CHEMISTRY_NMC);
	struct life l = live(&p, 420, 7);
	cr_expect_float_eq(l.u.day_s, 0, 420);
	cr_expect_float_eq(l.o.years * 365, 7, 420.0 / 86400);
	cr_expect_float_eq(l.o.mean[0].days, l.o.years * 365, 1e-9);
	cr_expect_float_eq(battery_unit_efc(&l.u), (l.charge_j + l.discharge_j) / (22 * kwh), 1e-9);
}

/* 3 kW into the cells of 11 kWh at 0.93: 225.8 W of loss at the wall for 3225.8 W, of
 * which 0.6 warm 11 kWh x 1 kJ/(kg K) / 120 Wh/kg = 91.67 kJ/K, cooled in 5400 s: the
 * rise goes to 135.5 W x 5400 s / 91.67 kJ/K = 7.98 K as 1 - exp(-t / 5400 s). */
Test(battery_unit, cells_warm_as_an_exponential)
{
	struct battery_par p = home(CHEMISTRY_LFP);
	struct battery_kind k;
	struct battery_unit u;
	double heat_w = 0.6 * 0.07 * 3000 / 0.93, c_j_k = 11 * kwh * 1000 / (120 * 3600);
	p.leak_frac = 0;
	p.room_k = 288;
	battery_kind_init(&k, &p);
	battery_unit_init(&u, &k, 11 * kwh, 5300, 250);
	cr_expect_eq(u.temp_k, 288);
	struct battery_air air = battery_air_at(&k, 250, 600);
	for (int i = 0; i < 5; i++) battery_unit_step(&u, &k, &air, 3000 / 0.93);
	double rise_k = heat_w * 5400 / c_j_k * (1 - exp(-3000 / 5400.0));
	cr_expect_float_eq(u.temp_k, 288 + rise_k, 1e-9);
	cr_expect(rise_k > 3 && rise_k < 4);
}

/* At rest at one state of charge and temperature: the cells' own laws over the same
 * days, read from samples of 1 / 65535 and 1 / 128 K. */
Test(battery_unit, cells_at_rest_age_by_their_law)
{
	struct battery_par p = home(CHEMISTRY_LFP);
	struct battery_kind k;
	struct battery_unit u;
	p.leak_frac = 0;
	p.room_k = 303;
	battery_kind_init(&k, &p);
	battery_unit_init(&u, &k, 11 * kwh, 5300, 303);
	struct battery_air air = battery_air_at(&k, 303, 900);
	for (int i = 0; i < 96 * 30; i++) battery_unit_step(&u, &k, &air, 0);
	struct ageing_day d = { .days = 1, .n = 2, .soc = { 0.37, 0.37 }, .temp_k = { 303, 303 } };
	ageing_day_derive(&d);
	struct ageing_state a = ageing_new(AGEING_LFP_250AH);
	for (int i = 0; i < 30; i++) ageing_advance(AGEING_LFP_250AH, &d, &a, NULL);
	/* stored stays, so that its share of the fading capacity grows by as much */
	cr_expect_float_eq(u.cells.capacity_j / (11 * kwh), a.health_frac, 2e-5);
	cr_expect(a.health_frac < 0.999);
	cr_expect_float_eq(u.stored_j, 0.37 * 11 * kwh, 1e-6);
}

/* Full cells that fade lose what no longer fits, and say so. */
Test(battery_unit, full_cells_that_fade_spill)
{
	struct battery_par p = home(CHEMISTRY_SOLID_STATE);
	struct battery_kind k;
	struct battery_unit u;
	double leak_j = 0;
	p.leak_frac = 0;
	p.initial_soc = 1;
	battery_kind_init(&k, &p);
	battery_unit_init(&u, &k, 11 * kwh, 5300, 308);
	struct battery_air air = battery_air_at(&k, 308, 3600);
	for (int i = 0; i < 24 * 11; i++) leak_j += battery_unit_step(&u, &k, &air, 0).leak_j;
	cr_expect_eq(u.stored_j, u.cells.capacity_j);
	cr_expect_float_eq(leak_j, 11 * kwh - u.stored_j, 1e-9 * 11 * kwh);
	cr_expect(leak_j > 0.001 * 11 * kwh);
}

/* Daily cycles of 40 %: 0.4 EFC a day; a second unit of the same kind, three times as
 * large and at rest, counts three times in the mean. */
Test(battery_unit, outlook_is_a_mean_by_capacity)
{
	struct battery_par p = home(CHEMISTRY_NMC);
	struct battery_kind k;
	struct battery_unit u[2];
	struct battery_outlook o = { 0 };
	p.leak_frac = 0;
	battery_kind_init(&k, &p);
	battery_unit_init(&u[0], &k, 10 * kwh, 4000, 298);
	battery_unit_init(&u[1], &k, 30 * kwh, 4000, 298);
	struct battery_air air = battery_air_at(&k, 298, 3600);
	for (int i = 0; i < 24 * 5; i++) {
		int hour = i % 24;
		double cells_w = hour == 3 || hour == 4     ? 2000
				 : hour == 15 || hour == 16 ? -2000
							    : 0;
		battery_unit_step(&u[0], &k, &air, cells_w > 0 ? cells_w / 0.93 : cells_w * 0.93);
		battery_unit_step(&u[1], &k, &air, 0);
	}
	cr_expect_float_eq(battery_unit_efc(&u[0]), 2, 1e-9);
	battery_outlook_add_kind(&o, &k);
	battery_outlook_add(&o, &k, &u[0]);
	battery_outlook_add(&o, &k, &u[1]);
	battery_outlook_finish(&o, CHEMISTRY_NMC);
	cr_expect_float_eq(o.efc, 2 / 4.0, 1e-9);
	cr_expect_float_eq(o.years, 5 / 365.0, 1e-12);
	for (int c = 0; c < 3; c++) {
		double mean = (u[0].age[c].health_frac + 3 * u[1].age[c].health_frac) / 4;
		cr_expect_float_eq(o.health_frac[c], mean, 1e-12);
		cr_expect(o.life_years[c] > 1 && o.life_years[c] <= 100);
		cr_expect(o.first_year_loss_frac[c] > 1 - mean && o.first_year_loss_frac[c] < 0.2);
	}
}

Test(battery_unit, curves_are_read_and_refused)
{
	static const char *const good[] = { "0.1:0.88, 0.5:0.96,1:0.94", " 1:0.9", "citylearn" };
	static const char *const bad[] = { "", "0.5", "0.5:0.9,", "0.5:0.9 0.6:0.9", "0.5:1.1",
		"0.6:0.9, 0.5:0.9", "2:0.9", "0.5:nan", "citylearn2",
		"0:.9,.1:.9,.2:.9,.3:.9,.4:.9,.5:.9,.6:.9,.7:.9,.8:.9" };
	struct battery_curve c;
	char why[128];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect(battery_curve_parse(good[i], &c, why, sizeof why), "%s", good[i]);
	cr_expect_float_eq(battery_curve_at(&c, 0), sqrt(0.83), 1e-12);
	cr_expect_float_eq(battery_curve_at(&c, 0.5), (sqrt(0.83) + sqrt(0.9)) / 2, 1e-12);
	cr_expect_float_eq(battery_curve_at(&c, 1), sqrt(0.85), 1e-12);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		*why = '\0';
		cr_expect_not(battery_curve_parse(bad[i], &c, why, sizeof why), "%s", bad[i]);
		cr_expect(strlen(why) > 0);
	}
}
