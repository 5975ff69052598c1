/* NVIDIA GPUs, by the management library that comes with their driver. It is opened while
 * running, with prototypes of our own after NVIDIA's reference ("NVML API Reference Guide"),
 * so that neither toolkit nor driver is needed to build.
 *
 * The counter of energy (mJ since the driver was loaded, from Volta on) goes in steps of about
 * 0.1 s; where it is missing, or always 0 as on virtual GPUs, power is integrated, which some
 * boards sample only a quarter of the time (Yang, Adamek and Armour 2024, "Accurate and
 * convenient energy measurements for GPUs"). */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "bench/joules/source.h"

typedef struct nvml_device *device_handle;

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
#define X(member, symbol, args) int (*member) args;
	CALL_LIST(X)
#undef X
	device_handle device;
	bool counts, tells_power;
};

static void nvml_close(void *state)
{
	struct nvml *n = state;
	if (n->shutdown) n->shutdown();
	if (n->library) dlclose(n->library);
	free(n);
}

/* ISO C has no conversion from an object's address to a function's; POSIX has. */
static void symbol_of(void *library, const char *symbol, void *function)
{
	void *address = dlsym(library, symbol);
	memcpy(function, &address, sizeof address);
}

static bool load(struct nvml *n, const char *library, struct joules_skip *skip)
{
	n->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (!n->library)
		return joules_skip_say(skip, "no NVML",
		    "%s is not there: it comes with NVIDIA's driver, which this machine lacks", library);
#define X(member, symbol, args) symbol_of(n->library, symbol, &n->member);
	CALL_LIST(X)
#undef X
	int (*shutdown)(void) = n->shutdown;
	n->shutdown = NULL; /* until init has gone well */
	if (!n->init || !shutdown || !n->count || !n->by_index || !n->by_bus || !n->name)
		return joules_skip_say(skip, "NVML too old",
		    "%s lacks functions of 2012: install a present driver", library);
	int code = n->init();
	if (code)
		return joules_skip_say(skip, "NVML without driver",
		    "nvmlInit says error %d: the kernel's part of NVIDIA's driver is not loaded; try "
		    "'nvidia-smi'", code);
	n->shutdown = shutdown;
	return true;
}

/* The device at an address of PCI, or the one with the number in arg, or the first. */
static bool choose(struct nvml *n, const char *bus, const char *arg, struct joules_skip *skip)
{
	unsigned devices = 0;
	int64_t index = 0;
	if (arg && (!text_to_integer(arg, &index) || index < 0 || index > 4095))
		return joules_skip_say(skip, "no such GPU", "nvml:%s is not nvml:N with a number", arg);
	if (n->count(&devices) || !devices)
		return joules_skip_say(skip, "no NVIDIA GPU", "NVML sees no device");
	if (bus && !arg) {
		if (!n->by_bus(bus, &n->device)) return true;
		return joules_skip_say(skip, "no such GPU", "NVML knows no device at %s", bus);
	}
	if (index < devices && !n->by_index((unsigned)index, &n->device)) return true;
	return joules_skip_say(skip, "no such GPU", "NVML gives no device %d of %u", (int)index,
	    devices);
}

/* What it tells: a counter that is 0 after the driver has run for years of GPUs' idling is
 * none, and neither is a power of 0. */
static bool probe(struct nvml *n, struct joules_skip *skip)
{
	unsigned long long mj = 0;
	unsigned mw = 0;
	n->counts = n->energy && !n->energy(n->device, &mj) && mj > 0;
	n->tells_power = n->power && !n->power(n->device, &mw) && mw > 0;
	if (n->counts || n->tells_power) return true;
	return joules_skip_say(skip, "NVML tells no power",
	    "the device tells neither energy nor power, as virtual GPUs and parts of one (MIG): "
	    "measure on the host");
}

static bool nvml_open(struct joules_source *s, const struct joules_setup *setup,
    const char *arg, struct joules_skip *skip)
{
	struct nvml *n = s->state = mem_new(1, sizeof *n);
	char name[96] = "GPU";
	if (!load(n, setup->nvml, skip) || !choose(n, setup->gpu_bus, arg, skip) || !probe(n, skip)) {
		nvml_close(n);
		return false;
	}
	s->scope = ENERGY_GPU;
	s->step_s = n->counts ? 0.12 : 0;
	s->news_s = n->tells_power ? 0.05 : 0;
	s->window_s = 5; /* 2 % at 0.1 s a step, after which drift with temperature is more */
	n->name(n->device, name, sizeof name);
	name[sizeof name - 1] = '\0';
	struct joules_channel *c = joules_channel_add(s, name);
	c->counts = n->counts;
	c->unit_j = c->quantum_j = 1e-3;
	joules_text_add(s, name);
	if (strstr(name, "GH200") || strstr(name, "GB200"))
		joules_text_add(s, "its processor and memory included");
	return true;
}

static bool nvml_read(void *state, struct joules_value *value, char *why, size_t why_size)
{
	struct nvml *n = state;
	unsigned long long mj = 0;
	unsigned mw = 0;
	int code = n->counts ? n->energy(n->device, &mj) : 0;
	if (!code && n->tells_power) code = n->power(n->device, &mw);
	if (code) snprintf(why, why_size, "NVML says error %d", code);
	value->count = mj;
	if (n->tells_power) value->power_w = mw * 1e-3;
	return !code;
}

const struct joules_class joules_nvml = {
	.name = "nvml",
	.open = nvml_open,
	.close = nvml_close,
	.read = nvml_read,
};
