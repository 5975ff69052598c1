/* When households draw hot water: four kinds of draws at random times.
 *
 * Flow, length and number of draws are those of U. Jordan and K. Vajen 2001, "Influence of
 * the DHW load profile on the fractional energy savings: a case study of a solar
 * combi-system with TRNSYS simulations", Solar Energy 69 (supplement 6), 197-208: 200 litres
 * a day. A home's number of draws is scaled to its own litres. How many of 100 draws
 * begin in which hours is an assumption after their figures: a morning and an evening.
 *
 * Litres are of water at the set point of the tank that they come from. Draws begin and end at whole minutes of the local day. Between draws a home waits a
 * random time without memory, of the rate of the hours it passes; how many it takes in a day
 * depends on the noise of (home, day) only. */
#ifndef HEARTH_MODELS_ENERGY_HOT_WATER_H
#define HEARTH_MODELS_ENERGY_HOT_WATER_H

#include <stddef.h>
#include <stdint.h>

/* name, litres a minute, minutes, number a day of a home of 200 litres */
#define HOT_WATER_LIST(X) \
	X("short", 1, 1, 28) \
	X("medium", 6, 1, 12) \
	X("bath", 14, 10, 0.143) \
	X("shower", 8, 5, 2)

#define HOT_WATER_TABLE_LITRES 200.0

/* from hour, to hour, of 100 draws */
#define HOT_WATER_HOURS_LIST(X) \
	X(0, 6, 3) \
	X(6, 9, 32) \
	X(9, 17, 25) \
	X(17, 23, 38) \
	X(23, 24, 2)

enum {
#define X(...) +1
	HOT_WATER_KINDS = 0 HOT_WATER_LIST(X),
	HOT_WATER_HOURS = 0 HOT_WATER_HOURS_LIST(X),
#undef X
	HOT_WATER_DAY_MIN = 1440,
};

/* Rates of waiting in the five stretches of hours, per minute. */
struct hot_water_rates {
	float per_min[HOT_WATER_HOURS];
};

/* litres 0 to 1000. The mean day comes to that many. */
struct hot_water_rates hot_water_rates_make(double litres);

struct hot_water_bank {
	size_t n;
	uint64_t *key;
	struct hot_water_rates *rates;
	float *flow_m3_s;   /* now */
	int16_t *next_min;  /* of the local day, when flow changes; HOT_WATER_DAY_MIN: not today */
	uint16_t *count;    /* draws of the day so far */
	long day;           /* local, since 1970-01-01 */
};

/* Allocates; key[] and rates[] are to be set before the first tick. No draw runs then. */
void hot_water_bank_init(struct hot_water_bank *b, size_t n, long day);
void hot_water_bank_fini(struct hot_water_bank *b);

/* Fills flow_m3_s for one minute of a local day. Minutes follow each other, but the first. */
void hot_water_bank_tick(struct hot_water_bank *b, long day, int minute);

#endif
