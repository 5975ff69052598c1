#include "tests/unit.h"

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

Test(street, lines_come_parent_first_whatever_the_order_of_the_file)
{
	struct fixture x;
	build(&x, (struct row[]){ { "b", "c", 2 }, { "mill", "a", 1 }, { "a", "b", 0 },
		{ "a", "d", 3 } }, 4);
	cr_expect_str_eq(faults(&x), "");
	cr_expect(eq(u32, street_points(&x.street), 6));
	struct tree *t = street_tree(&x.street, 6);
	/* b-c needs mill-a and a-b in front of it. */
	static const char *const name[] = { "mill - a", "a - b", "b - c", "a - d" };
	static const uint32_t from[] = { 0, 1, 2, 1 };
	static const double length_m[] = { 20, 30, 10, 40 };
	cr_assert(eq(u32, t->lines, 4));
	for (int i = 0; i < 4; i++) {
		cr_expect_str_eq(t->line[i].name, name[i]);
		cr_expect(eq(u32, t->line[i].from, from[i]));
		cr_expect(epsilon_eq(dbl, t->line[i].r_ohm, 0.0002 * length_m[i], 1e-15));
		cr_expect(epsilon_eq(dbl, t->line[i].xn_ohm, 0.00009 * length_m[i], 1e-15));
	}
	tree_free(t);
	drop(&x);
}

Test(street, customers_hang_in_the_order_of_the_file_and_rotate)
{
	struct fixture x;
	build(&x, (struct row[]){ { "b", "c", 2 }, { "mill", "a", 1 }, { "a", "b", 0 },
		{ "a", "d", 3 } }, 4);
	x.segment[3].phases = PHASES_ABC;
	struct tree *t = street_tree(&x.street, 5); /* one place stays empty */
	static const uint32_t node[] = { 3, 3, 1, 4, 4 };
	static const enum phases phases[] = { PHASES_A, PHASES_B, PHASES_C, PHASES_ABC,
		PHASES_ABC };
	cr_assert(eq(u32, t->services, 5));
	for (int i = 0; i < 5; i++) {
		cr_expect(eq(u32, t->service[i].node, node[i]));
		cr_expect(eq(int, t->service[i].phases, phases[i]));
	}
	tree_free(t);
	drop(&x);
}

Test(street, every_customer_has_its_own_drop)
{
	struct fixture x;
	build(&x, (struct row[]){ { "mill", "a", 2 }, { "a", "b", 1 } }, 2);
	x.par.drop_m = 13;
	x.par.drop_cable = &drop_cable;
	cr_expect_str_eq(faults(&x), "");
	struct tree *t = street_tree(&x.street, 3);
	cr_assert(eq(u32, t->lines, 5));
	static const uint32_t from[] = { 0, 1, 1, 1, 2 };
	for (int i = 0; i < 5; i++) {
		cr_expect(eq(u32, t->line[i].from, from[i]));
		cr_expect(eq(int, t->line[i].drop, i >= 2));
	}
	cr_expect_str_eq(t->line[4].name, "drop of customer 3");
	cr_expect(eq(u32, t->service[2].node, 5));
	/* A cable without figures of its neutral has a neutral like a phase. */
	cr_expect(epsilon_eq(dbl, t->line[4].rn_ohm, 13 * 0.0009, 1e-15));
	cr_expect(epsilon_eq(dbl, t->line[4].xn_ohm, 13 * 0.00007, 1e-15));
	cr_expect(eq(dbl, t->line[4].rating_a, 120));
	tree_free(t);
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

Test(street, a_drop_needs_its_cable)
{
	struct fixture x;
	build(&x, (struct row[]){ { "mill", "a", 2 } }, 1);
	x.par.drop_m = 13;
	cr_expect_str_eq(faults(&x),
	    "s.xml:1:1: error: street: a drop needs its cable; write drop-cable=\"...\" too\n");
	drop(&x);
}
