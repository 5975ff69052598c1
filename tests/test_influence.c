#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/influence.h"
#include "analysis/levels.h"
#include "base/mem.h"
#include "base/rng.h"
#include "sweep/design.h"

/* A study whose axes go from 10 to 20, as text. */
struct bed {
	struct influence_input in;
	double *x, *y;
	const char **value;
};

static const char *const names[] = { "one", "two", "three", "four" };

static struct bed bed_new(
    enum design_kind kind, size_t points, const size_t *levels, size_t axes, size_t replications)
{
	size_t rows = design_rows(kind, points, levels, axes);
	struct bed b = { .x = mem_new(rows * axes, sizeof *b.x),
		.y = mem_new(rows * replications, sizeof *b.y),
		.value = mem_new(rows * axes, sizeof *b.value) };
	design_fill(b.x, kind, points, levels, axes, 1);
	for (size_t i = 0; i < rows * axes; i++)
		b.value[i] = mem_print("%.9g kWh", 10 + 10 * b.x[i]);
	b.in = (struct influence_input){ design_name(kind), 1, axes, rows, replications, names,
		b.value, b.y };
	return b;
}

static void bed_free(struct bed *b)
{
	for (size_t i = 0; i < b->in.settings * b->in.axes; i++) free((char *)b->value[i]);
	free(b->value);
	free(b->x);
	free(b->y);
}

/* 3 a - b / 2 + 0 c in units of the cube. */
static double plane(const double *x)
{
	return 3 * x[0] - x[1] / 2;
}

static void give(struct bed *b, double (*f)(const double *))
{
	for (size_t i = 0; i < b->in.settings; i++)
		for (size_t r = 0; r < b->in.replications; r++)
			b->y[i * b->in.replications + r] = f(b->x + i * b->in.axes);
}

static struct influence made(const struct bed *b, enum influence_method m)
{
	struct influence f;
	const char *why = NULL;
	cr_assert(influence_make(&b->in, m, &f, &why), "%s", why ? why : "");
	return f;
}

static const struct influence_axis *axis_of(const struct influence *f, const char *name)
{
	for (size_t j = 0; j < f->axes; j++)
		if (!strcmp(f->axis[j].name, name)) return &f->axis[j];
	cr_assert(false, "no axis %s", name);
	abort();
}

/* Effects of a plane are its slopes everywhere. */
Test(influence, a_morris_study_is_ranked_by_mu_star)
{
	struct bed b = bed_new(DESIGN_MORRIS, 6, NULL, 3, 1);
	give(&b, plane);
	struct influence f = made(&b, INFLUENCE_MORRIS);
	static const char *const order[] = { "one", "two", "three" };
	static const double mu[] = { 3, -0.5, 0 };
	for (size_t k = 0; k < 3; k++) {
		cr_expect_str_eq(f.axis[k].name, order[k]);
		cr_expect_eq(f.axis[k].rank.first, k + 1);
		cr_expect_lt(fabs(f.axis[k].morris.mu.value - mu[k]), 1e-12);
		cr_expect_lt(fabs(f.axis[k].morris.mu_star.value - fabs(mu[k])), 1e-12);
		cr_expect_lt(fabs(f.axis[k].morris.sigma), 1e-12);
	}
	cr_expect_eq(f.groups_used, 6);
	cr_expect(isnan(f.noise_frac));
	influence_fini(&f);
	bed_free(&b);
}

/* One run of one setting has failed: its trajectory is gone, the others are as they were. */
Test(influence, a_trajectory_with_a_hole_is_dropped_and_counted)
{
	struct bed b = bed_new(DESIGN_MORRIS, 6, NULL, 3, 2);
	give(&b, plane);
	b.y[9 * 2 + 1] = NAN; /* setting 9 is in the third trajectory of four rows each */
	struct influence f = made(&b, INFLUENCE_MORRIS);
	cr_expect_eq(f.settings_used, 23);
	cr_expect_eq(f.groups, 6);
	cr_expect_eq(f.groups_used, 5);
	cr_expect_lt(fabs(axis_of(&f, "two")->morris.mu.value + 0.5), 1e-12);
	influence_fini(&f);
	bed_free(&b);
}

/* A step is 2/3 of the range: 3 * 2/3 = 2; half of the starts are at 0, half at 1/3: means at the
 * lower end 3 * 1/6, at the upper 3 * 5/6, and what the other axis adds. */
Test(influence, a_morris_study_gives_a_tornado_of_its_steps)
{
	struct bed b = bed_new(DESIGN_MORRIS, 8, NULL, 3, 1);
	give(&b, plane);
	struct influence f = made(&b, INFLUENCE_TORNADO);
	const struct influence_axis *one = axis_of(&f, "one"), *two = axis_of(&f, "two");
	cr_expect_lt(fabs(one->swing.high - one->swing.low - 2), 1e-12);
	cr_expect_lt(fabs(one->swing.change.value - 2), 1e-12);
	cr_expect_str_eq(one->swing.low_at, "10 kWh");
	cr_expect_str_eq(one->swing.low_to, "13.3333333 kWh");
	cr_expect_str_eq(one->swing.high_at, "16.6666667 kWh");
	cr_expect_str_eq(one->swing.high_to, "20 kWh");
	cr_expect_lt(fabs(two->swing.change.value - 1.0 / 3), 1e-12); /* falls: its low is at 20 */
	cr_expect_str_eq(two->swing.low_to, "20 kWh");
	influence_fini(&f);
	bed_free(&b);
}

/* Rows of a block follow each other: five of three axes. Of an additive function the indices
 * are 1.5^2... of (9, 1/4) / 12: 9 / 9.25 and 0.25 / 9.25; the sum of the first-order ones is 1. */
Test(influence, a_block_with_a_hole_is_dropped_and_counted)
{
	struct bed b = bed_new(DESIGN_SALTELLI, 512, NULL, 3, 1);
	give(&b, plane);
	b.y[7] = b.y[8] = NAN; /* both in the second block */
	b.y[511 * 5] = NAN;
	struct influence f = made(&b, INFLUENCE_SOBOL);
	cr_expect_eq(f.groups, 512);
	cr_expect_eq(f.groups_used, 510);
	cr_expect_eq(f.settings_used, 512 * 5 - 3);
	cr_expect_str_eq(f.axis[0].name, "one");
	cr_expect_lt(fabs(f.axis[0].sobol.total.value - 9 / 9.25), 0.01);
	cr_expect_lt(fabs(f.axis[1].sobol.first.value - 0.25 / 9.25), 0.01);
	cr_expect_lt(fabs(f.first_sum - 1), 0.02);
	influence_fini(&f);
	bed_free(&b);
}

Test(influence, points_in_another_order_are_no_design)
{
	static const struct {
		enum design_kind kind;
		enum influence_method method;
	} t[] = { { DESIGN_SALTELLI, INFLUENCE_SOBOL }, { DESIGN_MORRIS, INFLUENCE_MORRIS },
		{ DESIGN_GRID, INFLUENCE_TORNADO }, { DESIGN_GRID, INFLUENCE_SOBOL } };
	static const size_t levels[] = { 3, 4, 2 };
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct bed b = bed_new(t[i].kind, 6, levels, 3, 1);
		give(&b, plane);
		const char *kept = b.value[3 * 3], *why = NULL;
		b.value[3 * 3] = b.value[11 * 3]; /* another setting's value of the first axis */
		b.value[11 * 3] = kept;
		struct influence f;
		if (strcmp(kept, b.value[3 * 3]) != 0) {
			cr_expect_not(influence_make(&b.in, t[i].method, &f, &why));
			cr_expect(why && strstr(why, "do not follow the design"), "row %zu", i);
			influence_fini(&f);
		} else
			cr_expect(false, "row %zu: nothing was exchanged", i);
		bed_free(&b);
	}
}

/* By hand: levels 10, 13.3, 16.7 of the first axis (x = 0, 1/3, 2/3): means 0 - , 1, 2 plus what
 * the second adds; of the second 10, 15 (x = 0, 1/2): -1/4 at the upper. Two replications differ by
 * a shift that moves no difference, and by 0.1 x of the first axis: changes 2 and 2.0667. */
Test(influence, a_grid_gives_a_tornado_with_the_replications_interval)
{
	static const size_t levels[] = { 3, 2 };
	struct bed b = bed_new(DESIGN_GRID, 0, levels, 2, 2);
	for (size_t i = 0; i < 6; i++) {
		b.y[2 * i] = plane(b.x + 2 * i);
		b.y[2 * i + 1] = plane(b.x + 2 * i) + 17 + 0.1 * b.x[2 * i];
	}
	struct influence f = made(&b, INFLUENCE_TORNADO);
	const struct swing *one = &axis_of(&f, "one")->swing, *two = &axis_of(&f, "two")->swing;
	cr_expect_str_eq(one->low_at, "10 kWh");
	cr_expect_str_eq(one->high_at, "16.6666667 kWh");
	cr_expect_null(one->low_to);
	cr_expect_lt(fabs(one->change.value - (2 + 0.1 / 3)), 1e-12);
	/* t of one degree of freedom is 12.706; the sd of two values 0.0667 apart over sqrt 2 is
	 * half of that: 0.0333. */
	cr_expect_lt(fabs(one->change.hi - one->change.value - 12.7062 * 0.1 / 3), 1e-5);
	cr_expect_lt(fabs(two->change.value - 0.25), 1e-12);
	cr_expect_lt(two->change.hi - two->change.lo, 1e-12);
	cr_expect_eq(f.axis[0].rank.first, 1);
	/* Residual: 0.05 (x - 1/3) with both signs, at x = 0, 1/3, 2/3, each twice, in two
	 * replications: squares 2 * 2 * 2 (0.05/3)^2 over (6 - 1)(2 - 1), over 2. */
	double noise = 8 * pow(0.05 / 3, 2) / 5 / 2;
	cr_expect_lt(fabs(f.noise_frac - noise / (f.sd * f.sd)), 1e-9);
	influence_fini(&f);
	bed_free(&b);
}

/* Without the run at the lowest level of both axes each axis has one line less. */
Test(influence, a_tornado_of_a_grid_leaves_lines_with_holes_out)
{
	static const size_t levels[] = { 3, 2 };
	struct bed b = bed_new(DESIGN_GRID, 0, levels, 2, 1);
	give(&b, plane);
	b.y[0] = NAN;
	struct influence f = made(&b, INFLUENCE_TORNADO);
	cr_expect_eq(f.groups, 5);
	cr_expect_eq(f.groups_used, 3);
	cr_expect_lt(fabs(axis_of(&f, "one")->swing.change.value - 2), 1e-12);
	cr_expect(isnan(axis_of(&f, "one")->swing.change.lo));
	influence_fini(&f);
	const char *why = NULL;
	cr_expect_not(influence_make(&b.in, INFLUENCE_SOBOL, &f, &why));
	cr_expect_not_null(strstr(why, "every setting"));
	influence_fini(&f);
	bed_free(&b);
}

Test(influence, nothing_is_ranked_where_nothing_changes_or_nothing_is_known)
{
	struct bed b = bed_new(DESIGN_MORRIS, 3, NULL, 2, 1);
	for (size_t i = 0; i < b.in.settings; i++) b.y[i] = 0.1;
	struct influence f = made(&b, INFLUENCE_MORRIS);
	cr_expect(f.is_still);
	cr_expect_lt(fabs(f.mean - 0.1), 1e-15);
	influence_fini(&f);
	for (size_t i = 0; i < b.in.settings; i++) b.y[i] = NAN;
	const char *why = NULL;
	cr_expect_not(influence_make(&b.in, INFLUENCE_MORRIS, &f, &why));
	cr_expect(why && strstr(why, "no setting"));
	influence_fini(&f);
	give(&b, plane);
	b.y[0] = b.y[4] = NAN; /* two of three trajectories */
	cr_expect_not(influence_make(&b.in, INFLUENCE_MORRIS, &f, &why));
	cr_expect_not_null(strstr(why, "fewer than two"));
	influence_fini(&f);
	bed_free(&b);
}

Test(influence, each_design_is_read_by_what_it_was_made_for)
{
	enum influence_method m;
	cr_expect(influence_default("grid", &m) && m == INFLUENCE_TORNADO);
	cr_expect(influence_default("morris", &m) && m == INFLUENCE_MORRIS);
	cr_expect(influence_default("saltelli", &m) && m == INFLUENCE_SOBOL);
	cr_expect_not(influence_default("sobol", &m));
	cr_expect_not_null(
	    strstr(influence_refuse("latin-hypercube", INFLUENCE_SOBOL), "saltelli"));
	cr_expect_not_null(strstr(influence_refuse("morris", INFLUENCE_SOBOL), "saltelli"));
	cr_expect_not_null(strstr(influence_refuse("saltelli", INFLUENCE_TORNADO), "morris"));
	cr_expect_null(influence_refuse("grid", INFLUENCE_SOBOL));
	cr_expect_null(influence_refuse("morris", INFLUENCE_TORNADO));
	cr_expect(influence_find("sobol", &m) && m == INFLUENCE_SOBOL);
	cr_expect_not(influence_find("sobl", &m));
}

Test(levels, numbers_go_by_size_and_words_as_they_come)
{
	static const char *const numbers[] = { "13.5 kWh", "x", "5 kWh", "x", "13.5 kWh", "x",
		"1e1 kWh", "x" };
	static const char *const words[] = { "nearest", "cheapest", "nearest", "any" };
	static const char *const mixed[] = { "5 kWh", "4 MWh" };
	struct levels l = levels_of(numbers, 4, 2);
	cr_expect(l.are_numbers);
	cr_expect_eq(l.count, 3);
	cr_expect_str_eq(l.name[0], "5 kWh");
	cr_expect_str_eq(l.name[1], "1e1 kWh");
	static const size_t of[] = { 2, 0, 2, 1 };
	for (size_t i = 0; i < 4; i++) cr_expect_eq(l.of[i], of[i], "row %zu", i);
	levels_fini(&l);
	l = levels_of(words, 4, 1);
	cr_expect_not(l.are_numbers);
	cr_expect_str_eq(l.name[0], "nearest");
	cr_expect_str_eq(l.name[2], "any");
	levels_fini(&l);
	l = levels_of(mixed, 2, 1);
	cr_expect_not(l.are_numbers);
	cr_expect_str_eq(l.name[0], "5 kWh");
	levels_fini(&l);
}
