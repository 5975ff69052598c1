/* NVIDIA GPUs, by the management library that comes with their driver (bench/gpu/nvml.h).
 *
 * Where the counter of energy is missing, or always 0 as on virtual GPUs, power is integrated,
 * which some boards sample only a quarter of the time (Yang, Adamek and Armour 2024, "Accurate
 * and convenient energy measurements for GPUs"). */
#include "bench/gpu/nvml.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "bench/joules/source.h"

struct board {
	struct nvml *nvml;
	bool counts, tells_power;
};

static void board_close(void *state)
{
	struct board *b = state;
	nvml_close(b->nvml);
	free(b);
}

/* The device with the number in arg, or at the address of PCI in use, or the first. */
static bool choose(struct board *b, const struct joules_setup *setup, const char *arg,
    struct joules_skip *skip)
{
	int64_t index = 0;
	struct nvml_fault f;
	if (arg && (!text_to_integer(arg, &index) || index < 0 || index > 4095))
		return joules_skip_say(skip, "no such GPU", "nvml:%s is not nvml:N with a number", arg);
	b->nvml = nvml_open(setup->nvml, arg ? NULL : setup->gpu_bus, (unsigned)index, &f);
	return b->nvml || joules_skip_say(skip, f.brief, "%s", f.why);
}

/* What it tells: a counter that is 0 after the driver has run for years of GPUs' idling is
 * none, and neither is a power of 0. */
static bool probe(struct board *b, struct joules_skip *skip)
{
	uint64_t mj = 0;
	uint32_t mw = 0;
	b->counts = !nvml_energy(b->nvml, &mj) && mj > 0;
	b->tells_power = !nvml_power(b->nvml, &mw) && mw > 0;
	if (b->counts || b->tells_power) return true;
	return joules_skip_say(skip, "NVML tells no power",
	    "the device tells neither energy nor power, as virtual GPUs and parts of one (MIG): "
	    "measure on the host");
}

static bool board_open(struct joules_source *s, const struct joules_setup *setup,
    const char *arg, struct joules_skip *skip)
{
	struct board *b = s->state = mem_new(1, sizeof *b);
	if (!choose(b, setup, arg, skip) || !probe(b, skip)) {
		board_close(b);
		return false;
	}
	const char *name = nvml_name(b->nvml);
	s->scope = ENERGY_GPU;
	s->step_s = b->counts ? 0.12 : 0;
	s->news_s = b->tells_power ? 0.05 : 0;
	s->window_s = 5; /* 2 % at 0.1 s a step, after which drift with temperature is more */
	struct joules_channel *c = joules_channel_add(s, name);
	c->counts = b->counts;
	c->unit_j = c->quantum_j = 1e-3;
	joules_text_add(s, name);
	if (strstr(name, "GH200") || strstr(name, "GB200"))
		joules_text_add(s, "its processor and memory included");
	return true;
}

static bool board_read(void *state, struct joules_value *value, char *why, size_t why_size)
{
	struct board *b = state;
	uint32_t mw = 0;
	int code = b->counts ? nvml_energy(b->nvml, &value->count) : 0;
	if (!code && b->tells_power) code = nvml_power(b->nvml, &mw);
	if (code) snprintf(why, why_size, "NVML says error %d", code);
	if (b->tells_power) value->power_w = mw * 1e-3;
	return !code;
}

const struct joules_class joules_nvml = {
	.name = "nvml",
	.open = board_open,
	.close = board_close,
	.read = board_read,
};
