/* The base loads of many homes, swept a step at a time (models/energy/house.h).
 *
 * Each home keeps the changes of its power for the day in order of time; most
 * steps of most homes meet none of them and cost an addition. The fridge-freezers
 * have no changes: how long one ran in a step is a formula of the clock. */
#ifndef HEARTH_MODELS_ENERGY_HOUSE_BANK_H
#define HEARTH_MODELS_ENERGY_HOUSE_BANK_H

#include "models/energy/house.h"

/* A run begins or ends, so long after local midnight; its power in watts of the table. */
struct house_change {
	uint32_t at_s : 18, ends : 1, watt : 13;
};

/* What a change of a home needs, side by side. */
struct house_now {
	double standby_w, power_factor;
	size_t first;         /* where its changes begin */
	uint32_t done, count; /* changes that have happened, and of the day and its night */
	int32_t on_watt;      /* of the appliances that run, in watts of the table */
};

struct house_bank {
	size_t n;
	struct house *house;
	double *cold_w, *cold_phase; /* of each house */
	double *steady_w;      /* standby and the appliances that run */
	int32_t *next_s;       /* when the next change is due; INT32_MAX: none today */
	struct house_now *now; /* n + 1 of them: the last says where the changes end */
	struct house_change *change;
	uint32_t *due;         /* scratch: homes with a change in a step */
	struct house_run *run; /* scratch for one home's day */
	long day;              /* that the changes belong to */
};

/* Takes over `house` (n of them, from mem_new). local_s: seconds since 1970 of
 * the local clock at which the first step begins. */
void house_bank_init(struct house_bank *b, struct house *house, size_t n, double local_s);
void house_bank_fini(struct house_bank *b);

/* Mean power of each home over [local_s, local_s + dt_s) into load_w[]. Steps
 * must follow each other; dt_s at most a day. */
void house_bank_step(struct house_bank *b, double local_s, double dt_s, double *load_w);

#endif
