#include "bench/suite/machine.h"

#if defined __x86_64__
#include <cpuid.h>
#endif
#include <ctype.h>
#include <math.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "bench/kernels/kernels.h"
#include "bench/measure.h"
#include "bench/suite/build.h"

static void set(char **to, char *text)
{
	free(*to);
	*to = text;
}

/* ---- small files ---- */

/* The first line without blanks at its end, printable ASCII only; NULL: not there or
 * empty. The caller frees. */
static char *line_of(const char *root, const char *path)
{
	char line[256];
	char *name = mem_print("%s%s", root, path);
	FILE *f = fopen(name, "re");
	bool got = f && fgets(line, sizeof line, f);
	if (f) fclose(f);
	free(name);
	size_t n = got ? strlen(line) : 0;
	while (n && isspace((unsigned char)line[n - 1])) n--;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || (unsigned char)line[i] > 0x7e) line[i] = '?';
	return n ? mem_text_n(line, n) : NULL;
}

static void set_line(char **to, const char *root, const char *path)
{
	char *line = line_of(root, path);
	set(to, line ? line : mem_text("unknown"));
}

/* What follows "KEY :" in /proc/cpuinfo, of the first processor; NULL: no such key. */
static char *cpuinfo(const char *root, const char *key)
{
	char *name = mem_print("%s/proc/cpuinfo", root), *value = NULL, *line = NULL;
	FILE *f = fopen(name, "re");
	size_t cap = 0, n = strlen(key);
	while (f && !value && getline(&line, &cap, f) > 0) {
		char *colon = strchr(line, ':');
		if (strncmp(line, key, n) || !colon || strspn(line + n, " \t") + line + n != colon)
			continue;
		char *begin = colon + 1 + strspn(colon + 1, " \t");
		size_t size = strlen(begin);
		while (size && isspace((unsigned char)begin[size - 1])) size--;
		for (size_t i = 0; i < size; i++)
			if ((unsigned char)begin[i] < 0x20 || (unsigned char)begin[i] > 0x7e)
				begin[i] = '?';
		value = mem_text_n(begin, size);
	}
	if (f) fclose(f);
	free(line);
	free(name);
	return value;
}

static double number_of(char *text) /* frees it */
{
	double v = NAN; /* what no number begins gives 0 */
	if (text) v = text_number(text, NULL);
	free(text);
	return v > 0 ? v : NAN;
}

/* ---- caches and pages ---- */

static int bits_of(const char *map) /* "0000000f,ffffffff" */
{
	int bits = 0;
	for (; *map; map++)
		if (isxdigit((unsigned char)*map))
			bits += __builtin_popcount(
			    (unsigned)(isdigit((unsigned char)*map) ? *map - '0' : (*map | 32) - 'a' + 10));
	return bits;
}

static bool read_cache(struct bench_cache *c, const char *root, int index)
{
	static const char *const names[] = { "type", "level", "size", "shared_cpu_map" };
	char *text[4];
	bool good = true;
	for (int i = 0; i < 4; i++) {
		char *path = mem_print("/sys/devices/system/cpu/cpu0/cache/index%d/%s", index, names[i]);
		text[i] = line_of(root, path);
		good &= text[i] != NULL;
		free(path);
	}
	if (good) {
		char *unit;
		snprintf(c->type, sizeof c->type, "%s", text[0]);
		c->level = atoi(text[1]);
		c->bytes = text_number(text[2], &unit);
		c->bytes *= *unit == 'K' ? 1024. : *unit == 'M' ? 1048576. : 1;
		c->shared_by = bits_of(text[3]);
		good = c->level > 0 && c->bytes > 0;
	}
	for (int i = 0; i < 4; i++) free(text[i]);
	return good;
}

static void read_caches(struct bench_context *c, const char *root)
{
	for (c->caches = 0; c->caches < BENCH_CACHES_MAX; c->caches++)
		if (!read_cache(&c->cache[c->caches], root, (int)c->caches)) return;
}

/* "always [madvise] never" */
static void read_huge_pages(struct bench_context *c, const char *root)
{
	char *line = line_of(root, "/sys/kernel/mm/transparent_hugepage/enabled");
	char *open = line ? strchr(line, '[') : NULL, *close = open ? strchr(open, ']') : NULL;
	set(&c->huge_pages,
	    close ? mem_text_n(open + 1, (size_t)(close - open) - 1) : mem_text("unknown"));
	free(line);
}

/* ---- names ---- */

static void read_date(char **date)
{
	char text[40];
	time_t now = time(NULL);
	struct tm local;
	localtime_r(&now, &local);
	size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
	set(date, mem_print("%.*s:%s", (int)n - 2, text, text + n - 2)); /* +0530 -> +05:30 */
}

/* What a hypervisor calls itself to its guests, in cpuid 0x40000000. */
static const char *hypervisor_by_cpuid(void)
{
#if defined __x86_64__
	static const struct {
		char signature[13];
		const char *name;
	} known[] = { { "KVMKVMKVM", "KVM" }, { "VMwareVMware", "VMware" },
		{ "Microsoft Hv", "Hyper-V" }, { "XenVMMXenVMM", "Xen" },
		{ "bhyve bhyve ", "bhyve" } };
	unsigned highest, word[3];
	__cpuid(0x40000000, highest, word[0], word[1], word[2]);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!memcmp(known[i].signature, word, sizeof word)) return known[i].name;
#endif
	return "unknown";
}

/* A guest shows the flag on x86; elsewhere only some say that they are one. */
static void read_hypervisor(struct bench_context *c, const char *root)
{
	char *flags = cpuinfo(root, "flags");
	char *type = line_of(root, "/sys/hypervisor/type");
	bool guest = flags && strstr(flags, " hypervisor");
	const char *name = type ? type : guest ? hypervisor_by_cpuid() : flags ? "none" : "unknown";
	set(&c->hypervisor, mem_text(name));
	free(flags);
	free(type);
}

static void read_names(struct bench_context *c, const char *root)
{
	struct utsname u;
	char host[256] = "unknown";
	char *model = cpuinfo(root, "model name");
	if (!model) model = line_of(root, "/sys/firmware/devicetree/base/model");
	if (!gethostname(host, sizeof host)) host[sizeof host - 1] = '\0';
	uname(&u);
	read_date(&c->date);
	set(&c->host_name, mem_text(host));
	set(&c->kernel, mem_print("%s %s %s", u.sysname, u.release, u.machine));
	set(&c->cpu_model, model ? model : mem_text("unknown"));
	read_hypervisor(c, root);
	set_line(&c->governor, root, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
}

static void read_build(struct bench_context *c)
{
#ifdef __clang__
	set(&c->compiler, mem_print("clang %s", __clang_version__));
#else
	set(&c->compiler, mem_print("gcc %s", __VERSION__));
#endif
#if defined __OPTIMIZE__ && !defined __SANITIZE_ADDRESS__
	set(&c->build_type, mem_text("release"));
#else
	set(&c->build_type, mem_text("debug"));
#endif
	set(&c->flags, mem_text(build_flags));
	set(&c->hearth_version, mem_text(PACKAGE_VERSION));
	set(&c->isa, mem_text(kernels_best()->name));
}

static int processors(void)
{
	cpu_set_t set;
	return sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
}

void machine_read(struct bench_context *c, const char *root)
{
	char *load = line_of(root, "/proc/loadavg"), *at = load;
	for (int i = 0; i < 3; i++) c->load_avg[i] = load ? text_number(at, &at) : NAN;
	free(load);
	read_names(c, root);
	read_build(c);
	read_caches(c, root);
	read_huge_pages(c, root);
	c->num_cpus = processors();
	c->mhz_per_cpu = number_of(cpuinfo(root, "cpu MHz"));
	c->page_bytes = (double)sysconf(_SC_PAGESIZE);
	c->memory_bytes = c->page_bytes * (double)sysconf(_SC_PHYS_PAGES);
}

/* ---- load ---- */

/* The first line of /proc/stat: "cpu" user nice system idle iowait irq softirq steal; the
 * last two, guests' time, are part of user and nice (proc(5)). */
bool machine_load_read(struct machine_load *l, const char *root)
{
	enum { IDLE = 3, IOWAIT = 4, STEAL = 7, COLUMNS = 8 };
	double s[COLUMNS], tick_s = 1. / (double)sysconf(_SC_CLK_TCK);
	char *line = line_of(root, "/proc/stat"), *at = line ? line + 3 : NULL;
	bool good = line && !strncmp(line, "cpu ", 4);
	*l = (struct machine_load){ .own_s = measure_process_cpu_s() };
	for (int i = 0; good && i < COLUMNS; i++) {
		char *end;
		s[i] = tick_s * text_number(at, &end);
		good = end > at;
		at = end;
	}
	for (int i = 0; good && i < COLUMNS; i++) {
		l->total_s += s[i];
		if (i == STEAL)
			l->steal_s += s[i];
		else if (i != IDLE && i != IOWAIT)
			l->busy_s += s[i];
	}
	free(line);
	return good;
}

/* ---- clock ---- */

enum { ADDITIONS = 64, TURNS = 1 << 19 };

static uint64_t add_in_turn(uint64_t x)
{
	uint64_t step = x | 1;
	for (int turn = 0; turn < TURNS; turn++)
		for (int i = 0; i < ADDITIONS; i++) {
			x += step;
			__asm__ volatile("" : "+r"(x)); /* no sum of two may be known before */
		}
	return x;
}

double machine_clock_hz(void)
{
	double best_s = INFINITY;
	uint64_t x = 7;
	for (int i = 0; i < 5; i++) {
		double begin_s = measure_cpu_s();
		x = add_in_turn(x);
		best_s = fmin(best_s, measure_cpu_s() - begin_s);
	}
	__asm__ volatile("" : : "r"(x));
	return (double)ADDITIONS * TURNS / best_s;
}
