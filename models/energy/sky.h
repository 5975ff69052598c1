/* The sky of one step: what every module of the scenario sees alike.
 *
 * Computed once a step and shared by all homes: the sun at the middle of the
 * step (at its end, an hour's power would be off by tens of W/m2), the clear
 * sky there, the air and the shared part of the clouds. Two skies of one place,
 * weather and seed are the same. */
#ifndef HEARTH_MODELS_ENERGY_SKY_H
#define HEARTH_MODELS_ENERGY_SKY_H

#include "models/energy/cloud.h"
#include "models/energy/place.h"
#include "models/energy/sun.h"
#include "models/energy/weather.h"
#include "models/step.h"

struct sky {
	struct place_par place;
	struct weather_par weather;
	struct cloud_law law;
	struct cloud_shared shared;
	uint64_t seed;
	double begin_s;              /* UTC, of the first step */

	/* After sky_step: */
	double elapsed_s;            /* of the run, at mid-step */
	struct sun sun;              /* at mid-step, without refraction */
	double zenith_rad, air_mass; /* as seen, at most pi/2; relative to the zenith's */
	double extra_w_m2;           /* outside the air */
	double clear_w_m2;           /* global, horizontal, without clouds */
	double ambient_k, wind_m_s, albedo_frac;
	struct cloud_ticks ticks;
};

/* utc_s: when the first step begins. Nothing to free. */
void sky_init(struct sky *s, const struct place_par *p, const struct weather_par *w, uint64_t seed,
    double utc_s);

/* Steps must follow each other in time; 0 < dt_s <= 3600. */
void sky_step(struct sky *s, const struct step *st);

#endif
