/* An accelerator: what OpenCL and CUDA have in common, as far as the bench uses it.
 *
 * Both run the same source, bench/gpu/kernels.cl, in groups of GPU_GROUP work-items. What
 * fails leaves its reason in `fault`, once: the first is the one to tell. Nothing here
 * needs more than the C library, for the bench also runs alone (bench/gpu/build.sh). */
#ifndef HEARTH_BENCH_GPU_GPU_H
#define HEARTH_BENCH_GPU_GPU_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { GPU_GROUP = 128, GPU_ARGS_MAX = 10, GPU_TEXT_SIZE = 96, GPU_FAULT_SIZE = 4096 };

/* As in kernels.cl, where their arguments are told. */
#define GPU_KERNEL_LIST(X) \
	X(read_sum) \
	X(copy_all) \
	X(gemv_f32) \
	X(gemv_f16) \
	X(gemv_q8) \
	X(gemv_q4) \
	X(attention_1) \
	X(attention_4) \
	X(attention_8) \
	X(attention_join)

enum gpu_kernel {
#define X(name) GPU_##name,
	GPU_KERNEL_LIST(X)
#undef X
	GPU_KERNELS
};

struct gpu_arg {
	size_t size;
	const void *value; /* of a buffer: where its handle is */
};

struct gpu_launch {
	enum gpu_kernel kernel;
	size_t groups;
	struct gpu_arg arg[GPU_ARGS_MAX];
	size_t args;
};

struct gpu;

struct gpu_ops {
	/* A buffer's handle, or NULL with a fault. */
	void *(*alloc)(struct gpu *g, size_t bytes);
	void (*release)(struct gpu *g, void *buffer); /* takes NULL */

	bool (*put)(struct gpu *g, void *buffer, size_t at, const void *from, size_t bytes);
	bool (*get)(struct gpu *g, void *to, void *buffer, size_t at, size_t bytes);

	/* Runs the n launches one after the other, all of that `times` times, and waits for
	 * the end. Returns seconds on the device's clock, from the begin of the first to the
	 * end of the last; NAN with a fault. */
	double (*run)(struct gpu *g, const struct gpu_launch *l, size_t n, int times);

	void (*close)(struct gpu *g);
};

struct gpu {
	const struct gpu_ops *ops;
	char name[GPU_TEXT_SIZE];    /* "NVIDIA H100 80GB HBM3" */
	char driver[GPU_TEXT_SIZE];  /* "CUDA runtime 13.0, driver 13.0" */
	double memory_bytes;         /* all that it has */
	double buffer_bytes;         /* the most in one buffer */
	double cache_bytes;          /* of its last level */
	int units;                   /* multiprocessors, compute units */
	bool processor;              /* it is one, and shares the machine's memory */
	char fault[GPU_FAULT_SIZE];  /* "" while all is well */
};

/* Keeps the first fault. */
void gpu_fault(struct gpu *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void gpu_close(struct gpu *g); /* takes NULL */

#ifdef __cplusplus
}
#endif

#endif
