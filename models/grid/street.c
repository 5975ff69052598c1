#include "models/grid/street.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/provenance.h"

enum { NOWHERE = -1 };

/* A place where a segment ends, for finding it by name. */
struct place {
	const char *name;
	uint32_t segment; /* that ends there, in the order of the file */
};

/* The segments of a street and where each begins. */
struct layout {
	uint32_t count;
	const struct object **segment;
	struct place *place; /* sorted by name, then by order of the file */
	int64_t *parent;     /* the segment that ends where this one begins; NOWHERE */
};

static const struct segment_par *segment_of(const struct layout *l, uint32_t i)
{
	return l->segment[i]->par;
}

static int by_name(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;
	int order = strcmp(a->name, b->name);
	return order ? order : (a->segment > b->segment) - (a->segment < b->segment);
}

static int is_name(const void *key, const void *place)
{
	return strcmp(key, ((const struct place *)place)->name);
}

static void layout_init(struct layout *l, const struct object *street)
{
	*l = (struct layout){ 0 };
	const struct object *first = object_child(street, &segment_class);
	for (const struct object *o = first; o; o = object_next(o)) l->count++;
	l->segment = mem_new(l->count, sizeof *l->segment);
	l->place = mem_new(l->count, sizeof *l->place);
	l->parent = mem_new(l->count, sizeof *l->parent);
	uint32_t n = 0;
	for (const struct object *o = first; o; o = object_next(o)) {
		const struct segment_par *par = o->par;
		l->segment[n] = o;
		l->place[n] = (struct place){ par->to, n };
		n++;
	}
	qsort(l->place, n, sizeof *l->place, by_name);
	for (uint32_t i = 0; i < n; i++) {
		const struct place *at =
		    bsearch(segment_of(l, i)->from, l->place, n, sizeof *l->place, is_name);
		l->parent[i] = at ? (int64_t)at->segment : NOWHERE;
	}
}

static void layout_fini(struct layout *l)
{
	free(l->segment);
	free(l->place);
	free(l->parent);
}

/* Two segments that end at one place close a loop. */
static void check_ends(const struct layout *l, struct err_list *e)
{
	for (uint32_t i = 1; i < l->count; i++) {
		const struct place *a = &l->place[i - 1], *b = &l->place[i];
		if (strcmp(a->name, b->name)) continue;
		const struct object *o = l->segment[b->segment];
		err_at(e, object_attr_pos(o, "to"),
		    "segment: '%s' is already the end of the segment in line %d; "
		    "a street is a tree, so end this one at a place of its own",
		    b->name, l->segment[a->segment]->pos.line);
	}
}

/* All segments without a parent must begin at one place, the busbar. */
static void check_busbar(const struct layout *l, struct err_list *e)
{
	const char *busbar = NULL;
	for (uint32_t i = 0; i < l->count; i++) {
		const char *from = segment_of(l, i)->from;
		if (l->parent[i] != NOWHERE) continue;
		if (!busbar) busbar = from;
		if (!strcmp(busbar, from)) continue;
		err_at(e, object_attr_pos(l->segment[i], "from"),
		    "segment: no segment ends at '%s', and the busbar is already '%s'; "
		    "begin it at a place that is connected", from, busbar);
	}
}

/* A chain of parents longer than there are segments never leaves a ring. */
static void check_rings(const struct layout *l, struct err_list *e)
{
	for (uint32_t i = 0; i < l->count; i++) {
		int64_t up = i;
		for (uint32_t hops = 0; up != NOWHERE && hops <= l->count; hops++)
			up = l->parent[up];
		if (up == NOWHERE) continue;
		err_at(e, object_attr_pos(l->segment[i], "from"),
		    "segment: '%s' is not connected to the busbar, only to a ring; "
		    "begin one of the ring's segments at the busbar's side",
		    segment_of(l, i)->from);
		return; /* every other member of the ring would say the same */
	}
}

static void check_street(const struct object *o, struct err_list *e)
{
	const struct street_par *par = o->par;
	if (par->drop_m > 0 && !par->drop_cable)
		err_at(e, object_attr_pos(o, "drop"),
		    "street: a drop needs its cable; write drop-cable=\"...\" too");
	struct layout l;
	layout_init(&l, o);
	check_ends(&l, e);
	check_busbar(&l, e);
	check_rings(&l, e);
	if (!street_points(o))
		err_at(
		    e, o->pos, "street: has no customers; give a segment customers=\"1\" or more");
	layout_fini(&l);
}

uint32_t street_points(const struct object *street)
{
	int64_t points = 0;
	for (const struct object *o = object_child(street, &segment_class); o; o = object_next(o))
		points += ((const struct segment_par *)o->par)->customers;
	return (uint32_t)points;
}

static struct line line_of(char *name, uint32_t from, const struct cable_par *c, double length_m)
{
	return (struct line){
		.name = name,
		.from = from,
		.r_ohm = c->r_ohm_m * length_m,
		.x_ohm = c->x_ohm_m * length_m,
		.rn_ohm = (isnan(c->rn_ohm_m) ? c->r_ohm_m : c->rn_ohm_m) * length_m,
		.xn_ohm = (isnan(c->xn_ohm_m) ? c->x_ohm_m : c->xn_ohm_m) * length_m,
		.rating_a = c->rating_a,
	};
}

static char *name_of(const struct segment_par *par)
{
	return par->name ? mem_text(par->name) : mem_print("%s - %s", par->from, par->to);
}

/* Adds segment i after the segments that lead to it; node[i] is the node where
 * it ends, 0 while it is not in the tree. */
static void add_segment(struct tree *t, const struct layout *l, uint32_t i, uint32_t *node)
{
	while (!node[i]) {
		uint32_t top = i; /* the highest segment above i that is not in the tree yet */
		while (l->parent[top] != NOWHERE && !node[l->parent[top]])
			top = (uint32_t)l->parent[top];
		const struct segment_par *par = segment_of(l, top);
		uint32_t from = l->parent[top] == NOWHERE ? 0 : node[l->parent[top]];
		t->line[t->lines++] = line_of(name_of(par), from, par->cable->par, par->length_m);
		node[top] = t->lines;
	}
}

static void add_service(struct tree *t, const struct street_par *street,
    const struct segment_par *par, uint32_t node)
{
	uint32_t c = t->services++;
	if (street->drop_m > 0) {
		t->line[t->lines++] = line_of(mem_print("drop of customer %u", c + 1), node,
		    street->drop_cable->par, street->drop_m);
		t->line[t->lines - 1].drop = true;
		node = t->lines;
	}
	int phases = par->phases == PHASES_ROTATE ? PHASES_A + (int)(c % 3) : par->phases;
	t->service[c] = (struct service){ node, (enum phases)phases };
}

struct tree *street_tree(const struct object *street, uint32_t customers)
{
	assert(customers <= street_points(street));
	const struct street_par *par = street->par;
	struct layout l;
	layout_init(&l, street);
	struct tree *t = mem_new(1, sizeof *t);
	t->line = mem_new((size_t)l.count + customers, sizeof *t->line);
	t->service = mem_new(customers, sizeof *t->service);
	uint32_t *node = mem_new(l.count, sizeof *node);
	for (uint32_t i = 0; i < l.count; i++) add_segment(t, &l, i, node);
	for (uint32_t i = 0; i < l.count; i++) {
		const struct segment_par *seg = segment_of(&l, i);
		for (int64_t c = 0; c < seg->customers && t->services < customers; c++)
			add_service(t, par, seg, node[i]);
	}
	free(node);
	layout_fini(&l);
	return t;
}

void tree_free(struct tree *t)
{
	if (!t) return;
	for (uint32_t i = 0; i < t->lines; i++) free(t->line[i].name);
	free(t->line);
	free(t->service);
	free(t);
}

static const struct attr cable_attrs[] = {
	ATTR_TEXT(struct cable_par, name, "name", REQUIRED, "name of the cable"),
	ATTR_QTY(struct cable_par, r_ohm_m, "r", DIM_RESISTANCE_PER_LENGTH, REQUIRED, 1e-7, 0.1,
	    "resistance of a phase conductor"),
	ATTR_QTY(struct cable_par, x_ohm_m, "x", DIM_RESISTANCE_PER_LENGTH, REQUIRED, 0, 0.01,
	    "series reactance of a phase conductor (positive sequence)"),
	ATTR_QTY(struct cable_par, rn_ohm_m, "neutral-r", DIM_RESISTANCE_PER_LENGTH, OPTIONAL, 0,
	    0.1, "resistance of the neutral, (r0 - r1) / 3; that of a phase when absent"),
	ATTR_QTY(struct cable_par, xn_ohm_m, "neutral-x", DIM_RESISTANCE_PER_LENGTH, OPTIONAL, 0,
	    0.01, "reactance of the neutral, (x0 - x1) / 3; that of a phase when absent"),
	ATTR_QTY(struct cable_par, rating_a, "rating", DIM_CURRENT, REQUIRED, 1, 5000,
	    "continuous current rating"),
	SOURCE_ATTRS(struct cable_par),
	ATTR_END,
};

const struct class cable_class = {
	.element = "cable",
	.parents = "catalogue scenario",
	.about = "A type of low-voltage cable or line with four conductors.",
	.par_size = sizeof(struct cable_par),
	.attrs = cable_attrs,
};

static const struct attr segment_attrs[] = {
	ATTR_TEXT(struct segment_par, name, "name", OPTIONAL,
	    "what reports call it; \"FROM - TO\" when absent"),
	ATTR_TEXT(struct segment_par, from, "from", REQUIRED, "place where it begins"),
	ATTR_TEXT(struct segment_par, to, "to", REQUIRED, "place where it ends"),
	ATTR_QTY(
	    struct segment_par, length_m, "length", DIM_LENGTH, REQUIRED, 0.01, 50e3, "length"),
	ATTR_REF(struct segment_par, cable, "cable", REQUIRED, "cable", "type of cable"),
	ATTR_INT(struct segment_par, customers, "customers", "0", 0, 100000,
	    "how many service points stand at its end"),
	ATTR_ENUM(struct segment_par, phases, "phases", "rotate", "rotate a b c abc",
	    "phase of its customers: in rotation through the street, one phase, or all three"),
	ATTR_END,
};

const struct class segment_class = {
	.element = "segment",
	.parents = "street",
	.about = "A section of cable of a street, with the customers at its end.",
	.par_size = sizeof(struct segment_par),
	.attrs = segment_attrs,
	.min = 1,
};

static const struct attr street_attrs[] = {
	ATTR_TEXT(struct street_par, name, "name", REQUIRED, "name of the street"),
	ATTR_QTY(struct street_par, drop_m, "drop", DIM_LENGTH, "0 m", 0, 1000,
	    "length of the cable from the street to each customer"),
	ATTR_REF(struct street_par, drop_cable, "drop-cable", OPTIONAL, "cable",
	    "cable from the street to each customer"),
	ATTR_TEXT(struct street_par, source, "source", OPTIONAL, "where the layout comes from"),
	ATTR_END,
};

const struct class street_class = {
	.element = "street",
	.parents = "catalogue scenario",
	.about = "The cables of a radial low-voltage network and the places of its customers.",
	.par_size = sizeof(struct street_par),
	.attrs = street_attrs,
	.check = check_street,
};
