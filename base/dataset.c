#include "base/dataset.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const size_t type_bytes[] = {
	[DS_F64] = sizeof(double),
	[DS_F32] = sizeof(float),
	[DS_I64] = sizeof(int64_t),
	[DS_I32] = sizeof(int32_t),
	[DS_I8] = sizeof(int8_t),
	[DS_TEXT] = sizeof(char *),
};

/* A name stands in a path of the results file: GROUP/COLUMN. */
static bool name_is_good(const char *name)
{
	return name && *name && !strchr(name, '/') && strcmp(name, ".");
}

struct dataset *ds_new(void)
{
	return mem_new(1, sizeof(struct dataset));
}

static void attrs_free(struct ds_attr *attr, size_t attrs)
{
	for (size_t i = 0; i < attrs; i++) {
		free(attr[i].name);
		free(attr[i].text);
		free(attr[i].list);
	}
	free(attr);
}

static void var_free(struct ds_var *v)
{
	if (v->type == DS_TEXT) {
		size_t count = (v->rows ? v->rows->size : 1) * (v->cols ? v->cols->size : 1);
		char **text = v->data;
		for (size_t i = 0; i < count; i++) free(text[i]);
	}
	attrs_free(v->attr, v->attrs);
	free(v->data);
	free(v->name);
	free(v);
}

static void group_free(struct ds_group *g)
{
	for (size_t i = 0; i < g->vars; i++) var_free(g->var[i]); /* reads its dimensions */
	for (size_t i = 0; i < g->dims; i++) {
		free(g->dim[i]->name);
		free(g->dim[i]);
	}
	attrs_free(g->attr, g->attrs);
	free(g->var);
	free(g->dim);
	free(g->name);
	free(g);
}

void ds_free(struct dataset *d)
{
	if (!d) return;
	for (size_t i = 0; i < d->groups; i++) group_free(d->group[i]);
	free(d->group);
	free(d);
}

static struct ds_group *group_of(const struct dataset *d, const char *name)
{
	for (size_t i = 0; i < d->groups; i++)
		if (!strcmp(d->group[i]->name, name)) return d->group[i];
	return NULL;
}

struct ds_group *ds_group(struct dataset *d, const char *name)
{
	struct ds_group *g = group_of(d, name);
	if (g) return g;
	assert(!*name || name_is_good(name));
	d->group = mem_grow(d->group, d->groups, &d->groups_cap, sizeof(struct ds_group *));
	g = mem_new(1, sizeof *g);
	g->name = mem_text(name);
	return d->group[d->groups++] = g;
}

struct ds_dim *ds_dim(struct ds_group *g, const char *name, size_t size)
{
	assert(name_is_good(name));
	for (size_t i = 0; i < g->dims; i++) {
		if (strcmp(g->dim[i]->name, name)) continue;
		assert(g->dim[i]->size == size);
		return g->dim[i];
	}
	g->dim = mem_grow(g->dim, g->dims, &g->dims_cap, sizeof(struct ds_dim *));
	struct ds_dim *dim = mem_new(1, sizeof *dim);
	*dim = (struct ds_dim){ mem_text(name), size };
	return g->dim[g->dims++] = dim;
}

static struct ds_var *var_of(const struct ds_group *g, const char *name)
{
	for (size_t i = 0; i < g->vars; i++)
		if (!strcmp(g->var[i]->name, name)) return g->var[i];
	return NULL;
}

void *ds_column(struct ds_group *g, const char *name, enum ds_type type, const struct ds_dim *rows,
    const struct ds_dim *cols, const char *unit, const char *about)
{
	assert(name_is_good(name) && !var_of(g, name) && (rows || !cols));
	size_t across = cols ? cols->size : 1;
	size_t count;
	bool too_many = __builtin_mul_overflow(rows ? rows->size : 1, across, &count);
	assert(!too_many);
	(void)too_many;
	g->var = mem_grow(g->var, g->vars, &g->vars_cap, sizeof(struct ds_var *));
	struct ds_var *v = mem_new(1, sizeof *v);
	v->name = mem_text(name);
	v->type = type;
	v->rows = rows;
	v->cols = cols;
	v->data = mem_new(count, type_bytes[type]);
	g->var[g->vars++] = v;
	ds_attr_text(g, name, "units", unit);
	ds_attr_text(g, name, "long_name", about);
	return v->data;
}

static struct ds_attr *attr_in(struct ds_attr *attr, size_t attrs, const char *name)
{
	for (size_t i = 0; i < attrs; i++)
		if (!strcmp(attr[i].name, name)) return &attr[i];
	return NULL;
}

/* The attribute of that name, emptied; made when it is not there. */
static struct ds_attr *attr_fresh(struct ds_group *g, const char *var, const char *name)
{
	struct ds_var *v = var ? var_of(g, var) : NULL;
	assert(!var || v);
	struct ds_attr **list = v ? &v->attr : &g->attr;
	size_t *count = v ? &v->attrs : &g->attrs;
	struct ds_attr *a = attr_in(*list, *count, name);
	if (a) {
		free(a->text);
		free(a->list);
		*a = (struct ds_attr){ .name = a->name };
		return a;
	}
	*list = mem_grow(*list, *count, v ? &v->attrs_cap : &g->attrs_cap, sizeof **list);
	a = &(*list)[(*count)++];
	*a = (struct ds_attr){ .name = mem_text(name) };
	return a;
}

void ds_attr_text(struct ds_group *g, const char *var, const char *name, const char *text)
{
	struct ds_attr *a = attr_fresh(g, var, name);
	a->type = DS_TEXT;
	a->text = mem_text(text ? text : "");
}

void ds_attr_f64(struct ds_group *g, const char *var, const char *name, double value)
{
	struct ds_attr *a = attr_fresh(g, var, name);
	a->type = DS_F64;
	a->f64 = value;
}

void ds_attr_i64(struct ds_group *g, const char *var, const char *name, int64_t value)
{
	struct ds_attr *a = attr_fresh(g, var, name);
	a->type = DS_I64;
	a->i64 = value;
}

void ds_attr_i8s(struct ds_group *g, const char *var, const char *name, const int8_t *v, int n)
{
	assert(n > 0);
	struct ds_attr *a = attr_fresh(g, var, name);
	a->type = DS_I8;
	a->n = n;
	a->list = mem_new((size_t)n, 1);
	memcpy(a->list, v, (size_t)n);
}

void ds_metric(struct dataset *d, const struct ds_metric *m)
{
	struct ds_group *g = ds_group(d, "summary");
	*(double *)ds_column(g, m->key, DS_F64, NULL, NULL, m->unit, m->about) = m->value;
	ds_attr_i64(g, m->key, "n", m->n);
	ds_attr_f64(g, m->key, "ci_low", m->lo);
	ds_attr_f64(g, m->key, "ci_high", m->hi);
}

const struct ds_group *ds_find(const struct dataset *d, const char *group)
{
	return group_of(d, group);
}

const struct ds_var *ds_var(const struct ds_group *g, const char *name)
{
	return g ? var_of(g, name) : NULL;
}

const void *ds_data(const struct ds_group *g, const char *name, enum ds_type type)
{
	const struct ds_var *v = ds_var(g, name);
	return v && v->type == type ? v->data : NULL;
}

size_t ds_rows(const struct ds_group *g, const char *name)
{
	const struct ds_var *v = ds_var(g, name);
	if (!v) return 0;
	return v->rows ? v->rows->size : 1;
}

size_t ds_cols(const struct ds_group *g, const char *name)
{
	const struct ds_var *v = ds_var(g, name);
	if (!v) return 0;
	return v->cols ? v->cols->size : 1;
}

static const struct ds_attr *attr_find(const struct ds_group *g, const char *var, const char *name)
{
	if (!g) return NULL;
	if (!var) return attr_in(g->attr, g->attrs, name);
	const struct ds_var *v = var_of(g, var);
	return v ? attr_in(v->attr, v->attrs, name) : NULL;
}

const char *ds_text(const struct ds_group *g, const char *var, const char *attr)
{
	const struct ds_attr *a = attr_find(g, var, attr);
	return a && a->type == DS_TEXT ? a->text : NULL;
}

double ds_number(const struct ds_group *g, const char *var, const char *attr)
{
	const struct ds_attr *a = attr_find(g, var, attr);
	if (a && a->type == DS_F64) return a->f64;
	if (a && a->type == DS_I64) return (double)a->i64;
	return NAN;
}

bool ds_metric_find(const struct dataset *d, const char *key, struct ds_metric *m)
{
	const struct ds_group *g = ds_find(d, "summary");
	const struct ds_var *v = ds_var(g, key);
	if (!v || v->type != DS_F64 || v->rows) return false;
	const struct ds_attr *n = attr_in(v->attr, v->attrs, "n");
	*m = (struct ds_metric){
		.key = v->name,
		.value = *(const double *)v->data,
		.lo = ds_number(g, key, "ci_low"),
		.hi = ds_number(g, key, "ci_high"),
		.n = n && n->type == DS_I64 ? n->i64 : 0,
		.unit = ds_text(g, key, "units"),
		.about = ds_text(g, key, "long_name"),
	};
	return true;
}
