#include "sweep/study.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/site/scenario.h"

struct study_par {
	const char *name, *scenario;
	int64_t seed, replications;
};

struct sample_par {
	int design;
	int64_t points;
};

struct metric_par {
	const char *name;
};

/* "grid latin-hypercube ...": the words of sweep/design.h, in the order of its kinds. */
#define WORD(id, name) name " "
#define DESIGNS DESIGN_LIST(WORD)

static const struct attr study_attrs[] = {
	ATTR_TEXT(struct study_par, name, "name", REQUIRED, "short name, used in titles"),
	ATTR_FILE(struct study_par, scenario, "scenario", REQUIRED,
	    "the scenario that the axes vary"),
	ATTR_INT(struct study_par, seed, "seed", "1", 0, 9e15,
	    "seed of every random stream in the first replication, and of the design's draws; "
	    "further replications count up from it"),
	ATTR_INT(struct study_par, replications, "replications", "1", 1, 1e6,
	    "runs of every point, each with a seed of its own that all points share, so that "
	    "points are compared under the same weather and requests"),
	ATTR_END,
};

static const struct class study_class = {
	.element = "study",
	.parents = "",
	.about = "A study: one scenario, what is varied in it, and which numbers answer the question.",
	.par_size = sizeof(struct study_par),
	.attrs = study_attrs,
};

static const struct attr sample_attrs[] = {
	ATTR_ENUM(struct sample_par, design, "design", "grid", DESIGNS,
	    "which points of the axes' space are run: every combination (grid), random ones that "
	    "are spread evenly along each axis (latin-hypercube), Sobol's sequence (sobol), or "
	    "those that a sensitivity analysis asks for: Morris's elementary effects (morris), "
	    "Saltelli's for Sobol indices (saltelli)"),
	ATTR_INT(struct sample_par, points, "points", "64", 1, 1e9,
	    "how many: points of latin-hypercube and sobol; trajectories of morris, each of one "
	    "point more than there are axes; base points of saltelli, which takes two more than "
	    "there are axes of each"),
	ATTR_END,
};

static const struct class sample_class = {
	.element = "sample",
	.parents = "study",
	.about = "How points are chosen.",
	.par_size = sizeof(struct sample_par),
	.attrs = sample_attrs,
	.max = 1,
	.implied = true,
};

static const struct attr metric_attrs[] = {
	ATTR_TEXT(struct metric_par, name, "name", REQUIRED,
	    "a number of the summary, named as hearth run --json names it: latency.ttft_s.p50"),
	ATTR_END,
};

static const struct class metric_class = {
	.element = "metric",
	.parents = "study",
	.about = "A number that answers the question: these are shown first.",
	.par_size = sizeof(struct metric_par),
	.attrs = metric_attrs,
};

const struct class *const study_classes[] = {
	&study_class,
	&about_class,
	&study_axis_class,
	&metric_class,
	&sample_class,
	NULL,
};

/* Finds the axis that one goes along with. */
static void tie(struct study *s, struct axis *a, struct err_pos at, struct err_list *e)
{
	for (size_t i = 0; i < s->axes; i++) {
		const struct axis *to = &s->axis[i];
		if (strcmp(to->name, a->along) != 0) continue;
		a->lead = i;
		if (to->along)
			err_at(e, at, "axis: '%s' goes along with '%s' itself; write along=\"%s\"",
			    to->name, to->along, to->along);
		else if (to->levels != a->levels)
			err_at(e, at,
			    "axis: it has %zu values and '%s', which it goes along with, has %zu; "
			    "write as many",
			    a->levels, to->name, to->levels);
		return;
	}
	err_at(e, at, "axis: along=\"%s\": no axis has that name", a->along);
}

static void read_axes(struct study *s, const struct object *root, struct err_list *e)
{
	const struct object *first = object_child(root, &study_axis_class);
	for (const struct object *o = first; o; o = object_next(o)) {
		s->axis = mem_resize(s->axis, s->axes + 1, sizeof *s->axis);
		study_axis_read(&s->axis[s->axes], o, e);
		s->axis[s->axes].lead = s->axes;
		s->axes++;
	}
	struct axis *a = s->axis;
	for (const struct object *o = first; o; o = object_next(o), a++) {
		if (a->along) tie(s, a, object_attr_pos(o, "along"), e);
		else s->free_axes++;
	}
}

size_t *study_levels(const struct study *s)
{
	size_t *levels = mem_new(s->free_axes, sizeof *levels), n = 0;
	for (size_t i = 0; i < s->axes; i++)
		if (!s->axis[i].along) levels[n++] = s->axis[i].levels;
	return levels;
}

static void read_metrics(struct study *s, const struct object *root)
{
	for (const struct object *o = object_child(root, &metric_class); o; o = object_next(o)) {
		s->metric = mem_resize(s->metric, s->metrics + 1, sizeof *s->metric);
		s->metric[s->metrics++] = ((const struct metric_par *)o->par)->name;
	}
}

/* What only a grid has must not be written for another design. */
static void refuse_of_grid(const struct study *s, const struct object *root, struct err_list *e)
{
	const char *design = design_name(s->design);
	for (size_t i = 0; i < s->axes; i++)
		if (s->axis[i].is_list)
			err_at(e, s->axis[i].at,
			    "axis: a %s design needs a range; write from= and to= in the place of "
			    "values=",
			    design);
	for (const struct object *a = object_child(root, &study_axis_class); a; a = object_next(a)) {
		if (object_attr_is_written(a, "along"))
			err_at(e, object_attr_pos(a, "along"),
			    "axis: along= is of a grid; leave it away or take design=\"grid\"");
		if (object_attr_is_written(a, "count"))
			err_at(e, object_attr_pos(a, "count"),
			    "axis: count= is of a grid; how many points a %s design has is points= "
			    "of <sample>",
			    design);
	}
}

static void read_sample(struct study *s, const struct object *root, struct err_list *e)
{
	const struct object *o = object_child(root, &sample_class);
	const struct sample_par *p = o->par;
	s->design = (enum design_kind)p->design;
	s->points = (size_t)p->points;
	if (s->design != DESIGN_GRID)
		refuse_of_grid(s, root, e);
	else if (object_attr_is_written(o, "points"))
		err_at(e, object_attr_pos(o, "points"),
		    "sample: a grid has the points that its axes give it; leave points= away");
	if (err_count(e)) return;
	size_t *levels = study_levels(s);
	const char *why = design_refuse(s->design, s->points, levels, s->free_axes);
	if (why) err_at(e, o->pos, "sample: %s %s", design_name(s->design), why);
	free(levels);
}

struct study *study_load(const char *path, struct err_list *e)
{
	struct scenario *file = scenario_load_classes(path, study_classes, e);
	if (!file) return NULL;
	const struct object *root = scenario_root(file),
			    *about = object_child(root, &about_class);
	const struct study_par *p = root->par;
	struct study *s = mem_new(1, sizeof *s);
	s->file = file;
	s->name = p->name;
	s->scenario = p->scenario;
	s->about = about ? ((const struct about_par *)about->par)->text : NULL;
	s->seed = (uint64_t)p->seed;
	s->replications = (size_t)p->replications;
	read_axes(s, root, e);
	read_metrics(s, root);
	read_sample(s, root, e);
	if (!err_count(e)) return s;
	study_free(s);
	return NULL;
}

void study_free(struct study *s)
{
	if (!s) return;
	for (size_t i = 0; i < s->axes; i++) study_axis_fini(&s->axis[i]);
	free(s->axis);
	free(s->metric);
	scenario_free(s->file);
	free(s);
}
