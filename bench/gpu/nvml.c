#include "bench/gpu/nvml.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

typedef struct nvml_device *device_handle;

enum { NOT_SUPPORTED = 3 }; /* NVML_ERROR_NOT_SUPPORTED */

/* All return 0 when they did what they say. */
#define CALL_LIST(X) \
	X(init, "nvmlInit_v2", (void)) \
	X(shutdown, "nvmlShutdown", (void)) \
	X(count, "nvmlDeviceGetCount_v2", (unsigned *)) \
	X(by_index, "nvmlDeviceGetHandleByIndex_v2", (unsigned, device_handle *)) \
	X(by_bus, "nvmlDeviceGetHandleByPciBusId_v2", (const char *, device_handle *)) \
	X(name, "nvmlDeviceGetName", (device_handle, char *, unsigned)) \
	X(energy, "nvmlDeviceGetTotalEnergyConsumption", (device_handle, unsigned long long *)) \
	X(power, "nvmlDeviceGetPowerUsage", (device_handle, unsigned *))

struct nvml {
	void *library;
#define X(member, symbol, args) int(*member) args;
	CALL_LIST(X)
#undef X
	device_handle device;
	bool started;
	char text[96];
};

__attribute__((format(printf, 3, 4))) static bool say(struct nvml_fault *f, const char *brief,
    const char *why, ...)
{
	va_list args;
	va_start(args, why);
	snprintf(f->brief, sizeof f->brief, "%s", brief);
	vsnprintf(f->why, sizeof f->why, why, args);
	va_end(args);
	return false;
}

/* ISO C has no conversion from an object's address to a function's; POSIX has. */
static void symbol_of(void *library, const char *symbol, void *function)
{
	void *address = dlsym(library, symbol);
	memcpy(function, &address, sizeof address);
}

static bool load(struct nvml *n, const char *library, struct nvml_fault *f)
{
	n->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (!n->library)
		return say(f, "no NVML",
		    "%s is not there: it comes with NVIDIA's driver, which this machine lacks",
		    library);
#define X(member, symbol, args) symbol_of(n->library, symbol, &n->member);
	CALL_LIST(X)
#undef X
	if (!n->init || !n->shutdown || !n->count || !n->by_index || !n->by_bus || !n->name)
		return say(f, "NVML too old",
		    "%s lacks functions of 2012: install a present driver", library);
	int code = n->init();
	n->started = !code;
	return n->started || say(f, "NVML without driver",
	    "nvmlInit says error %d: the kernel's part of NVIDIA's driver is not loaded; try "
	    "'nvidia-smi'", code);
}

static bool choose(struct nvml *n, const char *bus, unsigned index, struct nvml_fault *f)
{
	unsigned devices = 0;
	if (n->count(&devices) || !devices)
		return say(f, "no NVIDIA GPU", "NVML sees no device");
	if (bus)
		return !n->by_bus(bus, &n->device) ||
		    say(f, "no such GPU", "NVML knows no device at %s", bus);
	return (index < devices && !n->by_index(index, &n->device)) ||
	    say(f, "no such GPU", "NVML gives no device %u of %u", index, devices);
}

struct nvml *nvml_open(const char *library, const char *bus, unsigned index, struct nvml_fault *f)
{
	struct nvml *n = mem_new(1, sizeof *n);
	if (!load(n, library, f) || !choose(n, bus, index, f)) {
		nvml_close(n);
		return NULL;
	}
	if (n->name(n->device, n->text, sizeof n->text)) snprintf(n->text, sizeof n->text, "GPU");
	n->text[sizeof n->text - 1] = '\0';
	return n;
}

void nvml_close(struct nvml *n)
{
	if (!n) return;
	if (n->started) n->shutdown();
	if (n->library) dlclose(n->library);
	free(n);
}

const char *nvml_name(const struct nvml *n)
{
	return n->text;
}

int nvml_energy(struct nvml *n, uint64_t *mj)
{
	unsigned long long told;
	int code = n->energy ? n->energy(n->device, &told) : NOT_SUPPORTED;
	if (!code) *mj = told;
	return code;
}

int nvml_power(struct nvml *n, uint32_t *mw)
{
	unsigned told;
	int code = n->power ? n->power(n->device, &told) : NOT_SUPPORTED;
	if (!code) *mw = told;
	return code;
}
