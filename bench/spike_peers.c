#include "bench/spike_peers.h"

#include <math.h>

/* example_snn.yaml on example_chip.yaml, a chip of no maker. Two input neurons, of which one
 * spikes in steps 1 and 3, drive two neurons beside which nothing happens on the busiest core:
 * 2 neurons x 100 steps. Its three spikes are messages within one tile; two of them meet two
 * synapses each, and the third, of an output neuron, one. Inputs cost nothing. */
#define EXAMPLE_CHIP                                                                               \
	{                                                                                          \
		.energies = CHIP_EVENTS, .static_w = NAN, .max_w = NAN, .access_j = 20e-12,        \
		.update_j = 10e-12, .fire_j = 40e-12, .synop_j = 20e-12, .message_j = 100e-12,     \
		.hop_j = NAN, .crossing_j = NAN, .access_s = 3e-9, .update_s = 1e-9,               \
		.fire_s = 30e-9, .synop_s = 3e-9, .message_out_s = 5e-9, .message_in_s = 0,        \
		.hop_s = NAN, .barrier_s = NAN, .tick_s = NAN, .memory_bytes = NAN, .cores = 8,    \
		.core_neurons = 100                                                                \
	}

/* snn/dvs.yaml on arch/loihi.yaml: gestures before an event camera, 18,678 neurons in layers of
 * 1024, 3600, 5408, 7744, 891 and 11, which are looked at in each of 100 steps. The last layer's
 * synapses are dense (35.5 pJ), the others' of convolutions (24.0 pJ). Spikes of the layer before
 * it were not printed; 4400 of them, 11 synapses each, give the printed energy to its last
 * digit. Hops neither: 739,399 of 3.6 pJ, mean of the two directions, do, 2.5 a message. The net
 * lies on tiles 0 to 11 and a core of tile 12, which has the inputs; how many spikes each core gets
 * in a step follows from the weights only, so that the busiest core is not known here. */
enum { DVS_SYNOPS = 4158831, DVS_DENSE = 4400 * 11 };
#define DVS_NEURONS (1024 + 3600 + 5408 + 7744 + 891 + 11)
#define LOIHI                                                                                      \
	{                                                                                          \
		.energies = CHIP_EVENTS, .static_w = NAN, .max_w = NAN, .access_j = 51.2e-12,      \
		.update_j = 21.6e-12, .fire_j = 69.3e-12,                                          \
		.synop_j =                                                                         \
		    (24.0e-12 * (DVS_SYNOPS - DVS_DENSE) + 35.5e-12 * DVS_DENSE) / DVS_SYNOPS,     \
		.message_j = 111e-12, .hop_j = 3.6e-12, .crossing_j = NAN, .access_s = 6e-9,       \
		.update_s = 3.7e-9, .fire_s = 30e-9, .synop_s = 3.1e-9, .message_out_s = 5.1e-9,   \
		.message_in_s = 16e-9, .hop_s = NAN, .barrier_s = 1.8e-6, .tick_s = NAN,           \
		.memory_bytes = NAN, .cores = 128, .core_neurons = 1024                            \
	}
#define DVS_RUN                                                                                    \
	{                                                                                          \
		.accesses = DVS_NEURONS * 100.0, .updates = 913154, .fires = 29181,                \
		.synops = DVS_SYNOPS, .messages = 295322, .received = 295322, .hops = 739399       \
	}
#define DVS_FITTED "spikes into the dense layer, hops"

/* What its two kinds of timing have in common. */
#define DVS \
	.name = "dvs", .arch = "loihi", .chip = LOIHI, .run = DVS_RUN, \
	.busiest = { .accesses = NAN }, .steps = 100, .cores = 49, .synapse_j = 100.3685e-6, \
	.soma_j = 117.3777e-6, .network_j = 35.44258e-6, .total_j = 253.1889e-6, \
	.fitted = DVS_FITTED

const struct spike_peer spike_peers[SPIKE_PEERS] = {
	{
	    .name = "example_snn",
	    .arch = "example_chip",
	    .timing = "detailed",
	    .chip = EXAMPLE_CHIP,
	    .run = { .accesses = 200,
		.updates = 200,
		.fires = 1,
		.synops = 5,
		.messages = 3,
		.received = 3 },
	    .busiest = { .accesses = 200,
		.updates = 200,
		.fires = 1,
		.synops = 5,
		.messages = 1,
		.received = 3 },
	    .steps = 100,
	    .cores = 2,
	    .synapse_j = 1e-10,
	    .soma_j = 6.04e-9,
	    .network_j = 3e-10,
	    .total_j = 6.44e-9,
	    .time_s = 8.44e-7,
	    .fitted = "energy of a spike",
	},
	{ DVS, .timing = "simple", .time_s = 1.417598e-3 },
	{ DVS, .timing = "detailed", .time_s = 1.588501e-3 },
};
