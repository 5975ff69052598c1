/* Perceptrons as one would run them: f32, dense, some samples at a time on one thread. */
#ifndef HEARTH_BENCH_SPIKING_ANN_H
#define HEARTH_BENCH_SPIKING_ANN_H

#include "bench/spiking/mlp.h"

enum { ANN_LANES = 8, ANN_BATCH = 4 }; /* floats of a vector; samples that share a weight's load */

struct ann_layer {
	size_t in, out, stride; /* stride: out in whole vectors */
	float *weight;          /* in x stride, as mlp_layer has them; zeros beyond out */
	float *bias;            /* stride */
};

struct ann {
	size_t layers, batch;
	struct ann_layer layer[MLP_LAYERS_MAX];
	float *unit[MLP_LAYERS_MAX]; /* batch x stride */
};

struct ann *ann_new(const struct mlp *m, size_t batch); /* batch: the most samples of a call */
void ann_free(struct ann *a);                           /* takes NULL */

/* Of n <= batch samples of layer[0].in floats each. Sample i's sums of the last layer begin at
 * i * stride of what is returned, which is the network's and holds until the next call. */
const float *ann_forward(struct ann *a, const float *input, size_t n);

/* Declared work of a sample; weights are met once a batch. */
double ann_flops(const struct ann *a);
double ann_bytes(const struct ann *a, size_t batch);

#endif
