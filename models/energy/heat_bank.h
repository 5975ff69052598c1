/* Many houses (models/energy/heating.h), advanced by ticks of a minute.
 *
 * At the begin of a tick each thermostat has decided: the unit's power and heat are those of
 * its mode and of the tick's weather. Over the tick the house then follows its equations
 * exactly, with the mean of all heat in it, and the thermostat decides anew. So what a
 * house does in a tick does not depend on how grid steps cut time. */
#ifndef HEARTH_MODELS_ENERGY_HEAT_BANK_H
#define HEARTH_MODELS_ENERGY_HEAT_BANK_H

#include <stddef.h>

#include "models/energy/heating.h"

struct heat_bank {
	size_t n;
	double *air_k, *mass_k;
	struct etp_step_arrays {
		double *aa, *am, *ma, *mm, *raa, *ram, *rmm;
	} step;                  /* of a tick (models/energy/etp.h) */
	float *mode;             /* 1 heats, -1 cools, 0 rests */
	float *heat_w, *cool_w;  /* rated */
	float *heat_k, *cool_k;  /* set points */
	float *aperture_m2;
	double *store;
	float *store_f;
};

void heat_bank_init(struct heat_bank *b, size_t n);
void heat_bank_fini(struct heat_bank *b);

/* The house begins at rest, at the outdoor temperature held between its set points. Where a
 * set point holds it, it stands at `at` (0 to 1) of its thermostat's cycle: the first half
 * with the unit running through the dead band, the second without, so that a street does
 * not begin in step. */
void heat_bank_set(struct heat_bank *b, size_t i, const struct heating_house *h, double band_k,
    double outdoor_k, double at);

/* Electric power of houses begin <= i < end in their present mode, into power_w. */
void heat_bank_power(const struct heat_bank *b, const struct hvac_rates *r, size_t begin,
    size_t end, double *power_w);

/* One tick for the same houses. gain_w: mean heat of people and devices in each over the
 * tick. outside_k gets by how much the new air is outside the set points, beyond the
 * dead band; >= 0. */
void heat_bank_advance(struct heat_bank *b, const struct hvac_rates *r, const struct heating_air *a,
    double band_k, size_t begin, size_t end, const double *gain_w, double *outside_k);

#endif
