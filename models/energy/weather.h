/* The air over the scenario: turbidity, clouds, temperature, wind; generated, or from a
 * file (models/energy/weather_file.h).
 *
 * There is one weather for all sites of a scenario. Clouds: models/energy/cloud.h. */
#ifndef HEARTH_MODELS_ENERGY_WEATHER_H
#define HEARTH_MODELS_ENERGY_WEATHER_H

#include "models/class.h"

enum weather_gaps { WEATHER_REFUSE, WEATHER_FILL };

struct weather_par {
	const char *file;        /* NULL: generated */
	int gaps;                /* enum weather_gaps, of the file */
	double zone_s;           /* of a file that names none, local time minus UTC; else NAN */
	double turbidity;        /* Linke's, 1 to 10 */
	double cloudiness_frac;  /* long-run mean share of the sky that is covered */
	double correlation_frac; /* of the clouds' Gaussian between any two homes, 0 to 1 */
	double persistence_s;    /* time constant of the clouds, at least one cloud tick */
	double mean_k, swing_k;  /* air temperature: mean of the day; highest minus lowest */
	double wind_m_s;         /* at the modules */
	double albedo_frac;      /* of the ground */
};

extern const struct class weather_class;

/* The weather of a scenario that says nothing about it: the table's defaults. */
struct weather_par weather_default(void);

/* Generated: mean air temperature over [local_s, local_s + dt_s), dt_s > 0: a sine with its
 * top at 15:00 local time. Exact mean, so that steps add up. */
double weather_ambient_k(const struct weather_par *p, double local_s, double dt_s);

#endif
