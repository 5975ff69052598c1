/* CUBA: a balanced network of excitatory and inhibitory neurons with current-based synapses
 * (Vogels and Abbott 2005, Journal of Neuroscience 25(46), 10786-10795), with the constants
 * of benchmark 2 of Brette et al. 2007 (Journal of Computational Neuroscience 23(3),
 * 349-398) as Brian2's example CUBA has them. */
#ifndef HEARTH_BENCH_SPIKING_CUBA_H
#define HEARTH_BENCH_SPIKING_CUBA_H

#include "bench/spiking/snn.h"

#define CUBA_DT_S 1e-4

/* What is drawn: who reaches whom, each pair with probability 80 / n (0.02 at the published
 * 4000), and where the membranes begin, uniform between reset and threshold. The first
 * four in five are excitatory. */
struct cuba {
	struct graph graph;
	size_t excitatory;
	double *v;
};
struct cuba cuba_draw(size_t n, uint64_t seed); /* n a multiple of 5, at least 80 */
void cuba_free(struct cuba *c);

struct lif_par cuba_par(void);
#define CUBA_EXCITATORY_V (60 * 0.27 / 10 * 1e-3) /* V that a spike adds to a current */
#define CUBA_INHIBITORY_V (-20 * 4.5 / 10 * 1e-3)

/* Population 0 of a new network. The format is a list's. */
struct snn *cuba_network(const struct cuba *c, enum synapse_format format, int threads);

#endif
