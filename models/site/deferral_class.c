/* The element <deferral>: its attributes, and which requests it is about. */
#include "models/site/deferral.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

static const struct attr attrs[] = {
	ATTR_QTY(struct deferral_par, share_frac, "share", DIM_FRACTION, OPTIONAL, 0, 1,
	    "share of the requests that can wait, drawn"),
	ATTR_QTY(struct deferral_par, priority_above, "priority-above", DIM_NUMBER, OPTIONAL, -129,
	    127, "those can wait whose priority in the trace is a larger number, instead of a share"),
	ATTR_QTY(struct deferral_par, deadline_s, "deadline", DIM_TIME, REQUIRED, 1, 31 * 86400.0,
	    "from when a request is sent to when its last token is due"),
	ATTR_QTY(struct deferral_par, margin_s, "margin", DIM_TIME, "10 min", 0, 31 * 86400.0,
	    "that long before its deadline a request is let go, whatever the price"),
	ATTR_QTY(struct deferral_par, rate_hz, "rate", DIM_RATE, REQUIRED, 1e-6, 1e6,
	    "at which requests that wait are let go when they may be"),
	TRIGGER_ATTRS(struct deferral_par, trigger),
	ATTR_END,
};

static void check_which(const struct object *o, struct err_list *e)
{
	const struct deferral_par *p = o->par;
	if (isnan(p->share_frac) == !isnan(p->priority_above)) return;
	err_at(e, o->pos,
	    "deferral: which requests can wait? write share= to draw them, or priority-above= "
	    "for those of a trace, and not both");
}

static void check(const struct object *o, struct err_list *e)
{
	const struct deferral_par *p = o->par;
	const struct workload_par *w = o->parent->par;
	check_which(o, e);
	struct trigger_par trigger = trigger_without_import(p->trigger);
	trigger_check(&trigger, o, NULL, o->parent->parent, e);
	if (p->margin_s > p->deadline_s)
		err_at(e, object_attr_pos(o, "margin"),
		    "deferral: a margin of %g s before a deadline of %g s leaves no time to wait; "
		    "lower it",
		    p->margin_s, p->deadline_s);
	if (workload_is_closed(w))
		err_at(e, o->pos,
		    "deferral: clients of a closed loop wait for their answers; leave out "
		    "concurrency= or the deferral");
	if (!isnan(p->priority_above) && !w->trace)
		err_at(e, object_attr_pos(o, "priority-above"),
		    "deferral: synthetic requests have no priorities; write share= instead");
}

const struct class deferral_class = {
	.element = "deferral",
	.parents = "workload",
	.about = "Requests that can wait while electricity is dear or dirty: while any of its "
		 "conditions holds, by the scenario's tariff. Held back where they are routed, let "
		 "go in order. It is asked once a grid step.",
	.par_size = sizeof(struct deferral_par),
	.attrs = attrs,
	.max = 1,
	.check = check,
};

void deferral_mark(const struct object *workload, uint64_t seed, struct workload *w)
{
	const struct object *o = object_child(workload, &deferral_class);
	if (!o) return;
	const struct deferral_par *p = o->par;
	char *name = mem_print("%s/deferral", workload->name ? workload->name : "workload");
	struct pcg64 draw = rng_stream(seed, 0, rng_entity(name), RNG_POPULATION);
	for (uint32_t i = 0; i < w->count; i++) {
		double u = pcg64_unit(&draw);
		w->request[i].deferrable = isnan(p->share_frac) ?
		    w->request[i].priority > p->priority_above : u < p->share_frac;
	}
	free(name);
}
