/* Networks of spiking neurons, run step by step.
 *
 *     struct snn *s = snn_new(1e-4, threads);
 *     size_t in = snn_inputs(s, 784);
 *     size_t out = snn_neurons(s, &par, 10);
 *     snn_connect(s, in, 0, out, 0, synapses_new(&graph, 0, 784, SYNAPSES_I8, 1, threads));
 *     snn_feed(s, in, spiking, n); snn_run(s, 1); ... s->population[out].bank.spikes
 *
 * In each step all populations are updated and fire, then their projections deliver: a
 * spike reaches its targets in time for the next step. Results do not depend on the number
 * of threads, bit by bit. */
#ifndef HEARTH_BENCH_SPIKING_SNN_H
#define HEARTH_BENCH_SPIKING_SNN_H

#include <stdbool.h>

#include "bench/spiking/lif.h"
#include "bench/spiking/synapses.h"

/* What a network has done. Synaptic operations are counted as its formats do them, see
 * synapses_deliver: with lists, the effective accumulations of Yik et al. 2025 ("The
 * neurobench framework", Nature Communications 16, 1545). */
struct snn_count {
	uint64_t steps, updates, spikes, synaptic_ops; /* spikes: those of inputs too */
};

struct population {
	size_t n;
	bool input;            /* fires what it is fed; it has no bank */
	struct lif lif;
	struct lif_bank bank;
	uint32_t *fired, *fed; /* who fired in the last step, ascending; inputs: who will */
	size_t fired_count, fed_count;
};

struct projection {
	size_t from, to;  /* populations */
	size_t first;     /* neuron of `from` that is source 0 of the synapses */
	int receptor;     /* of `to` */
	struct synapses *synapses;
};

struct snn {
	double dt_s;
	int threads;
	struct population *population;
	struct projection *projection;
	size_t populations, populations_cap, projections, projections_cap;
	struct snn_count count;
	double now;       /* number of the step to come */
	size_t *segment;  /* work space: how many fired in each thread's neurons */
	uint64_t *ops;    /* work space: synaptic operations by thread */
};

struct snn *snn_new(double dt_s, int threads);
void snn_free(struct snn *s); /* takes NULL */

/* Both return the population's number. */
size_t snn_inputs(struct snn *s, size_t n);
size_t snn_neurons(struct snn *s, const struct lif_par *p, size_t n);

/* Takes the synapses over. Their sources are neurons first.. of `from`, their targets all of
 * `to`; make them with at least as many parts as there are threads. */
void snn_connect(struct snn *s, size_t from, size_t first, size_t to, int receptor,
    struct synapses *synapses);

/* The n inputs that fire in the next step, ascending; copied. */
void snn_feed(struct snn *s, size_t inputs, const uint32_t *neuron, size_t n);

void snn_run(struct snn *s, uint64_t steps);

/* All neurons at rest in step 0, nothing fed; biases and the count stay. */
void snn_clear(struct snn *s);

#endif
