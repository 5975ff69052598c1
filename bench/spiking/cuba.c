#include "bench/spiking/cuba.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Brette et al. 2007, appendix B, table of benchmark 2: the resting potential is above the
 * threshold, so that neurons fire without input. */
struct lif_par cuba_par(void)
{
	return (struct lif_par){
		.kind = LIF_EXP,
		.tau_m_s = 20e-3,
		.tau_s = { 5e-3, 10e-3 }, /* excitatory, inhibitory */
		.rest_v = -49e-3,
		.threshold_v = -50e-3,
		.reset_v = -60e-3,
		.refractory_steps = 50, /* 5 ms */
	};
}

struct cuba cuba_draw(size_t n, uint64_t seed)
{
	const struct lif_par par = cuba_par();
	struct pcg64 pairs = rng_stream(seed, 0, rng_entity("cuba/synapses"), RNG_NETWORK);
	struct pcg64 states = rng_stream(seed, 0, rng_entity("cuba/neurons"), RNG_NETWORK);
	struct cuba c = { .excitatory = n / 5 * 4 };
	assert(n % 5 == 0 && n >= 80);
	c.graph = graph_random(n, n, 80.0 / (double)n, &pairs);
	c.v = mem_new(n, sizeof *c.v);
	for (size_t i = 0; i < n; i++)
		c.v[i] = par.reset_v + pcg64_unit(&states) * (par.threshold_v - par.reset_v);
	return c;
}

void cuba_free(struct cuba *c)
{
	graph_free(&c->graph);
	free(c->v);
}

struct snn *cuba_network(const struct cuba *c, enum synapse_format format, int threads)
{
	const struct lif_par par = cuba_par();
	const size_t n = c->graph.sources, inhibitory = n - c->excitatory, parts = (size_t)threads;
	struct snn *s = snn_new(CUBA_DT_S, threads);
	const size_t all = snn_neurons(s, &par, n);
	memcpy(s->population[all].bank.v, c->v, n * sizeof *c->v);
	snn_connect(s, all, 0, all, 0,
	    synapses_new(&c->graph, 0, c->excitatory, format, CUBA_EXCITATORY_V, parts));
	snn_connect(s, all, c->excitatory, all, 1,
	    synapses_new(&c->graph, c->excitatory, inhibitory, format, CUBA_INHIBITORY_V, parts));
	return s;
}
