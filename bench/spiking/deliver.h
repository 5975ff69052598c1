/* The loops that deliver spikes to one part of the targets, one for each format. */
#ifndef HEARTH_BENCH_SPIKING_DELIVER_H
#define HEARTH_BENCH_SPIKING_DELIVER_H

#include "bench/spiking/synapses.h"

enum {
	MATRIX_STEP = 64, /* rows of matrices are multiples of it */
	MATRIX_PAIR = 2   /* and dense ones have an even number of them */
};

struct spiked {
	const uint32_t *spike; /* ascending */
	size_t n, first;       /* how many, and which number source 0 has */
};

/* sum[0] is the part's first target. Lists return the synapses that they met. */
size_t deliver_f32(const struct synapse_part *p, double gain, const struct spiked *s, double *sum);
size_t deliver_i8(const struct synapse_part *p, double gain, const struct spiked *s, double *sum);
void deliver_rows(const struct synapse_part *p, double gain, const struct spiked *s, double *sum);
void deliver_dense(const struct synapse_part *p, double gain, const struct spiked *s, double *sum);

#endif
