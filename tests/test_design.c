#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sweep/design.h"

struct made {
	size_t rows, axes;
	double *x;
};

static struct made make(enum design_kind kind, size_t points, size_t axes, uint64_t seed)
{
	struct made m = { .rows = design_rows(kind, points, NULL, axes), .axes = axes };
	cr_assert_null(design_refuse(kind, points, NULL, axes));
	m.x = mem_new(m.rows * axes, sizeof *m.x);
	design_fill(m.x, kind, points, NULL, axes, seed);
	return m;
}

static double at(const struct made *m, size_t row, size_t axis)
{
	return m->x[row * m->axes + axis];
}

/* Products and sums by hand. */
Test(design, rows_are_counted_before_they_are_made)
{
	static const size_t levels[] = { 3, 1, 5 };
	cr_expect_eq(design_rows(DESIGN_GRID, 0, levels, 3), 15);
	cr_expect_eq(design_rows(DESIGN_GRID, 0, NULL, 0), 1);
	cr_expect_eq(design_rows(DESIGN_LATIN_HYPERCUBE, 7, NULL, 3), 7);
	cr_expect_eq(design_rows(DESIGN_SOBOL, 7, NULL, 3), 7);
	cr_expect_eq(design_rows(DESIGN_MORRIS, 7, NULL, 3), 28);
	cr_expect_eq(design_rows(DESIGN_SALTELLI, 7, NULL, 3), 35);
	cr_expect_eq(design_rows(DESIGN_SOBOL, (size_t)1 << 31, NULL, 3), (size_t)1 << 31);
	cr_expect_eq(design_rows(DESIGN_SOBOL, ((size_t)1 << 31) + 1, NULL, 3), 0);
	cr_expect_eq(design_rows(DESIGN_MORRIS, (size_t)1 << 30, NULL, 2), 0);
	cr_expect_eq(design_rows(DESIGN_SALTELLI, SIZE_MAX / 2, NULL, 2), 0);
	static const size_t many[] = { 1 << 20, 1 << 20, 1 << 20, 1 << 20 };
	cr_expect_eq(design_rows(DESIGN_GRID, 0, many, 4), 0);
}

Test(design, what_cannot_be_made_is_refused_with_a_remedy)
{
	static const size_t none[] = { 3, 0 }, many[] = { 1 << 16, 1 << 16 };
	static const struct {
		enum design_kind kind;
		size_t points;
		const size_t *levels;
		size_t axes;
		const char *says; /* NULL: it is made */
	} t[] = {
		{ DESIGN_GRID, 0, NULL, 0, NULL },
		{ DESIGN_GRID, 0, none, 2, "level" },
		{ DESIGN_GRID, 0, many, 2, "fewer levels" },
		{ DESIGN_SOBOL, 5, NULL, 0, "<axis" },
		{ DESIGN_MORRIS, 0, NULL, 3, "points=" },
		{ DESIGN_SOBOL, 5, NULL, 40, NULL },
		{ DESIGN_SOBOL, 5, NULL, 41, "latin-hypercube" },
		{ DESIGN_SOBOL, (size_t)DESIGN_SOBOL_POINTS + 1, NULL, 1, "1073741824" },
		{ DESIGN_SALTELLI, 5, NULL, 20, NULL },
		{ DESIGN_SALTELLI, 5, NULL, 21, "morris" },
		{ DESIGN_MORRIS, (size_t)1 << 29, NULL, 5, "smaller" },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		const char *why = design_refuse(t[i].kind, t[i].points, t[i].levels, t[i].axes);
		if (!t[i].says)
			cr_expect_null(why, "row %zu", i);
		else
			cr_expect(why && strstr(why, t[i].says), "row %zu: %s", i, why);
	}
}

Test(design, a_grid_meets_every_combination_with_the_last_axis_fastest)
{
	static const size_t levels[] = { 2, 3 };
	/* By hand: level / levels. */
	static const double want[] = { 0, 0, 0, 1. / 3, 0, 2. / 3, .5, 0, .5, 1. / 3, .5, 2. / 3 };
	double x[12];
	design_fill(x, DESIGN_GRID, 0, levels, 2, 7);
	for (int i = 0; i < 12; i++) cr_expect_eq(x[i], want[i], "value %d", i);
}

/* How many of the design's values of one axis lie in each of n equal strata. */
static bool meets_each_once(const struct made *m, size_t axis, size_t n)
{
	char *met = mem_new(n, 1);
	bool once = m->rows == n;
	for (size_t row = 0; row < m->rows; row++) {
		size_t stratum = (size_t)(at(m, row, axis) * (double)n);
		once = once && stratum < n && !met[stratum];
		if (stratum < n) met[stratum] = 1;
	}
	free(met);
	return once;
}

Test(design, a_hypercube_meets_each_stratum_of_each_axis_once)
{
	for (size_t points = 1; points < 400; points += 33) {
		struct made m = make(DESIGN_LATIN_HYPERCUBE, points, 7, points);
		for (size_t j = 0; j < m.axes; j++)
			cr_expect(
			    meets_each_once(&m, j, points), "%zu points, axis %zu", points, j);
		free(m.x);
	}
}

/* The property that makes it Sobol's: any first 2^m points, in every axis (a (t, s)-sequence in
 * base 2, one-dimensional projections with t = 0: Niederreiter 1992, section 4.5). */
Test(design, two_to_the_m_points_of_the_sequence_meet_each_stratum_once)
{
	for (size_t points = 1; points <= 1024; points *= 4) {
		struct made m = make(DESIGN_SOBOL, points, DESIGN_SOBOL_AXES, 5);
		for (size_t j = 0; j < m.axes; j++)
			cr_expect(
			    meets_each_once(&m, j, points), "%zu points, axis %zu", points, j);
		free(m.x);
	}
}

/* Its first two axes are a (0, m, 2)-net: every box of area 2^-m holds one of 2^m points. */
Test(design, the_sequence_fills_boxes_of_two_axes)
{
	enum { BITS = 8, POINTS = 1 << BITS };
	struct made m = make(DESIGN_SOBOL, POINTS, 2, 11);
	for (int wide = 0; wide <= BITS; wide++) {
		int met[POINTS] = { 0 };
		for (size_t row = 0; row < POINTS; row++) {
			int i = (int)ldexp(at(&m, row, 0), wide);
			int j = (int)ldexp(at(&m, row, 1), BITS - wide);
			met[i << (BITS - wide) | j]++;
		}
		for (int box = 0; box < POINTS; box++)
			cr_expect_eq(met[box], 1, "2^-%d wide, box %d", wide, box);
	}
	free(m.x);
}

/* The integral of the product of |4 x - 2| over five axes is 1 (each factor's mean is). Plain Monte
 * Carlo: sd of a factor 1/sqrt(3), of the product sqrt((4/3)^5 - 1) = 1.79, of the mean of 4096
 * values 0.028. */
Test(design, the_sequence_integrates_better_than_chance)
{
	struct made m = make(DESIGN_SOBOL, 4096, 5, 3);
	double sum = 0;
	for (size_t row = 0; row < m.rows; row++) {
		double product = 1;
		for (size_t j = 0; j < 5; j++) product *= fabs(4 * at(&m, row, j) - 2);
		sum += product;
	}
	cr_expect_lt(fabs(sum / 4096 - 1), 0.028 / 5, "%g", sum / 4096);
	free(m.x);
}

static size_t axes_moved(const struct made *m, size_t row, size_t *which)
{
	size_t moved = 0;
	for (size_t j = 0; j < m->axes; j++)
		if (at(m, row, j) != at(m, row - 1, j)) {
			moved++;
			*which = j;
		}
	return moved;
}

Test(design, one_axis_moves_one_step_in_a_trajectory)
{
	enum { AXES = 5, TRAJECTORIES = 9 };
	struct made m = make(DESIGN_MORRIS, TRAJECTORIES, AXES, 13);
	for (size_t t = 0; t < TRAJECTORIES; t++) {
		bool met[AXES] = { false };
		for (size_t row = t * (AXES + 1) + 1; row < (t + 1) * (AXES + 1); row++) {
			size_t j = 0;
			cr_assert_eq(axes_moved(&m, row, &j), 1, "row %zu", row);
			cr_expect_not(met[j], "axis %zu twice", j);
			met[j] = true;
			double step = fabs(at(&m, row, j) - at(&m, row - 1, j));
			cr_expect_lt(fabs(step - 2.0 / 3), 1e-15); /* 4 levels: p / (2 (p - 1)) */
		}
	}
	free(m.x);
}

/* Twelve trajectories begin at each of the four levels three times, whatever the seed. */
Test(design, trajectories_begin_at_every_level_as_often)
{
	for (uint64_t seed = 0; seed < 17; seed++) {
		struct made m = make(DESIGN_MORRIS, 12, 3, seed);
		for (size_t j = 0; j < 3; j++) {
			int met[DESIGN_MORRIS_LEVELS] = { 0 };
			for (size_t t = 0; t < 12; t++) met[lround(3 * at(&m, t * 4, j))]++;
			for (int level = 0; level < DESIGN_MORRIS_LEVELS; level++)
				cr_expect_eq(met[level], 3, "axis %zu, level %d", j, level);
		}
		free(m.x);
	}
}

Test(design, a_block_of_saltelli_is_a_row_of_a_its_mixtures_and_a_row_of_b)
{
	enum { AXES = 3, BLOCKS = 16 };
	struct made m = make(DESIGN_SALTELLI, BLOCKS, AXES, 17);
	struct made both = make(DESIGN_SOBOL, BLOCKS, 2 * AXES, 17);
	for (size_t i = 0; i < BLOCKS; i++) {
		size_t a = i * (AXES + 2), b = a + AXES + 1;
		for (size_t j = 0; j < AXES; j++) {
			cr_expect_eq(at(&m, a, j), at(&both, i, j));
			cr_expect_eq(at(&m, b, j), at(&both, i, AXES + j));
			for (size_t k = 0; k < AXES; k++)
				cr_expect_eq(at(&m, a + 1 + j, k), at(&m, j == k ? b : a, k));
			cr_expect_neq(at(&m, a, j), at(&m, b, j));
		}
	}
	free(both.x);
	free(m.x);
}

Test(design, the_seed_decides)
{
	static const enum design_kind kinds[] = { DESIGN_LATIN_HYPERCUBE, DESIGN_SOBOL,
		DESIGN_MORRIS, DESIGN_SALTELLI };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct made a = make(kinds[i], 33, 3, 1), b = make(kinds[i], 33, 3, 1);
		struct made c = make(kinds[i], 33, 3, 2);
		size_t bytes = a.rows * a.axes * sizeof *a.x;
		cr_expect_eq(memcmp(a.x, b.x, bytes), 0, "%s", design_name(kinds[i]));
		cr_expect_neq(memcmp(a.x, c.x, bytes), 0, "%s", design_name(kinds[i]));
		free(a.x);
		free(b.x);
		free(c.x);
	}
}

/* An axis more leaves the others' values: a study that grows keeps what it knows of them. */
Test(design, a_further_axis_moves_no_other)
{
	struct made few = make(DESIGN_LATIN_HYPERCUBE, 21, 2, 1);
	struct made more = make(DESIGN_LATIN_HYPERCUBE, 21, 3, 1);
	for (size_t row = 0; row < 21; row++)
		for (size_t j = 0; j < 2; j++) cr_expect_eq(at(&few, row, j), at(&more, row, j));
	free(few.x);
	free(more.x);
}
