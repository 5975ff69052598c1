/* Products of f32, f16 and bf16 matrices with many tokens: the machine's BLAS where there is one.
 *
 * OpenBLAS (Wang, Zhang, Zhang, Yi 2013, "AUGEM") is opened when first asked for, so that the
 * program starts without it and runs where it is not installed. It is kept to one thread: callers
 * share rows among threads, as with every other kernel. Without it a plain blocked product of our
 * own does the work, and blas_name() says so. */
#ifndef HEARTH_BENCH_KERNELS_BLAS_H
#define HEARTH_BENCH_KERNELS_BLAS_H

#include "bench/kernels/kernels.h"

struct blas;

/* The file to look for, where nothing else is known to be better. */
#define BLAS_LIBRARY "libopenblas.so.0"

/* The library is opened now; call it before threads start. Never NULL. */
struct blas *blas_open(const char *library);
void blas_close(struct blas *b); /* takes NULL */

/* "OpenBLAS 0.3.21 ...", or "plain C (libopenblas.so.0: cannot open ...)". */
const char *blas_name(const struct blas *b);
int blas_is_library(const struct blas *b);

/* y[t * stride + r] for all tokens of x and rows [first, first + count) of a matrix that is not
 * quantised. Halves are widened to f32 some rows at a time. Any number of threads at once. */
void blas_gemm(const struct blas *b, float *y, size_t stride, const struct matrix *w, size_t first,
    size_t count, const struct tokens *x);

/* C = A B', row by row: C is m x n, A m x k, B n x k, lines lda, ldb, ldc apart. The library's own
 * routine as it is called by others. */
void blas_sgemm(const struct blas *b, float *c, size_t ldc, const float *a, size_t lda,
    const float *bt, size_t ldb, size_t m, size_t n, size_t k);

#endif
