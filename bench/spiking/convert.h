/* Spiking networks from perceptrons: rectified units become integrate-and-fire neurons whose
 * spikes, each of one unit of charge, stand for their output.
 *
 * A layer's weights are multiplied by the scale of the layer before and divided by its own, its
 * biases divided by its own, so that a neuron that fires in every step stands for an output of
 * `scale`: a high quantile of the layer's outputs on the samples that were learnt from
 * (Rueckauer et al. 2017, "Conversion of continuous-valued deep networks to efficient
 * event-driven networks for image classification", Frontiers in Neuroscience 11, 682, equation
 * 8 and section 2.2.2). A spike takes the threshold away (reset by subtraction, their equation
 * 4), and membranes begin at half of it, which halves the error of few steps (Bu et al. 2022,
 * "Optimal ANN-SNN conversion for high-accuracy and ultra-low-latency spiking neural
 * networks", ICLR, section 4).
 *
 * Inputs are rate-coded: an encoding neuron for each, driven by a constant current of that
 * many thresholds a step, so that all synapses carry spikes only. The last layer integrates and
 * never fires; the highest membrane is the answer.
 *
 * A spike arrives a step later, hence layer l begins in step l: an inference of T steps ends
 * after T + layers, and each neuron is updated T times. Networks on hardware are pipelined
 * alike, the next inference T steps after the last. */
#ifndef HEARTH_BENCH_SPIKING_CONVERT_H
#define HEARTH_BENCH_SPIKING_CONVERT_H

#include "bench/spiking/mlp.h"
#include "bench/spiking/snn.h"

struct conversion {
	double quantile;   /* of outputs, above 0 to 1: what is beyond fires in every step */
	double leak_steps; /* time constant of hidden membranes; INFINITY: none */
	enum synapse_format format; /* a list's, so that zero weights are no synapses */
};
extern const struct conversion conversion_usual; /* 0.999, no leak, csr-f32 */

enum { SPIKE_LAYERS_MAX = MLP_LAYERS_MAX + 1 }; /* with the inputs' */

/* Population k of the network is layer k, 0 the inputs. */
struct converted {
	struct snn *snn; /* on one thread */
	size_t layers;   /* of weights */
	struct graph graph[MLP_LAYERS_MAX];
};
struct converted convert(
    const struct mlp *m, const struct samples *learnt, const struct conversion *c);
void converted_free(struct converted *c);

/* One inference. Answers; the spikes of each neuron are in the banks, and snn->count has been
 * added to (its updates count all steps of all neurons, waiting ones too). */
size_t converted_run(struct converted *c, const double *input, size_t steps);

/* The same by the twins of all kernels, without count: membranes bit by bit. */
size_t converted_run_plain(struct converted *c, const double *input, size_t steps);

/* Means over samples, a sample's inference unless said. */
struct spiking_score {
	double accuracy;
	double rate[SPIKE_LAYERS_MAX]; /* spikes of a neuron and step, by layer; the last's is 0 */
	double spikes;
	double synaptic_ops; /* additions that delivery made */
	double updates;      /* of membranes: steps x neurons */
};
struct spiking_score converted_score(struct converted *c, const struct samples *s, size_t steps);

#endif
