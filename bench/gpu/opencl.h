/* Accelerators through OpenCL 1.2, which drivers of NVIDIA, AMD and Intel bring, and which
 * PoCL has for processors. The library is looked for when asked, never linked; a build
 * without CL/cl.h knows no device. */
#ifndef HEARTH_BENCH_GPU_OPENCL_H
#define HEARTH_BENCH_GPU_OPENCL_H

#include "bench/gpu/gpu.h"

extern const char opencl_kernels[]; /* the text of bench/gpu/kernels.cl */

/* Opens the first device whose name has `wanted` in it, whatever the case of letters; NULL:
 * the first GPU, else the first device. *said, which the caller frees, tells in a line what
 * there is and what was taken, or why nothing: then NULL is returned. When the source does
 * not compile, further lines have the compiler's words. */
struct gpu *opencl_open(const char *wanted, const char *source, char **said);

#endif
