#include "tests/unit.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "bench/joules/cpulist.h"
#include "bench/joules/estimate.h"
#include "bench/joules/sampler.h"
#include "tests/fake_tree.h"

static const struct joules_channel counter = {
	.counts = true, .unit_j = 1e-3, .modulus = 1000, .quantum_j = 1e-3
};

/* Adds readings of a counter, a second apart. */
static struct track follow(const struct joules_channel *c, const uint64_t *count, int n)
{
	struct track t;
	track_begin(&t, c, (struct joules_value){ count[0], NAN }, 7);
	for (int i = 1; i < n; i++)
		track_add(&t, (struct joules_value){ count[i], NAN }, 7 + i, 0.004);
	return t;
}

Test(joules, a_wrap_in_the_middle_is_made_up_for)
{
	static const uint64_t count[] = { 100, 977, 13, 999, 0, 0, 3 };
	struct track t = follow(&counter, count, 7);
	/* 877 + (1000 - 977 + 13) + 986 + 1 + 0 + 3 counts of 1 mJ */
	cr_assert(epsilon_eq(dbl, track_counted_j(&t), 1.903, 1e-12));
}

Test(joules, a_counter_of_32_bits_wraps_at_32_bits)
{
	struct joules_channel c = counter;
	c.modulus = (uint64_t)1 << 32;
	struct track t = follow(&c, (uint64_t[]){ 0xfffffff0, 0x10 }, 2);
	cr_assert(eq(u64, t.counts, 0x20));
}

static double counted_from_9_to_4(struct joules_channel c, uint64_t modulus)
{
	c.modulus = modulus;
	struct track t = follow(&c, (uint64_t[]){ 9, 4 }, 2);
	return track_counted_j(&t);
}

Test(joules, energy_is_never_negative)
{
	cr_assert(epsilon_eq(dbl, counted_from_9_to_4(counter, 1000), 0.995, 1e-12), "a wrap");
	cr_assert(isnan(counted_from_9_to_4(counter, 0)), "it never wraps");
	cr_assert(isnan(counted_from_9_to_4(counter, (uint64_t)1 << 40)), "1.1 GJ in a second");
	cr_assert(isnan(counted_from_9_to_4(counter, 8)), "it was beyond its range");
}

Test(joules, power_is_integrated_by_trapezoids)
{
	struct joules_channel c = { 0 };
	struct track t;
	track_begin(&t, &c, (struct joules_value){ 0, 40 }, 100);
	track_add(&t, (struct joules_value){ 0, 70 }, 102, 0);
	track_add(&t, (struct joules_value){ 0, 10 }, 102.5, 0);
	cr_assert(epsilon_eq(dbl, t.integrated_j, 55 * 2 + 40 * 0.5, 1e-12));
	cr_assert(isnan(track_counted_j(&t)), "it has no counter");
	track_add(&t, (struct joules_value){ 0, NAN }, 103, 0);
	track_add(&t, (struct joules_value){ 0, 10 }, 104, 0);
	cr_assert(isnan(t.integrated_j), "a power was missing");
}

Test(joules, a_counter_is_read_four_times_in_its_range)
{
	struct joules_channel c = counter;
	c.unit_j = 1e-6;
	c.modulus = 262143328850; /* uJ: of a server's package */
	cr_assert(epsilon_eq(dbl, track_interval_s(&c, 100), 262143.32885 / 400, 1e-6));
	c.modulus = 0;
	cr_assert(isinf(track_interval_s(&c, 100)));
}

/* A counter that goes on by 12 of 16 at each reading: a missed one would be seen. */
struct fast {
	uint64_t count;
	_Atomic int reads;
};

static bool fast_read(void *state, struct joules_value *value, char *why, size_t why_size)
{
	struct fast *f = state;
	(void)why, (void)why_size;
	f->count = (f->count + 12) % 16;
	*value = (struct joules_value){ f->count, NAN };
	f->reads++;
	return true;
}

Test(joules, the_thread_misses_no_wrap, .timeout = 30)
{
	static const struct joules_class class = { .name = "fast", .read = fast_read };
	struct fast f = { 0 };
	struct joules_source s = { .class = &class, .state = &f, .channels = 1, .step_s = 0.001 };
	struct track t;
	s.channel[0] = (struct joules_channel){ .counts = true, .unit_j = 1e-3, .modulus = 16 };
	track_begin(&t, &s.channel[0], (struct joules_value){ 0, NAN }, sampler_now_s());
	struct sampler p = { .source = &s, .track = &t, .interval_s = 0.001 };
	sched_getaffinity(0, sizeof p.cpus, &p.cpus);
	sampler_start(&p);
	while (f.reads < 5)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	sampler_stop(&p);
	cr_assert(not(p.failed), "%s", p.why);
	cr_assert(eq(u64, t.counts, 12 * (uint64_t)f.reads));
	cr_assert(p.cpu_s > 0);
}

Test(joules, an_estimate_is_linear_in_utilisation_between_rest_and_full_load)
{
	struct estimate e = estimate_energy(35, 125, 0.3, 20);
	cr_assert(epsilon_eq(dbl, e.j, (35 + 0.3 * 90) * 20, 1e-9));
	cr_assert(epsilon_eq(dbl, e.low_j, 700, 1e-9));
	cr_assert(epsilon_eq(dbl, e.high_j, 2500, 1e-9));
	cr_assert(epsilon_eq(dbl, estimate_energy(35, 125, 1.7, 20).j, 2500, 1e-9));
	cr_assert(isnan(estimate_energy(NAN, 125, 0.3, 20).j), "nothing is guessed");
	cr_assert(isnan(estimate_energy(35, NAN, 0.3, 20).high_j));
}

Test(joules, lists_of_processors_are_read_whole_or_not)
{
	static const struct {
		const char *text;
		int count, last;
	} row[] = {
		{ "0", 1, 0 }, { "0,18", 2, 18 }, { "2-5,9", 5, 9 }, { "", 0, 0 }, { "0-", -1, 0 },
		{ "5-2", -1, 0 }, { "a", -1, 0 }, { "1,,2", -1, 0 }, { "1,", -1, 0 }, { "0-8", -1, 0 },
		{ "-1", -1, 0 }, { "99999999999999999999", -1, 0 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		int cpu[8] = { 0 };
		int n = cpulist_parse(row[i].text, cpu, 8);
		cr_expect(eq(int, n, row[i].count), "%s", row[i].text);
		if (n > 0) cr_expect(eq(int, cpu[n - 1], row[i].last), "%s", row[i].text);
	}
}

Test(joules, the_option_takes_what_the_list_has)
{
	static const char *const good[] = { "auto", "none", "model", "powercap", "perf", "msr", "hwmon",
		"nvml", "nvml:1", "hwmon:hwmon3", "plug:http://192.168.1.7", "file:meter.csv" };
	static const char *const bad[] = { "rapl", "", "plug", "plug:", "file", "perf:0", "powercap:",
		"Auto" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect(eq(ptr, (void *)joules_refuse(good[i]), NULL), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect(joules_refuse(bad[i]) != NULL, "%s", bad[i]);
}

/* A machine with nothing to read, and a clock for it. */
static struct joules_setup bare(void)
{
	return (struct joules_setup){
		.tdp_w = NAN, .idle_w = NAN, .root = fake_tree(), .nvml = "libno-such-nvml.so.1"
	};
}

Test(joules, a_bare_virtual_machine_says_so_and_estimates)
{
	struct joules_setup setup = bare();
	struct err_list *e = err_new();
	struct energy r;
	fake_put("/proc/cpuinfo", "vendor_id\t: GenuineIntel\nflags\t\t: fpu sse hypervisor lahf_lm\n");
	setup.tdp_w = 120, setup.idle_w = 30;
	struct joules *j = joules_open(&setup, e);
	cr_assert_str_eq(joules_line(j),
	    "energy source: none (no powercap, no power PMU, no MSR device, no hwmon, VM); using model");
	joules_begin(j);
	joules_end(j, 0.5, &r);
	cr_assert(isnan(r.measured_j) && isnan(r.power_w) && isnan(r.net_j) && isnan(r.idle_j));
	cr_assert(epsilon_eq(dbl, r.estimate_j, 75 * r.work_s, 1e-12));
	cr_assert(epsilon_eq(dbl, r.estimate_low_j, 30 * r.work_s, 1e-12));
	cr_assert(epsilon_eq(dbl, r.estimate_high_j, 120 * r.work_s, 1e-12));
	cr_assert_str_eq(r.source, "model");
	cr_assert_str_eq(energy_method_word(r.method), "model");
	cr_assert(eq(dbl, joules_window_s(j), 0));
	cr_assert(not(joules_idle(j, 100)), "it does not sleep for nothing");
	joules_close(j);
	err_free(e);
	fake_tree_drop();
}

Test(joules, without_powers_there_is_no_estimate_and_with_none_no_model)
{
	struct joules_setup setup = bare();
	struct err_list *e = err_new();
	struct energy r;
	struct joules *j = joules_open(&setup, e);
	cr_assert(strstr(joules_line(j), "; no estimate without --tdp and --idle") != NULL);
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(isnan(r.estimate_j));
	cr_assert_str_eq(r.source, "none");
	joules_close(j);
	setup.source = "none", setup.tdp_w = 120, setup.idle_w = 30;
	j = joules_open(&setup, e);
	cr_assert_str_eq(joules_line(j), "energy source: none");
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(isnan(r.estimate_j));
	joules_close(j);
	err_free(e);
	fake_tree_drop();
}

Test(joules, a_named_source_that_does_not_work_is_a_fault)
{
	struct joules_setup setup = bare();
	struct err_list *e = err_new();
	static const char *const name[] = { "powercap", "perf", "msr", "hwmon", "nvml",
		"file:/no/such/log.csv" };
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		setup.source = name[i];
		cr_expect(eq(ptr, joules_open(&setup, e), NULL), "%s", name[i]);
		cr_expect(eq(sz, err_count(e), i + 1));
	}
	err_free(e);
	fake_tree_drop();
}
