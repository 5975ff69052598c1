/* What an iteration of a replica takes, from its batch.
 *
 *     t = max(L t_host, sum of operations) + t_seq B
 *
 * The operations of a batch with m tokens in all: the matrix products of each
 * layer once over ALL tokens (decoding and prefilling ones share them), the rest
 * of the layer (a fixed time plus its bytes over the bandwidth), two ring
 * all-reduces a layer of 2 (n-1)/n m hidden 2 bytes when layers are split, decode
 * attention, prefill attention, and the head on one row a request. Decode
 * attention takes its time at the mean context plus `skew` times the excess at
 * the longest (ragged batches wait for their longest row). Layers with a window
 * take both at no more than the window: batches whose contexts lie on both sides
 * of it are overestimated a little, and a run ends where one of the two reaches it.
 *
 * Where the device has a cache with a bandwidth, a share of what an iteration reads is
 * found there: that of streamed.h for all its weights, keys and values together, which the
 * next iteration reads again. As contexts grow that share falls, and runs are cut short.
 *
 * With a pipeline of P stages (Huang et al. 2019, "GPipe"; Narayanan et al. 2019,
 * "PipeDream") an iteration gives every request of the batch one token:
 *   filled: k = min(P, B) micro-batches of B/k requests follow each other. With
 *           k = P the slowest stage sets the pace and t is P times its time (the
 *           last stage has the head beside its layers, of which it has the fewer
 *           where they cannot be dealt evenly); with k < P t is the way through
 *           all stages. Weights are read k times, prompts are shared evenly.
 *   serial: k = 1, the way through all stages.
 * Activations pass P - 1 times over the devices' link. A stage that waits draws
 * the power of a device that works at no utilisation, for its clocks stay up and
 * its receiving kernel spins; where power is given by phase, the idle power.
 *
 * Where the node names a layer table, its measured times stand for the operations
 * of a layer, the engine's layer-time and, as it has the sampler's, sequence-time;
 * all-reduces are added. A run of decoding ends where the mean or the longest
 * context passes a row of the table. Flops and bytes are counted as ever.
 *
 * With speculation (pace.h) a decoding request has 1 + g tokens in an iteration:
 * they share its matrix products, the head and the token budget, each attends to
 * the whole context, which is read once, and contexts grow by the mean. A draft
 * model adds g passes of its own over the decoding requests, the first of them over
 * the prompts too, at the same contexts.
 *
 * A spiking network is computed in one of two ways. By events, on a chip or with a
 * processor's lists of spikes: events.h. Dense, on any other device: its T time steps are
 * T passes of the model that it was converted from, one after the other, each of which
 * reads the weights once for the whole batch, adds them up where spikes are (an addition
 * counts as a flop, a product with 0 or 1 as well: sparsity saves a dense kernel nothing),
 * and reads and writes the membrane of every neuron, in fp32, once a token. The head and
 * attention are computed in every step, tokens are sampled after the last.
 *
 * A node's replicas share one model; its tables are filled when it is made. */
#ifndef HEARTH_MODELS_COMPUTE_ITERATION_H
#define HEARTH_MODELS_COMPUTE_ITERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "models/compute/early_exit.h"
#include "models/compute/events.h"
#include "models/compute/meter.h"
#include "models/compute/node.h"
#include "models/compute/pace.h"
#include "models/compute/products.h"
#include "models/compute/rest.h"
#include "models/compute/run.h"

struct iteration_model {
	double host_s, sequence_s;
	double *layers_s;         /* by tokens, 0 to token_budget: nothing in the cache */
	struct products products; /* of it, what the device's rates make: not the engine's constants */
	double cache_bytes;       /* that keep what an iteration reads for the next one; 0: none */
	double decode_call_s;   /* fixed time of decode attention, all layers */
	double decode_row_s;    /* added for each request, all layers */
	/* One token of context, in the layers that see all and in those with a window. */
	struct context_cost {
		double s, flops, bytes;
		double found_s; /* as s, keys and values found in the cache */
	} full, windowed;
	double window;          /* tokens; INFINITY: no layer has one */
	double skew_frac;
	double layers, windowed_layers;
	struct roofline prefill;
	const struct llm_par *llm;
	int64_t tensor_parallel;
	double kv_value_bytes;
	struct layer_table *table; /* NULL: none */
	struct early_exit *exit;   /* NULL: every token passes all layers */
	struct iteration_model *draft; /* NULL: drafts cost nothing, or there are none */

	int64_t stages;
	bool filled;
	double long_stage, last_stage; /* shares of the layers */
	double hop_s, hop_token_s;     /* from a stage to the next: fixed, and for each token */

	bool by_events;         /* what stands above does not matter, but: */
	struct event_cost event;
	double passes;          /* of a spiking network computed dense: T; else 0 */
	bool stateful;          /* a native network's neurons keep what attention would look at */
	double membrane_bytes, membrane_s; /* of the neurons of a token in one pass; else 0 */

	struct meter meter;     /* of one device */
	int64_t devices;
	double cap_w;           /* of one device, at first; INFINITY: none */
	struct rest rest;
	double host_idle_w, host_active_w, psu_frac, psu_loss_w;

	int64_t token_budget, max_sequences, block_tokens, kv_blocks;
	bool by_priority;       /* the queue; else first come, first served */
	bool prefill_first;     /* prompts in iterations of their own */
	bool admit_whole;       /* a prompt begins where all of it has room */
	bool ahead;             /* an iteration is planned while the one before runs */
	int64_t prefix_tokens;  /* of a unit of the prefix cache; 0: none */
	struct pace pace;
};

/* p must have passed its class's check, and outlive the model. */
struct iteration_model *iteration_new(const struct node_par *p);
void iteration_free(struct iteration_model *m); /* takes NULL */

/* Takes host-time, sequence-time, layer-time, collective-time and link-share anew from
 * the engine of p, which is otherwise the node that m was made of: one stage, without a
 * layer table or a draft model. For fits, which try these constants by the hundred. */
void iteration_put_engine(struct iteration_model *m, const struct node_par *p);

struct batch {
	int64_t decodes;
	double context_sum, context_max; /* of the decoding requests, the new token included */
	int64_t prefills, prefill_tokens;
	struct work prefill;             /* attention of one layer that sees all */
	struct work prefill_windowed;    /* of one with a window */
	struct work draft, draft_windowed; /* the same of the draft model */
	double chunk_s, before_sum;      /* with a table: what chunks take of one layer; tokens
	                                    before each of their tokens, added up; by events:
	                                    each token's own included */
};

/* Adds `chunk` tokens of a prompt of which `before` are computed. */
void batch_prefill(struct batch *b, const struct iteration_model *m, double before, double chunk);

/* The run that begins with this batch. *longest: iterations for which its form
 * holds; 1 when the batch prefills, INT64_MAX when for ever. */
struct run iteration_run(const struct iteration_model *m, const struct batch *b, int64_t *longest);

#endif
