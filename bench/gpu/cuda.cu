/* See cuda.h. No exceptions and no C++ library: a C compiler can link this. */
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bench/gpu/cuda.h"
extern "C" {
#include "base/mem.h"
}

/* ---- the kernels, in CUDA's words ---- */

#define GPU_CUDA
#define KERNEL extern "C" __global__
#define GLOBAL
#define LOCAL
#define DEVICE static __device__ __forceinline__
#define SHARED __shared__
#define GROUP_ID ((size_t)blockIdx.x)
#define GROUPS ((size_t)gridDim.x)
#define LOCAL_ID ((int)threadIdx.x)
#define SYNC() __syncthreads()

struct eight {
	float v[8];
};

DEVICE float half_at(const half *p, size_t i)
{
	return __half2float(p[i]);
}

DEVICE struct eight eight_at(const half *p, size_t i)
{
	struct eight e;
	uint4 bits = reinterpret_cast<const uint4 *>(p)[i];
	const __half2 *pair = reinterpret_cast<const __half2 *>(&bits);
#pragma unroll
	for (int k = 0; k < 4; k++) {
		float2 f = __half22float2(pair[k]);
		e.v[2 * k] = f.x;
		e.v[2 * k + 1] = f.y;
	}
	return e;
}

DEVICE int dot4(uint a, uint b, int c)
{
	return __dp4a((int)a, (int)b, c);
}

DEVICE float slice_sum(float *part, float sum)
{
	(void)part; /* registers are enough */
	for (int step = 16; step; step /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, step);
	return sum;
}

#include "bench/gpu/kernels.cl"

/* ---- an opened device ---- */

struct cuda {
	struct gpu gpu;
	int index;
	cudaEvent_t begin, end;
};

static bool good(struct gpu *g, cudaError_t status, const char *doing)
{
	if (status != cudaSuccess) gpu_fault(g, "%s: %s", doing, cudaGetErrorString(status));
	return status == cudaSuccess;
}

static void *alloc_buffer(struct gpu *g, size_t bytes)
{
	void *p = NULL;
	return good(g, cudaMalloc(&p, bytes), "cudaMalloc") ? p : NULL;
}

static void release_buffer(struct gpu *, void *buffer)
{
	cudaFree(buffer);
}

static bool put(struct gpu *g, void *buffer, size_t at, const void *from, size_t bytes)
{
	return good(g, cudaMemcpy((char *)buffer + at, from, bytes, cudaMemcpyHostToDevice),
	    "cudaMemcpy");
}

static bool get(struct gpu *g, void *to, void *buffer, size_t at, size_t bytes)
{
	return good(g, cudaMemcpy(to, (char *)buffer + at, bytes, cudaMemcpyDeviceToHost),
	    "cudaMemcpy");
}

static bool launch(struct gpu *g, const struct gpu_launch *l)
{
	static const void *const kernels[] = {
#define X(name) (const void *)name,
		GPU_KERNEL_LIST(X)
#undef X
	};
	void *arg[GPU_ARGS_MAX];
	for (size_t i = 0; i < l->args; i++) arg[i] = (void *)l->arg[i].value;
	return good(g, cudaLaunchKernel(kernels[l->kernel], dim3((unsigned)l->groups),
	    dim3(GPU_GROUP), arg, 0, 0), "cudaLaunchKernel");
}

static double run(struct gpu *g, const struct gpu_launch *l, size_t n, int times)
{
	struct cuda *c = (struct cuda *)g;
	float ms = 0;
	bool going = good(g, cudaEventRecord(c->begin, 0), "cudaEventRecord");
	for (size_t i = 0; going && i < n * (size_t)times; i++) going = launch(g, &l[i % n]);
	going = going && good(g, cudaEventRecord(c->end, 0), "cudaEventRecord") &&
	    good(g, cudaEventSynchronize(c->end), "running the kernels") &&
	    good(g, cudaEventElapsedTime(&ms, c->begin, c->end), "cudaEventElapsedTime");
	return going ? 1e-3 * ms : NAN;
}

static void close_device(struct gpu *g)
{
	struct cuda *c = (struct cuda *)g;
	if (c->begin) cudaEventDestroy(c->begin);
	if (c->end) cudaEventDestroy(c->end);
	free(c);
}

static const struct gpu_ops ops = { alloc_buffer, release_buffer, put, get, run, close_device };

/* ---- opening ---- */

static void describe(struct cuda *c, const struct cudaDeviceProp *p)
{
	int runtime = 0, driver = 0;
	cudaRuntimeGetVersion(&runtime);
	cudaDriverGetVersion(&driver);
	snprintf(c->gpu.name, sizeof c->gpu.name, "%.80s", p->name);
	snprintf(c->gpu.driver, sizeof c->gpu.driver, "CUDA %d.%d, driver %d.%d, sm_%d%d",
	    runtime / 1000, runtime % 1000 / 10, driver / 1000, driver % 1000 / 10, p->major, p->minor);
	c->gpu.memory_bytes = (double)p->totalGlobalMem;
	c->gpu.buffer_bytes = (double)p->totalGlobalMem;
	c->gpu.cache_bytes = p->l2CacheSize;
	c->gpu.units = p->multiProcessorCount;
}

static struct gpu *open_index(int index, const struct cudaDeviceProp *p, char **said)
{
	struct cuda *c = (struct cuda *)mem_new(1, sizeof *c);
	c->gpu.ops = &ops;
	c->index = index;
	describe(c, p);
	if (good(&c->gpu, cudaSetDevice(index), "cudaSetDevice") &&
	    good(&c->gpu, cudaEventCreate(&c->begin), "cudaEventCreate") &&
	    good(&c->gpu, cudaEventCreate(&c->end), "cudaEventCreate")) {
		*said = mem_print("measuring %s (%s)", c->gpu.name, c->gpu.driver);
		return &c->gpu;
	}
	*said = mem_print("%s: %s", c->gpu.name, c->gpu.fault);
	close_device(&c->gpu);
	return NULL;
}

static bool has_word(const char *name, const char *wanted)
{
	size_t n = strlen(wanted);
	for (; *name; name++)
		if (!strncasecmp(name, wanted, n)) return true;
	return false;
}

struct gpu *cuda_open(const char *wanted, char **said)
{
	int devices = 0;
	cudaError_t status = cudaGetDeviceCount(&devices);
	if (status != cudaSuccess || !devices) {
		*said = mem_print("no device of CUDA (%s)",
		    status != cudaSuccess ? cudaGetErrorString(status) : "the driver knows of none");
		return NULL;
	}
	for (int i = 0; i < devices; i++) {
		struct cudaDeviceProp p;
		if (cudaGetDeviceProperties(&p, i) != cudaSuccess) continue;
		if (!wanted || has_word(p.name, wanted)) return open_index(i, &p, said);
	}
	*said = mem_print("no device named '%s' among %d (nvidia-smi -L lists them)",
	    wanted ? wanted : "", devices);
	return NULL;
}

void cuda_bus(const struct gpu *g, char *to, int size)
{
	*to = '\0';
	cudaDeviceGetPCIBusId(to, size, ((const struct cuda *)g)->index);
}
