/* The voltage functions of an inverter: IEEE Std 1547-2018, clauses 5.3.3 (voltage-reactive
 * power, Volt-VAR) and 5.4.2 (voltage-active power, Volt-Watt).
 *
 * Volt-VAR: reactive power injected, as a piecewise linear function of the voltage through
 * four points, flat outside. Volt-Watt: a limit of active power that falls from 1 to a least
 * one between two voltages. Both follow the voltage through a first-order lag. The
 * standard's open loop response time is that after which 90 % of the change are made, so
 *
 *     tau = response / ln 10.
 *
 * Where the two powers together are more than the rating, one of them gives way: the active
 * one unless watt_first (a distributed resource must be able to give its reactive power at
 * its full rating too: clause 5.2).
 *
 * Powers are per unit of the rating where the name says _pu, V/VN where it is a voltage;
 * injected powers are positive here. */
#ifndef HEARTH_MODELS_GRID_INVERTER_H
#define HEARTH_MODELS_GRID_INVERTER_H

#include <stdbool.h>

enum { INVERTER_VAR_POINTS = 4 };

struct inverter_par {
	double rated_va, rated_w;
	bool volt_var, volt_watt, watt_first;
	double var_v_pu[INVERTER_VAR_POINTS];   /* V1 to V4, not falling */
	double var_pu[INVERTER_VAR_POINTS];     /* Q1 to Q4 of rated_va, not rising */
	double watt_v_pu[2];                    /* V1, V2, rising: the limit is 1 at V1 ... */
	double watt_least_pu;                   /* ... and this at V2, of rated_w */
	double var_response_s, watt_response_s; /* open loop, to 90 % of the change */
};

/* Categories of normal operation, for the settings below. */
enum inverter_category { INVERTER_CATEGORY_A, INVERTER_CATEGORY_B };

/* Default settings: tables 8 and 10 (recalled, not re-read). Without either function until the
 * caller says so. The least active power is the lesser of 0.2 P_rated and P_min, which is 0 of a
 * photovoltaic inverter. */
struct inverter_par inverter_default(enum inverter_category c, double rated_va, double rated_w);

/* What the lags have reached. */
struct inverter_state {
	double var_pu;   /* of rated_va */
	double limit_pu; /* of rated_w */
};

/* Has seen no voltage that it would answer. */
void inverter_begin(struct inverter_state *s);

/* What the functions ask for at a voltage: their curves. 0 and 1 without the function. */
double inverter_var_pu(const struct inverter_par *p, double v_pu);
double inverter_limit_pu(const struct inverter_par *p, double v_pu);

/* An inverter whose source gives less than this part of rated_w has gone to sleep: it gives no
 * reactive power, nor must it (IEEE Std 1547-2018, clause 5.2). */
#define INVERTER_AWAKE_PU 0.05

/* dt_s with that voltage throughout: exact, so that it may be split as one likes. A voltage
 * of 0 is none: the functions rest. */
void inverter_pass(const struct inverter_par *p, struct inverter_state *s, double v_pu,
    double available_w, double dt_s);

struct inverter_power {
	double w, var;      /* injected */
	double curtailed_w; /* kept back by Volt-Watt */
	double clipped_w;   /* kept back for want of rating */
};

struct inverter_power inverter_power(
    const struct inverter_par *p, const struct inverter_state *s, double available_w);

/* What the voltage asks less what the lags have reached, pu of their ratings; of the active
 * one only what the available power feels. */
struct inverter_gap {
	double var_pu, watt_pu;
};

struct inverter_gap inverter_gap(
    const struct inverter_par *p, const struct inverter_state *s, double v_pu, double available_w);

/* A time for which the voltage may be held whatever network answers the inverter, s, if it
 * moves the voltage by at most 1 pu per pu of power, as one does whose short-circuit power at
 * the terminals is the rating of all inverters behind it. A lag of slope k then comes to rest
 * without overshoot, for it covers 1 / (1 + k) of the way: dt = tau ln(1 + 1 / k). INFINITY:
 * no function is on. */
double inverter_resolve_s(const struct inverter_par *p);

#endif
