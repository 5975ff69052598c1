#include "tests/table.h"

#include <time.h>

#include "models/energy/sun.h"

#define RAD (M_PI / 180)

static double angle_between_deg(double a_deg, double b_deg)
{
	return fabs(remainder(a_deg - b_deg, 360));
}

/* I. Reda and A. Andreas 2003, NREL/TP-560-34302, worked example: 2003-10-17
 * 12:30:30 UTC-7 at 39.742476 N 105.1786 W; 50.11162 deg is the zenith with
 * refraction, 194.34024 deg the azimuth. The almanac's algorithm is good to 0.01. */
Test(sun, stands_where_the_worked_example_has_it)
{
	struct sun s = sun_at(1066419030, 39.742476 * RAD, -105.1786 * RAD);
	double zenith = sun_zenith_rad(&s);
	double seen = zenith - sun_refraction_rad(M_PI / 2 - zenith);
	cr_expect_float_eq(seen / RAD, 50.11162, 0.02);
	cr_expect_float_eq(sun_azimuth_rad(&s) / RAD, 194.34024, 0.02);
	cr_expect_float_eq(s.east * s.east + s.north * s.north + s.up * s.up, 1, 1e-12);
}

/* Noon of the equinox on the equator, solstice on the tropic: the sun is within
 * its half diameter of the zenith when it culminates (0.27 deg). */
Test(sun, culminates_where_astronomy_says)
{
	/* 2024-06-20T20:51 is the solstice; at 12:02 UTC it is noon at 0 E */
	struct sun tropic = sun_at(1718885000, 23.44 * RAD, 0);
	cr_expect_lt(sun_zenith_rad(&tropic) / RAD, 0.5);
	/* 2024-03-20T03:06 is the equinox; noon at 0 E is at 12:07 */
	struct sun equator = sun_at(1710936450, 0, 0);
	cr_expect_lt(sun_zenith_rad(&equator) / RAD, 0.5);
	/* midnight sun at 70 N on the solstice: 90 - 70 - 23.44 = -3.44 from below */
	struct sun north = sun_at(1718885000 - 43200, 70 * RAD, 0);
	cr_expect_float_eq(sun_zenith_rad(&north) / RAD, 180 - 70 - 23.44, 0.1);
}

/* Bennett's table, cited by the almanac: 34.5' at the horizon, 5.3' at 10 deg,
 * 1.0' at 45 deg (Meeus 1998, Astronomical Algorithms, ch. 16; 1010 hPa, 10 degC). The
 * almanac's formula is a fit: within 0.02 deg low, 0.004 deg high. */
Test(sun, refraction_is_the_almanacs)
{
	static const struct {
		double elevation_deg, lift_deg, tol_deg;
	} row[] = { { 0, 34.5 / 60, 0.03 }, { 10, 5.3 / 60, 0.005 }, { 45, 1.0 / 60, 0.004 } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_float_eq(sun_refraction_rad(row[i].elevation_deg * RAD) / RAD,
		    row[i].lift_deg, row[i].tol_deg);
	cr_expect_eq(sun_refraction_rad(-1 * RAD), 0);
}

/* Kasten and Young 1989, table 2: 1.000 at 90 deg of elevation, 1.995 at 30,
 * 37.92 at 0. ICAO: 898.75 hPa at 1000 m, 540.2 at 5000. */
Test(sun, air_mass_and_pressure_match_the_published_tables)
{
	cr_expect_float_eq(sun_air_mass(0), 1.000, 0.0005);
	cr_expect_float_eq(sun_air_mass(60 * RAD), 1.9943, 0.0005);
	cr_expect_float_eq(sun_air_mass(90 * RAD), 37.92, 0.005);
	cr_expect_float_eq(sun_pressure_pa(0), SUN_PRESSURE_SEA_PA, 20);
	cr_expect_float_eq(sun_pressure_pa(1000), 89875, 20);
	cr_expect_float_eq(sun_pressure_pa(5000), 54020, 20);
}

/* Spencer 1971 at the day angle 0: 1.00011 + 0.034221 + 0.000719 = 1.03505. */
Test(sun, extraterrestrial_follows_the_day_of_the_year)
{
	for (int year = 1999; year <= 2033; year += 17) {
		struct tm new_year = { .tm_year = year - 1900, .tm_mday = 1, .tm_hour = 7 };
		double utc_s = (double)timegm(&new_year);
		cr_expect_float_eq(sun_extraterrestrial_w_m2(utc_s), 1366.1 * 1.03505, 1e-6);
	}
	/* 2023-07-04: day angle 2 pi 184 / 365; 2024 has its leap day before */
	cr_expect_float_eq(sun_extraterrestrial_w_m2(1688463000), 1366.1 * 0.96658937617, 1e-6);
	cr_expect_float_eq(sun_extraterrestrial_w_m2(1720000000), 1366.1 * 0.96658937617, 1e-6);
}

/* NREL's SPA at 400 random times and places, 1990 to 2060. */
Test(sun, agrees_with_spa)
{
	struct table *t = table_read("reference/pv/spa_random.csv");
	if (!t) return;
	double worst = 0, worst_azimuth = 0;
	for (size_t r = 0; r < t->rows; r++) {
		struct sun s = sun_at(table_at(t, r, "unix"), table_at(t, r, "lat") * RAD,
		    table_at(t, r, "lon") * RAD);
		double zenith_deg = sun_zenith_rad(&s) / RAD;
		double azimuth_deg = sun_azimuth_rad(&s) / RAD;
		double along = angle_between_deg(azimuth_deg, table_at(t, r, "azimuth"));
		worst = fmax(worst, fabs(zenith_deg - table_at(t, r, "zenith")));
		worst_azimuth = fmax(worst_azimuth, along * sin(zenith_deg * RAD));
	}
	fprintf(stderr, "sun against SPA, %zu points: zenith %.4f deg, along the sky %.4f deg\n",
	    t->rows, worst, worst_azimuth);
	cr_expect_eq(t->rows, 400);
	cr_expect_lt(worst, 0.02);
	cr_expect_lt(worst_azimuth, 0.02);
	table_free(t);
}

/* Four places, 2 to 4 days each, every 5 or 10 minutes. */
Test(sun, agrees_with_the_reference_days)
{
	static const struct {
		const char *file;
		double lat, lon;
	} site[] = {
		{ "reference/pv/pv_bengaluru.csv", 12.9716, 77.5946 },
		{ "reference/pv/pv_berlin.csv", 52.52, 13.405 },
		{ "reference/pv/pv_phoenix.csv", 33.4484, -112.074 },
		{ "reference/pv/pv_sydney.csv", -33.8688, 151.2093 },
	};
	for (size_t i = 0; i < sizeof site / sizeof *site; i++) {
		struct table *t = table_read(site[i].file);
		if (!t) return;
		double zenith = 0, extra = 0, mass = 0;
		for (size_t r = 0; r < t->rows; r++) {
			double utc_s = table_at(t, r, "unix");
			struct sun s = sun_at(utc_s, site[i].lat * RAD, site[i].lon * RAD);
			double zenith_deg = sun_zenith_rad(&s) / RAD;
			zenith = fmax(zenith, fabs(zenith_deg - table_at(t, r, "zenith")));
			extra = fmax(extra, fabs(sun_extraterrestrial_w_m2(utc_s) -
						table_at(t, r, "dni_extra_spencer")));
			double want = table_at(t, r, "airmass_rel_ky89");
			if (isnan(want)) continue;
			double got = sun_air_mass(table_at(t, r, "apparent_zenith") * RAD);
			mass = fmax(mass, fabs(got / want - 1));
		}
		fprintf(stderr, "%s: zenith %.4f deg, extraterrestrial %.1e W/m2, air mass %.1e\n",
		    site[i].file, zenith, extra, mass);
		cr_expect_lt(zenith, 0.02);
		cr_expect_lt(extra, 1e-4); /* the file has four decimals */
		cr_expect_lt(mass, 2e-6);
		table_free(t);
	}
}
