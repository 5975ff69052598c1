#include "models/grid/outage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"

/* What one is of. */
struct target {
	uint32_t circuit, element; /* NET_NONE: all; the whole of it */
};

struct outages {
	struct feeder *f;
	const struct outage_par **par;
	struct target *target;
	size_t count;
};

static bool find_element(const struct feeder *f, const char *name, struct target *t)
{
	for (uint32_t c = 0; c < f->circuits; c++) {
		const struct network *n = f->circuit[c]->network;
		for (uint32_t i = 0; i < n->elements; i++) {
			if (n->element[i].kind >= NET_SHUNT || strcmp(n->element[i].name, name))
				continue;
			*t = (struct target){ c, i };
			return true;
		}
	}
	return false;
}

static void refuse(
    const struct feeder *f, const struct object *o, const char *name, struct err_list *e)
{
	struct near near = near_to(name);
	for (uint32_t c = 0; c < f->circuits; c++) {
		const struct network *n = f->circuit[c]->network;
		for (uint32_t i = 0; i < n->elements; i++)
			if (n->element[i].kind < NET_SHUNT) near_try(&near, n->element[i].name);
	}
	const char *meant = near_best(&near);
	err_at(e, object_attr_pos(o, "of"),
	    "outage: the feeder has no line or transformer '%s'%s%s%s", name,
	    meant ? "; did you mean '" : "; name one as reports do", meant ? meant : "",
	    meant ? "'?" : "");
}

struct outages *outages_new(const struct object *feeder, struct feeder *f, struct err_list *e)
{
	size_t before = err_count(e);
	struct outages *o = mem_new(1, sizeof *o);
	o->f = f;
	for (const struct object *at = object_child(feeder, &outage_class); at; at = object_next(at))
		o->count++;
	o->par = mem_new(o->count, sizeof(struct outage_par *));
	o->target = mem_new(o->count, sizeof *o->target);
	const struct object *at = object_child(feeder, &outage_class);
	for (size_t i = 0; i < o->count; i++, at = object_next(at)) {
		o->par[i] = at->par;
		o->target[i] = (struct target){ NET_NONE, NET_NONE };
		const char *of = o->par[i]->of;
		if (of && !find_element(f, of, &o->target[i])) refuse(f, at, of, e);
	}
	if (err_count(e) == before) return o;
	outages_free(o);
	return NULL;
}

void outages_free(struct outages *o)
{
	if (!o) return;
	free(o->par);
	free(o->target);
	free(o);
}

static int64_t begin_ns(const struct outage_par *p)
{
	return llround(p->at_s * 1e9);
}

static int64_t end_ns(const struct outage_par *p)
{
	return llround((p->at_s + p->duration_s) * 1e9);
}

/* Several may overlap. */
static bool is_out(const struct outages *o, struct target t, int64_t t_ns)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->target[i].circuit == t.circuit && o->target[i].element == t.element &&
		    begin_ns(o->par[i]) <= t_ns && t_ns < end_ns(o->par[i]))
			return true;
	return false;
}

static void set(struct outages *o, struct target t, bool out)
{
	if (t.circuit != NET_NONE)
		circuit_open(o->f->circuit[t.circuit], t.element, out);
	else
		for (uint32_t c = 0; c < o->f->circuits; c++) circuit_cut(o->f->circuit[c], out);
}

int64_t outages_act(struct outages *o, int64_t t_ns)
{
	int64_t next_ns = INT64_MAX;
	for (size_t i = 0; i < o->count; i++) {
		const int64_t edge_ns[] = { begin_ns(o->par[i]), end_ns(o->par[i]) };
		set(o, o->target[i], is_out(o, o->target[i], t_ns));
		for (int k = 0; k < 2; k++)
			if (edge_ns[k] > t_ns && edge_ns[k] < next_ns) next_ns = edge_ns[k];
	}
	return next_ns;
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct outage_par, of, "of", OPTIONAL,
	    "the line or transformer that is out, as reports call it; when absent the supply of all "
	    "feeders"),
	ATTR_QTY(struct outage_par, at_s, "at", DIM_TIME, REQUIRED, 0, 1e10,
	    "when it begins, from the run's begin"),
	ATTR_QTY(struct outage_par, duration_s, "duration", DIM_TIME, REQUIRED, 1e-3, 1e10,
	    "how long it lasts"),
	ATTR_END,
};

const struct class outage_class = {
	.element = "outage",
	.parents = "feeder",
	.about =
	    "A time without supply. What customers without voltage want counts as unserved; their "
	    "homes and nodes do not know of it.",
	.par_size = sizeof(struct outage_par),
	.attrs = attrs,
};
