/* Numbers for the kernels of bench/gpu/kernels.cl, in the layouts told there, and the
 * plain-C twins in double precision that their results are compared with.
 *
 * A few rows are drawn and then repeated through a buffer of any size: memory does not
 * know, and each row of a result still has its reference. */
#ifndef HEARTH_BENCH_GPU_DATA_H
#define HEARTH_BENCH_GPU_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "bench/gpu/gpu.h"

double half_value(uint16_t bits); /* of a finite half (IEEE 754 binary16) */

#define GPU_FORMAT_LIST(X) \
	X(GPU_F32, "f32", 4.0, GPU_gemv_f32) \
	X(GPU_F16, "f16", 2.0, GPU_gemv_f16) \
	X(GPU_Q8, "q8", 68.0 / 64, GPU_gemv_q8) \
	X(GPU_Q4, "q4", 18.0 / 32, GPU_gemv_q4)

enum gpu_format {
#define X(id, word, bytes, kernel) id,
	GPU_FORMAT_LIST(X)
#undef X
	GPU_FORMATS
};

/* Rows of weights between about -1 and 1. */
struct gpu_rows {
	enum gpu_format format;
	size_t rows, cols;
	size_t data_bytes;  /* of one row */
	size_t scale_bytes; /* of one row; 0: the format has none */
	void *data, *scale;
};

struct gpu_rows gpu_rows_new(enum gpu_format f, size_t rows, size_t cols, uint64_t seed);
void gpu_rows_free(struct gpu_rows *r);

/* A vector of activations, as numbers and in the 8-bit form of the quantised products. */
struct gpu_vector {
	size_t cols;
	float *f32;
	int8_t *q;
	float *scale; /* of 64 */
	int32_t *sum; /* of the q of 32 */
};

struct gpu_vector gpu_vector_new(size_t cols, uint64_t seed);
void gpu_vector_free(struct gpu_vector *v);

/* sum_c w[row][c] x[c], with the x that the format's kernel takes. */
double gpu_rows_times(const struct gpu_rows *r, size_t row, const struct gpu_vector *x);

/* Cached keys and values, and queries, of some pairs of a sequence and a key-value head. */
struct gpu_cache {
	size_t pairs, group, head_dim, context;
	float *query;           /* pair x group x head_dim */
	uint16_t *keys, *values; /* pair x context x head_dim */
};

struct gpu_cache gpu_cache_new(size_t pairs, size_t group, size_t head_dim, size_t context,
    uint64_t seed);
void gpu_cache_free(struct gpu_cache *c);

/* softmax(q k / sqrt(head_dim)) v of one query head of a pair: head_dim numbers. */
void gpu_cache_attend(const struct gpu_cache *c, size_t pair, size_t head, double *out);

/* Any 4-byte words, for the kernels that only move memory. */
uint32_t *gpu_words_new(size_t n, uint64_t seed);

#endif
