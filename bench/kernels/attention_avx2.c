#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_X86
#define LANES_AVX2
#include "bench/kernels/attention_lanes.h"

VECTOR_AVX2 void attention_avx2(const struct attention_call *c)
{
	attend(c);
}

#endif
