#include "models/energy/clear_air.h"

#include <assert.h>
#include <math.h>

#include "models/energy/clearsky.h"
#include "models/grid/month.h"

struct clear_air clear_air_make(const struct weather_par *w)
{
	struct clear_air a = { .known = w->clear_sky == CLEAR_SKY_INEICHEN,
		.monthly = w->turbidity_months != NULL, .turbidity = { w->turbidity } };
	if (!a.monthly) return a;
	bool read = weather_read_months(w->turbidity_months, a.turbidity);
	assert(read);
	(void)read;
	return a;
}

double clear_air_turbidity(const struct clear_air *a, double utc_s)
{
	if (!a->monthly) return a->turbidity[0];
	struct month now = month_at(utc_s);
	double past_s = utc_s - 0.5 * (now.begin_s + now.end_s);
	struct month next = month_at(past_s < 0 ? now.begin_s - 1 : now.end_s);
	double apart_s = 0.5 * (now.end_s - now.begin_s + next.end_s - next.begin_s);
	double here = a->turbidity[now.of_year], there = a->turbidity[next.of_year];
	return here + (there - here) * fabs(past_s) / apart_s;
}

double clear_air_ghi_w_m2(const struct clear_air *a, const struct place_par *place, double utc_s,
    const struct sun *sun)
{
	double zenith = sun_zenith_rad(sun);
	double seen = zenith - sun_refraction_rad(M_PI / 2 - zenith);
	if (seen >= M_PI / 2) return 0;
	if (!a->known) return clearsky_haurwitz_w_m2(seen);
	double pressure = sun_pressure_pa(place->altitude_m) / SUN_PRESSURE_SEA_PA;
	return clearsky_ineichen(seen, sun_air_mass(seen) * pressure,
	    clear_air_turbidity(a, utc_s), place->altitude_m, sun_extraterrestrial_w_m2(utc_s))
	    .ghi_w_m2;
}
