/* The sky of one step: what every module of the scenario sees alike.
 *
 * Computed once a step and shared by all homes: the sun at the middle of the
 * step (at its end, an hour's power would be off by tens of W/m2), the clear
 * sky there, the air and the shared part of the clouds. Two skies of one place,
 * weather and seed are the same.
 *
 * Where the weather comes from a file, all sites see the light that it has
 * (models/energy/daylight.h), and there are no clouds of theirs. */
#ifndef HEARTH_MODELS_ENERGY_SKY_H
#define HEARTH_MODELS_ENERGY_SKY_H

#include "models/energy/clear_air.h"
#include "models/energy/cloud.h"
#include "models/energy/daylight.h"
#include "models/energy/place.h"
#include "models/energy/sun.h"
#include "models/energy/weather.h"
#include "models/step.h"

struct sky {
	struct place_par place;
	struct weather_par weather;
	struct clear_air air;
	struct cloud_law law;
	struct cloud_shared shared;
	struct weather_days days;
	uint64_t seed;
	double begin_s;              /* UTC, of the first step */
	struct weather_series *series; /* of the weather's file; NULL: generated weather */
	bool shares_series;            /* it is another sky's */
	struct daylight daylight;      /* of the series */

	/* After sky_step: */
	double elapsed_s;            /* of the run, at mid-step */
	struct sun sun;              /* at mid-step, without refraction; of a file: the beam's */
	struct irradiance light;     /* of a file; then every cloud's index is 1 */
	double zenith_rad, air_mass; /* as seen, at most pi/2; relative to the zenith's */
	double extra_w_m2;           /* outside the air */
	double clear_w_m2;           /* global, horizontal, without clouds; of a file: with them */
	double ambient_k, wind_m_s, pressure_pa, albedo_frac;
	struct cloud_ticks ticks;
};

/* utc_s: when the first step begins. A file of the weather was read once when the scenario
 * was checked: that it can be read again is taken for granted. */
void sky_init(struct sky *s, const struct place_par *p, const struct weather_par *w, uint64_t seed,
    double utc_s);
void sky_fini(struct sky *s);

/* The same sky over again, for steps of its own: as if made anew, but the file is not read
 * a second time. `of` has made no step yet and must outlive it. Give it to sky_fini too. */
void sky_init_beside(struct sky *s, const struct sky *of);

/* Whether the weather reaches that far; what is generated always does. */
bool sky_covers(const struct sky *s, double utc_s, double duration_s);

/* Steps must follow each other in time, covered; 0 < dt_s <= 3600. */
void sky_step(struct sky *s, const struct step *st);

/* Light of the last step on the horizontal, under the clouds that all sites share. */
struct irradiance sky_light(const struct sky *s);

/* Mean air temperature over a part of the last step, dt_s > 0. */
double sky_ambient_k(const struct sky *s, double utc_s, double zone_s, double dt_s);

#endif
