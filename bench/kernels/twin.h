/* What the kernels should give, in double precision and plain loops.
 *
 * Products take the weights that the matrix holds, and for quantised formats the activations as
 * they were rounded: what is left between a kernel and its twin is the order of sums. */
#ifndef HEARTH_BENCH_KERNELS_TWIN_H
#define HEARTH_BENCH_KERNELS_TWIN_H

#include "bench/kernels/kernels.h"

double twin_sum(const double *a, size_t n);

/* y[r - first], for one token of x. */
void twin_product(double *y, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x, size_t token);

/* The rounding to 8 bits of one token, from f32. */
void twin_quantise(int8_t *q, float *scale, const float *x, size_t cols);

void twin_attention(double *out, const struct attention_call *c); /* tokens x group x head_dim */
void twin_softmax(double *y, const float *x, size_t n);
void twin_rmsnorm(double *y, const float *x, const float *gain, size_t n, double epsilon);
void twin_swiglu(double *y, const float *gate, const float *up, size_t n);

/* Largest difference over the largest of what it should be; infinite where `got` is no number. */
double twin_error(const float *got, const double *want, size_t n);

#endif
