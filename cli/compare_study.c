/* Comparisons of studies, and within one study along an axis. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results.h"
#include "base/mem.h"
#include "base/near.h"
#include "cli/compare.h"
#include "models/metric.h"
#include "sweep/outcomes.h"

static const struct err_pos nowhere;

/* A side of a comparison: a study's points, or those of one level of an axis. */
struct side {
	const char *folder;
	const struct outcomes *o;
	const char *level; /* NULL: all points */
};

/* Points of both sides with the same seed and the same values but for one axis. */
struct twin {
	const struct point *point[2];
	size_t at[2]; /* in the plan */
	size_t setting, seed;
};

struct twins {
	struct twin *twin;
	size_t count, settings, seeds; /* every setting has a twin in every seed */
	size_t alone;                  /* points without one, and those of their settings */
};

/* What the metrics of all points are, by the results of one of them. */
struct sample {
	struct compare_run run[2];
};

enum { NO_AXIS = -1 };

/* ---- twins ---- */

/* How points are ordered: by values, then by seed. */
struct order {
	size_t axes;
	int skipped; /* axis that may differ, or NO_AXIS */
};

static int compare_values(const struct point *a, const struct point *b, const struct order *o)
{
	for (size_t k = 0; k < o->axes; k++) {
		int way = (int)k == o->skipped ? 0 : strcmp(a->value[k], b->value[k]);
		if (way) return way;
	}
	return 0;
}

struct ranked {
	const struct point *point;
	size_t at;
	const struct order *order;
};

static int by_values(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int way = compare_values(x->point, y->point, x->order);
	return way ? way : (x->point->seed > y->point->seed) - (x->point->seed < y->point->seed);
}

/* The side's points that are done, in order; the caller frees. */
static struct ranked *rank_points(const struct side *s, const struct order *order, size_t axis,
    size_t *n)
{
	const struct points *p = s->o->plan;
	struct ranked *r = mem_new(p->count, sizeof *r);
	*n = 0;
	for (size_t i = 0; i < p->count; i++) {
		const struct point *x = &p->point[i];
		if (s->o->state[i] != POINT_DONE) continue;
		if (s->level && strcmp(x->value[axis], s->level) != 0) continue;
		r[(*n)++] = (struct ranked){ x, i, order };
	}
	qsort(r, *n, sizeof *r, by_values);
	return r;
}

/* Every pair of points that are each other's twins; those of one setting stand together. */
static void find_twins(struct twins *t, const struct ranked *a, size_t n, const struct ranked *b, size_t m)
{
	size_t i = 0, k = 0;
	t->twin = mem_new(n < m ? n : m, sizeof *t->twin);
	while (i < n && k < m) {
		int way = by_values(&a[i], &b[k]);
		if (!way)
			t->twin[t->count++] = (struct twin){ { a[i].point, b[k].point },
				{ a[i].at, b[k].at }, 0, 0 };
		i += way <= 0;
		k += way >= 0;
	}
	t->alone = n + m - 2 * t->count;
}

/* How many twins from i on are of its setting. */
static size_t setting_size(const struct twins *t, size_t i, const struct order *o)
{
	size_t n = 1;
	while (i + n < t->count && !compare_values(t->twin[i].point[0], t->twin[i + n].point[0], o)) n++;
	return n;
}

/* Means over settings are of the same ones in each seed: settings that lack one are left out. */
static void keep_whole_settings(struct twins *t, const struct order *o)
{
	size_t kept = 0, size;
	for (size_t i = 0; i < t->count; i += size) {
		size = setting_size(t, i, o);
		if (size > t->seeds) t->seeds = size;
	}
	for (size_t i = 0; i < t->count; i += size) {
		size = setting_size(t, i, o);
		if (size < t->seeds) {
			t->alone += 2 * size;
			continue;
		}
		for (size_t k = 0; k < size; k++) {
			t->twin[kept] = t->twin[i + k];
			t->twin[kept].setting = t->settings;
			t->twin[kept++].seed = k;
		}
		t->settings++;
	}
	t->count = kept;
}

static struct twins twins_of(const struct side *a, const struct side *b, size_t axes, int axis)
{
	struct twins t = { 0 };
	struct order order = { axes, axis };
	size_t n, m, by = axis < 0 ? 0 : (size_t)axis;
	struct ranked *x = rank_points(a, &order, by, &n), *y = rank_points(b, &order, by, &m);
	find_twins(&t, x, n, y, m);
	keep_whole_settings(&t, &order);
	free(x);
	free(y);
	return t;
}

/* ---- a metric's row ---- */

static double figure_of(const struct outcomes *o, size_t point, size_t metric)
{
	return o->figure[point * o->metrics + metric];
}

/* The metric's column; SIZE_MAX: there is none. */
static size_t column_of(const struct outcomes *o, const char *key)
{
	size_t i = 0;
	while (i < o->metrics && strcmp(o->metric[i], key) != 0) i++;
	return i < o->metrics ? i : SIZE_MAX;
}

/* Whether all twins of the setting, from `first` on, have the number on both sides. */
static bool is_whole(const struct twins *t, size_t first, const struct side side[2],
    const size_t column[2])
{
	for (size_t k = first; k < first + t->seeds; k++)
		for (int s = 0; s < 2; s++)
			if (isnan(figure_of(side[s].o, t->twin[k].at[s], column[s]))) return false;
	return true;
}

/* Means over the settings, one for each seed and side; how many settings. */
static size_t seed_means(const struct twins *t, const struct side side[2], const size_t column[2],
    double *mean[2])
{
	size_t settings = 0;
	for (size_t first = 0; first < t->count; first += t->seeds) {
		if (!is_whole(t, first, side, column)) continue;
		settings++;
		for (size_t k = 0; k < t->seeds; k++)
			for (int s = 0; s < 2; s++)
				mean[s][k] += figure_of(side[s].o, t->twin[first + k].at[s], column[s]);
	}
	for (size_t k = 0; k < t->seeds && settings; k++) {
		mean[0][k] /= (double)settings;
		mean[1][k] /= (double)settings;
	}
	return settings;
}

/* The unit with its currency is in the results; the rest is the definition's. */
static struct compare_meta meta_of(const char *key, const struct sample *sample)
{
	const struct metric *m = metric_of(key);
	struct compare_meta meta = { .key = key };
	if (m) meta = (struct compare_meta){ key, m->unit, m->about, metric_better(m) };
	for (int s = 0; s < 2; s++) {
		struct ds_metric found;
		if (!ds_metric_find(sample->run[s].d, key, &found)) continue;
		meta.unit = found.unit;
		meta.about = found.about;
	}
	return meta;
}

static void add_row(struct compare *c, const char *key, const struct twins *t,
    const struct side side[2], const struct sample *sample)
{
	size_t column[2] = { column_of(side[0].o, key), column_of(side[1].o, key) };
	double *mean[2] = { mem_new(t->seeds, sizeof(double)), mem_new(t->seeds, sizeof(double)) };
	struct compare_meta meta = meta_of(key, sample);
	if (column[0] != SIZE_MAX && column[1] != SIZE_MAX && seed_means(t, side, column, mean))
		compare_add_values(c, &meta, mean[0], mean[1], t->seeds);
	free(mean[0]);
	free(mean[1]);
}

/* ---- what else must be known ---- */

/* Points of the side that fail a check after which results are INVALID; which checks these are
 * the sample says. */
static size_t count_invalid(const struct side *s, const struct dataset *sample)
{
	const struct ds_group *g = ds_find(sample, "checks");
	char *const *check = ds_data(g, "check", DS_TEXT), *const *otherwise = ds_data(g, "otherwise", DS_TEXT);
	const double *tolerance = ds_data(g, "tolerance", DS_F64);
	size_t invalid = 0;
	for (size_t i = 0; i < s->o->plan->count && check && otherwise && tolerance; i++) {
		bool bad = false;
		for (size_t k = 0; k < ds_rows(g, "check") && s->o->state[i] == POINT_DONE; k++) {
			char *key = mem_print("check.%s", check[k]);
			size_t column = column_of(s->o, key);
			free(key);
			if (strcmp(otherwise[k], "INVALID") != 0 || column == SIZE_MAX) continue;
			double value = figure_of(s->o, i, column);
			bad = bad || fabs(value) > tolerance[k];
		}
		invalid += bad;
	}
	return invalid;
}

static void tell_points(struct compare_view *v, const struct twins *t)
{
	compare_view_line(v, mem_print("%zu settings in %zu seeds on both sides; means over settings, "
				       "paired by seed", t->settings, t->seeds));
	if (t->alone)
		compare_view_line(v, mem_print("left out: %zu points, not done on both sides in every "
					       "seed", t->alone));
}

static void tell_invalid(struct compare_view *v, const struct side *s, const struct dataset *sample)
{
	size_t invalid = count_invalid(s, sample);
	if (!invalid) return;
	v->invalid = true;
	compare_view_line(v, mem_print("%s: %zu points are INVALID", s->folder, invalid));
}

static bool sample_read(struct sample *sample, const struct twins *t, const struct side side[2],
    struct err_list *e)
{
	for (int s = 0; s < 2; s++) {
		char *path = folder_point(side[s].folder, t->twin[0].point[s]->id, FOLDER_RESULTS);
		sample->run[s] = (struct compare_run){ path, results_read(path, e) };
	}
	return sample->run[0].d && sample->run[1].d;
}

static void sample_free(struct sample *sample)
{
	for (int s = 0; s < 2; s++) {
		ds_free(sample->run[s].d);
		free((char *)sample->run[s].path);
	}
}

/* ---- views ---- */

static char *describe(const struct side *s, const char *axis)
{
	const struct points *p = s->o->plan;
	if (s->level) return mem_print("%s: study %s, %s = %s", s->folder, p->study, axis, s->level);
	return mem_print("%s: study %s, %zu of %zu points", s->folder, p->study,
	    outcomes_count(s->o, POINT_DONE), p->count);
}

/* The metrics asked for; where none is, those that the study names, if it does. */
static bool pick(const struct compare_ask *ask, const struct side *s, struct compare_pick *p,
    struct err_list *e)
{
	const char *const *have = (const char *const *)s->o->metric;
	const struct points *plan = s->o->plan;
	size_t n = s->o->metrics;
	if (!ask->name.count && !ask->all && plan->metrics) {
		struct compare_ask named = *ask;
		named.name = (struct words){ plan->metric, plan->metrics, 0 };
		return compare_pick_asked(&named, have, n, p, e);
	}
	return compare_pick_asked(ask, have, n, p, e);
}

/* Fills the view from the twins of both sides. `may`: what may differ between two of them. */
static bool fill(const struct compare_ask *ask, struct compare_view *v, const struct twins *t,
    const struct side side[2], const struct words *may, struct err_list *e)
{
	struct sample sample = { 0 };
	struct compare_pick p = { 0 };
	bool done = sample_read(&sample, t, side, e) &&
	    compare_same(&sample.run[0], &sample.run[1], may, COMPARE_ONE_KIND, v, e) &&
	    pick(ask, &side[0], &p, e);
	if (done) {
		tell_points(v, t);
		tell_invalid(v, &side[0], sample.run[0].d);
		if (side[0].o != side[1].o) tell_invalid(v, &side[1], sample.run[1].d);
	}
	for (size_t i = 0; i < p.keys && done; i++) add_row(&v->c, p.key[i], t, side, &sample);
	compare_pick_fini(&p);
	sample_free(&sample);
	return done;
}

static bool add_view(const struct compare_ask *ask, const struct side side[2], int axis,
    const struct words *may, struct compare_out *out, struct err_list *e)
{
	const struct points *plan = side[0].o->plan;
	const char *name = axis < 0 ? "" : plan->axis[axis];
	struct twins t = twins_of(&side[0], &side[1], plan->axes, axis);
	struct compare_view *v = compare_out_add(out);
	v->name = axis < 0 ? mem_print("%s against %s", side[1].folder, side[0].folder) :
			     mem_print("%s = %s against %s", name, side[1].level, side[0].level);
	v->before = describe(&side[0], name);
	v->after = describe(&side[1], name);
	if (!t.count)
		err_at(e, nowhere, "%s: no point is done on both sides with the same seed and values; "
				   "hearth sweep status %s says what is missing", v->name, side[1].folder);
	bool done = t.count && fill(ask, v, &t, side, may, e);
	free(t.twin);
	return done;
}

/* ---- along an axis ---- */

static int find_axis(const struct points *p, const char *name, struct err_list *e)
{
	struct near n = near_to(name);
	for (size_t k = 0; k < p->axes; k++) {
		if (!strcmp(p->axis[k], name)) return (int)k;
		near_try(&n, p->axis[k]);
	}
	const char *meant = near_best(&n) ? near_best(&n) : p->axes ? p->axis[0] : "none";
	err_at(e, nowhere, "study '%s' has no axis '%s' (did you mean '%s'?)", p->study, name, meant);
	return NO_AXIS;
}

/* Whether an earlier point has the level. */
static bool was_met(const struct points *p, size_t i, size_t axis)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(p->point[k].value[axis], p->point[i].value[axis])) return true;
	return false;
}

enum { LEVELS_MAX = 100 };

/* Each level of the axis against the first, in the plan's order. */
static bool along(const struct compare_ask *ask, const char *folder, const struct outcomes *o,
    struct compare_out *out, struct err_list *e)
{
	const struct points *p = o->plan;
	int axis = find_axis(p, ask->by, e);
	if (axis < 0) return false;
	struct words may = { 0 };
	for (size_t i = 0; i < ask->differ->count; i++) compare_add_word(&may, ask->differ->word[i]);
	compare_add_word(&may, p->path[axis]);
	bool done = true;
	size_t levels = 0;
	for (size_t i = 0; i < p->count && done && levels < LEVELS_MAX; i++) {
		if (was_met(p, i, (size_t)axis)) continue;
		struct side side[2] = { { folder, o, p->point[0].value[axis] },
			{ folder, o, p->point[i].value[axis] } };
		done = !levels++ || add_view(ask, side, axis, &may, out, e);
	}
	free(may.word);
	if (done && levels < 2)
		err_at(e, nowhere, "axis '%s' has one level only; compare another", ask->by);
	if (done && levels == LEVELS_MAX)
		err_at(e, nowhere, "axis '%s' has %d levels or more; compare runs of it by name, or see "
				   "hearth sensitivity %s", ask->by, LEVELS_MAX, folder);
	return done && levels > 1 && levels < LEVELS_MAX;
}

/* ---- studies against each other ---- */

static bool have_same_axes(const struct side *a, const struct side *b, struct err_list *e)
{
	const struct points *x = a->o->plan, *y = b->o->plan;
	bool same = x->axes == y->axes;
	for (size_t k = 0; k < x->axes && same; k++) same = !strcmp(x->axis[k], y->axis[k]);
	if (!same)
		err_at(e, nowhere, "'%s' and '%s' have other axes; points pair by the values of all "
				   "axes", a->folder, b->folder);
	return same;
}

bool compare_studies_of(const struct compare_ask *ask, struct compare_out *out, struct err_list *e)
{
	const struct words *folder = &ask->side[0];
	struct outcomes **o = mem_new(folder->count, sizeof *o);
	bool done = true;
	for (size_t i = 0; i < folder->count; i++) {
		o[i] = outcomes_read(folder->word[i], e);
		done = done && o[i];
	}
	if (done && ask->by) done = along(ask, folder->word[0], o[0], out, e);
	for (size_t i = 1; i < folder->count && done; i++) {
		struct side side[2] = { { folder->word[0], o[0], NULL }, { folder->word[i], o[i], NULL } };
		done = have_same_axes(&side[0], &side[1], e) &&
		    add_view(ask, side, NO_AXIS, ask->differ, out, e);
	}
	for (size_t i = 0; i < folder->count; i++) outcomes_free(o[i]);
	free(o);
	return done;
}
