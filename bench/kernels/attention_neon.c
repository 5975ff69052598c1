#include "bench/kernels/functions.h"
#include "bench/kernels/vector.h"

#ifdef VECTORS_NEON
#define LANES_NEON
#include "bench/kernels/attention_lanes.h"

void attention_neon(const struct attention_call *c)
{
	attend(c);
}

#endif
