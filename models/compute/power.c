#include "models/compute/power.h"

#include <math.h>

static double given(double value, double rule)
{
	return isnan(value) ? rule : value;
}

struct power power_init(const struct power_par *p)
{
	return (struct power){
		.base_w = given(p->base_w, 0.32 * p->tdp_w),
		.bw_w = given(p->bw_w, 0.65 * p->tdp_w),
		.fl_w = given(p->fl_w, 2.4 * p->tdp_w),
		.fl_exp = given(p->fl_exp, 1),
		.max_w = given(p->max_w, 0.92 * p->tdp_w),
	};
}

double power_w(const struct power *p, double u_bw, double u_fl)
{
	double arithmetic = p->fl_exp == 1 ? u_fl : pow(u_fl, p->fl_exp);
	return fmin(p->max_w, p->base_w + p->bw_w * u_bw + p->fl_w * arithmetic);
}

void power_check(const struct power_par *p, const struct object *o, struct err_list *e)
{
	const char *element = o->cls->element;
	struct power w = power_init(p);
	if (p->idle_w > w.max_w)
		err_at(e, object_attr_pos(o, "idle"),
		    "%s: idle=\"%g W\" is above the highest power of %g W; lower it", element,
		    p->idle_w, w.max_w);
	if (w.base_w > w.max_w)
		err_at(e, object_attr_pos(o, "power-base"),
		    "%s: power-base=\"%g W\" is above the highest power of %g W; lower it", element,
		    w.base_w, w.max_w);
}
