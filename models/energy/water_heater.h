/* An electric water heater with a tank.
 *
 * Full, the tank is one node: C dT/dt = P - UA (T - room) - w (T - inlet), w the heat
 * capacity of the water drawn per second. Solved exactly over a step of constant inputs.
 *
 * While water is drawn faster than the element heats, a tank has two zones, hot above and
 * inlet water below, and the border between them moves (Z. T. Taylor, K. Gowri and S.
 * Katipamula 2008, "GridLAB-D technical support document: residential end-use module",
 * PNNL-17694). With h the hot share of the height,
 *
 *     dh/dt = -flow / volume + (P + UA (room - inlet)) / (C (hot - inlet)) - (UA / C) h,
 *
 * which is linear too. (GridLAB-D 5.3 adds the last term; it is a loss and is subtracted here.)
 * Outgoing water stays hot until the column is used up. Fleets use the single node
 * (models/energy/water_bank.h), which cools from the first litre on; but people mix what comes
 * to what they want, and take more of it as it gets cooler (tank_mixed_w_k). */
#ifndef HEARTH_MODELS_ENERGY_WATER_HEATER_H
#define HEARTH_MODELS_ENERGY_WATER_HEATER_H

#include <stdbool.h>

#include "models/class.h"

struct water_heater_par {
	double share_frac;
	struct dist volume_l, power_w, set_k, litres; /* litres of hot water a day */
	double band_k;  /* of the thermostat, whole width */
	double ua_w_k;  /* tank to room */
	double inlet_k, room_k;
};

extern const struct class water_heater_class;

/* Water at some 50 degC: 988 kg/m3 (IAPWS R7-97) times 4182 J/(kg K). */
#define WATER_J_M3_K (988.0 * 4182.0)

struct tank {
	double volume_m3, c_j_k, ua_w_k, power_w, set_k, band_k;
};

struct tank_state {
	double hot_k;    /* of the hot column, or of all when the tank is full or cold */
	double hot_frac; /* its share of the height; 1: one node. Water below is at inlet_k */
};

struct tank_inputs {
	double flow_m3_s, inlet_k, room_k, element_w;
};

/* (x - 1 + exp(-x)) / x^2, which is 1/2 at 0: a series, so that loops over homes stay
 * plain. Off by less than x^8 / 10!: 2e-11 at 0.3, 7e-8 at 0.84. */
static inline double tank_second(double x)
{
	return 1.0 / 2 - x * (1.0 / 6 - x * (1.0 / 24 - x * (1.0 / 120 - x * (1.0 / 720 -
	    x * (1.0 / 5040 - x * (1.0 / 40320 - x * (1.0 / 362880)))))));
}

/* One node: the end and the mean of a step. s_per_c: its length over the heat capacity;
 * (UA + w) s_per_c should not exceed 1. */
struct tank_node {
	double end_k, mean_k;
};

static inline struct tank_node tank_node_after(double t_k, double s_per_c, double ua_w_k,
    double draw_w_k, double inlet_k, double room_k, double element_w)
{
	double x = (ua_w_k + draw_w_k) * s_per_c;
	double second = tank_second(x);
	double rise_k =
	    s_per_c * (element_w - ua_w_k * (t_k - room_k) - draw_w_k * (t_k - inlet_k));
	return (struct tank_node){ t_k + rise_k * (1 - x * second), t_k + rise_k * second };
}

/* Water is used at 40 degC, or as warm as it comes. */
#define WATER_MIXED_K 313.15

/* A draw that is w at the set point: what it takes of a single node at t_k, so that the same
 * warmth arrives as long as the tank is warmer than 40 degC. At most three times w. */
static inline double tank_mixed_w_k(double w_k, double set_k, double inlet_k, double t_k)
{
	double warm_k = t_k > WATER_MIXED_K ? t_k : WATER_MIXED_K;
	double more = (set_k - inlet_k) / (warm_k - inlet_k);
	return w_k * (more < 3 ? more : 3);
}

/* Moves the tank by dt_s, over any change between its regimes on the way. A draw from a
 * full tank that the element does not make up opens the second zone. */
void tank_step(const struct tank *p, struct tank_state *s, const struct tank_inputs *in, double dt_s);

/* Whether the element is to be on now: below the band or with cold water below, on; above the
 * band, off; within, as before. drawing: as tank_opens. */
bool tank_wants(const struct tank *p, const struct tank_state *s, bool on, bool drawing);

/* Whether this draw opens the second zone of a full tank even with the element on. */
bool tank_opens(const struct tank *p, const struct tank_state *s, const struct tank_inputs *in);

#endif
