/* Energy of an NVIDIA board, as its driver counts it (NVML, nvmlDeviceGetTotalEnergyConsumption,
 * from Volta on), for the bench that runs alone.
 *
 * The counter steps about ten times a second: windows begin and end at a step, and should
 * be 5 s long. A counter that does not step, as on virtual devices, is no meter. */
#ifndef HEARTH_BENCH_GPU_NVML_H
#define HEARTH_BENCH_GPU_NVML_H

#include <stddef.h>

struct nvml;

/* The board at that PCI address; NULL with the reason in `why`. */
struct nvml *nvml_open(const char *bus, char *why, size_t size);
void nvml_close(struct nvml *n); /* takes NULL */

/* Waits for the counter's next step: what it then has, J, NAN when it does not step within
 * 2 s; and *at_s, the time of the step on CLOCK_MONOTONIC. */
double nvml_step_j(struct nvml *n, double *at_s);

/* Its value now; NAN when it is not told. */
double nvml_now_j(struct nvml *n);

#endif
