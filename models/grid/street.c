#include "models/grid/street.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/branch.h"
#include "models/provenance.h"

enum { NOWHERE = -1 };

static const double shortest_m = 0.01; /* of a segment, as its range has it */

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
	if (par->drop_m > 0 && par->drop_m < shortest_m)
		err_at(e, object_attr_pos(o, "drop"),
		    "street: a drop of %g m is none; write 0 m, or 1 cm at least", par->drop_m);
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

/* What is being built, of which street. */
struct builder {
	struct network *n;
	const struct street_par *street;
	const struct street_place *at;
	uint32_t customers; /* so far */
};

static uint32_t bus_of(const struct builder *b, const char *place)
{
	char *name = mem_print("%s%s", b->at->prefix, place);
	uint32_t bus = network_bus(b->n, name);
	free(name);
	return bus;
}

/* Phases `first` to `first + phases - 1` and their neutral between two buses. */
static void add_cable(struct builder *b, char *name, const struct cable_par *c, double length_m,
    int first, int phases, const uint32_t bus[2])
{
	double complex z_ohm_m = c->r_ohm_m + I * c->x_ohm_m, z_ohm[NET_PHASES * NET_PHASES];
	double complex zn_ohm_m = (isnan(c->rn_ohm_m) ? c->r_ohm_m : c->rn_ohm_m) +
				  I * (isnan(c->xn_ohm_m) ? c->x_ohm_m : c->xn_ohm_m);
	double b_s[NET_PHASES * NET_PHASES] = { 0 };
	uint32_t from[NET_PHASES], to[NET_PHASES];
	for (int k = 0; k < phases; k++) {
		from[k] = network_node(b->n, bus[0], first + k);
		to[k] = network_node(b->n, bus[1], first + k);
	}
	for (int k = 0; k < phases * phases; k++)
		z_ohm[k] = length_m * (zn_ohm_m + (k / phases == k % phases ? z_ohm_m : 0));
	bool good = branch_line(b->n, name, phases, from, to, z_ohm, b_s);
	assert(good); /* a cable has resistance */
	struct net_element *el = &b->n->element[b->n->elements - 1];
	el->rating_a = c->rating_a;
	if (phases > 1) el->neutral_a = c->rating_a;
	free(name);
}

static void add_segment(struct builder *b, const struct segment_par *par)
{
	uint32_t bus[2] = { bus_of(b, par->from), bus_of(b, par->to) };
	char *name = par->name ? mem_print("%s%s", b->at->prefix, par->name)
			       : mem_print("%s%s - %s", b->at->prefix, par->from, par->to);
	add_cable(b, name, par->cable->par, par->length_m, 0, NET_PHASES, bus);
}

static void add_customer(struct builder *b, const struct segment_par *par)
{
	uint32_t c = b->customers++, bus[2] = { bus_of(b, par->to), 0 };
	int kind = par->phases == PHASES_ROTATE ? PHASES_A + (int)(c % 3) : par->phases;
	int first = kind == PHASES_ABC ? 0 : kind - PHASES_A, phases = kind == PHASES_ABC ? 3 : 1;
	char *name = mem_print("%scustomer %u", b->at->prefix, c + 1);
	bus[1] = bus[0];
	if (b->street->drop_m > 0) {
		char *end = mem_print("(%s)", name);
		bus[1] = network_bus(b->n, end);
		free(end);
		add_cable(b, mem_print("%sdrop of customer %u", b->at->prefix, c + 1),
		    b->street->drop_cable->par, b->street->drop_m, first, phases, bus);
	}
	for (int k = 0; k < phases; k++) {
		network_load(b->n, &(struct net_load){ .name = name,
			.plus = network_node(b->n, bus[1], first + k),
			.minus = NET_GROUND,
			.nominal_v = b->at->nominal_v,
			.power = 1 });
		network_customer(b->n, k > 0);
	}
	free(name);
}

void street_add(struct network *n, const struct object *street, const struct street_place *at,
    uint32_t customers)
{
	assert(customers <= street_points(street));
	struct builder b = { n, street->par, at, 0 };
	const struct object *first = object_child(street, &segment_class);
	for (const struct object *o = first; o; o = object_next(o)) add_segment(&b, o->par);
	for (const struct object *o = first; o; o = object_next(o)) {
		const struct segment_par *par = o->par;
		for (int64_t c = 0; c < par->customers && b.customers < customers; c++)
			add_customer(&b, par);
	}
}

const char *street_busbar(const struct object *street)
{
	struct layout l;
	const char *busbar = NULL;
	layout_init(&l, street);
	for (uint32_t i = 0; i < l.count && !busbar; i++)
		if (l.parent[i] == NOWHERE) busbar = segment_of(&l, i)->from;
	layout_fini(&l);
	return busbar;
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
