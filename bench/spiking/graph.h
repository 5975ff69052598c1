/* Which neuron reaches which: connections row by row of their sources, in the plain form
 * that networks are built from and that results are checked with. */
#ifndef HEARTH_BENCH_SPIKING_GRAPH_H
#define HEARTH_BENCH_SPIKING_GRAPH_H

#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

struct graph {
	size_t sources, targets;
	size_t *row;   /* sources + 1: rows of 2, 0 and 3 synapses are stored as 0, 2, 2, 5 */
	uint32_t *to;  /* targets of a row, ascending and distinct */
	float *weight; /* NULL: 1 for all */
};

/* Each pair is connected with probability 0 < p <= 1, itself too; weights NULL. */
struct graph graph_random(size_t sources, size_t targets, double p, struct pcg64 *rng);

/* Gives each synapse a weight, uniform in [-1, 1). */
void graph_weigh(struct graph *g, struct pcg64 *rng);

void graph_free(struct graph *g);

static inline size_t graph_synapses(const struct graph *g)
{
	return g->row[g->sources];
}

static inline float graph_weight(const struct graph *g, size_t synapse)
{
	return g->weight ? g->weight[synapse] : 1;
}

#endif
