/* Light of a weather file, finer than the file's step.
 *
 * Within an interval of the file light follows the clear sky (models/energy/clear_air.h)
 * times the interval's clear-sky index, so that its energy is kept exactly: the file's mean is
 * the mean of the interval's minutes. Its diffuse share is the interval's (the file's or,
 * where it has global light only, that of Erbs); the beam closes the balance, global =
 * direct cos(zenith) + diffuse, and what a low sun cannot give as a beam is diffuse.
 * Where the sun is hardly up and the file has light nevertheless, that is diffuse and
 * even over the interval. Cloud cover N gives the index 1 - 0.75 N^3.4 (Kasten and
 * Czeplak 1980, as in models/energy/cloud.h). What the file lacks gets an index on the
 * straight line between those before and after it.
 *
 * A step takes the mean of its minutes of UTC, so steps of any length agree. */
#ifndef HEARTH_MODELS_ENERGY_DAYLIGHT_H
#define HEARTH_MODELS_ENERGY_DAYLIGHT_H

#include "models/energy/clear_air.h"
#include "models/energy/irradiance.h"
#include "models/energy/place.h"
#include "models/energy/sun.h"
#include "models/energy/weather_file.h"

struct daylight {
	const struct weather_series *series;
	struct place_par place;
	struct clear_air air;

	/* The interval that was asked for last: */
	double begin_s; /* UTC; NAN: none yet */
	double index;   /* clear-sky index; NAN: even light */
	double even_w_m2;
	double diffuse_frac;
};

void daylight_init(struct daylight *d, const struct weather_series *series,
    const struct place_par *place, const struct clear_air *air);

/* Mean light of [utc_s, utc_s + dt_s), 0 < dt_s <= 3600, covered by the file. *beam is the
 * mean of the vectors towards the sun, each weighed with its direct light: a plane that
 * sees all of it gets dni times its normal's product with *beam. Without direct light it
 * is as it was. */
struct irradiance daylight_step(struct daylight *d, double utc_s, double dt_s, struct sun *beam);

#endif
