#include "models/energy/sky.h"

#include <math.h>

#include "base/rng.h"
#include "models/energy/clearsky.h"

void sky_init(struct sky *s, const struct place_par *p, const struct weather_par *w, uint64_t seed,
    double utc_s)
{
	*s = (struct sky){ .place = *p, .weather = *w, .seed = seed,
		.begin_s = utc_s };
	cloud_law_init(&s->law, w);
	struct pcg64 g = rng_stream(seed, 0, rng_entity("sky"), RNG_CLOUD);
	cloud_shared_init(&s->shared, pcg64_next(&g), utc_s);
}

static double clear_w_m2(const struct sky *s)
{
	if (s->zenith_rad >= M_PI / 2) return 0;
	double relative_pressure = sun_pressure_pa(s->place.altitude_m) / SUN_PRESSURE_SEA_PA;
	return clearsky_ineichen(s->zenith_rad, s->air_mass * relative_pressure,
	    s->weather.turbidity, s->place.altitude_m, s->extra_w_m2).ghi_w_m2;
}

void sky_step(struct sky *s, const struct step *st)
{
	double mid_s = st->utc_s + 0.5 * st->dt_s;
	s->elapsed_s = mid_s - s->begin_s;
	s->sun = sun_at(mid_s, s->place.latitude_rad, s->place.longitude_rad);
	double zenith_rad = sun_zenith_rad(&s->sun);
	double seen_rad = zenith_rad - sun_refraction_rad(M_PI / 2 - zenith_rad);
	s->zenith_rad = fmin(seen_rad, M_PI / 2);
	s->air_mass = sun_air_mass(s->zenith_rad);
	s->extra_w_m2 = sun_extraterrestrial_w_m2(mid_s);
	s->clear_w_m2 = clear_w_m2(s);
	s->ambient_k = weather_ambient_k(&s->weather, st->utc_s + st->zone_s, st->dt_s);
	s->wind_m_s = s->weather.wind_m_s;
	s->albedo_frac = s->weather.albedo_frac;
	cloud_shared_step(&s->law, &s->shared, st->utc_s, st->dt_s, &s->ticks);
}
