/* What acts on a feeder within its steps: the controls of its networks, and the voltage
 * functions of the inverters behind its customers' meters.
 *
 *     feeder_controls_begin(c, net_w, net_var, solar_w);
 *     for (double left_s = dt_s; left_s > 0;) {
 *             feeder_controls_solve(c);
 *             double part_s = fmin(feeder_controls_see(c), left_s);
 *             book what the feeder carries for part_s;
 *             feeder_controls_pass(c, part_s);
 *             left_s -= part_s;
 *     }
 *
 * A customer with an inverter draws its net power and what the inverter keeps back, less the
 * reactive power that it gives. What the meters would have read without counts as wanted, and
 * what is kept back as curtailed: in feeder->sums, and so in the ledger. So is what plants of
 * the networks could give. */
#ifndef HEARTH_MODELS_GRID_FEEDER_CONTROLS_H
#define HEARTH_MODELS_GRID_FEEDER_CONTROLS_H

#include "base/dataset.h"
#include "models/grid/controls.h"
#include "models/grid/feeder.h"

#define FEEDER_CONTROLS_REST_S 3600.0

struct feeder_controls {
	struct feeder *feeder;
	struct controls **network; /* [circuits]; NULL: nothing of it is controlled */
	struct inverter_bank roofs;
	uint32_t *customer;  /* [roofs.units] */
	const double *net_w; /* of this step: as the customers want them */
	const double *net_var;
	double *p_w, *q_var; /* [customers] as the last solve had them */
	double day_s;        /* at the first step */
	bool begun;
	double complex *dead_v; /* zeros, for what a tripped circuit's devices see */
};

/* rated_w: of each customer's inverter, 0 where there is none; which functions are on says
 * the feeder's par. day_s: time of day at the first step. NULL: nothing acts. The feeder must
 * outlive it, and be solved by nobody else. */
struct feeder_controls *feeder_controls_new(struct feeder *f, const double *rated_w, double day_s);
void feeder_controls_free(struct feeder_controls *c); /* takes NULL */

/* At the first call everything comes to rest, as far as FEEDER_CONTROLS_REST_S brings it, for
 * the first step's powers are taken to have been there for long; what is counted is counted
 * from there.
 *
 * Of each customer: power at the meter (> 0 is drawn), and what its inverter's modules could
 * give behind it. The arrays must stay until the step is over. */
void feeder_controls_begin(
    struct feeder_controls *c, const double *net_w, const double *net_var, const double *solar_w);

void feeder_controls_solve(struct feeder_controls *c);

/* For how long that solution holds; INFINITY: until the next step. */
double feeder_controls_see(struct feeder_controls *c);

/* Time passes, and what is due at its end acts. */
void feeder_controls_pass(struct feeder_controls *c, double dt_s);

/* Moves so far, and energy kept back. */
void feeder_controls_export(const struct feeder_controls *c, struct dataset *out);

#endif
