#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_X86
#define LANES_AVX2
#include "bench/kernels/norms_lanes.h"

VECTOR_AVX2 void softmax_avx2(float *x, size_t n)
{
	softmax_lanes(x, n);
}

VECTOR_AVX2 void rmsnorm_avx2(float *y, const float *x, const float *gain, size_t n, float epsilon)
{
	rmsnorm_lanes(y, x, gain, n, epsilon);
}

VECTOR_AVX2 void swiglu_avx2(float *gate, const float *up, size_t n)
{
	swiglu_lanes(gate, up, n);
}

#endif
