#include "models/compute/collective.h"

double collective_all_reduce_s(const struct collective *c, int64_t devices, double bytes)
{
	double n = (double)devices;
	if (devices == 1) return 0;
	return c->fixed_s + 2 * (n - 1) / n * bytes / c->link_bytes_s;
}
