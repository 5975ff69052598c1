/* A library with the functions of NVML that hearth calls, for a machine without GPU. What
 * it plays is in the environment variable FAKE_NVML. */
#include <stdlib.h>
#include <string.h>

struct nvml_device;
static int energy_calls;

static int plays(const char *what)
{
	const char *s = getenv("FAKE_NVML");
	return s && !strcmp(s, what);
}

int fake_nvml_energy_calls(void);
int nvmlInit_v2(void);
int nvmlShutdown(void);
int nvmlDeviceGetCount_v2(unsigned *count);
int nvmlDeviceGetHandleByIndex_v2(unsigned index, struct nvml_device **device);
int nvmlDeviceGetHandleByPciBusId_v2(const char *bus, struct nvml_device **device);
int nvmlDeviceGetName(struct nvml_device *device, char *name, unsigned size);
int nvmlDeviceGetTotalEnergyConsumption(struct nvml_device *device, unsigned long long *mj);
int nvmlDeviceGetPowerUsage(struct nvml_device *device, unsigned *mw);

int fake_nvml_energy_calls(void)
{
	return energy_calls;
}

int nvmlInit_v2(void)
{
	return plays("no driver") ? 9 : 0; /* NVML_ERROR_DRIVER_NOT_LOADED */
}

int nvmlShutdown(void)
{
	return 0;
}

int nvmlDeviceGetCount_v2(unsigned *count)
{
	*count = plays("no device") ? 0 : 2;
	return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, struct nvml_device **device)
{
	*device = (struct nvml_device *)(16 + (size_t)index);
	return 0;
}

int nvmlDeviceGetHandleByPciBusId_v2(const char *bus, struct nvml_device **device)
{
	*device = (struct nvml_device *)(size_t)17;
	return strcmp(bus, "00000000:3B:00.0") ? 6 : 0; /* NVML_ERROR_NOT_FOUND */
}

int nvmlDeviceGetName(struct nvml_device *device, char *name, unsigned size)
{
	strncpy(name, device == (struct nvml_device *)(size_t)16 ? "Fake A" : "Fake GH200 B", size);
	return 0;
}

int nvmlDeviceGetTotalEnergyConsumption(struct nvml_device *device, unsigned long long *mj)
{
	(void)device;
	if (plays("power only")) return 3; /* NVML_ERROR_NOT_SUPPORTED */
	if (plays("virtual") || plays("dead")) {
		*mj = 0;
		return 0;
	}
	*mj = 5000ull * ++energy_calls;
	return plays("lost") && energy_calls > 3 ? 15 : 0; /* NVML_ERROR_GPU_IS_LOST */
}

int nvmlDeviceGetPowerUsage(struct nvml_device *device, unsigned *mw)
{
	(void)device;
	*mw = plays("dead") ? 0 : 71500;
	return 0;
}
