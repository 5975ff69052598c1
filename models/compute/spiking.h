/* A spiking network: its layers, and what one inference makes of events.
 *
 * An inference is one input through the network; of a language model one token. It takes T
 * time steps, in each of which a neuron makes r spikes:
 *     fires  = T sum_l r_l N_l              N neurons of layer l
 *     synops = T sum_l r_l N_l F_l (1 - s_l)   F fan-out of a neuron, s share of zero weights
 *     accesses = T sum_l N_l, updates = u accesses
 * k = T r, the spikes per synapse of an inference, is what decides whether spikes pay.
 *
 * method="conversion" is a network trained without spikes whose activations are sent as T
 * steps of spikes: T steps tell T + 1 levels, as ceil(log2(T + 1)) bits do (Yan et al. 2024,
 * arXiv 2409.08290). method="native" was trained with spikes or graded ones, usually with a
 * recurrent state and T = 1 for each token.
 *
 * With model= the layers are those of the language model (llm.h): before each product of n
 * outputs with k inputs stand k neurons, which fan out to n; the readout are as many neurons
 * as the vocabulary has tokens. So do conversions of language models send activations as
 * spikes (Pan et al. 2025, "SpikingBrain", arXiv 2509.05276). A mixture's experts are all kept
 * and the chosen ones are driven. The embedding look-up, norms and gates are left out. A
 * conversion keeps the model's attention: the spikes of queries and of weights meet the keys
 * and values of the whole context, which counts as synaptic operations too, half as many as
 * decode attention has flops, times k. A native network keeps a state instead; model= then
 * lends its products only.
 *
 * Accuracy. Conversions lose some at small T. A law for it is offered, off by default:
 *     accuracy = that of the model - gap-16 (16 / T)^gap-exponent
 * QCFS conversions (Bu et al. 2022, ICLR; recalled) fit gap-16 = 23.3 points, exponent 2.0
 * (VGG-16) and 15.0 points, 1.2 to 1.6 (ResNet-34) on ImageNet. None is known for language
 * models. */
#ifndef HEARTH_MODELS_COMPUTE_SPIKING_H
#define HEARTH_MODELS_COMPUTE_SPIKING_H

#include <stdint.h>

#include "models/class.h"
#include "models/compute/llm.h"
#include "models/compute/spikes.h"
#include "models/provenance.h"

enum spiking_method { SPIKING_CONVERSION, SPIKING_NATIVE };
#define SPIKING_METHOD_WORDS "conversion native"

struct spiking_par {
	const char *name, *source;
	int verify;
	int method;                 /* enum spiking_method */
	const struct object *model; /* <model>; NULL: <layer> children tell the network */
	int64_t steps;              /* T */
	double rate;                /* spikes of a neuron in a step */
	double sparsity_frac;       /* weights that are zero */
	double update_frac;         /* of the neurons looked at in a step, those that change */
	double imbalance;           /* work of the busiest core over an even share of its layer */
	int64_t weight_bits;
	double accuracy_frac;            /* measured at this T; NAN: not given */
	double gap16_frac, gap_exponent; /* NAN: no law */
};

/* Equal layers that follow each other. The last layer of a network drives nothing. */
struct spiking_layer_par {
	double neurons, fan_out;
	double rate, sparsity_frac; /* NAN: the network's */
	int64_t repeat;
};

extern const struct class spiking_class, spiking_layer_class;

enum { SPIKING_LAYERS_MAX = 64 };

struct spiking_layer {
	double neurons;
	double fan_out;     /* synapses of each, zero weights included */
	double awake_frac;  /* of the neurons, those that an inference looks at: chosen experts */
	double active_frac; /* of the fan-out, what an inference drives: on the way to them */
	double rate;        /* spikes of a neuron in a step */
	double sparsity_frac;
	double repeat; /* equal layers like this */
};

/* What the calculations need, copied out of the objects. */
struct spiking_net {
	struct spiking_layer layer[SPIKING_LAYERS_MAX];
	int count;
	double steps, weight_bits, update_frac, imbalance;
	/* Attention that is kept: synaptic operations of an inference for each token of its
	 * context, in layers that see all of it and in those with a window. */
	double context_synops, window_synops, window;
};

/* The object must have passed its class's check. */
struct spiking_net spiking_net_of(const struct object *o);

double spiking_neurons(const struct spiking_net *n);
double spiking_synapses(const struct spiking_net *n); /* weights that are not zero */
double spiking_depth(const struct spiking_net *n);    /* layers, repeats counted */

/* Memory for the weights that are not zero. Where they stand (indexes) is not counted: chips
 * have formats of their own for it. */
double spiking_weight_bytes(const struct spiking_net *n);
double spiking_layer_bytes(const struct spiking_net *n, const struct spiking_layer *l);

/* Of all copies of a layer together, in one inference: without messages, which the chip's
 * cores make (mapping.h). */
struct spike_counts spiking_layer_counts(
    const struct spiking_net *n, const struct spiking_layer *l);

/* Of an inference without its attention. */
struct spike_counts spiking_counts(const struct spiking_net *n);

/* Synaptic operations of the attention over that many tokens. */
double spiking_context_synops(const struct spiking_net *n, double context);

/* k: spikes for each synapse that is not zero and that an inference uses, without attention:
 * synaptic operations over multiply-adds of the network without spikes. */
double spiking_k(const struct spiking_net *n);

/* Of the network, when the model that it was made of has ann_frac (NAN: not known): what was
 * measured, else by its law, not below 0, else ann_frac. */
double spiking_accuracy_frac(const struct spiking_par *p, double ann_frac);

#endif
