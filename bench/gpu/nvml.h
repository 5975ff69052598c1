/* NVIDIA's management library, which comes with the driver: what a board has used.
 *
 * It is opened while running, with prototypes of our own after NVIDIA's reference ("NVML API
 * Reference Guide"), so that neither toolkit nor driver is needed to build. Needs nothing but
 * the C library, for the bench that runs alone (bench/gpu/build.sh) has it too.
 *
 * The counter of energy (mJ since the driver was loaded, from Volta on) goes in steps of about
 * 0.1 s; on virtual devices it is missing or always 0. */
#ifndef HEARTH_BENCH_GPU_NVML_H
#define HEARTH_BENCH_GPU_NVML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NVML_LIBRARY "libnvidia-ml.so.1"

struct nvml;

struct nvml_fault {
	char brief[48]; /* "no NVML" */
	char why[256];  /* what is missing, and what to do about it */
};

/* The board at that PCI address or, bus being NULL, of that number. NULL with a fault. */
struct nvml *nvml_open(const char *library, const char *bus, unsigned index, struct nvml_fault *f);
void nvml_close(struct nvml *n); /* takes NULL */

/* "NVIDIA H100 80GB HBM3", or "GPU" where that is not told. Lent until nvml_close. */
const char *nvml_name(const struct nvml *n);

/* Both give 0, or NVML's number of an error and leave the value alone. */
int nvml_energy(struct nvml *n, uint64_t *mj);
int nvml_power(struct nvml *n, uint32_t *mw);

#endif
