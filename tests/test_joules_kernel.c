#include "tests/unit.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/joules/source.h"
#include "tests/fake_tree.h"

static struct joules_setup setup(void)
{
	return (struct joules_setup){ .tdp_w = NAN, .idle_w = NAN, .root = fake_tree() };
}

/* A zone of powercap, counting to 262 kJ as a server's package does. */
static void zone(const char *name, const char *what, const char *uj)
{
	char path[128];
	snprintf(path, sizeof path, "/sys/class/powercap/%s/name", name);
	fake_put(path, what);
	snprintf(path, sizeof path, "/sys/class/powercap/%s/max_energy_range_uj", name);
	fake_put(path, "262143328850\n");
	snprintf(path, sizeof path, "/sys/class/powercap/%s/energy_uj", name);
	fake_put(path, uj);
}

/* Opens what `name` says; fails the test when it cannot. */
static struct joules *opened(struct joules_setup *s, const char *name)
{
	struct err_list *e = err_new();
	s->source = name;
	struct joules *j = joules_open(s, e);
	if (!j) err_print(e, stderr);
	cr_assert(j != NULL);
	err_free(e);
	return j;
}

/* Why a source does not open. */
static void refused(struct joules_setup *s, const struct joules_class *class, struct joules_skip *skip)
{
	struct joules_setup named = *s;
	struct joules_source source = { .class = class };
	named.source = class->name;
	cr_assert(not(class->open(&source, &named, NULL, skip)));
}

Test(joules_kernel, packages_and_their_dram_are_added_and_nothing_twice)
{
	struct joules_setup s = setup();
	struct energy r;
	zone("intel-rapl:0", "package-0\n", "5000000\n");
	zone("intel-rapl:0:0", "core\n", "3000000\n");
	zone("intel-rapl:0:1", "dram\n", "1000000\n");
	zone("intel-rapl:1", "package-1\n", "262143000000\n"); /* about to wrap */
	zone("intel-rapl:1:0", "dram\n", "1000000\n");
	zone("intel-rapl:2", "psys\n", "9000000\n");
	zone("intel-rapl-mmio:0", "package-0\n", "5000000\n");
	struct joules *j = opened(&s, "powercap");
	cr_assert(strstr(joules_line(j), "(package-0, dram, package-1, dram), package") != NULL);
	joules_begin(j);
	zone("intel-rapl:0", "package-0\n", "25000000\n");      /* 20 J */
	zone("intel-rapl:0:0", "core\n", "15000000\n");         /* a part of the package */
	zone("intel-rapl:0:1", "dram\n", "4500000\n");          /* 3.5 J */
	zone("intel-rapl:1", "package-1\n", "29671150\n");      /* 0.328850 + 29.671150 = 30 J */
	zone("intel-rapl:1:0", "dram\n", "3250000\n");          /* 2.25 J */
	zone("intel-rapl:2", "psys\n", "99000000\n");           /* contains them */
	zone("intel-rapl-mmio:0", "package-0\n", "25000000\n"); /* the same counter again */
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.measured_j, 55.75, 1e-9));
	cr_assert(epsilon_eq(dbl, r.power_w, 55.75 / r.span_s, 1e-9));
	cr_assert_str_eq(r.source, "powercap");
	cr_assert_str_eq(energy_scope_word(r.scope), "package");
	cr_assert_str_eq(energy_method_word(r.method), "counter");
	cr_assert(isnan(r.estimate_j) && isnan(r.idle_j) && isnan(r.net_j) && isnan(r.other_j));
	joules_close(j);
	fake_tree_drop();
}

Test(joules_kernel, psys_alone_is_the_board)
{
	struct joules_setup s = setup();
	zone("intel-rapl:0", "psys\n", "9000000\n");
	struct joules *j = opened(&s, "powercap");
	cr_assert(strstr(joules_line(j), "(psys), board") != NULL);
	joules_close(j);
	fake_tree_drop();
}

Test(joules_kernel, a_counter_that_stands_still_is_no_data)
{
	struct joules_setup s = setup();
	struct energy r;
	zone("intel-rapl:0", "package-0\n", "0\n");
	s.tdp_w = 100, s.idle_w = 20;
	struct joules *j = opened(&s, "powercap");
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(isnan(r.measured_j));
	cr_assert(strstr(r.why, "did not move") != NULL);
	cr_assert(epsilon_eq(dbl, r.estimate_j, 100 * r.work_s, 1e-9), "the estimate stays");
	cr_assert_str_eq(r.source, "powercap");
	joules_close(j);
	fake_tree_drop();
}

Test(joules_kernel, a_zone_that_goes_away_costs_the_window)
{
	struct joules_setup s = setup();
	struct energy r;
	zone("intel-rapl:0", "package-0\n", "77\n");
	struct joules *j = opened(&s, "powercap");
	joules_begin(j);
	zone("intel-rapl:0", "package-0\n", "\n");
	joules_end(j, 1, &r);
	cr_assert(isnan(r.measured_j));
	cr_assert(strstr(r.why, "can no longer be read") != NULL);
	joules_close(j);
	fake_tree_drop();
}

/* Root reads everything and may count everything; another user of the same process not. */
static void lose_rights(void)
{
	if (!getuid()) cr_assert(not(seteuid(65534)));
}

static void regain_rights(void)
{
	cr_assert(not(seteuid(getuid())));
}

Test(joules_kernel, an_unreadable_counter_says_what_to_run)
{
	struct joules_setup s = setup();
	struct joules_skip skip;
	zone("intel-rapl:0", "package-0\n", "77\n");
	fake_mode("/sys/class/powercap/intel-rapl:0/energy_uj", 0);
	fake_mode("", 0755);
	lose_rights();
	refused(&s, &joules_powercap, &skip);
	regain_rights();
	cr_assert(strstr(skip.why, "run as root, or once 'sudo chmod a+r") != NULL, "%s", skip.why);
	cr_assert_str_eq(skip.brief, "powercap for root only");
	fake_tree_drop();
}

/* The PMU of software events stands in for the energy's: same files, same call. */
static void pmu(const char *event, const char *scale, const char *cpumask)
{
	fake_put("/sys/bus/event_source/devices/power/type", "1\n");
	fake_put("/sys/bus/event_source/devices/power/format/event", "config:0-7\n");
	fake_put("/sys/bus/event_source/devices/power/cpumask", cpumask);
	fake_put("/sys/bus/event_source/devices/power/events/energy-pkg", event);
	fake_put("/sys/bus/event_source/devices/power/events/energy-pkg.scale", scale);
	fake_put("/sys/bus/event_source/devices/power/events/energy-pkg.unit", "Joules\n");
}

static bool may_count_a_cpu(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE, .size = sizeof attr };
	long fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, 0);
	if (fd >= 0) close((int)fd);
	return fd >= 0;
}

Test(joules_kernel, the_pmu_counts_in_its_own_scale)
{
	struct joules_setup s = setup();
	struct energy r;
	if (!may_count_a_cpu()) cr_skip_test("perf_event_open is not permitted here");
	pmu("event=0x00\n", "2.5e-9\n", "0\n"); /* the CPU's clock, ns: 2.5 W */
	struct joules *j = opened(&s, "perf");
	cr_assert(strstr(joules_line(j), "(energy-pkg of cpu 0), package") != NULL);
	joules_begin(j);
	usleep(30000);
	joules_end(j, 1, &r);
	cr_assert_str_eq(energy_method_word(r.method), "counter");
	cr_assert(epsilon_eq(dbl, r.power_w, 2.5, 0.25), "%g W", r.power_w);
	joules_close(j);
	fake_tree_drop();
}

Test(joules_kernel, a_pmu_that_is_not_understood_is_not_used)
{
	static const struct {
		const char *event, *scale, *cpumask, *why;
	} row[] = {
		{ "event=0x02,umask=0x1\n", "2.3e-10\n", "0\n", "/energy-pkg: is not what" },
		{ "config=2\n", "2.3e-10\n", "0\n", "/energy-pkg: is not what" },
		{ "event=0x02\n", "0\n", "0\n", "/energy-pkg: is not what" },
		{ "event=0x02\n", "2.3e-10 J\n", "0\n", "/energy-pkg: is not what" },
		{ "event=0x02\n", "2.3e-10\n", "0-\n", "/cpumask: is not what" },
		{ "event=0x02\n", "2.3e-10\n", "\n", "/cpumask: is not what" },
	};
	struct joules_setup s = setup();
	struct joules_skip skip;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		pmu(row[i].event, row[i].scale, row[i].cpumask);
		refused(&s, &joules_perf, &skip);
		cr_expect(strstr(skip.why, row[i].why) != NULL, "%zu: %s", i, skip.why);
	}
	fake_put("/sys/bus/event_source/devices/power/events/energy-pkg.unit", "uJoules\n");
	refused(&s, &joules_perf, &skip);
	cr_expect(strstr(skip.why, "/energy-pkg: is not what") != NULL);
	fake_tree_drop();
}

Test(joules_kernel, a_pmu_that_is_forbidden_says_what_to_run)
{
	struct joules_setup s = setup();
	struct joules_skip skip;
	pmu("event=0x00\n", "1e-9\n", "0\n");
	fake_put("/proc/sys/kernel/perf_event_paranoid", "3\n");
	fake_mode("", 0755);
	lose_rights();
	if (may_count_a_cpu()) cr_skip_test("perf_event_open is permitted to everybody here");
	refused(&s, &joules_perf, &skip);
	regain_rights();
	cr_assert(strstr(skip.why, "perf_event_paranoid (3) forbids: 'sudo sysctl "
	    "kernel.perf_event_paranoid=0'") != NULL, "%s", skip.why);
	fake_tree_drop();
}

/* A processor with one MSR of 64 bits at an address. */
static void msr(int cpu, long address, uint64_t value)
{
	char path[64];
	snprintf(path, sizeof path, "/dev/cpu/%d/msr", cpu);
	fake_put_at(path, address, &value, sizeof value);
}

static void processors(const char *cpuinfo)
{
	static const char *const package[] = { "0\n", "0\n", "1\n" };
	char path[128];
	fake_put("/proc/cpuinfo", cpuinfo);
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/physical_package_id", i);
		fake_put(path, package[i]);
	}
}

Test(joules_kernel, registers_of_intel_count_dram_in_a_unit_of_its_own)
{
	struct joules_setup s = setup();
	struct energy r;
	processors("vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Xeon\n\n");
	for (int cpu = 0; cpu < 3; cpu += 2) {
		msr(cpu, 0x606, 0x000a0e03);    /* 2^-14 J */
		msr(cpu, 0x611, 0xffffffff00);  /* reserved bits above 32 */
		msr(cpu, 0x619, 1000);
	}
	struct joules *j = opened(&s, "msr");
	cr_assert(strstr(joules_line(j), "(package-0, dram-0, package-1, dram-1), package") != NULL);
	joules_begin(j);
	msr(0, 0x611, 0x3f00);         /* 2^14 counts: over the edge of 32 bits, 1 J */
	msr(2, 0x611, 0xffffff00 + 128); /* 2^7: 1/128 J */
	msr(2, 0x619, 1000 + 32768);   /* 2^15 counts of 2^-16 J: 0.5 J */
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.measured_j, 1 + 1.0 / 128 + 0.5, 1e-12), "%g", r.measured_j);
	joules_close(j);
	fake_tree_drop();
}

Test(joules_kernel, registers_of_amd_count_packages)
{
	struct joules_setup s = setup();
	struct energy r;
	processors("vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\n\n");
	for (int cpu = 0; cpu < 3; cpu += 2) {
		/* Registers are apart by one, files by eight bytes: the lower 16 bits have the unit. */
		fake_put_at(cpu ? "/dev/cpu/2/msr" : "/dev/cpu/0/msr", 0xc0010299, "\3\20", 2); /* 2^-16 J */
		msr(cpu, 0xc001029b, 500);
	}
	struct joules *j = opened(&s, "msr");
	cr_assert(strstr(joules_line(j), "(package-0, package-1), package") != NULL);
	joules_begin(j);
	msr(0, 0xc001029b, 500 + 65536 * 3);
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.measured_j, 3, 1e-12));
	joules_close(j);
	fake_tree_drop();
}

Test(joules_kernel, registers_that_nobody_gives_have_a_reason)
{
	struct joules_setup s = setup();
	struct joules_skip skip;
	processors("vendor_id\t: AuthenticAMD\n\n");
	refused(&s, &joules_msr, &skip);
	cr_assert(strstr(skip.why, "'sudo modprobe msr'") != NULL);
	msr(0, 0, 0); /* a file too short for the register */
	refused(&s, &joules_msr, &skip);
	cr_assert(strstr(skip.why, "has no such register") != NULL, "%s", skip.why);
	processors("CPU implementer\t: 0x41\n\n");
	refused(&s, &joules_msr, &skip);
	cr_assert(strstr(skip.why, "(no vendor) are not known") != NULL);
	fake_tree_drop();
}

Test(joules_kernel, sensors_of_sockets_leave_cores_out)
{
	struct joules_setup s = setup();
	struct energy r;
	fake_put("/sys/class/hwmon/hwmon0/name", "k10temp\n");
	fake_put("/sys/class/hwmon/hwmon10/name", "amd_energy\n");
	fake_put("/sys/class/hwmon/hwmon10/energy1_label", "Ecore000\n");
	fake_put("/sys/class/hwmon/hwmon10/energy1_input", "1000\n");
	fake_put("/sys/class/hwmon/hwmon10/energy2_label", "Esocket0\n");
	fake_put("/sys/class/hwmon/hwmon10/energy2_input", "90000000\n");
	struct joules *j = opened(&s, "hwmon");
	cr_assert(strstr(joules_line(j), "(Esocket0), package") != NULL);
	joules_begin(j);
	fake_put("/sys/class/hwmon/hwmon10/energy1_input", "8000000\n");
	fake_put("/sys/class/hwmon/hwmon10/energy2_input", "107000000\n");
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.measured_j, 17, 1e-9));
	joules_close(j);
	fake_tree_drop();
}

static void rail(int n, const char *label, const char *mv, const char *ma)
{
	char path[96];
	snprintf(path, sizeof path, "/sys/class/hwmon/hwmon3/in%d_label", n);
	fake_put(path, label);
	snprintf(path, sizeof path, "/sys/class/hwmon/hwmon3/in%d_input", n);
	fake_put(path, mv);
	snprintf(path, sizeof path, "/sys/class/hwmon/hwmon3/curr%d_input", n);
	fake_put(path, ma);
}

Test(joules_kernel, rails_of_a_jetson_are_volts_times_amperes)
{
	struct joules_setup s = setup();
	struct energy r;
	fake_put("/sys/class/hwmon/hwmon3/name", "ina3221\n");
	rail(1, "GPU\n", "5000\n", "1100\n"); /* 5.5 W */
	rail(2, "CPU\n", "4900\n", "300\n");  /* 1.47 W */
	rail(4, "sum of shunt voltages\n", "999\n", "999\n");
	struct joules *j = opened(&s, "hwmon");
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.power_w, 6.97, 1e-9), "%g W", r.power_w);
	cr_assert_str_eq(energy_method_word(r.method), "integrated");
	cr_assert_str_eq(energy_scope_word(r.scope), "board");
	joules_close(j);
	rail(3, "VDD_IN\n", "5000\n", "2000\n"); /* what comes in contains the others */
	j = opened(&s, "hwmon");
	cr_assert(strstr(joules_line(j), "(VDD_IN), board") != NULL);
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.power_w, 10, 1e-9));
	joules_close(j);
	fake_tree_drop();
}

Test(joules_kernel, a_gpu_is_not_taken_for_the_processor)
{
	struct joules_setup s = setup();
	struct err_list *e = err_new();
	struct energy r;
	s.nvml = "libno-such-nvml.so.1";
	fake_put("/sys/class/hwmon/hwmon1/name", "amdgpu\n");
	fake_put("/sys/class/hwmon/hwmon1/power1_label", "PPT\n");
	fake_put("/sys/class/hwmon/hwmon1/power1_average", "83000000\n");
	struct joules *j = joules_open(&s, e);
	cr_assert(strstr(joules_line(j), "energy source: none") != NULL);
	joules_close(j);
	s.gpu = true;
	j = joules_open(&s, e);
	cr_assert(strstr(joules_line(j), "energy source: hwmon (PPT), gpu") != NULL);
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.power_w, 83, 1e-9));
	joules_close(j);
	err_free(e);
	fake_tree_drop();
}

Test(joules_kernel, the_idle_window_is_subtracted_and_both_are_told)
{
	struct joules_setup s = setup();
	struct energy r;
	fake_put("/sys/class/hwmon/hwmon1/name", "power_meter\n");
	fake_put("/sys/class/hwmon/hwmon1/power1_average", "31000000\n");
	struct joules *j = opened(&s, "hwmon");
	cr_assert(joules_idle(j, 0.01));
	fake_put("/sys/class/hwmon/hwmon1/power1_average", "97000000\n");
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.measured_j, 97 * r.span_s, 1e-9));
	cr_assert(epsilon_eq(dbl, r.idle_j, 31 * r.span_s, 1e-9));
	cr_assert(epsilon_eq(dbl, r.net_j, 66 * r.span_s, 1e-9));
	joules_close(j);
	fake_tree_drop();
}

Test(joules_kernel, every_source_is_probed_with_a_reason)
{
	struct joules_setup s = setup();
	struct joules_probe probe[JOULES_PROBES];
	s.nvml = "libno-such-nvml.so.1";
	zone("intel-rapl:0", "package-0\n", "1\n");
	joules_probe(&s, probe);
	for (int i = 0; i < JOULES_PROBES; i++) {
		cr_expect(eq(int, probe[i].works, !strcmp(probe[i].source, "powercap")), "%s",
		    probe[i].source);
		cr_expect_str_not_empty(probe[i].text, "%s", probe[i].source);
	}
	fake_tree_drop();
}
