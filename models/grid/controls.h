/* The controls of a network, in time.
 *
 *     for (double left_s = dt_s;;) {
 *             solve the network at present, v: voltages of its nodes
 *             double due_s = fmin(controls_see(c, v), left_s);
 *             controls_pass(c, due_s);
 *             if ((left_s -= due_s) <= 0) break;
 *             refill the engine as controls_act(c) says
 *     }
 *
 * Between two solves voltages are held. Regulators and capacitors act when their delays are
 * over: devices that are due at the same instant act together, on the same measurements.
 * Inverters move all the time, and come to rest as models/grid/inverter_bank.h has it.
 *
 * The network is changed in place: weights of ties, admittances of capacitors, powers of the
 * inverters' loads. Everything is in the order of the tables, so that a run is the same
 * wherever it is made. */
#ifndef HEARTH_MODELS_GRID_CONTROLS_H
#define HEARTH_MODELS_GRID_CONTROLS_H

#include "models/grid/control_list.h"
#include "models/grid/inverter_bank.h"
#include "models/grid/network.h"

/* What a device has done, by its index in the network's control list. */
struct regulator_seen {
	struct regulator_state state;
	double last_s; /* when it last moved, since controls_new; NAN: never */
};

struct capacitor_seen {
	struct capacitor_state state;
	double last_s;
};

/* Read by everyone; arrays as in network.controls. */
struct controls {
	struct network *network;
	const struct control_list *list;
	struct regulator_seen *regulator;
	struct capacitor_seen *capacitor;
	struct inverter_bank inverters;
	double now_s; /* since controls_new */
	double day_s; /* since midnight */
	bool rests;   /* as last seen, nothing but clocks is going to act */
	struct tie_currents *currents;
};

/* Devices as the tables have them, at day_s after midnight; capacitors are switched so at
 * once. NULL: nothing is controlled. The network must be one that can be solved, its nominal
 * voltages set, and outlive the controls, its places unchanged. */
struct controls *controls_new(struct network *n, double day_s);
void controls_free(struct controls *c); /* takes NULL */

/* The devices measure these voltages ([nodes], V) from now on. Returns for how long they may
 * be held: until something acts or inverters have moved, s; INFINITY: all are at rest. */
double controls_see(struct controls *c, const double complex *v);

/* Time passes with what was measured: at most what controls_see returned. */
void controls_pass(struct controls *c, double dt_s);

/* What has changed in the network, and with it what precedes it in this list. */
enum controls_change {
	CONTROLS_POWERS,      /* of loads */
	CONTROLS_WEIGHTS,     /* of ties: engines must be retapped */
	CONTROLS_ADMITTANCES, /* of shunts: engines must be refilled */
};

/* What is due acts. */
enum controls_change controls_act(struct controls *c);

/* Counts from here, at day_s after midnight: as if controls_new had found it so. */
void controls_recount(struct controls *c, double day_s);

#endif
