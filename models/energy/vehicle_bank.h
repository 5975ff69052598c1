/* The cars of a street, swept a step at a time (models/energy/vehicle.h).
 *
 * Most minutes of most cars change nothing: they are away, or charge at constant
 * power, or taper, which is one factor a step. Such a car costs a comparison with
 * the time at which that ends, two products and an addition. Where a request is heeded
 * and neither the taper, the reserve nor `ready` is near, it costs a few operations
 * more; the others are stepped one by one. All give the same energies but for
 * rounding. */
#ifndef HEARTH_MODELS_ENERGY_VEHICLE_BANK_H
#define HEARTH_MODELS_ENERGY_VEHICLE_BANK_H

#include "models/energy/vehicle.h"

struct vehicle_bank {
	size_t n;
	const struct vehicle_par *par;
	struct vehicle *car;
	struct vehicle_state *state; /* stored_j: as of since_s, see vehicle_bank_stored_j */
	double *ac_w;                /* mean at the wall over the last step */
	double now_s, dt_s;          /* local time at the end of the last step, and its length */
	double *until_s;             /* calm until before this local time */
	double *since_s;             /* from this on */
	double *cells_w;             /* into the cells meanwhile */
	double *gap_j;               /* tapering: what is missing to full, now */
	double *fade_frac;           /* tapering: the part of the gap that a step fills; else 0 */
};

/* Takes over `car` (n of them, from mem_new). local_s: where the first step begins. */
void vehicle_bank_init(struct vehicle_bank *b, const struct vehicle_par *par, struct vehicle *car,
    size_t n, double local_s);
void vehicle_bank_fini(struct vehicle_bank *b);

/* The step [local_s, local_s + dt_s) of all cars. request_w: each car's, see
 * vehicle_step; NULL when the policy does not listen. cap_w: each car's, see
 * vehicle_step_under; NULL: none. A car that is cut is stepped by itself. */
struct vehicle_flow vehicle_bank_step(struct vehicle_bank *b, double local_s,
    const double *request_w, const double *cap_w, double dt_s);

/* What a car's cells hold at the end of the last step. */
double vehicle_bank_stored_j(const struct vehicle_bank *b, size_t car);

#endif
