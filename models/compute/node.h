/* A node: accelerators, the model they serve and the engine that runs it. */
#ifndef HEARTH_MODELS_COMPUTE_NODE_H
#define HEARTH_MODELS_COMPUTE_NODE_H

#include <stdint.h>

#include "models/class.h"
#include "models/compute/device.h"
#include "models/compute/engine.h"
#include "models/compute/llm.h"

struct node_par {
	const char *name;
	double share_frac;        /* of the homes that have one */
	const struct object *device, *model, *engine;
	int64_t count;            /* independent replicas of the model */
	int64_t tensor_parallel;  /* devices a replica is split over */
	int weights;              /* enum weights */
	double host_idle_w, host_active_w; /* of a replica, outside its accelerators */
	double psu_frac;          /* efficiency of the power supply */
};

extern const struct class node_class;

const struct device_par *node_device(const struct node_par *p);
const struct llm_par *node_model(const struct node_par *p);
const struct engine_par *node_engine(const struct node_par *p);

/* Whole blocks of KV cache that fit beside the weights, the same on each of a
 * replica's devices; 0 or less when the weights alone do not fit. */
int64_t node_kv_blocks(const struct node_par *p);

#endif
