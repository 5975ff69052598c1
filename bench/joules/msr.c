/* The same counters, read from the registers through /dev/cpu/N/msr.
 *
 * Intel (SDM vol. 4): 0x606 has the unit in bits 12:8 as a power of 1/2 J, 0x611 the package,
 * 0x619 its DRAM. Servers count DRAM in 2^-16 J whatever 0x606 says (Linux, arch/x86/events/
 * rapl.c, RAPL_UNIT_QUIRK_INTEL_HSW and _SPR). AMD from family 17h (PPR; Linux, Documentation/
 * hwmon/amd_energy.rst): unit in C0010299, package in C001029B; the cores of C001029A are a
 * part of it. All count 32 bits and wrap: after 9 minutes at 120 W with units of 2^-16 J. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/joules/source.h"
#include "bench/joules/tree.h"

enum { PACKAGES_MAX = 16 };

struct registers {
	const char *vendor;
	uint32_t unit, package, dram; /* dram 0: none */
};

static const struct registers known[] = {
	{ "GenuineIntel", 0x606, 0x611, 0x619 },
	{ "AuthenticAMD", 0xc0010299, 0xc001029b, 0 },
	{ "HygonGenuine", 0xc0010299, 0xc001029b, 0 },
};

struct msr {
	int fd[PACKAGES_MAX]; /* of one processor each */
	int packages;
	uint32_t address[JOULES_CHANNELS_MAX];
	int from[JOULES_CHANNELS_MAX]; /* index of fd */
	size_t count;
};

static void msr_close(void *state)
{
	struct msr *m = state;
	for (int i = 0; i < m->packages; i++)
		close(m->fd[i]);
	free(m);
}

static bool get(int fd, uint32_t address, uint64_t *value)
{
	return pread(fd, value, 8, (off_t)address) == 8;
}

struct processor {
	char vendor[32];
	int family, model;
};

/* The value behind "name   : " of a line of cpuinfo; NULL: another name, if only a longer
 * one ("model name"). */
static const char *value_of(const char *line, const char *name)
{
	size_t n = strlen(name);
	if (strncmp(line, name, n)) return NULL;
	line += n + strspn(line + n, " \t");
	return *line == ':' ? line + 1 + strspn(line + 1, " ") : NULL;
}

/* Of the first processor. False when the file tells no vendor, as on other machines. */
static bool processor_of(const char *root, struct processor *p)
{
	char line[512], path[TREE_PATH];
	const char *v;
	*p = (struct processor){ 0 };
	snprintf(path, sizeof path, "%s/proc/cpuinfo", root);
	FILE *f = fopen(path, "re");
	if (!f) return false;
	while (fgets(line, sizeof line, f) && *line != '\n') {
		line[strcspn(line, "\n")] = '\0';
		if ((v = value_of(line, "vendor_id")))
			snprintf(p->vendor, sizeof p->vendor, "%.31s", v);
		if ((v = value_of(line, "cpu family"))) p->family = atoi(v);
		if ((v = value_of(line, "model"))) p->model = atoi(v);
	}
	fclose(f);
	return *p->vendor;
}

static bool has_fixed_dram_unit(int model) /* of family 6 */
{
	static const int server[] = {
		0x3f, 0x4f, 0x56,       /* Haswell, Broadwell, Broadwell D */
		0x55, 0x6a, 0x6c,       /* Skylake and Cascade Lake, Ice Lake, Ice Lake D */
		0x57, 0x85,             /* Xeon Phi */
		0x8f, 0xcf,             /* Sapphire Rapids, Emerald Rapids */
	};
	for (size_t i = 0; i < sizeof server / sizeof *server; i++)
		if (model == server[i]) return true;
	return false;
}

static void add_counter(struct joules_source *s, int package, uint32_t address,
    const char *name, double unit_j)
{
	struct msr *m = s->state;
	struct joules_channel *c = joules_channel_add(s, name);
	if (!c) return; /* PACKAGES_MAX pairs fit */
	m->address[m->count] = address;
	m->from[m->count++] = package;
	c->counts = true;
	c->unit_j = c->quantum_j = unit_j;
	c->modulus = (uint64_t)1 << 32;
	snprintf(c->name, sizeof c->name, "%s-%d", name, package);
	joules_text_add(s, c->name);
}

static bool say_closed(struct joules_skip *skip, int cpu, int error)
{
	if (error == ENOENT)
		return joules_skip_say(skip, "no MSR device",
		    "/dev/cpu/%d/msr is absent: 'sudo modprobe msr' makes it, if the machine is no "
		    "virtual one", cpu);
	if (error == EACCES || error == EPERM)
		return joules_skip_say(skip, "MSR for root only",
		    "/dev/cpu/%d/msr is for root only, and needs CAP_SYS_RAWIO: run as root", cpu);
	return joules_skip_say(skip, "MSR unreadable",
	    "/dev/cpu/%d/msr: %s: this processor, or the host of a virtual one, has no such "
	    "register", cpu, strerror(error));
}

/* Adds the counters of the package that processor `cpu` belongs to. */
static bool add_package(struct joules_source *s, const char *root, int cpu,
    const struct registers *r, const struct processor *p, struct joules_skip *skip)
{
	struct msr *m = s->state;
	uint64_t units, now;
	int fd = tree_open("%s/dev/cpu/%d/msr", root, cpu), package = m->packages;
	if (fd < 0) return say_closed(skip, cpu, errno);
	m->fd[m->packages++] = fd;
	errno = EIO;
	if (!get(fd, r->unit, &units) || !get(fd, r->package, &now))
		return say_closed(skip, cpu, errno);
	double unit_j = ldexp(1, -(int)(units >> 8 & 31));
	add_counter(s, package, r->package, "package", unit_j);
	if (r->dram && get(fd, r->dram, &now) && (uint32_t)now)
		add_counter(s, package, r->dram, "dram",
		    p->family == 6 && has_fixed_dram_unit(p->model) ? 0x1p-16 : unit_j);
	return true;
}

/* Goes through the processors and takes the first of each package. */
static bool add_packages(struct joules_source *s, const char *root, const struct registers *r,
    const struct processor *p, struct joules_skip *skip)
{
	uint64_t seen[PACKAGES_MAX], id;
	int count = 0;
	for (int cpu = 0; count < PACKAGES_MAX; cpu++) {
		if (tree_u64(&id, "%s/sys/devices/system/cpu/cpu%d/topology/physical_package_id", root,
		        cpu))
			break;
		bool is_new = true;
		for (int i = 0; i < count; i++)
			is_new &= seen[i] != id;
		if (!is_new) continue;
		seen[count++] = id;
		if (!add_package(s, root, cpu, r, p, skip)) return false;
	}
	return count || joules_skip_say(skip, "no MSR device",
	    "/sys/devices/system/cpu does not say which processors share a package");
}

static bool msr_open(struct joules_source *s, const struct joules_setup *setup,
    const char *arg, struct joules_skip *skip)
{
	(void)arg;
	struct processor p;
	const struct registers *r = NULL;
	bool told = processor_of(setup->root, &p);
	for (size_t i = 0; told && i < sizeof known / sizeof *known; i++)
		if (!strcmp(known[i].vendor, p.vendor)) r = &known[i];
	if (!r)
		return joules_skip_say(skip, "no MSR device",
		    "the registers of this processor (%s) are not known", told ? p.vendor : "no vendor");
	s->state = mem_new(1, sizeof(struct msr));
	s->scope = ENERGY_PACKAGE;
	s->step_s = 0.004; /* as in powercap */
	s->window_s = 0.25;
	if (add_packages(s, setup->root, r, &p, skip)) return true;
	msr_close(s->state);
	return false;
}

static bool msr_read(void *state, struct joules_value *value, char *why, size_t why_size)
{
	struct msr *m = state;
	for (size_t i = 0; i < m->count; i++) {
		uint64_t now;
		if (!get(m->fd[m->from[i]], m->address[i], &now)) {
			snprintf(why, why_size, "register %#x can no longer be read", m->address[i]);
			return false;
		}
		value[i].count = now & UINT32_MAX; /* what is above is reserved */
	}
	return true;
}

const struct joules_class joules_msr = {
	.name = "msr",
	.open = msr_open,
	.close = msr_close,
	.read = msr_read,
};
