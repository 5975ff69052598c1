#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_NEON
#define LANES_NEON
#include "bench/kernels/norms_lanes.h"

void softmax_neon(float *x, size_t n)
{
	softmax_lanes(x, n);
}

void rmsnorm_neon(float *y, const float *x, const float *gain, size_t n, float epsilon)
{
	rmsnorm_lanes(y, x, gain, n, epsilon);
}

void swiglu_neon(float *gate, const float *up, size_t n)
{
	swiglu_lanes(gate, up, n);
}

#endif
