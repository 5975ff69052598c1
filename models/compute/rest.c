#include "models/compute/rest.h"

#include <math.h>

static double given(double value, double rule)
{
	return isnan(value) ? rule : value;
}

struct rest rest_init(const struct node_par *p)
{
	double idle_w = node_idle_w(p);
	return (struct rest){
		.idle_w = idle_w,
		.unloaded_w = p->chip ? idle_w : given(node_device(p)->power.unloaded_w, idle_w),
		.load_w = given(p->load_w, idle_w),
		.unload_after_s = given(p->unload_after_s, INFINITY),
		.load_s = p->cold_start_s + node_weight_bytes(p) / p->load_bytes_s,
	};
}

double rest_load_j(const struct rest *r, const struct node_par *p)
{
	return ((double)node_devices(p) * r->load_w + p->host_active_w) * r->load_s;
}

double rest_break_even_s(const struct rest *r, const struct node_par *p)
{
	double devices = (double)node_devices(p);
	double idle_j = (devices * r->idle_w + p->host_idle_w) * r->load_s;
	return fmax(0, rest_load_j(r, p) - idle_j) / (devices * (r->idle_w - r->unloaded_w));
}
