/* The same counters through perf_event_open(2) and the PMU "power".
 *
 * The PMU's folder says all there is to know (Linux, Documentation/ABI/testing/
 * sysfs-bus-event_source-devices-events): its type; a processor of each package in cpumask;
 * events/NAME with the number, NAME.scale and NAME.unit with what a count is, a power of two
 * of a joule. The kernel makes 64 bits of the registers' 32: these counts never wrap. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "bench/joules/cpulist.h"
#include "bench/joules/source.h"
#include "bench/joules/tree.h"

#define PMU "/sys/bus/event_source/devices/power"

struct perf {
	int fd[JOULES_CHANNELS_MAX];
	size_t count;
};

static void perf_close(void *state)
{
	struct perf *p = state;
	for (size_t i = 0; i < p->count; i++)
		close(p->fd[i]);
	free(p);
}

struct event {
	uint64_t config;
	double unit_j;
};

/* "event=0x02", placed as format/event says ("config:0-7"). */
static int event_config(const char *root, const char *name, uint64_t *config)
{
	char line[64], place[64];
	int error = tree_line(line, sizeof line, "%s" PMU "/events/%s", root, name);
	if (error) return error;
	error = tree_line(place, sizeof place, "%s" PMU "/format/event", root);
	if (error) return error;
	unsigned first;
	char *end;
	if (strncmp(line, "event=", 6) || sscanf(place, "config:%u", &first) != 1 || first > 63)
		return EINVAL;
	*config = strtoull(line + 6, &end, 0) << first;
	return *end ? EINVAL : 0; /* a further term would need its own format */
}

static int event_of(const char *root, const char *name, struct event *ev)
{
	char scale[64], unit[64];
	int error = event_config(root, name, &ev->config);
	if (!error)
		error = tree_line(scale, sizeof scale, "%s" PMU "/events/%s.scale", root, name);
	if (!error) error = tree_line(unit, sizeof unit, "%s" PMU "/events/%s.unit", root, name);
	if (error) return error;
	if (!text_to_number(scale, &ev->unit_j) || ev->unit_j <= 0 || strcmp(unit, "Joules"))
		return EINVAL;
	return 0;
}

static bool say_refused(struct joules_skip *skip, const char *root, int error)
{
	char level[32];
	if (error != EACCES && error != EPERM)
		return joules_skip_say(skip, "power PMU refuses",
		    "perf_event_open on the PMU 'power': %s", strerror(error));
	if (tree_line(level, sizeof level, "%s/proc/sys/kernel/perf_event_paranoid", root))
		strcpy(level, "unknown");
	return joules_skip_say(skip, "power PMU not permitted",
	    "the PMU 'power' counts a whole package, which perf_event_paranoid (%s) forbids: 'sudo "
	    "sysctl kernel.perf_event_paranoid=0', or give the program CAP_PERFMON", level);
}

static bool say_malformed(struct joules_skip *skip, const char *what, int error)
{
	return joules_skip_say(skip, "power PMU not understood", PMU "/%s: %s", what,
	    error == EINVAL ? "is not what this program knows" : strerror(error));
}

/* Opens an event on one processor of each package. */
static bool add_event(struct joules_source *s, const struct joules_setup *setup,
    const char *name, struct joules_skip *skip)
{
	struct perf *p = s->state;
	struct event ev;
	int cpu[JOULES_CHANNELS_MAX], cpus;
	char mask[256];
	uint64_t type;
	int error = tree_u64(&type, "%s" PMU "/type", setup->root);
	if (error) return say_malformed(skip, "type", error);
	if ((error = event_of(setup->root, name, &ev))) return say_malformed(skip, name, error);
	error = tree_line(mask, sizeof mask, "%s" PMU "/cpumask", setup->root);
	cpus = error ? 0 : cpulist_parse(mask, cpu, JOULES_CHANNELS_MAX);
	if (cpus <= 0) return say_malformed(skip, "cpumask", error ? error : EINVAL);
	for (int i = 0; i < cpus; i++) {
		struct perf_event_attr attr = { .type = (uint32_t)type, .size = sizeof attr,
			.config = ev.config };
		long fd = syscall(SYS_perf_event_open, &attr, -1, cpu[i], -1, PERF_FLAG_FD_CLOEXEC);
		if (fd < 0) return say_refused(skip, setup->root, errno);
		struct joules_channel *c = joules_channel_add(s, name);
		if (!c) {
			close((int)fd);
			return say_malformed(skip, "cpumask", E2BIG);
		}
		p->fd[p->count++] = (int)fd;
		c->counts = true;
		c->unit_j = ev.unit_j;
		c->quantum_j = 61e-6; /* of the coarsest common register unit, 2^-14 J */
		snprintf(c->name, sizeof c->name, "%s of cpu %d", name, cpu[i]);
		joules_text_add(s, c->name);
	}
	return true;
}

static bool has_event(const char *root, const char *name)
{
	char line[64];
	return !tree_line(line, sizeof line, "%s" PMU "/events/%s", root, name);
}

/* As in powercap: packages and their DRAM, or the platform, which contains both. */
static bool add_events(struct joules_source *s, const struct joules_setup *setup,
    struct joules_skip *skip)
{
	const char *root = setup->root;
	if (has_event(root, "energy-pkg"))
		return add_event(s, setup, "energy-pkg", skip) &&
		    (!has_event(root, "energy-ram") || add_event(s, setup, "energy-ram", skip));
	s->scope = ENERGY_BOARD;
	if (has_event(root, "energy-psys")) return add_event(s, setup, "energy-psys", skip);
	return joules_skip_say(skip, "no package in the power PMU",
	    PMU "/events has neither energy-pkg nor energy-psys");
}

static bool perf_open(struct joules_source *s, const struct joules_setup *setup,
    const char *arg, struct joules_skip *skip)
{
	(void)arg;
	char line[64];
	if (tree_line(line, sizeof line, "%s" PMU "/type", setup->root) == ENOENT)
		return joules_skip_say(skip, "no power PMU",
		    PMU " is absent: a virtual machine is not given it; on hardware 'sudo modprobe "
		    "rapl', or a kernel with CONFIG_PERF_EVENTS_INTEL_RAPL");
	s->state = mem_new(1, sizeof(struct perf));
	s->scope = ENERGY_PACKAGE;
	s->step_s = 0.004; /* as in powercap */
	s->window_s = 0.25;
	if (add_events(s, setup, skip)) return true;
	perf_close(s->state);
	return false;
}

static bool perf_read(void *state, struct joules_value *value, char *why, size_t why_size)
{
	struct perf *p = state;
	for (size_t i = 0; i < p->count; i++) {
		if (read(p->fd[i], &value[i].count, 8) == 8) continue;
		snprintf(why, why_size, "a counter of the PMU 'power' can no longer be read");
		return false;
	}
	return true;
}

const struct joules_class joules_perf = {
	.name = "perf",
	.open = perf_open,
	.close = perf_close,
	.read = perf_read,
};
