#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_X86
#define LANES_AVX512
#include "bench/kernels/attention_lanes.h"

VECTOR_AVX512 void attention_avx512(const struct attention_call *c)
{
	if (c->head_dim % LANES)
		attention_avx2(c); /* 8, 24, 40 ..: half vectors left */
	else
		attend(c);
}

#endif
