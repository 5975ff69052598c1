#include "sweep/points.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "sweep/points_parts.h"

void *points_keep(struct points *p, void *block)
{
	p->block = mem_grow(p->block, p->blocks, &p->blocks_cap, sizeof *p->block);
	p->block[p->blocks++] = block;
	return block;
}

void points_free(struct points *p)
{
	if (!p) return;
	for (size_t i = 0; i < p->blocks; i++) free(p->block[i]);
	free(p->block);
	free(p->axis);
	free(p->path);
	free(p->metric);
	free(p->point);
	free(p);
}

/* ---- making ---- */

/* The id is of a text with a line each: what kind of text it is, inputs, seed, axes. */
static void name_point(const struct points *p, struct point *x, char **text, size_t *cap)
{
	char hex[DIGEST_SIZE];
	size_t size = 200;
	for (size_t i = 0; i < p->axes; i++) size += strlen(p->path[i]) + strlen(x->value[i]) + 2;
	if (size > *cap) *text = mem_resize(*text, *cap = 2 * size, 1);
	char *to = *text + snprintf(*text, *cap, "hearth study point 1\n%s\nseed %" PRIu64 "\n",
	    p->inputs, x->seed);
	for (size_t i = 0; i < p->axes; i++) {
		to = stpcpy(stpcpy(to, p->path[i]), "=");
		to = stpcpy(stpcpy(to, x->value[i]), "\n");
	}
	digest_bytes(*text, (size_t)(to - *text), hex);
	memcpy(x->id, hex, POINT_ID_SIZE - 1);
}

static void copy_names(struct points *p, const struct study *s)
{
	p->axes = s->axes;
	p->axis = mem_new(p->axes, sizeof *p->axis);
	p->path = mem_new(p->axes, sizeof *p->path);
	for (size_t i = 0; i < p->axes; i++) {
		p->axis[i] = points_keep(p, mem_text(s->axis[i].name));
		p->path[i] = points_keep(p, mem_text(s->axis[i].path));
	}
	p->metrics = s->metrics;
	p->metric = mem_new(p->metrics, sizeof *p->metric);
	for (size_t i = 0; i < p->metrics; i++)
		p->metric[i] = points_keep(p, mem_text(s->metric[i]));
}

static void describe(struct points *p, const struct study *s)
{
	const char *word = design_name(s->design);
	char *text = s->design == DESIGN_GRID
	    ? mem_print("%s seed %" PRIu64, word, s->seed)
	    : mem_print("%s points %zu seed %" PRIu64, word, s->points, s->seed);
	p->design = points_keep(p, text);
}

/* Which of the design's columns an axis goes by: the number of free axes before its lead. */
static size_t column_of(const struct study *s, const struct axis *a)
{
	size_t column = 0;
	for (size_t i = 0; i < a->lead; i++) column += !s->axis[i].along;
	return column;
}

/* The texts of axis k down the rows. A grid's are few and met often: they are shared. */
static void fill_axis(struct points *p, const struct study *s, size_t k, const double *x, size_t rows,
    const char **value)
{
	const struct axis *a = &s->axis[k];
	bool grid = s->design == DESIGN_GRID;
	size_t n = grid ? a->levels : rows, step = s->free_axes;
	x += column_of(s, a);
	char **text = points_keep(p, mem_new(n, sizeof *text));
	for (size_t i = 0; i < n; i++)
		text[i] = points_keep(
		    p, grid ? mem_text(a->level[i]) : study_axis_value(a, x[i * step]));
	for (size_t i = 0; i < rows; i++) /* a grid's x is level / levels */
		value[i * p->axes + k] =
		    text[grid ? (size_t)lround(x[i * step] * (double)n) : i];
}

static const char **fill_values(struct points *p, const struct study *s, const size_t *levels,
    size_t rows)
{
	double *x = mem_new(rows * s->free_axes, sizeof *x);
	const char **value = points_keep(p, mem_new(rows * p->axes, sizeof *value));
	design_fill(x, s->design, s->points, levels, s->free_axes, s->seed);
	for (size_t k = 0; k < p->axes; k++) fill_axis(p, s, k, x, rows, value);
	free(x);
	return value;
}

static void fill_points(struct points *p, const struct study *s, const char **value, size_t rows)
{
	char *text = NULL;
	size_t cap = 0;
	p->count = rows * s->replications;
	p->point = mem_new(p->count, sizeof *p->point);
	for (size_t i = 0; i < p->count; i++) {
		struct point *x = &p->point[i];
		x->replication = i / rows + 1;
		x->seed = s->seed + x->replication - 1;
		x->value = value + i % rows * p->axes;
		name_point(p, x, &text, &cap);
	}
	free(text);
}

struct points *points_make(const struct study *s, const char *inputs, struct err_list *e)
{
	size_t *levels = study_levels(s), all;
	size_t rows = design_rows(s->design, s->points, levels, s->free_axes);
	struct points *p = NULL;
	if (!rows || __builtin_mul_overflow(rows, s->replications, &all) || all > POINTS_MAX) {
		err_at(e, scenario_root(s->file)->pos,
		    "study: it has more than %d points; take fewer values or replications",
		    POINTS_MAX);
	} else {
		p = mem_new(1, sizeof *p);
		p->study = points_keep(p, mem_text(s->name));
		p->inputs = points_keep(p, mem_text(inputs));
		describe(p, s);
		copy_names(p, s);
		fill_points(p, s, fill_values(p, s, levels, rows), rows);
	}
	free(levels);
	return p;
}

char **point_overrides(const struct points *p, const struct point *x)
{
	char **set = mem_new(p->axes, sizeof *set);
	for (size_t i = 0; i < p->axes; i++) set[i] = mem_print("%s=%s", p->path[i], x->value[i]);
	return set;
}

static int by_id(const void *pa, const void *pb, void *user)
{
	const size_t *a = pa, *b = pb;
	const struct points *p = user;
	int order = strcmp(p->point[*a].id, p->point[*b].id);
	return order ? order : (*a > *b) - (*a < *b);
}

size_t *points_by_id(const struct points *p)
{
	size_t *order = mem_new(p->count, sizeof *order);
	for (size_t i = 0; i < p->count; i++) order[i] = i;
	qsort_r(order, p->count, sizeof *order, by_id, (void *)p);
	return order;
}
