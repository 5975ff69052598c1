/* The network that hearth trains and converts: handwritten digits by a perceptron of
 * 64-64-64-10 units, and the same with fewer connections. */
#ifndef HEARTH_BENCH_SPIKING_CLASSIFIER_H
#define HEARTH_BENCH_SPIKING_CLASSIFIER_H

#include "bench/spiking/convert.h"

enum { CLASSIFIER_NETS = 4, CLASSIFIER_LAYERS = 3 };
extern const double classifier_zeros[CLASSIFIER_NETS]; /* shares of weights taken away: 0 first */

#define CLASSIFIER_WIDTHS "64-64-64-10"
extern const size_t classifier_width[CLASSIFIER_LAYERS + 1];

struct classifier {
	struct digits digits;
	struct mlp *net[CLASSIFIER_NETS]; /* the first is whole; NULL until classifier_prune */
};

/* Reads the digits and trains the whole network, a fifth of a second. False with entries in e,
 * and *c empty. */
bool classifier_learn(struct classifier *c, const char *path, struct err_list *e);

/* Makes net[i], i > 0: the whole one pruned, then trained for half as long once more. */
void classifier_prune(struct classifier *c, size_t i);

void classifier_free(struct classifier *c);

#endif
