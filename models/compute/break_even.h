/* Below how many spikes a spiking network takes less energy than the network it replaces.
 *
 * k counts spikes for each synapse and inference: T r, with T time steps and r spikes of a neuron
 * in one of them. A spike fetches a weight and adds it; the network without spikes multiplies once
 * for each synapse, and fetches a weight once for as many multiplications as it reuses it:
 *
 *     k* = ((1 - s) (e_mac + e_fetch / rho) - e_rest) / (e_ac + e_fetch)
 *
 * and spikes win where k < k*. With memory left out 45 nm give k* = 4.6 / 0.9 = 5.1 in 32 bits and
 * 0.23 / 0.03 = 7.7 in 8 (op_energy.h). A byte out of 8 KB makes that 1.16, and 0.20 once the other
 * network takes 64 inputs at a time: what is won by adding instead of multiplying is small, and
 * what is lost by fetching weights again and again is not. */
#ifndef HEARTH_MODELS_COMPUTE_BREAK_EVEN_H
#define HEARTH_MODELS_COMPUTE_BREAK_EVEN_H

#include "models/provenance.h"

/* For one synapse. */
struct break_even_costs {
	double mac_j;     /* e_mac */
	double ac_j;      /* e_ac: to add the weight of a spike; with fetch_j above 0 */
	double fetch_j;   /* e_fetch: a weight from memory, the same for both; 0: not counted */
	double reuse;     /* rho, at least 1: inputs of a batch, or positions of a convolution;
			     INFINITY where weights stay in the multipliers */
	double skip_frac; /* s: multiplications that the network without spikes passes over, for an
			     activation that is 0; in [0, 1) */
	double rest_j;    /* e_rest: what spikes take whatever their number (break_even_rest_j) */
};

double break_even_k(const struct break_even_costs *c); /* not above 0: spikes never win */

/* Against a processor that takes token_j for a token, active_params weights being multiplied in
 * it, at the batch at which it was measured; synop_j: a synaptic operation of the chip, with all
 * that grows with the spikes. Both must be counted at one boundary. */
double break_even_k_processor(double token_j, double active_params, double rest_j, double synop_j);

/* (N T e_upd + P_static t) / synapses: neuron_steps updates of update_j, and static_w for the
 * time_s of an inference. */
double break_even_rest_j(
    double neuron_steps, double update_j, double static_w, double time_s, double synapses);

/* What others published: spikes win below `low`, lose above `high`, and between them it depends
 * on the other network's hardware. */
struct break_even_line {
	const char *name;
	double low, high;          /* of k */
	double rate;               /* r, where that was published: k = T r; else NAN */
	int steps_low, steps_high; /* the T that it holds for; 0: any */
	enum verify verify;
	const char *source;
};

enum { BREAK_EVEN_LINES = 3 };
extern const struct break_even_line break_even_lines[BREAK_EVEN_LINES];

enum break_even_verdict {
	BREAK_EVEN_WINS,
	BREAK_EVEN_DEPENDS,
	BREAK_EVEN_LOSES,
	BREAK_EVEN_SILENT, /* the line is of other numbers of steps */
};

enum break_even_verdict break_even_judge(const struct break_even_line *l, double k, int steps);

/* "wins", "depends", "loses", "not said" */
const char *break_even_word(enum break_even_verdict v);

#endif
