/* The cases of an accelerator as cases of the suite. */
#ifndef HEARTH_BENCH_GPU_GROUP_H
#define HEARTH_BENCH_GPU_GROUP_H

#include "bench/gpu/gpu.h"
#include "bench/gpu/work.h"
#include "bench/suite/suite.h"

/* More cases of a device than gpu_cases() has: as that function. */
typedef bool gpu_more(struct gpu *g, bool quick, gpu_take *take, void *to);

/* Adds the device's cases, their kernels' names after `prefix`; `more` may be NULL. Takes
 * the device, which is closed when the last of its cases is freed. */
void gpu_add_cases(struct suite *s, struct gpu *g, const char *prefix, gpu_more *more);

/* PCI address of the device that the group cuda would measure; false when it would measure none. */
bool gpu_cuda_bus(const char *wanted, char *to, int size);

#endif
