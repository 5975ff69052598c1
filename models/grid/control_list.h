/* What of a network is controlled, and where: devices, their settings, and the ties,
 * capacitors and loads that they move. Indices are of the network's arrays.
 *
 * The models are regulator.h, capacitor.h and inverter.h; controls.h lets them act. */
#ifndef HEARTH_MODELS_GRID_CONTROL_LIST_H
#define HEARTH_MODELS_GRID_CONTROL_LIST_H

#include <complex.h>
#include <stddef.h>
#include <stdint.h>

#include "models/grid/capacitor.h"
#include "models/grid/inverter.h"
#include "models/grid/network.h"
#include "models/grid/regulator.h"

enum { CONTROL_UNITS = 3 }; /* ties, capacitors or loads of one device, at most */

/* One relay, and the ties that it moves: several are a gang, of which the first is measured.
 * A wye unit is measured to earth, an open-delta one to the phase that passes through. */
struct regulator_at {
	char *name;
	struct regulator_par par;
	uint32_t units, tie[CONTROL_UNITS];
	int tap; /* at first */
};

/* The capacitors of one bus. By voltage, the mean magnitude across them by the nominal is
 * measured; by reactive power, what flows into the first side of element `line`. */
struct capacitor_at {
	char *name;
	struct capacitor_par par;
	uint32_t units, element[CONTROL_UNITS];
	double complex y_s[CONTROL_UNITS]; /* when closed */
	uint32_t line;                     /* NET_NONE: not by reactive power */
	bool closed;                       /* at first */
};

/* Its power is spread evenly over loads, whose mean voltage it answers. */
struct inverter_at {
	char *name;
	struct inverter_par par;
	uint32_t units, load[CONTROL_UNITS];
	double available_w; /* what its source could give */
};

struct control_list {
	struct regulator_at *regulator;
	struct capacitor_at *capacitor;
	struct inverter_at *inverter;
	size_t regulators, capacitors, inverters;
	size_t regulator_cap, capacitor_cap, inverter_cap;
};

/* Nominal voltage between two nodes, the second of which may be NET_GROUND; 0: dead. */
double control_nominal_v(const struct network *n, const uint32_t node[2]);

void control_list_free(struct control_list *l); /* takes NULL */

/* Take no constants: the name is copied. */
void control_list_regulator(struct control_list *l, const struct regulator_at *r);
void control_list_capacitor(struct control_list *l, const struct capacitor_at *c);
void control_list_inverter(struct control_list *l, const struct inverter_at *v);

#endif
