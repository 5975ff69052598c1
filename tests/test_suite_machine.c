/* What a machine says of itself, on trees of files made for the test. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/suite/machine.h"
#include "tests/unit.h"

static char root[64];

static void make_root(void)
{
	strcpy(root, "test_suite_machine.XXXXXX");
	cr_assert_not_null(mkdtemp(root));
}

static void remove_root(void)
{
	char *command = mem_print("rm -rf %s", root);
	cr_assert_eq(system(command), 0);
	free(command);
}

static void put(const char *path, const char *text)
{
	char *name = mem_print("%s%s", root, path);
	for (char *p = strchr(name + strlen(root) + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		mkdir(name, 0777);
		*p = '/';
	}
	FILE *f = fopen(name, "w");
	cr_assert_not_null(f, "%s", name);
	fputs(text, f);
	fclose(f);
	free(name);
}

#define CACHE "/sys/devices/system/cpu/cpu0/cache/index"

Test(suite_machine, names_and_caches, .init = make_root, .fini = remove_root)
{
	struct bench_file f;
	bench_file_init(&f);
	put("/proc/cpuinfo",
	    "processor\t: 0\nmodel\t\t: 17\nmodel name\t: Odd \xc2\xb5 Processor 7\t\n"
	    "cpu MHz\t\t: 2445.428\nflags\t\t: fpu hypervisor avx\n\nprocessor\t: 1\n"
	    "model name\t: Another\n");
	put("/proc/loadavg", "2.76 1.69 1.44 1/94 4028\n");
	put("/sys/hypervisor/type", "xen\n");
	put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
	put(CACHE "0/type", "Data\n");
	put(CACHE "0/level", "1\n");
	put(CACHE "0/size", "48K\n");
	put(CACHE "0/shared_cpu_map", "00000003\n");
	put(CACHE "1/type", "Unified\n");
	put(CACHE "1/level", "3\n");
	put(CACHE "1/size", "33M\n");
	put(CACHE "1/shared_cpu_map", "00000001,ff00000f\n");
	struct bench_context *c = &f.context;
	machine_read(c, root);
	cr_assert_str_eq(c->cpu_model, "Odd ?? Processor 7");
	cr_assert_str_eq(c->hypervisor, "xen");
	cr_assert_str_eq(c->huge_pages, "madvise");
	cr_assert_str_eq(c->governor, "unknown");
	cr_assert_eq(c->mhz_per_cpu, 2445.428);
	cr_assert_eq(c->load_avg[2], 1.44);
	cr_assert_eq(c->caches, 2);
	cr_assert_str_eq(c->cache[0].type, "Data");
	cr_assert_eq(c->cache[0].bytes, 49152);
	cr_assert_eq(c->cache[0].shared_by, 2);
	cr_assert_eq(c->cache[1].level, 3);
	cr_assert_eq(c->cache[1].bytes, 33 * 1048576.);
	cr_assert_eq(c->cache[1].shared_by, 13);
	bench_file_fini(&f);
}

Test(suite_machine, no_flag_no_hypervisor, .init = make_root, .fini = remove_root)
{
	struct bench_file f;
	bench_file_init(&f);
	put("/proc/cpuinfo", "flags\t\t: fpu avx\n");
	machine_read(&f.context, root);
	cr_assert_str_eq(f.context.hypervisor, "none");
	cr_assert_str_not_empty(f.context.isa);
	bench_file_fini(&f);
}

/* No /proc, no /sys: everything is unknown, nothing is made up. */
Test(suite_machine, what_is_not_there_is_unknown, .init = make_root, .fini = remove_root)
{
	struct bench_file f;
	struct machine_load l;
	bench_file_init(&f);
	struct bench_context *c = &f.context;
	machine_read(c, root);
	cr_assert_str_eq(c->cpu_model, "unknown");
	cr_assert_str_eq(c->hypervisor, "unknown");
	cr_assert_str_eq(c->huge_pages, "unknown");
	cr_assert(isnan(c->mhz_per_cpu));
	cr_assert(isnan(c->load_avg[0]));
	cr_assert_eq(c->caches, 0);
	cr_assert_geq(c->num_cpus, 1);
	cr_assert_eq(strlen(c->date), strlen("2026-03-07T12:30:05+01:00"));
	cr_assert_not(machine_load_read(&l, root));
	bench_file_fini(&f);
}

/* proc(5): ticks of user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice;
 * guests' are in user already. */
Test(suite_machine, load_from_ticks, .init = make_root, .fini = remove_root)
{
	struct machine_load l;
	double tick_s = 1. / (double)sysconf(_SC_CLK_TCK);
	put("/proc/stat", "cpu  1000 200 30 5000 70 1 2 400 999 99\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
	cr_assert(machine_load_read(&l, root));
	cr_assert(epsilon_eq(dbl, l.busy_s, 1233 * tick_s, 1e-9));
	cr_assert(epsilon_eq(dbl, l.steal_s, 400 * tick_s, 1e-9));
	cr_assert(epsilon_eq(dbl, l.total_s, 6703 * tick_s, 1e-9));
	cr_assert_geq(l.own_s, 0);
	put("/proc/stat", "cpu  1000 200 30\n");
	cr_assert_not(machine_load_read(&l, root));
	put("/proc/stat", "intr 7\n");
	cr_assert_not(machine_load_read(&l, root));
}

Test(suite_machine, the_clock_counts_additions)
{
	double hz = machine_clock_hz();
	cr_assert_gt(hz, 1e7); /* instrumented or emulated, too */
	cr_assert_lt(hz, 2e10);
}
