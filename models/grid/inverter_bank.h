/* Inverters that answer the same network, side by side, and how far apart its solutions may be.
 *
 * While any has more than INVERTER_REST_PU before it the voltages hold for inverter_resolve_s,
 * with which no curve hunts in a network as weak as its inverters are strong. Most networks
 * are stiffer: when no more than INVERTER_NEAR_PU is left, that time doubles every
 * INVERTER_CALM looks, up to INVERTER_STRIDE_MAX times, and halves when an inverter turns
 * round, as one does that overshoots. */
#ifndef HEARTH_MODELS_GRID_INVERTER_BANK_H
#define HEARTH_MODELS_GRID_INVERTER_BANK_H

#include <stddef.h>

#include "models/grid/inverter.h"

/* 1e-4 of an inverter's rating, or some 1e-5 of the voltage, is rest. */
#define INVERTER_REST_PU 1e-4
#define INVERTER_NEAR_PU 1e-2

enum { INVERTER_STRIDE_MAX = 8, INVERTER_CALM = 2 };

struct inverter_unit {
	struct inverter_par par;
	double available_w; /* the caller's to set before inverter_bank_act */
	double v_pu;        /* the caller's to set before inverter_bank_see; 0: dead */
	struct inverter_state state;
	struct inverter_power power; /* since the last inverter_bank_act */
	struct inverter_gap gap;     /* as last seen */
};

struct inverter_bank {
	struct inverter_unit *unit;
	size_t units;
	int stride; /* 1 to INVERTER_STRIDE_MAX */
	bool rests; /* as last seen */
	int calm;   /* looks since an inverter turned round or the stride grew */
	/* Since inverter_bank_init or _recount, of all. */
	double volt_watt_j; /* kept back by Volt-Watt */
	double clipped_j;   /* kept back for reactive power and rating */
};

/* Units without parameters: the caller's to fill in, then inverter_bank_act. */
void inverter_bank_init(struct inverter_bank *b, size_t units);
void inverter_bank_fini(struct inverter_bank *b);

/* For how long the voltages at the units hold, s; INFINITY: all are at rest. */
double inverter_bank_see(struct inverter_bank *b);

void inverter_bank_pass(struct inverter_bank *b, double dt_s);
void inverter_bank_act(struct inverter_bank *b); /* new powers */
void inverter_bank_recount(struct inverter_bank *b);

#endif
