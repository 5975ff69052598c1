/* Kernels of one table against their twins, on odd shapes. Each check gives the worst error that
 * it met, relative to the largest number of the result (bench/kernels/twin.h). */
#ifndef HEARTH_TESTS_KERNEL_CHECKS_H
#define HEARTH_TESTS_KERNEL_CHECKS_H

#include "bench/kernels/kernels.h"

double check_memory(const struct kernels *k);
double check_quantise(const struct kernels *k); /* steps; infinite: a scale is wrong */
double check_gemv(const struct kernels *k, enum format f);
double check_gemm(const struct kernels *k, enum format f);
double check_attention(const struct kernels *k);
double check_softmax(const struct kernels *k);
double check_rmsnorm(const struct kernels *k);
double check_swiglu(const struct kernels *k);

/* The error that check_gemv would give with one bit of the matrix other than the twin's. */
double check_corrupted(const struct kernels *k, enum format f);

#endif
