#include "models/work/slo.h"

#include <math.h>

static const struct attr attrs[] = {
	ATTR_QTY(struct service_limits, ttft_s, "ttft", DIM_TIME, OPTIONAL, 1e-6, 86400,
	    "longest time to the first token"),
	ATTR_QTY(struct service_limits, tpot_s, "tpot", DIM_TIME, OPTIONAL, 1e-6, 86400,
	    "longest mean time per output token after the first"),
	ATTR_QTY(struct service_limits, e2e_s, "e2e", DIM_TIME, OPTIONAL, 1e-6, 86400,
	    "longest time to the last token"),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct service_limits *l = o->par;
	if (isnan(l->ttft_s) && isnan(l->tpot_s) && isnan(l->e2e_s))
		err_at(e, o->pos, "slo: no limit; write ttft=, tpot= or e2e=");
}

const struct class slo_class = {
	.element = "slo",
	.parents = "workload",
	.about = "Limits that a request must meet, all of them, to count into goodput.",
	.par_size = sizeof(struct service_limits),
	.attrs = attrs,
	.max = 1,
	.check = check,
};
