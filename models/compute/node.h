/* A node: accelerators, the model they serve and the engine that runs it. */
#ifndef HEARTH_MODELS_COMPUTE_NODE_H
#define HEARTH_MODELS_COMPUTE_NODE_H

#include <stdint.h>

#include "models/class.h"
#include "models/compute/device.h"
#include "models/compute/engine.h"
#include "models/compute/layer_table.h"
#include "models/compute/llm.h"
#include "models/compute/variant.h"

/* How a pipeline of P stages works through a batch of B requests.
 *   filled: as P micro-batches, one in each stage, as vLLM does; with fewer than P
 *           requests one in each micro-batch, and stages that wait.
 *   serial: one stage at a time, as llama.cpp splits layers over devices. */
enum pipeline { PIPELINE_FILLED, PIPELINE_SERIAL };
#define PIPELINE_WORDS "filled serial"

/* What a node does of a request. The words of attribute `role` are in this order. */
enum node_role {
	NODE_BOTH,    /* all of it */
	NODE_PREFILL, /* the prompt and the first token; then hands its KV cache over */
	NODE_DECODE,  /* the tokens after the first, from a cache that was handed over */
};
#define NODE_ROLE_WORDS "both prefill decode"

/* Which of a scenario's models a node serves, where small and large ones share the requests
 * (models/control/tiers.h). The words of attribute `tier` are in this order. */
enum node_tier {
	NODE_TIER_AUTO,  /* small where its model has the fewest parameters, large where the most */
	NODE_TIER_SMALL,
	NODE_TIER_LARGE,
};
#define NODE_TIER_WORDS "auto small large"

struct node_par {
	const char *name;
	int role;                 /* enum node_role; in a home: NODE_BOTH */
	int tier;                 /* enum node_tier */
	double share_frac;        /* of the homes that have one */
	const struct object *device, *model, *engine; /* NULL: node_spiking.h */
	const struct object *spiking, *chip; /* NULL: none */
	int64_t chips;            /* of a replica; 0: as few as hold the network */
	int64_t sequences;        /* requests whose state they hold */
	const struct object *variant;     /* NULL: the model as it is */
	const struct object *layer_table; /* NULL: times by the formulas */
	const struct object *draft_model; /* NULL: drafts cost nothing */
	int64_t draft_tokens;     /* that an iteration verifies for each request */
	double acceptance;        /* chance that a draft token is accepted; NAN: no drafts */
	int64_t count;            /* independent replicas of the model */
	int64_t tensor_parallel;  /* devices a layer is split over */
	int64_t pipeline_parallel; /* stages, of tensor_parallel devices each, for the layers */
	int pipeline;             /* enum pipeline */
	int weights, kv;          /* as written, where the variant says nothing: node_weights() */
	double host_idle_w, host_active_w; /* of a replica, outside its accelerators */
	/* The power supply draws psu_loss_w + what it gives / psu_frac: affine, so that the
	 * energy of a span stays exact while the devices' power varies in it. */
	double psu_frac, psu_loss_w;
	double clock_frac;        /* locked clock of each device over its highest */
	double cap_w;             /* power cap of each device; NAN: none */
	double unload_after_s;    /* idle time after which the model is unloaded; NAN: never */
	double cold_start_s, load_bytes_s; /* of a load: fixed time, rate of the weights */
	double load_w;            /* of each device while the model is loaded; NAN: idle_w */
};

extern const struct class node_class;

const struct device_par *node_device(const struct node_par *p); /* with a chip: none to ask for */
const struct llm_par *node_model(const struct node_par *p); /* NULL: a network that is no model */
const struct engine_par *node_engine(const struct node_par *p);

const struct llm_par *node_draft(const struct node_par *p); /* NULL: no tokens are guessed by one */

/* As its variant says, else as it does itself. */
enum weights node_weights(const struct node_par *p);
enum kv_values node_kv(const struct node_par *p);

/* Share of correct answers in the benchmark of its model; NAN where it is not known. */
double node_score(const struct node_par *p);

double node_weight_bytes(const struct node_par *p); /* on all devices of a replica */
const struct layer_table_par *node_layer_table(const struct node_par *p); /* NULL: none */
double node_kv_value_bytes(const struct node_par *p);
/* The matrix products of the node's weights, dense, by the engine's kernels, where span_bytes
 * of them are read over and over. */
struct roofline node_gemm(const struct node_par *p, double span_bytes);
int64_t node_devices(const struct node_par *p); /* of a replica, or its chips */
double node_idle_w(const struct node_par *p);   /* of one of them, with the model loaded */

/* Layers of the pipeline's longest stage. */
int64_t node_stage_layers(const struct node_par *p);

/* Of a replica: more can be no real machine's, and the prefix cache numbers its units. */
enum { NODE_KV_BLOCKS_MAX = 1000000000 };

/* Whole blocks of KV cache that fit beside the weights, the same on each of a
 * replica's devices; the longest stage decides. 0 or less when the weights alone
 * do not fit. */
int64_t node_kv_blocks(const struct node_par *p);

/* What a power supply draws in time_s while it gives given_j. */
static inline double node_inlet_j(double psu_frac, double psu_loss_w, double given_j, double time_s)
{
	return given_j / psu_frac + psu_loss_w * time_s;
}

#endif
