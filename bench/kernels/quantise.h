/* The rounding of activations to 8 bits that all instruction sets share, bit for bit:
 * q = round(x * (127 / most)), ties to even, scale = most / 127, most = the largest |x| of the
 * group. */
#ifndef HEARTH_BENCH_KERNELS_QUANTISE_H
#define HEARTH_BENCH_KERNELS_QUANTISE_H

#include <float.h>

/* What multiplies the group's values. Where 127 / most would overflow, all of it is zero. */
static inline float steps_per_one(float most)
{
	return most < 128 * FLT_MIN ? 0 : 127 / most;
}

static inline float step_of(float most)
{
	return most < 128 * FLT_MIN ? 0 : most / 127;
}

#endif
