#include "analysis/influence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/influence_parts.h"
#include "base/mem.h"

const char *influence_name(enum influence_method m)
{
	static const char *const name[] = {
#define INFLUENCE_NAME(id, text) [id] = text,
		INFLUENCE_LIST(INFLUENCE_NAME)
#undef INFLUENCE_NAME
	};
	return name[m];
}

bool influence_find(const char *name, enum influence_method *m)
{
#define INFLUENCE_FIND(id, text)                                                                   \
	if (!strcmp(name, text)) {                                                                 \
		*m = id;                                                                           \
		return true;                                                                       \
	}
	INFLUENCE_LIST(INFLUENCE_FIND)
#undef INFLUENCE_FIND
	return false;
}

/* ---- designs ---- */

static const struct reads {
	const char *design;
	enum influence_method made_for;
	const char *refuses[INFLUENCE_SOBOL + 1]; /* NULL: reads it */
} reads[] = {
	{ "grid", INFLUENCE_TORNADO,
	    { [INFLUENCE_MORRIS] = "has no trajectories: ask for --method=tornado or sobol, or "
				   "plan the study with design=\"morris\"" } },
	{ "morris", INFLUENCE_MORRIS,
	    { [INFLUENCE_SOBOL] = "has too few rows for shares of the variance: plan the study "
				  "with design=\"saltelli\"" } },
	{ "saltelli", INFLUENCE_SOBOL,
	    { [INFLUENCE_TORNADO] = "does not hold axes at their ends: plan the study with "
				    "design=\"morris\", or as a grid of two levels an axis",
		[INFLUENCE_MORRIS] = "has no trajectories: ask for --method=sobol, or plan the "
				     "study with design=\"morris\"" } },
};

static const struct reads *reads_of(const char *design)
{
	for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
		if (!strcmp(reads[i].design, design)) return &reads[i];
	return NULL;
}

bool influence_default(const char *design, enum influence_method *m)
{
	const struct reads *r = reads_of(design);
	if (r) *m = r->made_for;
	return r;
}

const char *influence_refuse(const char *design, enum influence_method m)
{
	const struct reads *r = reads_of(design);
	return r ? r->refuses[m]
		 : "fills the space of all axes at once and has no two points that differ in one: "
		   "plan the study with design=\"morris\" to find the axes that matter, with "
		   "design=\"saltelli\" for shares of the variance";
}

/* ---- what all methods share ---- */

struct interval influence_size(const struct interval *x)
{
	struct interval size = { fabs(x->value), NAN, NAN };
	if (!interval_known(x)) return size;
	size.hi = fmax(fabs(x->lo), fabs(x->hi));
	size.lo = x->lo <= 0 && x->hi >= 0 ? 0 : fmin(fabs(x->lo), fabs(x->hi));
	return size;
}

bool influence_is_grid(const struct influence_work *w)
{
	size_t stride = 1;
	for (size_t j = w->in->axes; j-- > 0; stride *= w->levels[j].count) {
		const struct levels *l = &w->levels[j];
		if (stride * l->count > w->in->settings) return false;
		for (size_t row = 0; row < w->in->settings; row++)
			if (l->of[row] != l->of[row / stride % l->count * stride]) return false;
	}
	return stride == w->in->settings;
}

/* NAN when a replication has none. */
static double mean_of_replications(const struct influence_input *in, size_t setting)
{
	double sum = 0;
	for (size_t r = 0; r < in->replications; r++) sum += in->y[setting * in->replications + r];
	return isfinite(sum) ? sum / (double)in->replications : NAN;
}

/* What the seed adds to all settings alike, as common random numbers make it do, moves no
 * difference between them; chance in the differences is what is left after it: the residual of
 * the two-way layout (Montgomery 2013, "Design and Analysis of Experiments", section 4.1). */
static double noise_variance(const struct influence_work *w, size_t used, double mean)
{
	size_t n = w->in->replications;
	double squares = 0;
	if (n < 2 || used < 2) return NAN;
	for (size_t r = 0; r < n; r++) {
		double shift = 0;
		for (size_t i = 0; i < w->in->settings; i++)
			if (!isnan(w->mean[i])) shift += w->in->y[i * n + r] - mean;
		shift /= (double)used;
		for (size_t i = 0; i < w->in->settings; i++) {
			double rest = w->in->y[i * n + r] - w->mean[i] - shift;
			if (!isnan(w->mean[i])) squares += rest * rest;
		}
	}
	return squares / (double)((used - 1) * (n - 1)) / (double)n;
}

static void describe(const struct influence_work *w, struct influence *f)
{
	double sum = 0, squares = 0, least = INFINITY, most = -INFINITY;
	f->settings = w->in->settings;
	for (size_t i = 0; i < f->settings; i++) {
		if (isnan(w->mean[i])) continue;
		f->settings_used++;
		sum += w->mean[i];
		least = fmin(least, w->mean[i]);
		most = fmax(most, w->mean[i]);
	}
	f->mean = sum / (double)f->settings_used;
	for (size_t i = 0; i < f->settings; i++)
		if (!isnan(w->mean[i])) squares += (w->mean[i] - f->mean) * (w->mean[i] - f->mean);
	f->is_still = f->settings_used && least == most;
	double variance = f->settings_used < 2 ? NAN : squares / (double)(f->settings_used - 1);
	f->sd = sqrt(variance);
	f->noise_frac = noise_variance(w, f->settings_used, f->mean) / variance;
}

static void rank_axes(struct influence *f)
{
	struct interval *size = mem_new(f->axes, sizeof *size);
	struct interval_rank *rank = mem_new(f->axes, sizeof *rank);
	struct influence_axis *ordered = mem_new(f->axes, sizeof *ordered);
	size_t *order = mem_new(f->axes, sizeof *order);
	for (size_t j = 0; j < f->axes; j++) size[j] = f->axis[j].size;
	interval_ranks(size, f->axes, rank);
	interval_order(size, f->axes, order);
	for (size_t k = 0; k < f->axes; k++) {
		ordered[k] = f->axis[order[k]];
		ordered[k].rank = rank[order[k]];
	}
	free(f->axis);
	f->axis = ordered;
	free(order);
	free(rank);
	free(size);
}

static bool apply(struct influence_work *w, struct influence *f, const char **why)
{
	bool is_grid = !strcmp(w->in->design, "grid");
	switch (f->method) {
	case INFLUENCE_TORNADO:
		return is_grid ? influence_of_lines(w, f, why)
			       : influence_of_trajectories(w, f, why);
	case INFLUENCE_MORRIS:
		return influence_of_trajectories(w, f, why);
	case INFLUENCE_SOBOL:
		return is_grid ? influence_of_grid(w, f, why) : influence_of_blocks(w, f, why);
	}
	abort();
}

static bool make(struct influence_work *w, struct influence *f, const char **why)
{
	const struct influence_input *in = w->in;
	for (size_t i = 0; i < in->settings; i++) w->mean[i] = mean_of_replications(in, i);
	describe(w, f);
	if (!f->settings_used) {
		*why = "no setting has that figure in all of its replications";
		return false;
	}
	if (f->is_still) return true;
	f->axis = mem_new(in->axes, sizeof *f->axis);
	for (size_t j = 0; j < in->axes; j++) {
		f->axis[j].name = in->axis[j];
		w->levels[j] = levels_of(in->value + j, in->settings, in->axes);
	}
	if (!apply(w, f, why)) return false;
	rank_axes(f);
	return true;
}

bool influence_make(const struct influence_input *in, enum influence_method m, struct influence *f,
    const char **why)
{
	*f = (struct influence){ .method = m, .axes = in->axes, .first_sum = NAN };
	struct influence_work w = { .in = in,
		.mean = mem_new(in->settings, sizeof *w.mean),
		.levels = mem_new(in->axes, sizeof *w.levels) };
	bool made = make(&w, f, why);
	for (size_t j = 0; j < in->axes; j++) levels_fini(&w.levels[j]);
	free(w.levels);
	free(w.mean);
	return made;
}

void influence_fini(struct influence *f)
{
	free(f->axis);
}
