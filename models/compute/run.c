#include "models/compute/run.h"

#include <math.h>

int64_t run_ended(const struct run *r, int64_t n, double ahead_ns, double elapsed_ns)
{
	/* (s/2) j^2 + (t - s/2) j = x, in the form that cancels nothing */
	double x = fmax(0, (elapsed_ns - ahead_ns) * 1e-9);
	double b = r->time_s - 0.5 * r->time_step_s;
	double root = 2 * x / (b + sqrt(b * b + 2 * r->time_step_s * x));
	int64_t j = root >= (double)n ? n : (int64_t)root;
	while (j > 0 && ahead_ns + 1e9 * run_time_s(r, j) > elapsed_ns) j--;
	while (j < n && ahead_ns + 1e9 * run_time_s(r, j + 1) <= elapsed_ns) j++;
	return j;
}
