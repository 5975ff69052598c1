#include "bench/gpu/nvml.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

/* Declared here, for nvml.h is in no driver and not in every toolkit; 0 is success. */
typedef struct nvmlDevice_st *nvml_device;

struct nvml {
	void *lib;
	nvml_device device;
	int (*init)(void);
	int (*shutdown)(void);
	int (*by_bus)(const char *bus, nvml_device *device);
	int (*energy)(nvml_device device, unsigned long long *mj);
};

static const double patience_s = 2; /* twenty steps */

static int find(struct nvml *n)
{
	n->init = (int (*)(void))dlsym(n->lib, "nvmlInit_v2");
	n->shutdown = (int (*)(void))dlsym(n->lib, "nvmlShutdown");
	n->by_bus = (int (*)(const char *, nvml_device *))dlsym(n->lib,
	    "nvmlDeviceGetHandleByPciBusId_v2");
	n->energy = (int (*)(nvml_device, unsigned long long *))dlsym(n->lib,
	    "nvmlDeviceGetTotalEnergyConsumption");
	return n->init && n->shutdown && n->by_bus && n->energy;
}

static const char *start(struct nvml *n, const char *bus)
{
	double at_s;
	n->lib = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!n->lib) return "no libnvidia-ml.so.1 (it comes with the driver)";
	if (!find(n)) return "libnvidia-ml.so.1 is too old to count energy";
	if (n->init()) return "NVML does not start";
	if (n->by_bus(bus, &n->device)) return "NVML does not know the device";
	if (isnan(nvml_step_j(n, &at_s))) return "the board's counter of energy stands still";
	return NULL;
}

struct nvml *nvml_open(const char *bus, char *why, size_t size)
{
	struct nvml *n = mem_new(1, sizeof *n);
	const char *wrong = start(n, bus);
	snprintf(why, size, "%s", wrong ? wrong : "");
	if (!wrong) return n;
	nvml_close(n);
	return NULL;
}

void nvml_close(struct nvml *n)
{
	if (!n) return;
	if (n->device) n->shutdown();
	free(n); /* the library stays: others may have it open */
}

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double nvml_now_j(struct nvml *n)
{
	unsigned long long mj;
	return n->energy(n->device, &mj) ? NAN : 1e-3 * (double)mj;
}

double nvml_step_j(struct nvml *n, double *at_s)
{
	double first_j = nvml_now_j(n), begin_s = now_s(), j;
	do {
		j = nvml_now_j(n);
		*at_s = now_s();
	} while (j == first_j && *at_s - begin_s < patience_s);
	return j == first_j ? NAN : j; /* NAN where it is not told: it equals nothing */
}
