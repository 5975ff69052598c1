/* What is said of samples: statistics and verdicts, on samples made by hand. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/measure.h"
#include "bench/suite/noise.h"
#include "bench/suite/roofs.h"
#include "tests/unit.h"

/* By hand: sorted 1 2 4 7 11 16; the median is between 4 and 7; distances from 5.5 are 1.5
 * 1.5 3.5 4.5 5.5 10.5, whose middle is 4; type 7 quantiles stand at 0.5 and 4.5 of 0 to 5. */
Test(suite_numbers, measure_of_an_even_number)
{
	double x[] = { 7, 1, 16, 4, 2, 11 };
	struct measure m = measure_of(x, 6);
	cr_assert_eq(m.n, 6);
	cr_assert_eq(m.best, 1);
	cr_assert_eq(m.median, 5.5);
	cr_assert_eq(m.mad, 4);
	cr_assert(epsilon_eq(dbl, m.p10, 1.5, 1e-12));
	cr_assert(epsilon_eq(dbl, m.p90, 13.5, 1e-12));
	cr_assert_eq(x[0], 1, "samples are sorted");
	cr_assert_eq(x[5], 16);
}

/* 3 5 9 14 23: distances from 9 are 6 4 0 5 14. */
Test(suite_numbers, measure_of_an_odd_number)
{
	double x[] = { 23, 9, 3, 14, 5 }, one = 7;
	struct measure m = measure_of(x, 5);
	cr_assert_eq(m.median, 9);
	cr_assert_eq(m.mad, 5);
	cr_assert(epsilon_eq(dbl, m.p10, 3.8, 1e-12));
	cr_assert(epsilon_eq(dbl, m.p90, 19.4, 1e-12));
	m = measure_of(&one, 1);
	cr_assert_eq(m.best, 7);
	cr_assert_eq(m.p90, 7);
	cr_assert_eq(m.mad, 0);
}

/* ---- rows ---- */

/* A row of one thread whose samples of 10 calls take those times, ms a call, on a processor all
 * the while. */
static struct bench_row *row_of(struct bench_file *f, const double *ms, size_t n)
{
	struct bench_row *r = bench_file_add(f);
	r->threads = 1;
	r->error = r->error_max = 0;
	for (size_t i = 0; i < n; i++)
		bench_row_sample(r, (struct bench_sample){ 1e-3 * ms[i], 1e-3 * ms[i], 10, 0 });
	return r;
}

static const double steady_ms[] = { 5.01, 4.98, 5.02, 5, 4.99, 5.03, 5.01 };
enum { STEADY = sizeof steady_ms / sizeof *steady_ms };

Test(suite_numbers, steady_samples_are_quiet)
{
	struct bench_file f;
	bench_file_init(&f);
	struct bench_row *r = row_of(&f, steady_ms, STEADY);
	noise_judge_row(r);
	cr_assert_not(r->noisy, "%s", r->why);
	cr_assert_str_empty(r->why);
	bench_file_fini(&f);
}

Test(suite_numbers, rows_are_noisy_for_each_reason)
{
	static const double wide[] = { 5, 5.6, 4.4, 5.5, 4.5, 5.4, 4.6 },
			    slower[] = { 5, 5.01, 4.99, 5, 5.4, 5.41, 5.39, 5.4 },
			    faster[] = { 5.4, 5.41, 5.39, 5.4, 5.2, 5, 5.01, 4.99, 5 },
			    creeping[] = { 5, 5.08, 5.16, 5.24, 5.32, 5.4, 5.48, 5.56 },
			    late[] = { 5, 5, 5, 5, 5, 5, 50 };
	static const struct {
		const double *ms;
		size_t n;
		double cpu_share;
		long switches; /* of a sample of 50 ms */
		int threads;
		const char *says; /* "": quiet */
	} rows[] = {
		{ steady_ms, STEADY, 0.96, 0, 1, "had a processor for 96.0 % of its time" },
		{ steady_ms, STEADY, 0.975, 0, 1, "" },
		/* two threads share 1.93 processors' time */
		{ steady_ms, STEADY, 1.93, 0, 2, "had a processor for 96.5 % of its time" },
		{ steady_ms, STEADY, 1.95, 0, 2, "" },
		/* 3 in 50 ms are 60 a second; of two threads 30 each */
		{ steady_ms, STEADY, 1, 3, 1, "was interrupted 60 times a second" },
		{ steady_ms, STEADY, 2, 3, 2, "" },
		{ steady_ms, STEADY, 1, 2, 1, "" },
		/* distances from 5 are 0 .6 .6 .5 .5 .4 .4: middle .5 */
		{ wide, 7, 1, 0, 1, "MAD is 10 %" },
		/* from 5 to 5.4, each half with a MAD of 0.005; as much in ten steps is no jump */
		{ slower, 8, 1, 0, 1, "became 8 % slower meanwhile" },
		{ faster, 9, 1, 0, 1, "became 7 % faster meanwhile" },
		{ creeping, 8, 1, 0, 1, "became 6 % slower meanwhile" }, /* 5.12 and 5.44 */
		{ late, 7, 1, 0, 1, "" }, /* one far away: told as an outlier */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bench_file f;
		bench_file_init(&f);
		struct bench_row *r = row_of(&f, rows[i].ms, rows[i].n);
		r->threads = rows[i].threads;
		for (size_t k = 0; k < r->samples; k++) {
			r->sample[k].cpu_s *= rows[i].cpu_share;
			r->sample[k].switches = rows[i].switches;
		}
		noise_judge_row(r);
		cr_assert_str_eq(r->why, rows[i].says, "row %zu: %s", i, r->why);
		cr_assert_eq(r->noisy, *rows[i].says != '\0');
		bench_file_fini(&f);
	}
}

/* A device's processor only waits. */
Test(suite_numbers, a_device_is_not_judged_by_the_processor)
{
	struct bench_file f;
	bench_file_init(&f);
	struct bench_row *r = row_of(&f, steady_ms, STEADY);
	for (size_t k = 0; k < r->samples; k++) {
		r->sample[k].cpu_s = 0;
		r->sample[k].switches = 1000;
	}
	memcpy(r->device, "card", 5);
	noise_judge_row(r);
	cr_assert_not(r->noisy, "%s", r->why);
	bench_file_fini(&f);
}

Test(suite_numbers, outliers_are_told_and_kept)
{
	static const double ms[] = { 5, 5.01, 4.99, 5.02, 4.98, 5.5, 5 };
	struct bench_file f;
	bench_file_init(&f);
	struct bench_row *r = row_of(&f, ms, 7);
	cr_assert_eq(bench_row_outliers(r), 1); /* MAD 0.01: 0.5 is 50 of them */
	cr_assert_eq(r->samples, 7);
	bench_file_fini(&f);
}

/* ---- the run ---- */

Test(suite_numbers, load_of_others_is_what_is_left)
{
	/* 2 processors, 10 s: 8 s of ours, 3 s of others, 0.5 s stolen */
	struct machine_load before = { 1000, 400, 7, 30 }, after = { 1020, 411, 7.5, 38 };
	struct bench_context c = { .num_cpus = 2 };
	noise_load(&c, &before, &after);
	cr_assert(epsilon_eq(dbl, c.others_frac, 0.15, 1e-12));
	cr_assert(epsilon_eq(dbl, c.steal_frac, 0.025, 1e-12));
	after.own_s = 42; /* more than the ticks show */
	noise_load(&c, &before, &after);
	cr_assert_eq(c.others_frac, 0);
	noise_load(&c, &before, &before);
	cr_assert(isnan(c.others_frac));
	cr_assert(isnan(c.steal_frac));
}

Test(suite_numbers, a_run_is_noisy_for_each_reason)
{
	static const struct {
		double others, steal, drift, after_hz;
		int noisy_rows; /* of 8 */
		const char *says; /* "": quiet */
	} runs[] = {
		{ 0.02, 0.01, 0.03, 3.1e9, 1, "" },
		{ 0.03, 0, 0, 3e9, 0, "others used 0.12 of 4 processors" },
		{ 0, 0.02, 0, 3e9, 0, "the hypervisor took 2 %" },
		{ 0, 0, -0.07, 3e9, 0, "the first case took 7 % less time at the end" },
		{ 0, 0, 0.07, 3e9, 0, "the first case took 7 % more time at the end" },
		{ 0, 0, 0, 2.7e9, 0, "the clock became 10 % slower" },
		{ 0, 0, 0, 3e9, 2, "2 of 8 rows are noisy" },
		{ 1, 0, 0, 3e9, 8, "others used 4.00 of 4 processors; 8 of 8 rows are noisy" },
		{ NAN, NAN, NAN, 3e9, 0, "" },
	};
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		struct bench_file f;
		bench_file_init(&f);
		struct bench_context *c = &f.context;
		for (int k = 0; k < 8; k++)
			row_of(&f, steady_ms, STEADY)->noisy = k < runs[i].noisy_rows;
		c->num_cpus = 4;
		c->others_frac = runs[i].others;
		c->steal_frac = runs[i].steal;
		c->drift_frac = runs[i].drift;
		c->clock_before_hz = 3e9;
		c->clock_after_hz = runs[i].after_hz;
		noise_judge(&f);
		cr_assert_eq(c->noisy, *runs[i].says != '\0', "run %zu: %s", i, c->noise);
		if (*runs[i].says)
			cr_assert_str_eq(c->noise, runs[i].says);
		else
			cr_assert_eq(strncmp(c->noise, "quiet", 5), 0);
		bench_file_fini(&f);
	}
}

/* ---- roofs ---- */

/* A row of one thread with all samples of that time. */
static struct bench_row *work_row(struct bench_file *f, const char *group, const char *kernel,
    double flops, double bytes, double span, double ms)
{
	struct bench_row *r = row_of(f, &ms, 1);
	memcpy(r->group, group, strlen(group) + 1);
	memcpy(r->kernel, kernel, strlen(kernel) + 1);
	r->flops = flops;
	r->bytes = bytes;
	if (span > 0) {
		memcpy(r->key[0].name, "span", 5);
		r->key[0].value = span;
		r->keys = 1;
	}
	return r;
}

/* Memory: 40 GB/s at 64 kB, 10 GB/s at 64 MB; arithmetic in q8: 50 GFLOP/s at most. */
Test(suite_numbers, share_of_the_roofline)
{
	struct bench_file f;
	bench_file_init(&f);
	work_row(&f, "memory", "read", 8e3, 64e3, 64e3, 64e3 / 40e6);
	work_row(&f, "memory", "read", 8e6, 64e6, 64e6, 64e6 / 10e6);
	work_row(&f, "memory", "copy", 0, 64e6, 64e6, 0.1);
	work_row(&f, "gemm", "gemm_q8", 5e9, 1e6, 0, 100);
	work_row(&f, "gemv", "gemv_q8", 1e9, 1e3, 64e3, 10); /* faster than any gemm: no roof */
	work_row(&f, "gemv", "gemv_q8", 1e8, 40e6, 0, 5);  /* bytes: 4 of 5 ms */
	work_row(&f, "gemv", "gemv_q8", 1e8, 40e3, 0, 4);  /* flops: 2 of 4 ms */
	work_row(&f, "gemv", "gemv_q8", 1e8, 40e3, 64e6, 8); /* the span decides: 4 us, flops 2 */
	cr_assert(epsilon_eq(dbl, roof_bytes_s(&f, 100e3, 1), 40e9, 1));
	cr_assert(epsilon_eq(dbl, roof_bytes_s(&f, 1e9, 1), 10e9, 1));
	cr_assert(isnan(roof_bytes_s(&f, 1e9, 2)));
	cr_assert(epsilon_eq(dbl, roof_flops_s(&f, "q8", 1), 50e9, 1));
	cr_assert(isnan(roof_flops_s(&f, "q4", 1)));
	cr_assert(epsilon_eq(dbl, roof_share(&f, &f.row[0]), 1, 1e-9));
	cr_assert(epsilon_eq(dbl, roof_share(&f, &f.row[5]), 0.8, 1e-9));
	cr_assert(epsilon_eq(dbl, roof_share(&f, &f.row[6]), 0.5, 1e-9));
	cr_assert(epsilon_eq(dbl, roof_share(&f, &f.row[7]), 0.25, 1e-9));
	memcpy(f.row[3].kernel, "gemm_q7", 8); /* then memory's roof alone */
	cr_assert(epsilon_eq(dbl, roof_share(&f, &f.row[5]), 0.8, 1e-9));
	memcpy(f.row[5].device, "card", 5);
	cr_assert(isnan(roof_share(&f, &f.row[5])));
	bench_file_fini(&f);
}

/* Caches of 32 kB and 32 MB: 16 kB shows the first, 1 MB the second, 64 MB what is beyond; 30 kB
 * is more than half of the first, and 24 MB of the second. */
Test(suite_numbers, roofs_of_a_picture)
{
	static const struct {
		const char *label;
		double bytes_s, flops_s;
	} wanted[] = { { "L1", 100e9, NAN }, { "L3", 40e9, NAN }, { "memory", 10e9, NAN },
		{ "q8", NAN, 50e9 } };
	struct bench_file f;
	struct roofs roofs;
	bench_file_init(&f);
	f.context.cache[0] = (struct bench_cache){ "Data", 1, 32768, 1 };
	f.context.cache[1] = (struct bench_cache){ "Instruction", 1, 65536, 1 };
	f.context.cache[2] = (struct bench_cache){ "Unified", 3, 33554432, 4 };
	f.context.caches = 3;
	work_row(&f, "memory", "read", 0, 16e3, 16e3, 16e3 / 100e6);
	work_row(&f, "memory", "read", 0, 30e3, 30e3, 30e3 / 60e6);
	work_row(&f, "memory", "read", 0, 1e6, 1e6, 1e6 / 40e6);
	work_row(&f, "memory", "read", 0, 24e6, 24e6, 24e6 / 15e6);
	work_row(&f, "memory", "read", 0, 64e6, 64e6, 64e6 / 10e6);
	work_row(&f, "memory", "read", 0, 1e9, 1e9, 1)->threads = 2;
	work_row(&f, "gemm", "gemm_q8", 5e9, 1e6, 0, 100);
	work_row(&f, "gemv", "gemv_q8", 1e9, 1e6, 0, 100);
	roofs_of(&f, 1, &roofs);
	cr_assert_eq(roofs.count, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct roof *r = &roofs.roof[i];
		cr_assert_str_eq(r->label, wanted[i].label);
		if (isnan(wanted[i].bytes_s))
			cr_assert(epsilon_eq(dbl, r->flops_s, wanted[i].flops_s, 1));
		else
			cr_assert(epsilon_eq(dbl, r->bytes_s, wanted[i].bytes_s, 1));
		cr_assert_neq(isnan(r->bytes_s), isnan(r->flops_s));
	}
	roofs_of(&f, 3, &roofs);
	cr_assert_eq(roofs.count, 0);
	bench_file_fini(&f);
}

/* A thread alone is not slower because others had its processor for a while; several
 * threads, and what a device does, take what the clock on the wall says. */
Test(suite_numbers, one_thread_takes_its_processor_time)
{
	struct bench_file f;
	bench_file_init(&f);
	struct bench_row *r = row_of(&f, (double[]){ 4, 9, 7 }, 3);
	for (size_t i = 0; i < 3; i++) r->sample[i].cpu_s = 3e-3;
	r->threads = 1;
	cr_expect_eq(bench_sample_s(r, 1), 3e-3);
	cr_expect_eq(bench_row_s(r), 3e-3);
	r->threads = 2;
	cr_expect(epsilon_eq(dbl, bench_sample_s(r, 1), 9e-3, 1e-15));
	cr_expect(epsilon_eq(dbl, bench_row_s(r), 7e-3, 1e-15));
	r->threads = 1;
	snprintf(r->device, sizeof r->device, "an accelerator");
	cr_expect(epsilon_eq(dbl, bench_row_s(r), 7e-3, 1e-15));
	bench_file_fini(&f);
}

/* ---- runs of the same cases ---- */

/* 4 6 and 8 2 7 ms: all five, whose middle is 6. The second run was noisy. */
Test(suite_numbers, joined_runs_keep_all_samples_and_the_worse_verdict)
{
	struct bench_file f, more;
	bench_file_init(&f);
	bench_file_init(&more);
	row_of(&f, (double[]){ 4, 6 }, 2);
	struct bench_row *r = row_of(&more, (double[]){ 8, 2, 7 }, 3);
	r->noisy = true;
	r->error = 0.5;
	snprintf(r->why, sizeof r->why, "was interrupted");
	free(more.context.noise);
	more.context.noise = mem_text("others worked");
	more.context.noisy = true;
	f.context.drift_frac = 0.02;
	more.context.drift_frac = -0.07;
	f.context.duration_s = 11;
	more.context.duration_s = 13;
	bench_file_join(&f, &more);
	cr_assert_eq(f.row[0].samples, 5);
	cr_assert(epsilon_eq(dbl, bench_row_wall_s(&f.row[0]), 6e-3, 1e-15));
	cr_assert(f.row[0].noisy);
	cr_assert_str_eq(f.row[0].why, "was interrupted");
	cr_assert_eq(f.row[0].error, 0.5);
	cr_assert(f.context.noisy);
	cr_assert_str_eq(f.context.noise, "others worked");
	cr_assert_eq(f.context.drift_frac, -0.07);
	cr_assert_eq(f.context.duration_s, 24);
	cr_assert_eq(more.row[0].samples, 3);
	bench_file_fini(&f);
	bench_file_fini(&more);
}
