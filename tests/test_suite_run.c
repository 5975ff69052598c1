/* The suite on cases whose work is counting: that each is called, timed, compared and freed. No
 * time is judged. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/suite/run.h"
#include "bench/suite/turns.h"
#include "tests/unit.h"

/* A case that adds one number; `spoils` makes its result wrong. */
struct counting {
	volatile double sum;
	double begins, ends; /* what the meter was shown */
	bool spoils;
};

static int freed, live;

static void count_run(void *ctx)
{
	struct counting *c = ctx;
	for (int i = 0; i < 997; i++) c->sum = c->sum + 1;
}

static double count_error(void *ctx)
{
	struct counting *c = ctx;
	double whole = fmod(c->sum, 997);
	return c->spoils ? 0.25 : whole; /* every call adds 997 */
}

static void count_free(void *ctx)
{
	free(ctx);
	freed++;
	live--;
}

static void add_counting(struct suite *s, const char *kernel, int threads, bool spoils)
{
	struct counting *c = mem_new(1, sizeof *c);
	struct bench_case b = { .kernel = kernel,
		.shape = "997",
		.key = { { "count", 997 }, { "threads_most", suite_threads(s) } },
		.keys = 2,
		.threads = threads,
		.pages = "",
		.flops = 997,
		.bytes = 8 * 997,
		.items = 997,
		.item = "addition",
		.ctx = c,
		.run = count_run,
		.error = count_error,
		.error_max = 1e-9,
		.free = count_free };
	c->spoils = spoils;
	suite_add(s, &b);
	live++;
}

static void add_three(struct suite *s)
{
	add_counting(s, "count_a", 1, false);
	add_counting(s, "count_b", 2, true);
	add_counting(s, "count_c", 1, false);
}

static void add_none(struct suite *s)
{
	suite_note(s, "nothing on device %s", suite_device(s));
}

/* An accelerator that says that each call took 3.5 ms by its own clock. */
static double device_s(void *ctx)
{
	(void)ctx;
	return 3.5e-3;
}

static void add_device(struct suite *s)
{
	struct counting *c = mem_new(1, sizeof *c);
	struct bench_case b = { .kernel = "far", .threads = 1, .flops = 1, .bytes = 1, .ctx = c,
		.run = count_run, .error = count_error, .error_max = 0, .free = count_free,
		.device = "card 7", .device_s = device_s };
	live++;
	suite_add(s, &b);
}

static const struct bench_group three = { .name = "three", .about = "x", .add = add_three },
				none = { .name = "none", .about = "x", .add = add_none },
				device = { .name = "device", .about = "x", .add = add_device };

static const struct bench_group *const groups[] = { &three, &none, &device };

static struct suite_plan plan = { .group = groups, .groups = 3, .quick = true, .threads = 2,
	.device = "ABC", .budget_s = 0.05 };

Test(suite_run, every_case_has_its_samples_and_its_error)
{
	struct bench_file f;
	bench_file_init(&f);
	suite_run(&plan, &f);
	cr_assert_eq(f.rows, 4);
	static const char *const kernels[] = { "count_a", "count_b", "count_c", "far" };
	for (size_t i = 0; i < 4; i++) {
		const struct bench_row *r = &f.row[i];
		cr_assert_str_eq(r->kernel, kernels[i]);
		cr_assert_geq(r->samples, SUITE_SAMPLES_MIN);
		for (size_t k = 0; k < r->samples; k++) {
			cr_assert_gt(r->sample[k].wall_s, 0);
			cr_assert_geq(r->sample[k].calls, 1);
		}
		cr_assert_eq(bench_row_right(r), i != 1);
	}
	cr_assert_eq(f.row[1].error, 0.25);
	cr_assert_eq(f.row[1].threads, 2);
	cr_assert_str_eq(f.row[0].group, "three");
	cr_assert_eq(bench_row_key(&f.row[0], "count"), 997);
	cr_assert_eq(bench_row_key(&f.row[0], "threads_most"), 2);
	cr_assert(isnan(bench_row_key(&f.row[0], "cols")));
	cr_assert_not(isnan(f.context.drift_frac));
	cr_assert_gt(f.context.clock_after_hz, 1e8);
	cr_assert_str_not_empty(f.context.noise);
	cr_assert_str_not_empty(f.context.date);
	cr_assert_str_not_empty(f.context.pinning);
	bench_file_fini(&f);
	cr_assert_eq(live, 0);
	cr_assert_eq(freed, 4);
}

Test(suite_run, work_of_a_device_has_the_devices_time)
{
	struct bench_file f;
	bench_file_init(&f);
	suite_run(&plan, &f);
	const struct bench_row *r = &f.row[3];
	cr_assert_str_eq(r->device, "card 7");
	for (size_t k = 0; k < r->samples; k++)
		cr_assert(epsilon_eq(dbl, r->sample[k].wall_s, 3.5e-3, 1e-12));
	cr_assert_not(r->noisy, "%s", r->why); /* no share of a processor is asked of it */
	bench_file_fini(&f);
}

Test(suite_run, groups_tell_why_they_are_empty)
{
	char *text = NULL;
	size_t size;
	struct suite_plan told = plan;
	struct bench_file f;
	told.notes = open_memstream(&text, &size);
	bench_file_init(&f);
	suite_run(&told, &f);
	fclose(told.notes);
	cr_assert_str_eq(text, "none: nothing on device ABC\n");
	free(text);
	bench_file_fini(&f);
}

/* ---- energy ---- */

struct fake_meter {
	int open, windows;
	double used;
};

static void fake_begin(void *ctx)
{
	struct fake_meter *m = ctx;
	cr_assert_eq(m->open++, 0);
}

static void fake_end(void *ctx, double utilisation, struct bench_energy *e)
{
	struct fake_meter *m = ctx;
	cr_assert_eq(--m->open, 0);
	cr_assert(utilisation >= 0 && utilisation <= 1);
	e->measured_j = 7.5 * ++m->windows;
}

Test(suite_run, the_meter_sees_each_case_alone)
{
	struct fake_meter fake = { 0 };
	struct suite_meter meter = { &fake, 0.003, fake_begin, fake_end };
	struct suite_plan metered = plan;
	struct bench_file f;
	metered.meter = metered.device_meter = &meter;
	bench_file_init(&f);
	suite_run(&metered, &f);
	for (size_t i = 0; i < f.rows; i++) {
		cr_assert_eq(f.row[i].energy.measured_j, 7.5 * (double)(i + 1));
		cr_assert_geq(f.row[i].energy.calls, 1);
	}
	bench_file_fini(&f);
}

/* ---- turns ---- */

Test(suite_run, rounds_have_every_case_once_in_changing_order)
{
	enum { N = 23, ROUNDS = 50 };
	size_t order[N], before[N] = { 0 };
	int first[N] = { 0 };
	for (unsigned round = 0; round < ROUNDS; round++) {
		bool seen[N] = { false };
		turns_shuffle(order, N, round);
		for (size_t i = 0; i < N; i++) {
			cr_assert_not(seen[order[i]]);
			seen[order[i]] = true;
		}
		cr_assert_neq(memcmp(order, before, sizeof order), 0, "round %u repeats", round);
		memcpy(before, order, sizeof order);
		first[order[0]]++;
	}
	/* Fair: a given one is first in 2.2 of 50 rounds; in 10 and more with p = 9e-5. */
	for (size_t i = 0; i < N; i++) cr_assert_lt(first[i], 10);
	turns_shuffle(order, 1, 3);
	cr_assert_eq(order[0], 0);
}

Test(suite_run, time_is_shared_by_weight_and_by_cases)
{
	static const double weight[] = { 3, 1, 2 };
	cr_assert_eq(turns_share_s(60, weight, 3), 30);
	cr_assert_eq(turns_share_s(33, weight + 1, 2), 11); /* what the first left over counts too */
	cr_assert_eq(turns_share_s(-5, weight, 3), 0);
	cr_assert_eq(turns_case_s(6, 40, 0.3), 0.15);
	cr_assert_eq(turns_case_s(60, 40, 0.3), 0.3);
	cr_assert_eq(turns_case_s(-1, 40, 0.3), 0);
	cr_assert(epsilon_eq(dbl, turns_sample_s(0.3), 0.02, 1e-12));
	cr_assert_eq(turns_sample_s(0), 200e-6);
}
