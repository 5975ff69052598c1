/* What is measured of an accelerator: memory, products with one vector, decode attention.
 * Reading memory has the keys memory_bytes and cache_bytes, what the driver tells of both.
 *
 * Matrices and caches are sized to lie in the device's memory and not in its cache. Bytes
 * are compulsory ones: each operand once. */
#ifndef HEARTH_BENCH_GPU_WORK_H
#define HEARTH_BENCH_GPU_WORK_H

#include "bench/gpu/gpu.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { GPU_KEYS_MAX = 6, GPU_SHAPE_SIZE = 48 };

struct gpu_case {
	const char *kernel;          /* "gemv_q8" */
	char shape[GPU_SHAPE_SIZE];  /* for people */
	struct {
		const char *name;
		double value;
	} key[GPU_KEYS_MAX];
	size_t keys;
	double flops, bytes, items;  /* of a call; 0 items: none */
	const char *item;            /* what items are, or NULL */
	double error_max;

	void *ctx;                   /* given to these: */
	double (*run)(void *ctx, int times); /* s of all calls, device's clock; NAN with a fault */
	double (*error)(void *ctx);  /* of the last call, relative; INFINITY where there is none */
	void (*free)(void *ctx);
};

/* Whoever takes a case calls its free, and that before the device is closed. */
typedef void gpu_take(void *to, const struct gpu_case *c);

/* Gives all cases, quick: a third of them. False with a fault where something failed, as
 * when memory is short; the cases given before remain good. */
bool gpu_cases(struct gpu *g, bool quick, gpu_take *take, void *to);

/* Decode attention alone: head_dim 32, 64 or 128, group 1, 4 or 8; batch: requests, 0: as many
 * as lie in memory and not in the cache. */
bool gpu_attention(struct gpu *g, size_t head_dim, size_t group, size_t context, size_t batch,
    gpu_take *take, void *to);

/* Adds a key to a case that is being made. */
void gpu_case_key(struct gpu_case *c, const char *name, double value);

#ifdef __cplusplus
}
#endif

#endif
