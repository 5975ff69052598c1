/* What the groups of matrix products share: matrices that several cases see, and rows dealt to
 * threads. */
#ifndef HEARTH_BENCH_KERNELS_GROUP_PRODUCTS_H
#define HEARTH_BENCH_KERNELS_GROUP_PRODUCTS_H

#include "bench/kernels/blas.h"
#include "bench/suite/suite.h"

/* Weights of a format, that cases see as matrices of whatever rows and columns. */
struct weights {
	struct matrix all;
	size_t users; /* product_weights_free counts down */
};

/* Random, in [-1, 1); at least `bytes`, in columns of cols. Sixteen rows are drawn, the others
 * repeat them. Has one user. */
struct weights *product_weights_new(enum format f, size_t cols, size_t bytes);
void product_weights_free(struct weights *w);

struct product_case {
	const struct kernels *kernels;
	struct blas *blas;     /* NULL: a quantised format, or one token */
	struct weights *weights;
	struct matrix w;       /* seen so */
	struct tokens x;
	float *y;              /* tokens x rows */
	int threads;
};

/* Takes a user of the weights. The activations are random and rounded. */
struct product_case *product_new(struct weights *weights, size_t rows, size_t cols, size_t tokens,
    int threads);
void product_free(void *ctx);

/* By rows, ROW_BLOCK after ROW_BLOCK. */
void product_gemv(void *ctx);
void product_gemm(void *ctx);

/* Of the first, a middle and the last block of rows, and of the first and the last token. */
double product_error(void *ctx);

/* Fills what all products have in common: shape, keys, threads, flops, bytes, functions. */
struct bench_case product_declared(struct product_case *p);

#endif
