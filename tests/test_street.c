#include "tests/unit.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/street.h"

static const struct cable_par main_par = {
	.name = "main", .source = "test", .r_ohm_m = 0.0002, .x_ohm_m = 0.00008, .rn_ohm_m = 0.0003,
	.xn_ohm_m = 0.00009, .rating_a = 270,
};
static const struct cable_par drop_par = {
	.name = "drop", .source = "test", .r_ohm_m = 0.0009, .x_ohm_m = 0.00007, .rn_ohm_m = NAN,
	.xn_ohm_m = NAN, .rating_a = 120,
};
static struct object main_cable = { .cls = &cable_class, .par = (void *)&main_par };
static struct object drop_cable = { .cls = &cable_class, .par = (void *)&drop_par };

enum { MOST = 8 };

/* A street as the reader would give it, from rows of (from, to, customers). */
struct fixture {
	struct street_par par;
	struct segment_par segment[MOST];
	struct object street, child[MOST];
	struct err_pos pos[MOST][8];
	struct err_list *e;
};

struct row {
	const char *from, *to;
	int customers;
};

static void build(struct fixture *x, const struct row *row, int rows)
{
	*x = (struct fixture){ .par = { .name = "lane" }, .e = err_new() };
	x->street = (struct object){ .cls = &street_class, .par = &x->par, .pos = { "s.xml", 1, 1 },
		.attr_pos = mem_new(8, sizeof(struct err_pos)) };
	for (int i = 0; i < rows; i++) {
		x->segment[i] = (struct segment_par){ .from = row[i].from,
			.to = row[i].to,
			.length_m = 10 * (i + 1),
			.cable = &main_cable,
			.customers = row[i].customers };
		x->child[i] = (struct object){ .cls = &segment_class, .par = &x->segment[i],
			.pos = { "s.xml", i + 2, 3 }, .attr_pos = x->pos[i],
			.next = i + 1 < rows ? &x->child[i + 1] : NULL };
	}
	x->street.child = rows ? &x->child[0] : NULL;
}

/* What the check says, as the reader would show it. */
static const char *faults(struct fixture *x)
{
	static char shown[4096];
	street_class.check(&x->street, x->e);
	memset(shown, 0, sizeof shown);
	FILE *f = fmemopen(shown, sizeof shown - 1, "w");
	err_print(x->e, f);
	fclose(f);
	return shown;
}

static void drop(struct fixture *x)
{
	err_free(x->e);
	free(x->street.attr_pos);
}

/* The street behind a stiff busbar. */
static struct network *network_of(struct fixture *x, uint32_t customers)
{
	struct network *n = network_new();
	uint32_t busbar = network_bus(n, street_busbar(&x->street));
	for (int k = 0; k < 3; k++)
		network_source(n, network_node(n, busbar, k), 230 * cexp(-I * 2 * M_PI / 3 * k), 230);
	street_add(n, &x->street, &(struct street_place){ "", 230 }, customers);
	network_nominal(n);
	return n;
}

static const struct net_element *line_of(const struct network *n, const char *name)
{
	for (size_t i = 0; i < n->elements; i++)
		if (!strcmp(n->element[i].name, name)) return &n->element[i];
	cr_assert(false, "no line %s", name);
	return NULL;
}

static const char *bus_of(const struct network *n, uint32_t node)
{
	return n->bus[n->node[node].bus]->name;
}

/* Sequence impedances of a line of three phases, from its admittances. */
static double complex z1_ohm(const struct net_element *el)
{
	return 1 / (el->y[0] - el->y[1]);
}

static double complex z0_ohm(const struct net_element *el)
{
	return 1 / (el->y[0] + el->y[1] + el->y[2]);
}

Test(street, lines_join_the_places_whatever_the_order_of_the_file)
{
	struct fixture x;
	build(&x, (struct row[]){ { "b", "c", 2 }, { "mill", "a", 1 }, { "a", "b", 0 },
		{ "a", "d", 3 } }, 4);
	cr_expect_str_eq(faults(&x), "");
	cr_expect(eq(u32, street_points(&x.street), 6));
	cr_expect_str_eq(street_busbar(&x.street), "mill");
	struct network *n = network_of(&x, 6);
	static const char *const name[] = { "b - c", "mill - a", "a - b", "a - d" };
	cr_assert(eq(sz, n->elements, 4));
	cr_assert(eq(sz, n->buses, 5));
	for (int i = 0; i < 4; i++) {
		const struct net_element *el = line_of(n, name[i]);
		double m = 10 * (i + 1);
		cr_expect(eq(int, strncmp(name[i], bus_of(n, el->node[0]), 1), 0));
		cr_expect(lt(dbl, cabs(z1_ohm(el) - m * (0.0002 + 0.00008 * I)), 1e-14));
		cr_expect(lt(dbl, cabs(z0_ohm(el) - m * (0.0011 + 0.00035 * I)), 1e-14));
		cr_expect(eq(dbl, el->rating_a, 270));
		cr_expect(eq(dbl, el->neutral_a, 270));
	}
	network_free(n);
	drop(&x);
}

Test(street, customers_hang_in_the_order_of_the_file_and_rotate)
{
	struct fixture x;
	build(&x, (struct row[]){ { "b", "c", 2 }, { "mill", "a", 1 }, { "a", "b", 0 },
		{ "a", "d", 3 } }, 4);
	x.segment[3].phases = PHASES_ABC;
	struct network *n = network_of(&x, 5); /* one place stays empty */
	static const char *const bus[] = { "c", "c", "a", "d", "d" };
	static const uint32_t loads[] = { 1, 1, 1, 3, 3 };
	cr_assert(eq(sz, n->customers, 5));
	cr_assert(eq(sz, n->loads, 9));
	for (uint32_t c = 0; c < 5; c++) {
		const struct net_load *first = &n->load[n->customer[c].first];
		cr_expect(eq(u32, n->customer[c].loads, loads[c]));
		cr_expect_str_eq(bus_of(n, first->plus), bus[c]);
		cr_expect(eq(int, n->node[first->plus].phase, c < 3 ? (int)c : 0));
		cr_expect(eq(u32, first->minus, NET_GROUND));
	}
	network_free(n);
	drop(&x);
}

Test(street, every_customer_has_its_own_drop)
{
	struct fixture x;
	build(&x, (struct row[]){ { "mill", "a", 2 }, { "a", "b", 1 } }, 2);
	x.par.drop_m = 13;
	x.par.drop_cable = &drop_cable;
	cr_expect_str_eq(faults(&x), "");
	struct network *n = network_of(&x, 3);
	cr_assert(eq(sz, n->elements, 5));
	/* One phase out and back. A cable without figures of its neutral has one like a phase. */
	const struct net_element *el = line_of(n, "drop of customer 3");
	cr_expect(eq(u32, el->terminals, 2));
	cr_expect_str_eq(bus_of(n, el->node[0]), "b");
	cr_expect_str_eq(bus_of(n, el->node[1]), "(customer 3)");
	cr_expect(eq(int, n->node[el->node[0]].phase, 2));
	cr_expect(lt(dbl, cabs(1 / el->y[0] - 2 * 13 * (0.0009 + 0.00007 * I)), 1e-14));
	cr_expect(eq(dbl, el->rating_a, 120));
	cr_expect(eq(u32, n->load[2].plus, el->node[1]));
	network_free(n);
	drop(&x);
}

Test(street, what_is_no_tree_is_refused_with_a_remedy)
{
	static const struct {
		struct row row[3];
		const char *says;
	} cases[] = {
		{ { { "mill", "a", 1 }, { "mill", "b", 0 }, { "b", "a", 0 } },
		    "s.xml:4:3: error: segment: 'a' is already the end of the segment in line 2; a "
		    "street is a tree, so end this one at a place of its own\n" },
		{ { { "mill", "a", 1 }, { "a", "b", 0 }, { "moor", "c", 2 } },
		    "s.xml:4:3: error: segment: no segment ends at 'moor', and the busbar is "
		    "already 'mill'; begin it at a place that is connected\n" },
		{ { { "mill", "a", 1 }, { "c", "b", 0 }, { "b", "c", 2 } },
		    "s.xml:3:3: error: segment: 'c' is not connected to the busbar, only to a "
		    "ring; begin one of the ring's segments at the busbar's side\n" },
		{ { { "mill", "a", 0 }, { "a", "b", 0 }, { "b", "c", 0 } },
		    "s.xml:1:1: error: street: has no customers; give a segment customers=\"1\" or "
		    "more\n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fixture x;
		build(&x, cases[i].row, 3);
		cr_expect_str_eq(faults(&x), cases[i].says);
		drop(&x);
	}
}

Test(street, a_drop_is_none_or_has_a_length)
{
	struct fixture x;
	build(&x, (struct row[]){ { "mill", "a", 2 } }, 1);
	x.par.drop_m = 0.003;
	x.par.drop_cable = &drop_cable;
	cr_expect_str_eq(faults(&x),
	    "s.xml:1:1: error: street: a drop of 0.003 m is none; write 0 m, or 1 cm at least\n");
	drop(&x);
}

Test(street, a_drop_needs_its_cable)
{
	struct fixture x;
	build(&x, (struct row[]){ { "mill", "a", 2 } }, 1);
	x.par.drop_m = 13;
	cr_expect_str_eq(faults(&x),
	    "s.xml:1:1: error: street: a drop needs its cable; write drop-cable=\"...\" too\n");
	drop(&x);
}
