#include "models/energy/sky.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

static struct weather_series *read_series(const struct weather_par *w)
{
	struct err_list *e = err_new();
	struct weather_series *series =
	    weather_series_read(w->file, w->zone_s, w->gaps == WEATHER_FILL, e);
	err_print(e, stderr);
	err_free(e);
	if (!series) abort();
	return series;
}

void sky_init(struct sky *s, const struct place_par *p, const struct weather_par *w, uint64_t seed,
    double utc_s)
{
	*s = (struct sky){ .place = *p, .weather = *w, .seed = seed, .begin_s = utc_s,
		.air = clear_air_make(w) };
	cloud_law_init(&s->law, w);
	struct pcg64 g = rng_stream(seed, 0, rng_entity("sky"), RNG_CLOUD);
	cloud_shared_init(&s->shared, pcg64_next(&g), utc_s);
	struct pcg64 air = rng_stream(seed, 0, rng_entity("air"), RNG_CLOUD);
	weather_days_init(w, &s->days, pcg64_next(&air), utc_s);
	if (!w->file) return;
	s->series = read_series(w);
	daylight_init(&s->daylight, s->series, p, &s->air);
}

void sky_init_beside(struct sky *s, const struct sky *of)
{
	assert(of->elapsed_s == 0);
	*s = *of;
	s->shares_series = true;
}

void sky_fini(struct sky *s)
{
	if (!s->shares_series) weather_series_free(s->series);
}

bool sky_covers(const struct sky *s, double utc_s, double duration_s)
{
	return !s->series || weather_series_covers(s->series, utc_s, duration_s);
}

double sky_ambient_k(const struct sky *s, double utc_s, double zone_s, double dt_s)
{
	if (s->series) return weather_series_mean(s->series, WEATHER_AIR, utc_s, dt_s);
	return weather_ambient_k(&s->weather, utc_s + zone_s, dt_s) +
	    weather_days_mean_k(&s->days, utc_s, dt_s);
}

struct irradiance sky_light(const struct sky *s)
{
	double index = 0;
	if (s->series) return s->light;
	for (int k = 0; k < s->ticks.n; k++)
		index += s->ticks.weight[k] * cloud_index(&s->law, s->ticks.z[k]);
	return irradiance_erbs(s->clear_w_m2 * index, s->sun.up, s->extra_w_m2);
}

/* What the file has, else what the scenario says. */
static double mean_or(
    const struct sky *s, enum weather_figure f, const struct step *st, double otherwise)
{
	if (!s->series || !s->series->value[f]) return otherwise;
	return weather_series_mean(s->series, f, st->utc_s, st->dt_s);
}

static void look_at_sun(struct sky *s, double mid_s)
{
	s->sun = sun_at(mid_s, s->place.latitude_rad, s->place.longitude_rad);
	double zenith_rad = sun_zenith_rad(&s->sun);
	double seen_rad = zenith_rad - sun_refraction_rad(M_PI / 2 - zenith_rad);
	s->zenith_rad = fmin(seen_rad, M_PI / 2);
	s->air_mass = sun_air_mass(s->zenith_rad);
	s->extra_w_m2 = sun_extraterrestrial_w_m2(mid_s);
}

void sky_step(struct sky *s, const struct step *st)
{
	double mid_s = st->utc_s + 0.5 * st->dt_s;
	s->elapsed_s = mid_s - s->begin_s;
	weather_days_reach(&s->weather, &s->days, st->utc_s);
	look_at_sun(s, mid_s);
	s->ambient_k = sky_ambient_k(s, st->utc_s, st->zone_s, st->dt_s);
	s->wind_m_s = mean_or(s, WEATHER_WIND, st, s->weather.wind_m_s);
	s->pressure_pa = mean_or(s, WEATHER_PRESSURE, st, sun_pressure_pa(s->place.altitude_m));
	s->albedo_frac = mean_or(s, WEATHER_ALBEDO, st, s->weather.albedo_frac);
	if (s->series) {
		s->light = daylight_step(&s->daylight, st->utc_s, st->dt_s, &s->sun);
		s->clear_w_m2 = s->light.ghi_w_m2;
		return;
	}
	s->clear_w_m2 = clear_air_ghi_w_m2(&s->air, &s->place, mid_s, &s->sun);
	cloud_shared_step(&s->law, &s->shared, st->utc_s, st->dt_s, &s->ticks);
}
