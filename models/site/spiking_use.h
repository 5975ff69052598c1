/* What the nodes of one <node> element did together, for comparisons of kinds of nodes. */
#ifndef HEARTH_MODELS_SITE_SPIKING_USE_H
#define HEARTH_MODELS_SITE_SPIKING_USE_H

#include <stddef.h>

#include "models/site/pool.h"

struct spiking_use {
	const struct object *element;
	const struct node_par *node;
	bool home;
	double replicas, answered;
	double given;  /* answers: to those requests, and those thrown away */
	double tokens; /* computed: prompt tokens and generated ones, each once */
	double output_tokens;
	double operations;                 /* flops; by events: synaptic operations */
	double device_j, node_j;           /* in all */
	double busy_device_j, busy_node_j; /* while requests ran */
	double served, iterations;
};

/* One for each element, in order of the pool; *n of them, the caller frees. */
struct spiking_use *spiking_use_of(const struct pool *p, size_t *n);

#endif
