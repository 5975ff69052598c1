#include "bench/measure.h"

#include <stdlib.h>
#include <time.h>

double measure_cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ascending(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;
	return (a > b) - (a < b);
}

struct measure measure_of(double *sample, int n)
{
	qsort(sample, (size_t)n, sizeof *sample, ascending);
	return (struct measure){ sample[0], sample[n / 2] };
}
