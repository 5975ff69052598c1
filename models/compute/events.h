/* Iterations of a replica that computes events: spikes, one by one.
 *
 * A token of a spiking network takes T time steps in each of its D layers. All layers work at
 * once, each on the spikes that the one before sent in the step before (mapping.h), so that the
 * n tokens of an iteration, those of prompts and those of decoding requests, stream through
 * one after the other:
 *
 *     t = (T n + D - 1) t_step.
 *
 * There is no weight that a batch would share: every spike fetches its own. All that more
 * requests save is the D - 1 steps in which the pipeline fills, for a token cannot enter
 * before the one that it follows has left.
 *
 * Energy is affine in time and in events, with a term for the tokens before where attention is
 * kept, which also lengthens the step:
 *
 *     E = P_static t + n token_j + (tokens seen) context_j
 *
 * so that spans of iterations sum in closed form (meter.h): "flops" are synaptic operations,
 * "bytes" what the rest of the device does, in joules on a chip.
 *
 * A processor that delivers spikes by lists has the same form with T = D = 1 and the time of a
 * token for t_step. */
#ifndef HEARTH_MODELS_COMPUTE_EVENTS_H
#define HEARTH_MODELS_COMPUTE_EVENTS_H

#include "models/compute/run.h"

struct event_cost {
	double steps, depth;   /* T, D */
	double step_s;         /* t_step */
	double context_step_s; /* added to it for each token that a token sees, itself included */
	/* Of a token, and more for each token that it sees. */
	double token_ops, context_ops;   /* synaptic operations */
	double token_rest, context_rest; /* as the meter counts bytes */
};

/* An iteration of n > 0 tokens that see `context` tokens, all added up, and `grows` more in the
 * next one. Shared evenly by so many devices. */
struct run events_run(
    const struct event_cost *c, double tokens, double context, double grows, double devices);

#endif
