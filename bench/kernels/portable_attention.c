#include "bench/kernels/functions.h"
#include "bench/kernels/attention_lanes.h"

void attention_portable(const struct attention_call *c)
{
	attend(c);
}
