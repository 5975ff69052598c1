/* Multilayer perceptrons with rectified linear units: what spiking networks are converted
 * from, and what they are compared with. Trained by stochastic gradient descent with momentum
 * on the cross-entropy of a softmax (Goodfellow, Bengio and Courville 2016, "Deep learning",
 * sections 6.5 and 8.3.2).
 *
 * Doubles, each sum in one order: a seed gives the same weights, bit by bit, on every compiler
 * and vector width. A weight of exactly 0 is no connection, and training makes none of it. */
#ifndef HEARTH_BENCH_SPIKING_MLP_H
#define HEARTH_BENCH_SPIKING_MLP_H

#include "bench/spiking/digits.h"

enum { MLP_LAYERS_MAX = 4 };

struct mlp_layer {
	size_t in, out;
	double *weight; /* in x out: that of input i and unit o is weight[i * out + o] */
	double *bias;
};

struct mlp {
	size_t layers; /* of weights; all but the last are rectified */
	struct mlp_layer layer[MLP_LAYERS_MAX];
};

/* width[0] inputs, then the units of each layer. Weights are uniform with variance 2 / inputs
 * (He et al. 2015, "Delving deep into rectifiers", equation 10), biases 0. */
struct mlp *mlp_new(const size_t *width, size_t layers, uint64_t seed);
struct mlp *mlp_copy(const struct mlp *m);
void mlp_free(struct mlp *m); /* takes NULL */

/* What one sample makes of a network; both arrays by layer. */
struct mlp_pass {
	double *unit[MLP_LAYERS_MAX];  /* outputs; the last layer's are sums, not probabilities */
	double *error[MLP_LAYERS_MAX]; /* of the loss, by the sums of each layer */
};
struct mlp_pass *mlp_pass_new(const struct mlp *m);
void mlp_pass_free(const struct mlp *m, struct mlp_pass *p);

void mlp_forward(const struct mlp *m, const double *input, struct mlp_pass *p);

/* The largest; of equal ones the first. */
size_t mlp_answer(const double *unit, size_t n);

/* Share of the samples that are answered rightly. */
double mlp_accuracy(const struct mlp *m, const struct samples *s);

/* Cross-entropy of sample i, in nats; its gradient is added to g, a network of m's shape. */
double mlp_gradient(
    const struct mlp *m, const struct samples *s, size_t i, struct mlp_pass *p, struct mlp *g);

struct mlp_training {
	int epochs, batch;
	double rate, momentum; /* the rate falls to 0 in a straight line */
	uint64_t seed;         /* of the order of samples */
};
void mlp_train(struct mlp *m, const struct samples *s, const struct mlp_training *t);

/* Zeroes the given share of each layer's weights, the smallest (Han et al. 2015, "Learning both
 * weights and connections for efficient neural networks"); training again makes the rest do. */
void mlp_prune(struct mlp *m, double share);

double mlp_weights(const struct mlp *m);     /* zeros too, biases not */
double mlp_connections(const struct mlp *m); /* those that are not 0 */
double mlp_units(const struct mlp *m);       /* inputs not */

#endif
