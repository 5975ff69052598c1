#include <math.h>
#include <stdlib.h>

#include "analysis/influence_parts.h"
#include "base/mem.h"

/* What the trajectories say of each axis: all are [trajectory * axes + axis]. */
struct moves {
	double *effect;     /* over the axis's whole range */
	double *low, *high; /* the figure at the end with the lower and the higher value */
};

static struct moves moves_new(size_t n)
{
	return (struct moves){ mem_new(n, sizeof(double)), mem_new(n, sizeof(double)),
		mem_new(n, sizeof(double)) };
}

static void moves_free(struct moves *m)
{
	free(m->effect);
	free(m->low);
	free(m->high);
}

/* The one axis that moves to a row from the one before; axes: none or several do. */
static size_t moved(const struct influence_work *w, size_t row)
{
	size_t which = w->in->axes, count = 0;
	for (size_t j = 0; j < w->in->axes; j++)
		if (w->levels[j].of[row] != w->levels[j].of[row - 1]) {
			which = j;
			count++;
		}
	return count == 1 ? which : w->in->axes;
}

/* The part of the axis's range that a step passes: 2/3 of four equidistant levels. Words have
 * no order: any step changes all that there is to change. */
static double part(const struct levels *l, size_t from, size_t to)
{
	double passed = (double)(to > from ? to - from : from - to);
	return l->are_numbers ? passed / (double)(l->count - 1) : 1;
}

/* Whether a trajectory moves each axis once; its effects go to the n-th place. */
static bool read_trajectory(const struct influence_work *w, size_t first, struct moves *m, size_t n)
{
	size_t axes = w->in->axes, met = 0;
	double *effect = m->effect + n * axes;
	for (size_t j = 0; j < axes; j++) effect[j] = NAN;
	for (size_t row = first + 1; row <= first + axes; row++) {
		size_t j = moved(w, row);
		if (j == axes || !isnan(effect[j])) return false;
		const struct levels *l = &w->levels[j];
		bool up = l->of[row] > l->of[row - 1];
		double low = w->mean[up ? row - 1 : row], high = w->mean[up ? row : row - 1];
		effect[j] = (high - low) / part(l, l->of[row - 1], l->of[row]);
		m->low[n * axes + j] = low;
		m->high[n * axes + j] = high;
		met++;
	}
	return met == axes;
}

static bool is_whole(const struct influence_work *w, size_t first)
{
	for (size_t row = first; row <= first + w->in->axes; row++)
		if (isnan(w->mean[row])) return false;
	return true;
}

static bool read_all(
    const struct influence_work *w, struct influence *f, struct moves *m, const char **why)
{
	size_t rows = f->axes + 1;
	f->group = "trajectory";
	f->groups = f->settings / rows;
	bool in_order = f->settings % rows == 0;
	for (size_t t = 0; t < f->groups && in_order; t++) {
		if (!is_whole(w, t * rows)) continue;
		in_order = read_trajectory(w, t * rows, m, f->groups_used);
		f->groups_used += in_order;
	}
	if (in_order && f->groups_used >= 2) return true;
	*why = in_order ? "fewer than two trajectories are whole; run the study again, or plan it "
			  "with more points"
			: INFLUENCE_NOT_IN_ORDER;
	return false;
}

static double mean_of(const double *x, size_t n, size_t stride)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += x[i * stride];
	return sum / (double)n;
}

/* The lower half of the levels is one end of every step, with the middle one where there is one
 * (a list of three has its middle for the level 1/3); the upper half is the other. */
static void name_ends(struct swing *s, const struct levels *l, bool falls)
{
	size_t lower = (l->count + 1) / 2, last = l->count - 1;
	const char *end[] = { l->name[0], l->name[lower] };
	const char *to[] = { lower > 1 ? l->name[lower - 1] : NULL,
		last > lower ? l->name[last] : NULL };
	s->low_at = end[falls];
	s->low_to = to[falls];
	s->high_at = end[!falls];
	s->high_to = to[!falls];
}

static struct swing swing_of(
    const struct influence *f, const struct moves *m, size_t axis, const struct levels *l)
{
	size_t n = f->groups_used;
	struct swing s = { .low = NAN, .high = NAN, .change = { NAN, NAN, NAN } };
	if (!l->are_numbers) return s;
	double *change = mem_new(n, sizeof *change);
	for (size_t t = 0; t < n; t++)
		change[t] = m->high[t * f->axes + axis] - m->low[t * f->axes + axis];
	s.change = interval_mean(change, n);
	free(change);
	double lower = mean_of(m->low + axis, n, f->axes),
	       upper = mean_of(m->high + axis, n, f->axes);
	bool falls = upper < lower;
	s.low = falls ? upper : lower;
	s.high = falls ? lower : upper;
	if (falls) s.change = (struct interval){ -s.change.value, -s.change.hi, -s.change.lo };
	name_ends(&s, l, falls);
	return s;
}

static void fill(const struct influence_work *w, struct influence *f, const struct moves *m)
{
	struct morris_axis *morris = mem_new(f->axes, sizeof *morris);
	sensitivity_morris(m->effect, f->groups_used, f->axes, morris);
	for (size_t j = 0; j < f->axes; j++) {
		struct influence_axis *a = &f->axis[j];
		if (f->method == INFLUENCE_MORRIS) {
			a->morris = morris[j];
			a->size = morris[j].mu_star;
			/* Words: which way is up? */
			if (!w->levels[j].are_numbers)
				a->morris.mu = (struct interval){ NAN, NAN, NAN };
		} else {
			a->swing = swing_of(f, m, j, &w->levels[j]);
			a->size = influence_size(&a->swing.change);
		}
	}
	free(morris);
}

bool influence_of_trajectories(struct influence_work *w, struct influence *f, const char **why)
{
	struct moves m = moves_new(f->settings);
	bool good = read_all(w, f, &m, why);
	if (good) fill(w, f, &m);
	moves_free(&m);
	return good;
}
