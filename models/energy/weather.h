/* The air over the scenario: turbidity, clouds, temperature, wind; generated, or from a
 * file (models/energy/weather_file.h).
 *
 * There is one weather for all sites of a scenario. Clouds: models/energy/cloud.h. */
#ifndef HEARTH_MODELS_ENERGY_WEATHER_H
#define HEARTH_MODELS_ENERGY_WEATHER_H

#include <stdbool.h>
#include <stdint.h>

#include "models/class.h"

enum clear_sky { CLEAR_SKY_INEICHEN, CLEAR_SKY_HAURWITZ };

enum { WEATHER_MONTHS = 12 };

enum weather_gaps { WEATHER_REFUSE, WEATHER_FILL };

struct weather_par {
	const char *file;        /* NULL: generated */
	int gaps;                /* enum weather_gaps, of the file */
	double zone_s;           /* of a file that names none, local time minus UTC; else NAN */
	int clear_sky;           /* enum clear_sky */
	double turbidity;        /* Linke's, 1 to 10 */
	const char *turbidity_months; /* twelve of them, from January on; NULL: turbidity */
	double cloudiness_frac;  /* long-run mean share of the sky that is covered */
	double correlation_frac; /* of the clouds' Gaussian between any two homes, 0 to 1 */
	double persistence_s;    /* time constant of the clouds, at least one cloud tick */
	double mean_k, swing_k;  /* air temperature: mean of the day; highest minus lowest */
	double anomaly_k;        /* standard deviation of the days' means around mean_k */
	double anomaly_keep;     /* correlation from one day to the next */
	double wind_m_s;         /* at the modules */
	double albedo_frac;      /* of the ground */
};

extern const struct class weather_class;

/* Twelve turbidities, each 1 to 10, with spaces between; false: it is not that. */
bool weather_read_months(const char *text, double turbidity[WEATHER_MONTHS]);

/* The weather of a scenario that says nothing about it: the table's defaults. */
struct weather_par weather_default(void);

/* Days that are warmer or colder than the mean, as they come: a first-order
 * autoregressive process (D. S. Wilks 2011, Statistical Methods in the Atmospheric
 * Sciences, 3rd ed., 9.3.1), drawn for each midnight of UTC and in straight lines between. */
struct weather_days {
	uint64_t key;
	long day;           /* since 1970, that at_k[0] begins; at_k holds three midnights */
	double at_k[3];
};

/* From the stationary law at the day of utc_s. */
void weather_days_init(const struct weather_par *p, struct weather_days *d, uint64_t key,
    double utc_s);

/* Moves on so that [utc_s, utc_s + 1 h] is covered; times must not go back. */
void weather_days_reach(const struct weather_par *p, struct weather_days *d, double utc_s);

/* Mean of what the days of [utc_s, utc_s + dt_s) are warmer than the mean, K; of the
 * days reached, 0 < dt_s <= 3600. */
double weather_days_mean_k(const struct weather_days *d, double utc_s, double dt_s);

/* Generated: mean air temperature over [local_s, local_s + dt_s), dt_s > 0: a sine with its
 * top at 15:00 local time, on a day like the mean. Exact, so that steps add up. */
double weather_ambient_k(const struct weather_par *p, double local_s, double dt_s);

#endif
