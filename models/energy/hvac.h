/* Heat pumps, air conditioners and electric heating: what they can do and what they draw
 * at an outdoor temperature, when they run, and how large they are built.
 *
 * Outdoor temperature is common to all homes, so the curves are evaluated once a tick; a
 * home's power is its rated capacity times two factors.
 *
 * Built-in curves: those of GridLAB-D's house (file house_e.cpp of release 5.3), in degF,
 * 1 at the rating points of AHRI 210/240: 95 degF for cooling, 47 degF for heating. They
 * are of single-speed units; one for cold climates has other ones, given as points. */
#ifndef HEARTH_MODELS_ENERGY_HVAC_H
#define HEARTH_MODELS_ENERGY_HVAC_H

#include <math.h>
#include <stdbool.h>

#include "base/err.h"

/* Capacity and coefficient of performance over the rated ones. */
struct hvac_factors {
	double heat_capacity, heat_cop, cool_capacity, cool_cop;
};

/* The COP of heating is held above 80 degF, that of cooling below 40 degF, where the
 * polynomials leave what they were fitted to, and both capacities at least at 0. */
struct hvac_factors hvac_built_in(double outdoor_k);

enum { HVAC_POINTS_MAX = 32 };

/* Points of a unit of another make: straight lines between, held beyond the ends. */
struct hvac_curve {
	int n; /* 0: the built-in curves */
	double outdoor_k[HVAC_POINTS_MAX]; /* rising */
	struct hvac_factors at[HVAC_POINTS_MAX];
};

/* CSV with the columns outdoor_degc, heat_capacity, heat_cop, cool_capacity, cool_cop: the
 * factors at rising outdoor temperatures, 2 to 32 rows. False with entries in e. */
bool hvac_curve_read(const char *path, struct hvac_curve *c, struct err_list *e);

struct hvac_factors hvac_factors_at(const struct hvac_curve *c, double outdoor_k);

/* Part of the cooling that lowers the temperature; the rest takes water out of the air:
 * 1 / (1.1 + latent / (1 + exp(4 - 10 RH))), latent the design ratio of latent to sensible
 * load (0.3). GridLAB-D's house. */
double hvac_sensible_frac(double latent, double humidity_frac);

/* An element's units in one tick, per watt of rated capacity: heat into the air (cooling
 * is negative) and electric power. Index HVAC_OFF is all zero. */
enum hvac_mode { HVAC_OFF, HVAC_HEAT, HVAC_COOL, HVAC_MODES };

struct hvac_rates {
	double heat[HVAC_MODES], electric[HVAC_MODES];
};

struct hvac_unit {
	bool resistance;       /* heats by resistance: COP 1 whatever the weather */
	double heat_cop, cool_cop; /* rated */
	double sensible_frac;  /* of cooling */
	double fan_frac;       /* electric power of the fan over the rated capacity; all of it
	                          becomes heat in the air */
};

/* Never less heat than electricity: below a COP of 1 a unit heats by resistance. */
struct hvac_rates hvac_rates_at(const struct hvac_unit *u, const struct hvac_curve *c,
    double outdoor_k);

/* 1 from 0 on, else 0; without a branch, which would keep a loop from being vectors. */
static inline double hvac_reached(double x)
{
	return 0.5 + copysign(0.5, x);
}

/* Thermostat with a dead band around each set point: heats from heat_k - band_k / 2 up to
 * heat_k + band_k / 2, cools from cool_k + band_k / 2 down to cool_k - band_k / 2. Modes are
 * numbers here, 1 heating, -1 cooling, so that loops over homes stay plain. */
static inline double hvac_thermostat(double mode, double air_k, double heat_k, double cool_k,
    double half_band_k)
{
	double heating = hvac_reached(heat_k + half_band_k - air_k);
	double cooling = -hvac_reached(air_k - (cool_k - half_band_k));
	double begins = 1 - hvac_reached(air_k - (heat_k - half_band_k));
	double begins_cool = hvac_reached(cool_k + half_band_k - air_k) - 1;
	double heats = 0.5 * (mode * mode + mode), cools = 0.5 * (mode * mode - mode);
	double rests = 1 - mode * mode;
	return heats * heating + cools * cooling + rests * (begins + begins_cool);
}

/* What a house is dimensioned for. */
struct hvac_design {
	double hot_k, cold_k;     /* outdoors */
	double inside_hot_k, inside_cold_k;
	double gains_w, sun_w;    /* of people and devices, through windows */
};

/* 167.09 Btu/h times the floor area in ft2 to 0.442, and 195 Btu/h per ft2 of aperture, at 75
 * and 70 degF inside: GridLAB-D's house. */
struct hvac_design hvac_design_make(double floor_m2, double aperture_m2, double hot_k,
    double cold_k);

/* 1.3 (UA (hot - inside) + gains + sun), rounded up to 6000 Btu/h (1758 W, half a ton). */
double hvac_cooling_w(const struct hvac_design *d, double ua_w_k);

/* A heat pump is as large as cooling asks, or as the coldest day does (whose loss it then
 * just meets with capacity factor `factor` at cold_k), rounded as above; resistance meets 1.2
 * times the loss, rounded up to 1 kW (an assumption). */
double hvac_heat_pump_w(const struct hvac_design *d, double ua_w_k, double factor);
double hvac_resistance_w(const struct hvac_design *d, double ua_w_k);

#endif
