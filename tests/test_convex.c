#include "tests/unit.h"

#include <math.h>

#include "models/control/convex.h"

enum { ROOM = 12 };

/* Slopes -3, -1, 2 over lengths 2, 1, 3. */
static struct convex three(struct piece *room)
{
	struct convex f = { .from = 1, .value = 5, .piece = room };
	convex_add(&f, 2, -3);
	convex_add(&f, 1, -1);
	convex_add(&f, 3, 2);
	return f;
}

/* Values added up by hand: 5, then -3 each up to 3, -1 to 4, +2 each to 7. */
Test(convex, is_what_its_pieces_say)
{
	static const double x[] = { 0, 1, 2, 3, 4, 5.5, 7, 9 }, y[] = { 5, 5, 2, -1, -2, 1, 4, 4 };
	struct piece room[ROOM];
	struct convex f = three(room);
	for (int i = 0; i < 8; i++) cr_expect_float_eq(convex_at(&f, x[i]), y[i], 1e-12, "%d", i);
	cr_expect_float_eq(convex_end(&f), 7, 1e-12);
}

/* A slope below the last: the chord of both, and of all it falls below then. Slopes 1, 4, 2
 * of length 1 each: the latter two become 3 over 2; with -5 over 1 more, 4 of it all: the
 * sum 1 + 6 - 5 = 2 over 4. An equal slope lengthens the last. */
Test(convex, stays_convex)
{
	struct piece room[ROOM];
	struct convex f = { .piece = room };
	convex_add(&f, 1, 1);
	convex_add(&f, 1, 4);
	convex_add(&f, 1, 2);
	cr_expect_eq(f.n, 2);
	cr_expect_float_eq(room[1].slope, 3, 1e-12);
	convex_add(&f, 0.5, 3);
	cr_expect_eq(f.n, 2);
	cr_expect_eq(room[1].slope, 3);
	cr_expect_float_eq(room[1].length, 2.5, 1e-12);
	convex_add(&f, 1, -11.5);
	cr_expect_eq(f.n, 1);
	cr_expect_float_eq(room[0].slope, (1 + 7.5 - 11.5) / 4.5, 1e-12);
	convex_add(&f, 0, 7);
	cr_expect_eq(f.n, 1);
}

/* Against all splits of a fine grid, on which every kink lies, and the split that is found
 * reaches what is said; also where only a part is kept. */
Test(convex, best_split_is_the_best_of_all)
{
	struct piece of_f[ROOM], of_g[ROOM], of_h[ROOM];
	struct convex f = three(of_f), g = { .from = -2, .value = 1, .piece = of_g };
	convex_add(&g, 1.5, -2);
	convex_add(&g, 2, 0.5);
	struct convex h = { .piece = of_h };
	cr_assert(convex_split(&f, &g, 0.5, 7, 0, &h));
	cr_expect_float_eq(h.from, 0.5, 1e-12);
	cr_expect_float_eq(convex_end(&h), 7, 1e-12);
	for (double z = 0.5; z <= 7; z += 0.25) {
		double best = INFINITY, least, most;
		for (double x = 1; x <= 7; x += 0.25)
			if (z - x >= -2 && z - x <= 1.5)
				best = fmin(best, convex_at(&f, x) + convex_at(&g, z - x));
		cr_expect_float_eq(convex_at(&h, z), best, 1e-12, "z %g", z);
		convex_best(&f, &g, z, 1e-9, &least, &most);
		cr_expect_leq(least, most);
		for (int i = 0; i < 2; i++) {
			double x = i ? least : most;
			cr_expect_float_eq(convex_at(&f, x) + convex_at(&g, z - x), best, 1e-12);
		}
	}
	struct convex none = { .piece = of_h };
	cr_expect_not(convex_split(&f, &g, 9, 11, 0.25, &none));
	cr_expect_not(convex_split(&f, &g, -5, -2, 0.25, &none));
	cr_assert(convex_split(&f, &g, 8.5, 11, 0.25, &none)); /* ends there */
	cr_expect_eq(none.n, 0);
}

/* Slope 0.5 in both: anything between is as good, x from 3 to 5 of z = 4. */
Test(convex, all_of_equal_ways_are_told)
{
	struct piece of_f[ROOM], of_g[ROOM];
	struct convex f = { .piece = of_f }, g = { .from = -3, .piece = of_g };
	double least, most;
	convex_add(&f, 3, 0.25);
	convex_add(&f, 3, 0.5);
	convex_add(&g, 2, -1);
	convex_add(&g, 7, 0.5 + 1e-12);
	convex_best(&f, &g, 4, 1e-9, &least, &most);
	cr_expect_float_eq(least, 3, 1e-12);
	cr_expect_float_eq(most, 5, 1e-12);
}
