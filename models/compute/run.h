/* Iterations of a server whose batch does not change: sums in closed form.
 *
 * While the batch stays the same every decoding context grows by one token an
 * iteration, so that time, flops and bytes of iteration j are affine in j. A
 * thousand iterations then cost as much as one: times are arithmetic series, and
 * the iteration running at a given time solves a quadratic. Their energy: meter.h. */
#ifndef HEARTH_MODELS_COMPUTE_RUN_H
#define HEARTH_MODELS_COMPUTE_RUN_H

#include <stdint.h>

/* Of one replica; each of its accelerators does flops and bytes. Iteration j,
 * from 0, takes time_s + j time_step_s, and so on. All steps >= 0. */
struct run {
	double time_s, time_step_s;
	double flops, flops_step;
	double bytes, bytes_step;
	double held_w; /* of one accelerator, constant; 0: by utilisation */
	double most_w; /* of one accelerator: power beyond it is cut off; 0: no limit */
};

/* value + (value + step) + ...: n terms */
static inline double series_sum(double value, double step, int64_t n)
{
	double m = (double)n;
	return m * value + step * (0.5 * m * (m - 1));
}

static inline double run_time_s(const struct run *r, int64_t n)
{
	return series_sum(r->time_s, r->time_step_s, n);
}

/* Iterations that have ended when elapsed_ns have passed since the instant
 * `ahead_ns` before the first began: the largest j <= n with
 * ahead_ns + 1e9 run_time_s(j) <= elapsed_ns. */
int64_t run_ended(const struct run *r, int64_t n, double ahead_ns, double elapsed_ns);

#endif
