#include "bench/kernels/functions.h"
#include "bench/kernels/norms_lanes.h"

void softmax_portable(float *x, size_t n)
{
	softmax_lanes(x, n);
}

void rmsnorm_portable(float *y, const float *x, const float *gain, size_t n, float epsilon)
{
	rmsnorm_lanes(y, x, gain, n, epsilon);
}

void swiglu_portable(float *gate, const float *up, size_t n)
{
	swiglu_lanes(gate, up, n);
}
