/* Runs groups of benchmarks and keeps what was measured.
 *
 * A group's cases live together. Each is run until two passes agree within 5 % (caches,
 * page faults, clocks); then they are timed in rounds, every round in another order, one
 * sample each, until each has 7 samples and its share of the time: a drift of the machine
 * meets all of them. A sample is as many calls as fill a fifteenth of that share. It has wall time, the
 * processor time of all threads of the process, and how often the kernel took a processor
 * away. All samples are kept. Before a sample the case is called once untimed where a
 * call is short, for the case before it has emptied the caches; and after cases of several
 * threads their workers are given time to stop spinning. Last, each result is compared with
 * its plain reference.
 *
 * The first case of the run is measured once more at the end, and the clock's proxy before
 * and after: see suite/noise.h for the verdicts. */
#ifndef HEARTH_BENCH_SUITE_RUN_H
#define HEARTH_BENCH_SUITE_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/suite/record.h"
#include "bench/suite/suite.h"

enum { SUITE_SAMPLES_MIN = 7 };

/* Energy of the calls of a case: they are made one after the other, apart from the
 * timing, for window_s or as long as a sample where that is longer. */
struct suite_meter {
	void *ctx;
	double window_s;
	void (*begin)(void *ctx);
	/* Fills e but for calls; utilisation is the share of all processors that was busy. */
	void (*end)(void *ctx, double utilisation, struct bench_energy *e);
};

struct suite_plan {
	const struct bench_group *const *group;
	size_t groups;
	bool quick, long_too; /* not both */
	int threads;        /* the most to measure with */
	const char *device; /* of suite_device(), or NULL */
	const char *digits; /* of suite_digits(), or NULL */
	double budget_s;    /* for all groups, wall; cases that need longer for their 7 samples get it */
	FILE *notes;        /* what groups tell, one line each; NULL: nobody reads it */
	bool progress;      /* say there what is being measured, on a line that is overwritten */
	/* Of cases on the processor, and of those on a device; NULL: their energy is not
	 * looked at. Windows come out of the time that a group has, up to half of it. */
	const struct suite_meter *meter, *device_meter;
};

/* Budgets of a run that nobody changed, s. */
#define SUITE_BUDGET_S 80.0
#define SUITE_QUICK_S  8.0

/* Fills *f, which bench_file_init has made; rows are in the order of groups and cases. */
void suite_run(const struct suite_plan *plan, struct bench_file *f);

#endif
