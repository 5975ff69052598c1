#include <math.h>
#include <stdlib.h>

#include "analysis/influence_parts.h"
#include "base/mem.h"

/* ---- tornado: lines of settings in which one axis takes all its levels ---- */

struct lines {
	const struct influence_work *w;
	size_t levels, stride;
	bool *is_whole; /* [settings] of a line's first setting: all of it is used */
	size_t whole, count;
};

static struct lines lines_of(const struct influence_work *w, size_t axis)
{
	struct lines l = { .w = w, .levels = w->levels[axis].count, .stride = 1 };
	for (size_t j = axis + 1; j < w->in->axes; j++) l.stride *= w->levels[j].count;
	l.is_whole = mem_new(w->in->settings, sizeof *l.is_whole);
	l.count = w->in->settings / l.levels;
	for (size_t row = 0; row < w->in->settings; row++) {
		if (row / l.stride % l.levels != 0) continue;
		l.is_whole[row] = true;
		for (size_t k = 0; k < l.levels; k++)
			if (isnan(w->mean[row + k * l.stride])) l.is_whole[row] = false;
		l.whole += l.is_whole[row];
	}
	return l;
}

/* The mean at the k-th place of whole lines: of all replications together, or of one. */
static double place_mean(const struct lines *l, size_t k)
{
	double sum = 0;
	for (size_t row = 0; row < l->w->in->settings; row++)
		if (l->is_whole[row]) sum += l->w->mean[row + k * l->stride];
	return sum / (double)l->whole;
}

static double place_mean_in(const struct lines *l, size_t k, size_t replication)
{
	const struct influence_input *in = l->w->in;
	double sum = 0;
	for (size_t row = 0; row < in->settings; row++)
		if (l->is_whole[row])
			sum += in->y[(row + k * l->stride) * in->replications + replication];
	return sum / (double)l->whole;
}

static struct interval change(const struct lines *l, size_t low, size_t high)
{
	size_t n = l->w->in->replications;
	double *of_one = mem_new(n, sizeof *of_one);
	for (size_t r = 0; r < n; r++)
		of_one[r] = place_mean_in(l, high, r) - place_mean_in(l, low, r);
	struct interval all = interval_mean(of_one, n);
	free(of_one);
	return all;
}

static struct swing swing_of(const struct lines *l, const struct levels *levels)
{
	size_t low = 0, high = 0;
	struct swing s = { .low = INFINITY, .high = -INFINITY };
	for (size_t k = 0; k < l->levels; k++) {
		double mean = place_mean(l, k);
		if (mean < s.low) low = k, s.low = mean;
		if (mean > s.high) high = k, s.high = mean;
	}
	if (low != high) {
		s.low_at = levels->name[levels->of[low * l->stride]];
		s.high_at = levels->name[levels->of[high * l->stride]];
	}
	s.change = change(l, low, high);
	return s;
}

bool influence_of_lines(struct influence_work *w, struct influence *f, const char **why)
{
	if (!influence_is_grid(w)) {
		*why = INFLUENCE_NOT_IN_ORDER;
		return false;
	}
	f->group = "comparison";
	for (size_t j = 0; j < f->axes; j++) {
		struct influence_axis *a = &f->axis[j];
		struct lines l = lines_of(w, j);
		if (l.whole)
			a->swing = swing_of(&l, &w->levels[j]);
		else
			a->swing =
			    (struct swing){ .low = NAN, .high = NAN, .change = { NAN, NAN, NAN } };
		a->size = influence_size(&a->swing.change);
		f->groups += l.count;
		f->groups_used += l.whole;
		free(l.is_whole);
	}
	return true;
}

/* ---- shares of the variance ---- */

bool influence_of_grid(struct influence_work *w, struct influence *f, const char **why)
{
	if (!influence_is_grid(w)) {
		*why = INFLUENCE_NOT_IN_ORDER;
		return false;
	}
	if (f->settings_used < f->settings) {
		*why =
		    "shares of a grid's variance need every setting, and some have failed or were "
		    "not run; run the study again, or ask for --method=tornado";
		return false;
	}
	size_t *levels = mem_new(f->axes, sizeof *levels);
	struct sobol_axis *share = mem_new(f->axes, sizeof *share);
	for (size_t j = 0; j < f->axes; j++) levels[j] = w->levels[j].count;
	sensitivity_grid(w->mean, levels, f->axes, share);
	f->group = "setting";
	f->groups = f->groups_used = f->settings;
	f->first_sum = 0;
	for (size_t j = 0; j < f->axes; j++) {
		f->axis[j].sobol = share[j];
		f->axis[j].size = share[j].total;
		f->first_sum += share[j].first.value;
	}
	free(share);
	free(levels);
	return true;
}
