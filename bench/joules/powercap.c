/* RAPL counters of Intel and AMD processors through /sys/class/powercap.
 *
 * Zones contain each other, so that never all may be added (Linux, Documentation/power/
 * powercap/powercap.rst): core and uncore are parts of their package; DRAM is not, though it
 * hangs below it; psys is the platform, packages and DRAM included. Taken are all packages
 * and their DRAM, or psys where there is nothing else. The zones of intel-rapl-mmio are a
 * second door to the same package and are left out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/joules/source.h"
#include "bench/joules/tree.h"

#define ZONES "/sys/class/powercap"

struct powercap {
	int fd[JOULES_CHANNELS_MAX];
	size_t count;
};

static void powercap_close(void *state)
{
	struct powercap *p = state;
	for (size_t i = 0; i < p->count; i++)
		close(p->fd[i]);
	free(p);
}

static bool say_unreadable(struct joules_skip *skip, const char *zone, int error)
{
	if (error == EACCES)
		return joules_skip_say(skip, "powercap for root only",
		    ZONES "/%s/energy_uj is for root only, as Linux has it since 5.10: run as root, "
		    "or once 'sudo chmod a+r " ZONES "/*/energy_uj'", zone);
	return joules_skip_say(skip, "powercap unreadable", ZONES "/%s cannot be read: %s", zone,
	    strerror(error));
}

static bool add_zone(struct joules_source *s, const char *root, const char *zone,
    const char *name, struct joules_skip *skip)
{
	struct powercap *p = s->state;
	uint64_t range, now;
	int error = tree_u64(&range, "%s" ZONES "/%s/max_energy_range_uj", root, zone);
	if (error) return say_unreadable(skip, zone, error);
	int fd = tree_open("%s" ZONES "/%s/energy_uj", root, zone);
	if (fd < 0) return say_unreadable(skip, zone, errno);
	error = tree_u64_again(fd, &now);
	struct joules_channel *c = error ? NULL : joules_channel_add(s, name);
	if (!c) {
		close(fd);
		return say_unreadable(skip, zone, error ? error : E2BIG);
	}
	p->fd[p->count++] = fd;
	c->counts = true;
	c->unit_j = 1e-6;
	c->modulus = range;
	c->quantum_j = 61e-6; /* of the coarsest common register unit, 2^-14 J */
	joules_text_add(s, name);
	return true;
}

static bool is_part(const char *name) /* that is added to the others */
{
	return !strncmp(name, "package-", 8) || !strcmp(name, "dram");
}

/* Adds the zones that are parts, or those of that name. */
static bool add_zones(struct joules_source *s, const char *root, char (*zone)[TREE_NAME],
    int zones, const char *only, struct joules_skip *skip)
{
	char name[64];
	for (int i = 0; i < zones; i++) {
		int error = tree_line(name, sizeof name, "%s" ZONES "/%s/name", root, zone[i]);
		if (error) return say_unreadable(skip, zone[i], error);
		if (only ? strcmp(name, only) : !is_part(name)) continue;
		if (!add_zone(s, root, zone[i], name, skip)) return false;
	}
	return true;
}

static bool powercap_open(struct joules_source *s, const struct joules_setup *setup,
    const char *arg, struct joules_skip *skip)
{
	(void)arg;
	char folder[TREE_PATH], zone[JOULES_CHANNELS_MAX * 4][TREE_NAME];
	snprintf(folder, sizeof folder, "%s" ZONES, setup->root);
	int zones = tree_names(folder, "intel-rapl:", zone, JOULES_CHANNELS_MAX * 4);
	if (zones <= 0)
		return joules_skip_say(skip, "no powercap",
		    ZONES " has no zone intel-rapl: a virtual machine is not given one; on hardware "
		    "load its driver, 'sudo modprobe intel_rapl_msr'");
	s->state = mem_new(1, sizeof(struct powercap));
	s->scope = ENERGY_PACKAGE;
	s->step_s = 0.004;  /* a step about every ms (Intel SDM vol. 3B, RAPL domains) */
	s->window_s = 0.25; /* both ends within such a step: 1 % */
	bool fine = add_zones(s, setup->root, zone, zones, NULL, skip);
	if (fine && !s->channels) {
		s->scope = ENERGY_BOARD;
		fine = add_zones(s, setup->root, zone, zones, "psys", skip);
	}
	if (fine && !s->channels)
		fine = joules_skip_say(skip, "no package in powercap",
		    ZONES " has zones, but no package and no psys among them");
	if (!fine) powercap_close(s->state);
	return fine;
}

static bool powercap_read(void *state, struct joules_value *value, char *why, size_t why_size)
{
	struct powercap *p = state;
	for (size_t i = 0; i < p->count; i++) {
		int error = tree_u64_again(p->fd[i], &value[i].count);
		if (!error) continue;
		snprintf(why, why_size, "a zone of powercap can no longer be read: %s",
		    strerror(error));
		return false;
	}
	return true;
}

const struct joules_class joules_powercap = {
	.name = "powercap",
	.open = powercap_open,
	.close = powercap_close,
	.read = powercap_read,
};
