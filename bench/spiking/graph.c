#include "bench/spiking/graph.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Pairs passed over until the next that is connected: geometric, by inversion. */
static double gap(double log_unconnected, struct pcg64 *rng)
{
	return floor(log(pcg64_open(rng)) / log_unconnected);
}

struct graph graph_random(size_t sources, size_t targets, double p, struct pcg64 *rng)
{
	struct graph g = { .sources = sources, .targets = targets };
	const double log_unconnected = log1p(-p); /* -inf where p is 1: no gaps */
	size_t count = 0, cap = 0;
	assert(p > 0 && p <= 1 && targets > 0 && targets <= UINT32_MAX);
	g.row = mem_new(sources + 1, sizeof *g.row);
	double at = gap(log_unconnected, rng);
	for (size_t s = 0; s < sources; s++) {
		for (; at < (double)targets; at += 1 + gap(log_unconnected, rng)) {
			g.to = mem_grow(g.to, count, &cap, sizeof *g.to);
			g.to[count++] = (uint32_t)at;
		}
		at -= (double)targets;
		g.row[s + 1] = count;
	}
	return g;
}

void graph_weigh(struct graph *g, struct pcg64 *rng)
{
	const size_t n = graph_synapses(g);
	g->weight = mem_resize(g->weight, n, sizeof *g->weight);
	for (size_t i = 0; i < n; i++) g->weight[i] = (float)(2 * pcg64_unit(rng) - 1);
}

void graph_free(struct graph *g)
{
	free(g->row);
	free(g->to);
	free(g->weight);
	*g = (struct graph){ 0 };
}
