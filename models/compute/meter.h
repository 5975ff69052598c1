/* Energy of runs of iterations: the power of power.h in closed form.
 *
 * The energy of an iteration of t seconds with F flops and Q bytes is
 *     min(P_max t, P0 t + byte_j Q + flop_j F^q t^(1-q)).
 * Time, flops and bytes are affine in the iteration's number, so that all terms
 * but the last sum as arithmetic series; a fractional power is summed by
 * Euler-Maclaurin with a Gauss-Legendre integral (relative error below 1e-12).
 * The forms phase and table hold one power through a run. */
#ifndef HEARTH_MODELS_COMPUTE_METER_H
#define HEARTH_MODELS_COMPUTE_METER_H

#include "models/compute/power.h"
#include "models/compute/run.h"

enum { RULE_POINTS_MAX = 10 };
struct rule {
	int points;
	double x[RULE_POINTS_MAX], w[RULE_POINTS_MAX]; /* on [-1, 1] */
};

struct meter {
	double base_w, byte_j, flop_j, exponent, max_w;
	struct rule few, many; /* Gauss-Legendre */
	double cap_floor_w, cap_exp;
	bool by_phase;
	struct levels level[PHASES];
};

/* flops_s and bytes_s: the peaks that utilisation refers to. */
struct meter meter_init(const struct power *p, double flops_s, double bytes_s);

/* The constant power of iterations that compute so many tokens, of them some of
 * prompts: for run.held_w. 0 where it follows utilisation. */
double meter_held_w(const struct meter *m, int64_t tokens, int64_t prefill_tokens);

/* Of form util. */
double meter_iteration_j(const struct meter *m, double time_s, double flops, double bytes);

/* Power of one accelerator before any cap but P_max: in the run's first iteration,
 * and a bound for its first n, n >= 1. */
double run_demand_w(const struct run *r, const struct meter *m);
double run_most_w(const struct run *r, const struct meter *m, int64_t n);

/* Energy of one accelerator in iterations [from, to). */
double run_energy_j(const struct run *r, const struct meter *m, int64_t from, int64_t to);

#endif
