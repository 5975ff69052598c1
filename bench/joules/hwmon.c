/* Sensors that the kernel shows in /sys/class/hwmon (Linux, Documentation/hwmon/
 * sysfs-interface.rst): energyN_input in uJ, powerN_average or powerN_input in uW, inN_input
 * in mV and currN_input in mA. Which of a chip's sensors make the whole, and of what, is
 * known for the chips of the list below; any other chip is left alone, for a sensor of one
 * rail looks like one of the machine. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/joules/source.h"
#include "bench/joules/tree.h"

#define CHIPS "/sys/class/hwmon"

enum kind { ENERGY, POWER, VOLTS_AMPERES };

struct chip {
	const char *name;
	enum kind kind;
	enum energy_scope scope;
	const char *label; /* sensors whose label begins so; NULL: all */
	const char *whole; /* if there is one of this label, it contains the others */
};

/* amd_energy: accumulated to 64 bits by the driver; cores are a part of their socket.
 * xe: card contains pkg. ina3221: what the supply of a Jetson's module delivers, in VDD_IN
 * where it is measured, else the sum of the rails; the carrier board is not in it. */
static const struct chip chips[] = {
	{ "amd_energy", ENERGY, ENERGY_PACKAGE, "Esocket", NULL },
	{ "amdgpu", POWER, ENERGY_GPU, NULL, "PPT" },
	{ "xe", ENERGY, ENERGY_GPU, NULL, "card" },
	{ "i915", ENERGY, ENERGY_GPU, NULL, NULL },
	{ "ina3221", VOLTS_AMPERES, ENERGY_BOARD, NULL, "VDD_IN" },
	{ "power_meter", POWER, ENERGY_BOARD, NULL, NULL }, /* of ACPI */
};

static const char *const prefix[] = { /* of the files' names */
	[ENERGY] = "energy", [POWER] = "power", [VOLTS_AMPERES] = "in"
};

enum { SENSORS_MAX = 16 };

struct sensor {
	enum kind kind;
	int fd, amps_fd; /* the latter -1 but for VOLTS_AMPERES */
};

struct hwmon {
	struct sensor sensor[SENSORS_MAX];
	size_t count;
};

static void hwmon_close(void *state)
{
	struct hwmon *h = state;
	for (size_t i = 0; i < h->count; i++) {
		close(h->sensor[i].fd);
		if (h->sensor[i].amps_fd >= 0) close(h->sensor[i].amps_fd);
	}
	free(h);
}

static bool say_unreadable(struct joules_skip *skip, const char *chip, const char *what, int error)
{
	if (error == EACCES)
		return joules_skip_say(skip, "hwmon for root only",
		    CHIPS "/%s/%s is for root only (a side channel: CVE-2020-12912): run as root", chip,
		    what);
	return joules_skip_say(skip, "hwmon unreadable", CHIPS "/%s/%s cannot be read: %s", chip,
	    what, strerror(error));
}

/* Opens the file or files of sensor n; the errno, and in what the file's name. */
static int open_sensor(struct sensor *x, const char *root, const char *folder, enum kind kind,
    int n, char what[32])
{
	uint64_t now;
	*x = (struct sensor){ kind, -1, -1 };
	snprintf(what, 32, "%s%d_%s", prefix[kind], n, kind == POWER ? "average" : "input");
	x->fd = tree_open("%s" CHIPS "/%s/%s", root, folder, what);
	if (x->fd < 0 && errno == ENOENT && kind == POWER) {
		snprintf(what, 32, "power%d_input", n);
		x->fd = tree_open("%s" CHIPS "/%s/%s", root, folder, what);
	}
	if (x->fd < 0) return errno;
	int error = tree_u64_again(x->fd, &now);
	if (!error && kind == VOLTS_AMPERES) {
		snprintf(what, 32, "curr%d_input", n);
		x->amps_fd = tree_open("%s" CHIPS "/%s/%s", root, folder, what);
		error = x->amps_fd < 0 ? errno : tree_u64_again(x->amps_fd, &now);
	}
	if (!error) return 0;
	close(x->fd);
	if (x->amps_fd >= 0) close(x->amps_fd);
	return error;
}

static void sensor_label(char *label, size_t size, const char *root, const char *folder,
    enum kind kind, int n)
{
	if (tree_line(label, size, "%s" CHIPS "/%s/%s%d_label", root, folder, prefix[kind], n))
		*label = '\0';
}

static bool add_sensor(struct joules_source *s, const char *root, const char *folder,
    const struct chip *chip, int n, const char *label, struct joules_skip *skip)
{
	struct hwmon *h = s->state;
	char what[32];
	if (h->count == SENSORS_MAX) return say_unreadable(skip, folder, "sensors", E2BIG);
	int error = open_sensor(&h->sensor[h->count], root, folder, chip->kind, n, what);
	if (error) return say_unreadable(skip, folder, what, error);
	h->count++;
	struct joules_channel *c = joules_channel_add(s, *label ? label : what);
	c->counts = chip->kind == ENERGY;
	c->unit_j = 1e-6;
	c->quantum_j = 61e-6; /* of the coarsest common register unit, 2^-14 J */
	joules_text_add(s, c->name);
	return true;
}

static bool is_there(const char *root, const char *folder, enum kind kind, int n)
{
	static const char *const suffix[] = { "input", "average" };
	char path[TREE_PATH];
	for (int i = 0; i < (kind == POWER ? 2 : 1); i++) {
		snprintf(path, sizeof path, "%s" CHIPS "/%s/%s%d_%s", root, folder, prefix[kind], n,
		    suffix[i]);
		if (!access(path, F_OK)) return true;
	}
	return false;
}

/* Inputs 4 and up of an ina3221 are the drops over its shunts, not voltages. */
static int last_sensor(enum kind kind)
{
	return kind == VOLTS_AMPERES ? 3 : SENSORS_MAX;
}

static bool add_sensors(struct joules_source *s, const char *root, const char *folder,
    const struct chip *chip, const char *only, struct joules_skip *skip)
{
	for (int n = 1; n <= last_sensor(chip->kind); n++) {
		char label[64];
		if (!is_there(root, folder, chip->kind, n)) continue;
		sensor_label(label, sizeof label, root, folder, chip->kind, n);
		if (only ? strcmp(label, only)
		         : chip->label && strncmp(label, chip->label, strlen(chip->label)))
			continue;
		if (!add_sensor(s, root, folder, chip, n, label, skip)) return false;
	}
	return true;
}

/* Which row of the list a folder is, and whether it is wanted. */
static const struct chip *chip_of(const char *root, const char *folder, bool any, bool gpu)
{
	char name[64];
	if (tree_line(name, sizeof name, "%s" CHIPS "/%s/name", root, folder)) return NULL;
	for (size_t i = 0; i < sizeof chips / sizeof *chips; i++)
		if (!strcmp(name, chips[i].name) && (any || (chips[i].scope == ENERGY_GPU) == gpu))
			return &chips[i];
	return NULL;
}

static bool hwmon_open(struct joules_source *s, const struct joules_setup *setup,
    const char *arg, struct joules_skip *skip)
{
	const char *root = setup->root;
	char path[TREE_PATH], folder[64][TREE_NAME];
	const struct chip *chip = NULL;
	snprintf(path, sizeof path, "%s" CHIPS, root);
	int n = tree_names(path, arg ? arg : "hwmon", folder, 64), at = 0;
	while (at < n && !(chip = chip_of(root, folder[at], setup->source || arg, setup->gpu)))
		at++;
	if (!chip)
		return joules_skip_say(skip, n > 0 ? "no power in hwmon" : "no hwmon",
		    CHIPS " has %s: a virtual machine is given none; known are amd_energy, amdgpu, xe, "
		    "i915, ina3221 and power_meter",
		    n > 0 ? "no sensor of the whole processor, GPU or board" : "no sensors");
	struct hwmon *h = s->state = mem_new(1, sizeof *h);
	s->scope = chip->scope;
	s->step_s = chip->kind == ENERGY ? 0.004 : 0; /* registers as in powercap */
	s->news_s = chip->kind == ENERGY ? 0 : 0.05;
	s->window_s = chip->kind == ENERGY ? 0.25 : 5;
	bool fine = !chip->whole || add_sensors(s, root, folder[at], chip, chip->whole, skip);
	if (fine && !s->channels) fine = add_sensors(s, root, folder[at], chip, NULL, skip);
	if (fine && !s->channels)
		fine = joules_skip_say(skip, "no power in hwmon", CHIPS "/%s (%s) has no sensor of "
		    "energy or power", folder[at], chip->name);
	if (!fine) hwmon_close(h);
	return fine;
}

static int sensor_read(const struct sensor *x, struct joules_value *value)
{
	uint64_t v, milliamperes;
	int error = tree_u64_again(x->fd, &v);
	if (error) return error;
	if (x->kind == ENERGY) value->count = v;
	if (x->kind == POWER) value->power_w = (double)v * 1e-6;
	if (x->kind != VOLTS_AMPERES) return 0;
	error = tree_u64_again(x->amps_fd, &milliamperes);
	value->power_w = (double)v * 1e-3 * (double)milliamperes * 1e-3;
	return error;
}

static bool hwmon_read(void *state, struct joules_value *value, char *why, size_t why_size)
{
	struct hwmon *h = state;
	for (size_t i = 0; i < h->count; i++) {
		int error = sensor_read(&h->sensor[i], &value[i]);
		if (!error) continue;
		snprintf(why, why_size, "a sensor of hwmon can no longer be read: %s", strerror(error));
		return false;
	}
	return true;
}

const struct joules_class joules_hwmon = {
	.name = "hwmon",
	.open = hwmon_open,
	.close = hwmon_close,
	.read = hwmon_read,
};
