#include "tests/unit.h"

#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/joules/source.h"

#define LIBRARY HEARTH_BUILD_DIR "/tests/fake_nvml.so"

/* Opens the fake library as it is told to play. */
static struct joules *opened(const char *play, const char *source, const char *bus)
{
	struct joules_setup s = { .source = source, .gpu = true, .gpu_bus = bus, .tdp_w = NAN,
		.idle_w = NAN, .root = "/no/such/root", .nvml = LIBRARY };
	struct err_list *e = err_new();
	setenv("FAKE_NVML", play, 1);
	struct joules *j = joules_open(&s, e);
	if (!j) err_print(e, stderr);
	cr_assert(j != NULL);
	err_free(e);
	return j;
}

static struct energy window(struct joules *j)
{
	struct energy r;
	joules_begin(j);
	joules_end(j, 1, &r);
	return r;
}

static int energy_calls(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW);
	int (*calls)(void);
	void *address = dlsym(library, "fake_nvml_energy_calls");
	memcpy(&calls, &address, sizeof calls);
	return calls();
}

Test(joules_nvml, the_counter_is_taken_and_power_beside_it)
{
	struct joules *j = opened("counter", "auto", NULL);
	cr_assert_str_eq(joules_line(j), "energy source: nvml (Fake A), gpu");
	cr_assert(eq(dbl, joules_window_s(j), 5));
	struct energy r = window(j);
	/* 5 J a call; the first was the probe's, the window began with the third. */
	cr_assert(epsilon_eq(dbl, r.measured_j, 5.0 * (energy_calls() - 3), 1e-9));
	cr_assert(r.measured_j >= 10, "a last reading at least, at an edge");
	cr_assert_str_eq(energy_method_word(r.method), "counter");
	cr_assert(epsilon_eq(dbl, r.other_j, 71.5 * r.span_s, 1e-9));
	cr_assert(isnan(r.estimate_j));
	joules_close(j);
}

Test(joules_nvml, a_counter_that_is_missing_or_zero_is_no_data)
{
	static const char *const play[] = { "power only", "virtual" };
	for (int i = 0; i < 2; i++) {
		struct joules *j = opened(play[i], "nvml", NULL);
		struct energy r = window(j);
		cr_expect(epsilon_eq(dbl, r.power_w, 71.5, 1e-9), "%s", play[i]);
		cr_expect_str_eq(energy_method_word(r.method), "integrated");
		cr_expect(isnan(r.other_j));
		joules_close(j);
	}
}

Test(joules_nvml, the_gpu_in_use_is_the_one_measured)
{
	struct joules *j = opened("counter", "nvml:1", NULL);
	cr_assert(strstr(joules_line(j), "(Fake GH200 B, its processor and memory included)") != NULL);
	joules_close(j);
	j = opened("counter", "auto", "00000000:3B:00.0");
	cr_assert(strstr(joules_line(j), "(Fake GH200 B") != NULL);
	joules_close(j);
}

Test(joules_nvml, a_gpu_that_is_lost_costs_the_window)
{
	struct joules *j = opened("lost", "nvml", NULL);
	struct energy r = window(j);
	cr_assert(isnan(r.measured_j));
	cr_assert_str_eq(r.why, "NVML says error 15");
	joules_close(j);
}

Test(joules_nvml, what_is_missing_is_named)
{
	static const struct {
		const char *play, *arg, *bus, *why;
	} row[] = {
		{ "no driver", NULL, NULL, "nvmlInit says error 9" },
		{ "no device", NULL, NULL, "NVML sees no device" },
		{ "dead", NULL, NULL, "measure on the host" },
		{ "counter", "2", NULL, "no device 2 of 2" },
		{ "counter", "-1", NULL, "is not nvml:N" },
		{ "counter", NULL, "00000000:99:00.0", "knows no device at 00000000:99:00.0" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct joules_setup s = { .gpu_bus = row[i].bus, .root = "", .nvml = LIBRARY };
		struct joules_source source = { .class = &joules_nvml };
		struct joules_skip skip;
		setenv("FAKE_NVML", row[i].play, 1);
		cr_expect(not(joules_nvml.open(&source, &s, row[i].arg, &skip)), "%s", row[i].play);
		cr_expect(strstr(skip.why, row[i].why) != NULL, "%s", skip.why);
	}
}
