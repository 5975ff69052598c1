/* NVIDIA's accelerators through the CUDA runtime, which is linked statically: without a
 * driver a program with it runs, and knows no device. */
#ifndef HEARTH_BENCH_GPU_CUDA_H
#define HEARTH_BENCH_GPU_CUDA_H

#include "bench/gpu/gpu.h"
#include "bench/gpu/work.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As opencl_open(), with the kernels that were compiled in. */
struct gpu *cuda_open(const char *wanted, char **said);

/* PCI address of an opened device, "0000:17:00.0", by which other libraries know it. */
void cuda_bus(const struct gpu *g, char *to, int size);

/* Products of weights and many tokens, as prefill has them, by cuBLASLt in bf16, fp16 and
 * fp8 (E4M3, to bf16). The library is looked for when asked. False with a fault where it is
 * missing, or has no way to compute one of the formats on this device. */
bool cuda_products(struct gpu *g, bool quick, gpu_take *take, void *to);

#ifdef __cplusplus
}
#endif

#endif
