#include "bench/measure.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/mem.h"

static double clock_s(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double measure_wall_s(void)
{
	return clock_s(CLOCK_MONOTONIC);
}

double measure_cpu_s(void)
{
	return clock_s(CLOCK_THREAD_CPUTIME_ID);
}

double measure_process_cpu_s(void)
{
	return clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

long measure_switches(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return u.ru_nivcsw;
}

struct measure measure_of(double *sample, int n)
{
	size_t count = (size_t)n;
	double *work = mem_new(count, sizeof *work);
	gsl_sort(sample, 1, count);
	struct measure m = {
		.best = sample[0],
		.p10 = gsl_stats_quantile_from_sorted_data(sample, 1, count, 0.1),
		.median = gsl_stats_median_from_sorted_data(sample, 1, count),
		.p90 = gsl_stats_quantile_from_sorted_data(sample, 1, count, 0.9),
		.mad = gsl_stats_mad0(sample, 1, count, work),
		.n = n,
	};
	free(work);
	return m;
}
