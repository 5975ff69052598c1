#include "models/work/slo.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

enum { NAME_MAX_BYTES = 32 };

static const struct attr attrs[] = {
	ATTR_TEXT(struct service_limits, name, "name", OPTIONAL,
	    "class of service, such as interactive; the metrics of this objective end with it"),
	ATTR_QTY(struct service_limits, ttft_s, "ttft", DIM_TIME, OPTIONAL, 1e-6, 86400,
	    "longest time to the first token"),
	ATTR_QTY(struct service_limits, tpot_s, "tpot", DIM_TIME, OPTIONAL, 1e-6, 86400,
	    "longest mean time per output token after the first"),
	ATTR_QTY(struct service_limits, e2e_s, "e2e", DIM_TIME, OPTIONAL, 1e-6, 86400,
	    "longest time to the last token"),
	ATTR_END,
};

/* Names of their own are every element's; of those without one there may be one. */
static bool is_second_unnamed(const struct object *o)
{
	const struct object *before = o->parent ? object_child(o->parent, &slo_class) : o;
	for (; before && before != o; before = object_next(before))
		if (!((const struct service_limits *)before->par)->name) return true;
	return false;
}

/* It becomes the last part of a metric's key. */
static bool is_word(const char *name)
{
	size_t n = strlen(name);
	return n > 0 && n <= NAME_MAX_BYTES &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static void check(const struct object *o, struct err_list *e)
{
	const struct service_limits *l = o->par;
	if (isnan(l->ttft_s) && isnan(l->tpot_s) && isnan(l->e2e_s))
		err_at(e, o->pos, "slo: no limit; write ttft=, tpot= or e2e=");
	if (l->name && !is_word(l->name))
		err_at(e, object_attr_pos(o, "name"),
		    "slo: a name is made of lower-case letters, digits and '-', at most %d of them",
		    NAME_MAX_BYTES);
	if (!l->name && is_second_unnamed(o))
		err_at(e, o->pos, "slo: there is another one without a name; write name=");
}

const struct class slo_class = {
	.element = "slo",
	.parents = "workload",
	.about = "Limits that a request must meet, all of them, to count into goodput. Several "
		 "classes of service are told apart by name; every request is held against each.",
	.par_size = sizeof(struct service_limits),
	.attrs = attrs,
	.check = check,
};

struct service_limits *slo_list(const struct object *workload, size_t *n)
{
	struct service_limits *list = NULL;
	size_t cap = 0;
	*n = 0;
	for (const struct object *o = object_child(workload, &slo_class); o; o = object_next(o)) {
		list = mem_grow(list, *n, &cap, sizeof *list);
		list[(*n)++] = *(const struct service_limits *)o->par;
	}
	return list;
}
