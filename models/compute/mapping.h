/* A spiking network on neuromorphic chips: how many it takes, and what an inference costs.
 *
 * Layers are dealt over cores in their order. A layer's cores hold its neurons and the
 * weights of what these drive, evenly: max(neurons / neurons of a core, weights / memory of a
 * core), rounded up; no core serves two layers. (In silicon weights stand with the neurons
 * that they lead to, the next layer's: the totals are the same.) Cores fill chips, and chips
 * come in the row's multiple. A layer whose neurons drive more synapses than the chip lets
 * one neuron drive cannot be mapped, nor one that the row has no energy for.
 *
 * A spike is sent to every core with weights of its layer, no more than its fan-out: that many
 * messages, each with the mesh's mean number of hops; of a mixture's experts the chosen ones
 * get them. On more than one chip a spike meets those cores / cores of a chip borders of chips.
 *
 * All layers work at once, each on the step after the one of the layer before: an inference
 * takes T + layers - 1 steps and the next may begin T steps after it. A step lasts as long as
 * the busiest core needs: an even share of its layer, times the network's imbalance. (Gestures
 * on Loihi, 14.2 us a step in a simulation of each spike, so come out at 13.5 with an imbalance of
 * 1: bench/spike_peers.h.) Where full pipelines would draw more than max-power, steps become
 * longer.
 *
 * Attention that is kept spreads its synaptic operations evenly over all cores and sends no
 * messages of its own: both flatter it. */
#ifndef HEARTH_MODELS_COMPUTE_MAPPING_H
#define HEARTH_MODELS_COMPUTE_MAPPING_H

#include <stdbool.h>

#include "models/compute/chip.h"
#include "models/compute/spiking.h"

struct mapping {
	const struct chip_par *chip;
	double steps, depth;             /* T; layers, repeats counted */
	double cores, chips;             /* used; powered */
	double used_bytes, memory_bytes; /* by weights; of all chips */
	struct spike_counts token;       /* of an inference, without attention */
	struct spike_counts busiest; /* in a step, an even share of the layer with the longest */
	struct spike_energy token_energy; /* the same without static power */
	double token_j;                   /* its sum */
	double context_j;                 /* added for each token of context: layers that see all */
	double window_j, window;          /* and those that see no more than `window` */
	double core_s, noc_s;             /* of a step: the busiest core, the longest way */
	double context_s, window_s;       /* added to it for each token of context */
	double static_w;                  /* of all chips that are powered */
};

/* Maps the network on as few chips as hold it, or on `chips` where that is more than 0. False
 * with one sentence and its remedy in why (which may not be NULL) when it cannot be: *m is
 * then undefined. Both parameter structs must outlive the mapping. */
bool mapping_make(struct mapping *m, const struct chip_par *chip, const struct spiking_net *net,
    double chips, char *why, size_t why_size);

/* Of a time step when inferences have that context; 0 without attention. */
double mapping_step_s(const struct mapping *m, double context);

/* Energy of an inference beside static power. */
double mapping_token_j(const struct mapping *m, double context);

/* From the first spike in to the last one out, alone on the chips. */
double mapping_latency_s(const struct mapping *m, double context);

#endif
