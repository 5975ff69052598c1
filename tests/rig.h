/* Nodes for the tests of models/compute, without a scenario file. */
#ifndef HEARTH_TESTS_RIG_H
#define HEARTH_TESTS_RIG_H

#include "models/compute/node.h"

struct rig {
	struct device_par device;
	struct llm_par model;
	struct engine_par engine;
	struct object objects[3];
	struct node_par node; /* refers to the above: do not copy a rig */
};

/* Llama 2 70B in fp16 on four H100 with a vLLM-class engine; figures as in data/. */
void rig_cloud(struct rig *r);

/* Llama 3.1 8B in fp16 on one RTX 4090. */
void rig_home(struct rig *r);

/* One layer of width 16 at 1 MFLOP/s, where only flops take time: a token of the
 * layer 3584 flops, of the head 512, of attention 64 for each token of context;
 * power 100 W at rest, 130 + 5 W with the arithmetic always busy. */
void rig_toy(struct rig *r);

#endif
