/* The clear sky by months, and without knowing the air. */
#include "tests/unit.h"

#include <math.h>

#include "models/energy/sky.h"

static const struct place_par cairo = { 30.1 * M_PI / 180, 31.3 * M_PI / 180, 23 };

static const char *const months = " 2.1 2.3 2.7 3.1 3.9 4.3\t4.7 4.1 3.7 3.3 2.9\n2.5";

Test(clear_air, twelve_numbers_and_nothing_else)
{
	static const struct {
		const char *text;
		bool good;
	} row[] = {
		{ "1 2 3 4 5 6 7 8 9 10 1e0 2.5", true },
		{ "1 2 3 4 5 6 7 8 9 10 1", false },
		{ "1 2 3 4 5 6 7 8 9 10 1 2 3", false },
		{ "1 2 3 4 5 6 7 8 9 10 1 0.9", false },
		{ "1 2 3 4 5 6 7 8 9 10.1 1 2", false },
		{ "1,2 3 4 5 6 7 8 9 10 1 2 3", false },
		{ "1 2 3 4 5 6 7 8 9 10 1 nan", false },
		{ "", false },
	};
	double t[WEATHER_MONTHS];
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_eq(weather_read_months(row[i].text, t), row[i].good, "%s", row[i].text);
	cr_expect(weather_read_months(months, t));
	cr_expect_eq(t[6], 4.7);
}

/* Seconds of UTC by `date -u -d`. April has 30 days and May 31, so that the first of May
 * is 15 of the 30.5 days past the middle of April: 3.1 + 0.8 * 15 / 30.5. The year's
 * turn is in the middle between 2.5 and 2.1. */
Test(clear_air, months_are_joined_by_straight_lines)
{
	static const struct {
		double utc_s, turbidity;
	} row[] = {
		{ 1713225600, 3.1 },                   /* 2024-04-16T00:00Z, the middle of April */
		{ 1714521600, 3.1 + 0.8 * 15 / 30.5 }, /* 2024-05-01T00:00Z */
		{ 1715860800, 3.9 },                   /* 2024-05-16T12:00Z */
		{ 1704067200, 2.3 },                   /* 2024-01-01T00:00Z */
		{ 1704067199, 2.3 },
	};
	struct weather_par w = weather_default();
	w.turbidity_months = months;
	struct clear_air a = clear_air_make(&w);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_float_eq(clear_air_turbidity(&a, row[i].utc_s), row[i].turbidity, 1e-6,
		    "%.0f", row[i].utc_s);
}

/* Twelve equal months are a year of them; in the middle of July the sky is July's. */
Test(clear_air, a_month_is_as_its_turbidity)
{
	struct weather_par even = weather_default(), w = even;
	w.turbidity_months = "3 3 3 3 3 3 3 3 3 3 3 3";
	struct clear_air year = clear_air_make(&even), alike = clear_air_make(&w);
	w.turbidity_months = months;
	struct clear_air monthly = clear_air_make(&w);
	even.turbidity = 4.7;
	struct clear_air july = clear_air_make(&even);
	double noon_s = 1721124000; /* 2024-07-16T10:00Z, 2 h before the month's middle */
	struct sun sun = sun_at(noon_s, cairo.latitude_rad, cairo.longitude_rad);
	cr_expect_eq(clear_air_ghi_w_m2(&alike, &cairo, noon_s, &sun),
	    clear_air_ghi_w_m2(&year, &cairo, noon_s, &sun));
	double wanted = clear_air_ghi_w_m2(&july, &cairo, noon_s, &sun);
	double other = clear_air_ghi_w_m2(&year, &cairo, noon_s, &sun);
	cr_expect_float_eq(clear_air_ghi_w_m2(&monthly, &cairo, noon_s, &sun), wanted, 0.1);
	cr_expect_lt(wanted, other - 50, "dust takes light: %g of %g", wanted, other);
}

/* Haurwitz: 1098 cos(z) exp(-0.059 / cos(z)), at any height and with any dust, through the
 * sky that sites see. */
Test(clear_air, haurwitz_asks_for_the_sun_alone)
{
	struct weather_par w = weather_default();
	struct place_par high = cairo;
	w.clear_sky = CLEAR_SKY_HAURWITZ;
	high.altitude_m = 3000;
	struct step st = { .dt_s = 60, .utc_s = 1721124000 - 30, .zone_s = 7200 };
	double seen[2];
	for (int i = 0; i < 2; i++) {
		struct sky s;
		sky_init(&s, i ? &high : &cairo, &w, 3, st.utc_s);
		sky_step(&s, &st);
		double up = cos(s.zenith_rad);
		cr_expect_float_eq(s.clear_w_m2, 1098 * up * exp(-0.059 / up), 1e-9);
		seen[i] = s.clear_w_m2;
		st.utc_s += 12 * 3600;
		sky_step(&s, &st);
		cr_expect_eq(s.clear_w_m2, 0, "at night");
		st.utc_s -= 12 * 3600;
		sky_fini(&s);
	}
	cr_expect_eq(seen[0], seen[1]);
	cr_expect_gt(seen[0], 900);
}
