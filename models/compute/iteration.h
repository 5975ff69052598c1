/* What an iteration of a replica takes, from its batch.
 *
 *     t = max(L t_host, sum of operations) + t_seq B
 *
 * The operations of a batch with m tokens in all: the matrix products of each
 * layer once over ALL tokens (decoding and prefilling ones share them), the rest
 * of the layer (a fixed time plus its bytes over the bandwidth), two ring
 * all-reduces a layer of 2 (n-1)/n m hidden 2 bytes when the replica is split,
 * decode attention, prefill attention, and the head on one row a request. Decode
 * attention takes its time at the mean context plus `skew` times the excess at
 * the longest (ragged batches wait for their longest row). A node's replicas
 * share one model; its tables are filled when it is made. */
#ifndef HEARTH_MODELS_COMPUTE_ITERATION_H
#define HEARTH_MODELS_COMPUTE_ITERATION_H

#include <stdint.h>

#include "models/compute/meter.h"
#include "models/compute/node.h"
#include "models/compute/run.h"

struct iteration_model {
	double host_s, sequence_s;
	double *layers_s;       /* by tokens, 0 to token_budget */
	double *head_s;         /* by requests, 0 to max_sequences */
	double *weight_bytes;   /* by tokens: weights read, head included */
	double token_flops, head_flops; /* matrix products of a token, a request's head */
	double decode_call_s;   /* fixed time of decode attention, all layers */
	double context_s, context_flops, context_bytes; /* of one token of context, all layers */
	double skew_frac;
	double layers;
	struct roofline prefill;
	const struct llm_par *llm;
	int64_t tensor_parallel;

	struct meter meter;     /* of one device */
	int64_t devices;
	double idle_w;          /* of one device */
	double host_idle_w, host_active_w, psu_frac;

	int64_t token_budget, max_sequences, block_tokens, kv_blocks;
};

/* p must have passed its class's check, and outlive the model. */
struct iteration_model *iteration_new(const struct node_par *p);
void iteration_free(struct iteration_model *m); /* takes NULL */

struct batch {
	int64_t decodes;
	double context_sum, context_max; /* of the decoding requests, the new token included */
	int64_t prefills, prefill_tokens;
	struct work prefill;             /* attention of one layer */
};

/* Adds `chunk` tokens of a prompt of which `before` are computed. */
void batch_prefill(struct batch *b, const struct iteration_model *m, double before, double chunk);

/* The run that begins with this batch. *longest: iterations for which its form
 * holds; 1 when the batch prefills, INT64_MAX when for ever. */
struct run iteration_run(const struct iteration_model *m, const struct batch *b, int64_t *longest);

#endif
