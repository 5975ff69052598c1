/* <heating>: a house with its walls, windows, thermostat and heat pump, air conditioner or
 * electric heating (models/energy/etp.h, envelope.h, hvac.h). */
#ifndef HEARTH_MODELS_ENERGY_HEATING_H
#define HEARTH_MODELS_ENERGY_HEATING_H

#include "models/class.h"
#include "models/energy/envelope.h"
#include "models/energy/hvac.h"
#include "models/energy/sky.h"

enum heating_kind { HEATING_HEAT_PUMP, HEATING_RESISTANCE, HEATING_NONE };

struct heating_par {
	double share_frac;
	int kind;
	bool cooling;
	struct dist floor_m2, insulation, heat_k, cool_k;
	double band_k, heat_cop, cool_cop;
	double fan_frac, latent, humidity_frac;
	double hot_k, cold_k; /* design days */
	const char *curve;    /* file; NULL: the built-in curves */
};

extern const struct class heating_class;

/* One home's: constants of a run. */
struct heating_house {
	struct envelope envelope;
	double heat_w, cool_w; /* rated capacities; 0: none */
	double heat_k, cool_k;
};

/* level is rounded and held in range; cool_k is raised to heat_k + band where the draws
 * came closer. */
struct heating_house heating_house_make(const struct heating_par *p, const struct hvac_curve *c,
    double floor_m2, double level, double heat_k, double cool_k);

struct hvac_unit heating_unit(const struct heating_par *p);

/* What all houses meet in one tick. Windows look evenly to the four sides; their light is
 * that of the weather's file, or under the clouds that all sites share (sky_light). */
struct heating_air {
	double outdoor_k, window_w_m2; /* mean irradiance of upright planes */
};

/* s: after sky_step for that tick. */
struct heating_air heating_air_of(const struct sky *s);

/* Of the power of appliances, the part that stays in the house as heat: as in the houses
 * that GridLAB-D computed for the reference. Of a node all of it does. */
#define HEATING_APPLIANCE_FRAC 0.9

#endif
