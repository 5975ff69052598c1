#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "models/energy/envelope.h"
#include "models/energy/hvac.h"
#include "tests/table.h"

static const struct etp odd = { .ua_w_k = 187, .hm_w_k = 3907, .ca_j_k = 1.31e6, .cm_j_k = 7.7e6 };

/* The derivatives at 0 are the equations themselves, and half steps make a whole one. */
Test(etp, step_solves_the_equations)
{
	const double dt_s = 0.001, to = 271, qa = 2311, qm = 703;
	struct etp_state x = { 293.7, 291.3 };
	struct etp_step s = etp_step_make(&odd, dt_s);
	struct etp_state y = etp_after(&s, x, to, qa, qm);
	double da = (qa + odd.ua_w_k * (to - x.air_k) + odd.hm_w_k * (x.mass_k - x.air_k)) / odd.ca_j_k;
	double dm = (qm + odd.hm_w_k * (x.air_k - x.mass_k)) / odd.cm_j_k;
	cr_expect(epsilon_eq(dbl, (y.air_k - x.air_k) / dt_s, da, 1e-7));
	cr_expect(epsilon_eq(dbl, (y.mass_k - x.mass_k) / dt_s, dm, 1e-7));
	struct etp_step whole = etp_step_make(&odd, 3540), part = etp_step_make(&odd, 60);
	struct etp_state a = etp_after(&whole, x, to, qa, qm), b = x;
	for (int i = 0; i < 59; i++) b = etp_after(&part, b, to, qa, qm);
	cr_expect(epsilon_eq(dbl, a.air_k, b.air_k, 1e-10));
	cr_expect(epsilon_eq(dbl, a.mass_k, b.mass_k, 1e-10));
}

/* Rest is where all heat leaves by UA; a step of a year ends there. */
Test(etp, long_step_ends_at_rest)
{
	struct etp_step s = etp_step_make(&odd, 365 * 86400.0);
	struct etp_state x = etp_after(&s, (struct etp_state){ 250, 330 }, 271, 2311, 703);
	cr_expect(epsilon_eq(dbl, x.air_k, 271 + (2311 + 703) / 187.0, 1e-9));
	cr_expect(epsilon_eq(dbl, x.mass_k, x.air_k + 703 / 3907.0, 1e-9));
}

/* A step loses no heat: what the nodes store more is what came in less what left. What
 * leaves is UA times the mean of the air, which the symmetry of the response gives. */
Test(etp, response_is_symmetric)
{
	struct etp_step s = etp_step_make(&odd, 60);
	cr_expect(epsilon_eq(dbl, s.am * odd.ca_j_k, s.ma * odd.cm_j_k, 1e-6));
	/* the same everywhere stays: 1 - aa - am = UA raa, 1 - ma - mm = UA ram */
	cr_expect(epsilon_eq(dbl, 1 - s.aa - s.am, odd.ua_w_k * s.raa, 1e-14));
	cr_expect(epsilon_eq(dbl, 1 - s.ma - s.mm, odd.ua_w_k * s.ram, 1e-14));
}

/* UA, Ca, Cm, Hm and aperture of three houses that GridLAB-D 5.3.0 computed from floor area
 * and insulation (parameters of its house objects), in Btu, ft and degF. */
Test(etp, envelope_is_that_of_published_houses)
{
	static const struct {
		double floor_ft2;
		int level;
		double ua, ca, cm, hm, aperture_ft2;
	} row[] = {
		{ 2000, 4, 673.0955154, 847.4256, 3435.0496, 7817.416253, 88.07378725 },
		{ 1500, 5, 381.3691116, 635.5692, 2576.2872, 6416.029861, 76.27413716 },
		{ 1800, 6, 346.1277005, 762.68304, 3091.54464, 7268.253057, 83.55413096 },
	};
	const double ft2 = FOOT_M * FOOT_M;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct envelope e = envelope_make(row[i].floor_ft2 * ft2, row[i].level);
		cr_expect(epsilon_eq(dbl, e.heat.ua_w_k / BTU_H_F_W_K, row[i].ua, 1e-6));
		cr_expect(epsilon_eq(dbl, e.heat.ca_j_k / BTU_F_J_K, row[i].ca, 1e-6));
		cr_expect(epsilon_eq(dbl, e.heat.cm_j_k / BTU_F_J_K, row[i].cm, 1e-6));
		cr_expect(epsilon_eq(dbl, e.heat.hm_w_k / BTU_H_F_W_K, row[i].hm, 1e-5));
		cr_expect(epsilon_eq(dbl, e.aperture_m2 / ft2, row[i].aperture_ft2, 1e-6));
	}
	/* UA of the first: 673.0955 Btu/(h degF) is 355.1 W/K */
	struct envelope e = envelope_make(2000 * ft2, 4);
	cr_expect(epsilon_eq(dbl, e.heat.ua_w_k, 355.075, 0.01));
}

/* The day of a floating house, minute by minute, from inputs at the begin of each. */
Test(etp, day_of_a_floating_house)
{
	struct table *t = table_read("reference/house_etp/phx_summer_float.csv");
	const double k = 5.0 / 9, btu = BTU_H_W;
	struct etp p = { 381.3691116 * BTU_H_F_W_K, 6416.029861 * BTU_H_F_W_K,
		635.5692 * BTU_F_J_K, 2576.2872 * BTU_F_J_K };
	struct etp_step s = etp_step_make(&p, 60);
	struct etp_state x = { table_at(t, 0, "air_F") * k, table_at(t, 0, "mass_F") * k };
	double worst = 0;
	for (size_t i = 0; i + 1 < t->rows; i++) {
		double inside = 0.5 * btu * (table_at(t, i, "internal_gain_btuh") +
		    table_at(t, i, "solar_gain_btuh"));
		x = etp_after(&s, x, table_at(t, i, "outdoor_F") * k, inside, inside);
		worst = fmax(worst, fabs(x.air_k / k - table_at(t, i + 1, "air_F")));
		worst = fmax(worst, fabs(x.mass_k / k - table_at(t, i + 1, "mass_F")));
	}
	cr_expect(lt(dbl, worst, 1e-6));
	table_free(t);
}

/* Its peers rate units at 95 degF (cooling) and 47 degF (heating), where the curves are 1
 * to their last figure; by hand at 30 degF: 0.34148808 + 0.2682306 + 0.097083 = 0.7068017. */
Test(etp, curves_are_one_where_units_are_rated)
{
	struct hvac_factors hot = hvac_built_in(fahrenheit_k(95)), mild = hvac_built_in(fahrenheit_k(47));
	cr_expect(epsilon_eq(dbl, hot.cool_capacity, 1, 1e-6));
	cr_expect(epsilon_eq(dbl, hot.cool_cop, 1, 1e-6));
	cr_expect(epsilon_eq(dbl, mild.heat_capacity, 1, 1e-5));
	cr_expect(epsilon_eq(dbl, mild.heat_cop, 1, 2e-4));
	cr_expect(epsilon_eq(dbl, hvac_built_in(fahrenheit_k(30)).heat_capacity, 0.7068017, 1e-7));
	cr_expect(eq(dbl, hvac_built_in(fahrenheit_k(99)).heat_cop, hvac_built_in(fahrenheit_k(80)).heat_cop));
}

/* Capacities of the same three houses' units: 66 000 Btu/h at a design day of 114.982 degF for
 * the first, 42 000 at 100.042 for the third. */
Test(etp, sizing_is_that_of_published_houses)
{
	static const struct {
		double floor_ft2, hot_f, capacity;
		int level;
	} row[] = { { 2000, 114.9819954, 66000, 4 }, { 1800, 100.0419955, 42000, 6 } };
	for (size_t i = 0; i < 2; i++) {
		double floor_m2 = row[i].floor_ft2 * FOOT_M * FOOT_M;
		struct envelope e = envelope_make(floor_m2, row[i].level);
		struct hvac_design d = hvac_design_make(
		    floor_m2, e.aperture_m2, fahrenheit_k(row[i].hot_f), fahrenheit_k(27));
		cr_expect(epsilon_eq(
		    dbl, hvac_cooling_w(&d, e.heat.ua_w_k) / BTU_H_W, row[i].capacity, 1e-6));
	}
}

/* Around 20 degC and 25 degC with a band of 1 K. */
Test(etp, thermostat_keeps_its_band)
{
	static const struct {
		double mode, air_c, next;
	} row[] = {
		{ 0, 19.4, 1 }, { 0, 19.6, 0 }, { 0, 25.4, 0 }, { 0, 25.6, -1 }, { 1, 20.4, 1 },
		{ 1, 20.6, 0 }, { -1, 24.6, -1 }, { -1, 24.4, 0 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_eq(hvac_thermostat(row[i].mode, row[i].air_c, 20, 25, 0.5), row[i].next,
		    "row %zu", i);
}

static bool read_curve(const char *text, struct hvac_curve *c, size_t *faults)
{
	char path[] = "/tmp/hearth-curve-XXXXXX";
	int fd = mkstemp(path);
	cr_assert(fd >= 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	struct err_list *e = err_new();
	bool good = hvac_curve_read(path, c, e);
	*faults = err_count(e);
	err_free(e);
	unlink(path);
	return good;
}

#define CURVE_HEAD "outdoor_degc,heat_capacity,heat_cop,cool_capacity,cool_cop\n"

/* Straight lines between points: at 0 degC three tenths of the way from -3 to 7. */
Test(etp, curve_of_another_unit)
{
	struct hvac_curve c;
	size_t faults;
	cr_assert(read_curve(CURVE_HEAD "-3,0.9,0.7,1.1,1.8\n7,1.0,0.95,1.1,1.7\n35,1.1,1.4,1,1\n",
	    &c, &faults));
	struct hvac_factors f = hvac_factors_at(&c, 273.15);
	cr_expect(epsilon_eq(dbl, f.heat_capacity, 0.93, 1e-12));
	cr_expect(epsilon_eq(dbl, f.heat_cop, 0.775, 1e-12));
	cr_expect(epsilon_eq(dbl, f.cool_cop, 1.77, 1e-12));
	cr_expect(epsilon_eq(dbl, hvac_factors_at(&c, 240).heat_cop, 0.7, 1e-12));
	cr_expect(epsilon_eq(dbl, hvac_factors_at(&c, 320).cool_capacity, 1, 1e-12));
	struct hvac_unit u = { .heat_cop = 3.3, .cool_cop = 3, .sensible_frac = 0.8, .fan_frac = 0 };
	struct hvac_rates r = hvac_rates_at(&u, &c, 273.15);
	cr_expect(epsilon_eq(dbl, r.electric[HVAC_HEAT], 0.93 / (3.3 * 0.775), 1e-12));
}

Test(etp, curves_that_are_none_are_refused)
{
	static const char *const text[] = {
		CURVE_HEAD "7,1,1,1,1\n",                 /* one point */
		CURVE_HEAD "7,1,1,1,1\n-3,1,1,1,1\n",     /* falling */
		CURVE_HEAD "-3,1,0,1,1\n7,1,1,1,1\n9,1,1,1,1\n", /* no COP */
		CURVE_HEAD "-3,1,x,1,1\n7,1,1,1,1\n9,1,1,1,1\n", /* no number */
		"outdoor_degc,heat_capacity\n-3,1\n7,1\n", /* columns are missing */
	};
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		struct hvac_curve c;
		size_t faults;
		cr_expect_not(read_curve(text[i], &c, &faults), "row %zu", i);
		cr_expect(faults > 0, "row %zu", i);
	}
}
