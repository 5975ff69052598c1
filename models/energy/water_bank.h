/* The water heaters of many homes: one node each (models/energy/water_heater.h), advanced
 * exactly by ticks of a minute; draws after models/energy/hot_water.h. */
#ifndef HEARTH_MODELS_ENERGY_WATER_BANK_H
#define HEARTH_MODELS_ENERGY_WATER_BANK_H

#include "models/energy/hot_water.h"
#include "models/energy/water_heater.h"

struct water_bank {
	size_t n;
	double *t_k;
	float *on;            /* 1 or 0 */
	float *power_w, *low_k, *high_k, *s_per_c; /* the band's ends; tick over heat capacity */
	struct hot_water_bank draws;
};

void water_bank_init(struct water_bank *b, size_t n, long day);
void water_bank_fini(struct water_bank *b);

/* Tank i begins at a temperature within its band, `at` 0 to 1 of it, with its element off. */
void water_bank_set(struct water_bank *b, size_t i, const struct water_heater_par *par,
    double volume_l, double power_w, double set_k, double at);

/* Power of elements begin <= i < end, into power_w. */
void water_bank_power(const struct water_bank *b, size_t begin, size_t end, double *power_w);

/* One tick for tanks begin <= i < end, arrays of end - begin: in room_k around each, out
 * what it loses to the room and what it takes out with the water, both in W, mean of the
 * tick. Elements draw what water_bank_power said before the call. */
void water_bank_advance(struct water_bank *b, const struct water_heater_par *par, size_t begin,
    size_t end, const double *room_k, double *loss_w, double *drawn_w);

#endif
