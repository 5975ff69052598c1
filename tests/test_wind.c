#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "models/energy/wind.h"

static const struct wind_par plain = {
	.capacity_w = 3.37e6, .cut_in_m_s = 4, .rated_m_s = 9.8, .cut_out_m_s = 25,
	.restart_m_s = 22, .hub_m = 110, .measured_m = 110, .shear = 0.143,
};

/* Air whose density is the reference's to 1e-4: 15 degC at sea level (ISO 2533). */
static const double sea_k = 288.15, sea_pa = 101325;

static double power_w(const struct wind_turbine *t, double v)
{
	struct wind_state s = { 0 };
	return wind_turbine_w(t, &s, v, sea_k, sea_pa);
}

/* By hand: (343 - 64) / (941.192 - 64) = 0.318060 at 7 m/s. */
Test(wind, follows_the_cubic_law)
{
	struct wind_turbine t;
	struct err_list *e = err_new();
	cr_assert(wind_turbine_init(&t, &plain, e));
	cr_expect_eq(power_w(&t, 0), 0);
	cr_expect_eq(power_w(&t, 3.97), 0);
	cr_expect_float_eq(power_w(&t, 7) / 3.37e6, 0.318060, 1e-4);
	cr_expect_eq(power_w(&t, 11), 3.37e6);
	cr_expect_eq(power_w(&t, 25), 3.37e6);
	wind_turbine_fini(&t);
	err_free(e);
}

/* ISO 2533: 1.225 kg/m3 at sea level, 1.1117 at 1000 m (281.65 K, 89874.6 Pa). */
Test(wind, density_is_the_standard_atmospheres)
{
	cr_expect_float_eq(wind_air_density_kg_m3(sea_k, sea_pa), 1.225, 1e-4);
	cr_expect_float_eq(wind_air_density_kg_m3(281.65, 89874.6), 1.1117, 1e-4);
}

/* In air of half the reference's density 8 m/s act as 8 / 2^(1/3) = 6.349604 m/s. */
Test(wind, thin_air_acts_as_less_wind)
{
	struct wind_turbine t;
	struct err_list *e = err_new();
	struct wind_state s = { 0 };
	cr_assert(wind_turbine_init(&t, &plain, e));
	double half_pa = 0.5 * 1.225 * 287.05 * 293.15;
	double want = (pow(6.349604, 3) - 64) / (pow(9.8, 3) - 64);
	cr_expect_float_eq(wind_turbine_w(&t, &s, 8, 293.15, half_pa) / 3.37e6, want, 1e-6);
	wind_turbine_fini(&t);
	err_free(e);
}

/* (110 / 10)^0.143 = 1.409026: 5 m/s on the mast are 7.045 at the hub. */
Test(wind, grows_with_height)
{
	struct wind_turbine mast, hub;
	struct wind_par low = plain;
	struct err_list *e = err_new();
	low.measured_m = 10;
	cr_assert(wind_turbine_init(&mast, &low, e) && wind_turbine_init(&hub, &plain, e));
	cr_expect_float_eq(mast.hub_factor, exp(0.143 * log(11)), 1e-12);
	cr_expect_float_eq(mast.hub_factor, 1.409026, 1e-6);
	cr_expect_float_eq(power_w(&mast, 5), power_w(&hub, 5 * mast.hub_factor), 1e-6);
	wind_turbine_fini(&mast);
	wind_turbine_fini(&hub);
	err_free(e);
}

Test(wind, waits_for_a_storm_to_be_over)
{
	static const struct {
		double v_m_s;
		bool runs;
	} gust[] = { { 24.9, true }, { 25.1, false }, { 24, false }, { 22.1, false },
		{ 21.9, true }, { 24.9, true }, { 31, false }, { 3, false }, { 23, true } };
	struct wind_turbine t;
	struct wind_state s = { 0 };
	struct err_list *e = err_new();
	cr_assert(wind_turbine_init(&t, &plain, e));
	for (size_t i = 0; i < sizeof gust / sizeof *gust; i++) {
		double w = wind_turbine_w(&t, &s, gust[i].v_m_s, sea_k, sea_pa);
		cr_expect_eq(w > 0, gust[i].runs, "gust %zu of %g m/s", i, gust[i].v_m_s);
	}
	wind_turbine_fini(&t);
	err_free(e);
}

static const char *write_curve(char *path, const char *text)
{
	FILE *f = fdopen(mkstemp(path), "w");
	fputs(text, f);
	fclose(f);
	return path;
}

Test(wind, follows_a_table_in_straight_lines)
{
	char path[] = "/tmp/hearth-wind-XXXXXX";
	struct wind_par p = plain;
	struct wind_turbine t;
	struct err_list *e = err_new();
	p.curve = write_curve(path, "speed_m_s,share\n3,0.01\n7,0.43\n12,1\n");
	cr_assert(wind_turbine_init(&t, &p, e));
	cr_expect_eq(t.points, 3);
	static const struct {
		double v, share;
	} row[] = { { 2.9, 0 }, { 4, 0.115 }, { 8.5, 0.601 }, { 17, 1 } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_float_eq(power_w(&t, row[i].v) / 3.37e6, row[i].share, 1e-4);
	wind_turbine_fini(&t);
	err_free(e);
	unlink(path);
}

Test(wind, refuses_tables_that_are_none)
{
	static const char *const text[] = {
		"speed_m_s,share\n3,0.01\n", "speed_m_s,share\n3,0.1\n3,0.2\n",
		"speed_m_s,share\n3,0.1\n7,370\n", "speed_m_s,share\n-1,0.1\n7,0.3\n",
		"speed_m_s,kW\n3,0.1\n7,0.2\n", "speed_m_s,share\n3,nan\n7,0.3\n", "",
	};
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		char path[] = "/tmp/hearth-wind-XXXXXX";
		struct wind_par p = plain;
		struct wind_turbine t;
		struct err_list *e = err_new();
		p.curve = write_curve(path, text[i]);
		cr_expect_not(wind_turbine_init(&t, &p, e), "table %zu", i);
		cr_expect_gt(err_count(e), 0);
		wind_turbine_fini(&t);
		err_free(e);
		unlink(path);
	}
}

/* The shipped table, at two of its rows and half way between them. */
Test(wind, takes_the_shipped_curve)
{
	struct wind_par p = plain;
	struct wind_turbine t;
	struct err_list *e = err_new();
	p.curve = HEARTH_SOURCE_DIR "/data/wind-class-2.csv";
	cr_assert(wind_turbine_init(&t, &p, e));
	cr_expect_float_eq(power_w(&t, 8) / 3.37e6, 0.5550, 1e-4);
	cr_expect_float_eq(power_w(&t, 8.25) / 3.37e6, 0.60465, 1e-4);
	wind_turbine_fini(&t);
	err_free(e);
}
