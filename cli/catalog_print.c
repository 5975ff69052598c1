/* Rows of the catalogues for people. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/catalog.h"
#include "cli/wrap.h"
#include "loader/value.h"
#include "models/provenance.h"

enum { GAP = 2 };

static bool any_required(const struct class *cls)
{
	for (const struct attr *a = cls->attrs; a->about; a++)
		if (provenance_is_figure(a) && a->def == REQUIRED) return true;
	return false;
}

static bool any_given(const struct catalog_rows *r, const struct attr *a)
{
	for (size_t i = 0; i < r->count; i++)
		if (!value_is_absent(a, r->row[i]->par)) return true;
	return false;
}

/* Columns of the table: the figures and words that every row must give; where there are no
 * such figures, those that any gives. */
static bool is_column(const struct class *cls, const struct catalog_rows *r, const struct attr *a)
{
	bool figure = provenance_is_figure(a);
	if (figure && !any_required(cls)) return any_given(r, a);
	return (figure || a->kind == ATTR_KIND_ENUM) && a->def == REQUIRED &&
	    catalog_is_shown(cls, a);
}

/* A value with the mark of what was not read at its source. */
static char *cell(const struct object *row, const struct attr *a)
{
	const char *source, *trust = catalog_trust(row, a, &source);
	const char *mark = !strcmp(trust, "recalled") ? "?" : !strcmp(trust, "derived") ? "~" : "";
	char *value = catalog_value(row, a), *all = mem_print("%s%s", value, mark);
	free(value);
	return all;
}

static int width_of(const struct catalog_rows *r, const struct attr *a)
{
	size_t width = strlen(a->name);
	for (size_t i = 0; i < r->count; i++) {
		char *text = cell(r->row[i], a);
		if (strlen(text) > width) width = strlen(text);
		free(text);
	}
	return (int)width;
}

static int name_width(const struct catalog_rows *r)
{
	size_t width = strlen("name");
	for (size_t i = 0; i < r->count; i++)
		if (r->row[i]->name && strlen(r->row[i]->name) > width)
			width = strlen(r->row[i]->name);
	return (int)width;
}

void catalog_print_table(const struct class *cls, const struct catalog_rows *r)
{
	int first = name_width(r);
	printf("%-*s", first, "name");
	for (const struct attr *a = cls->attrs; a->about; a++)
		if (is_column(cls, r, a)) printf("%*s%*s", GAP, "", width_of(r, a), a->name);
	putchar('\n');
	for (size_t i = 0; i < r->count; i++) {
		printf("%-*s", first, r->row[i]->name ? r->row[i]->name : "");
		for (const struct attr *a = cls->attrs; a->about; a++) {
			if (!is_column(cls, r, a)) continue;
			char *text = cell(r->row[i], a);
			printf("%*s%*s", GAP, "", width_of(r, a), text);
			free(text);
		}
		putchar('\n');
	}
}

/* The sources of a row, numbered as they are first met. */
struct sources {
	const char **text;
	size_t count, cap;
};

static size_t number_of(struct sources *s, const char *text)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->text[i] == text) return i + 1;
	s->text = mem_grow(s->text, s->count, &s->cap, sizeof *s->text);
	s->text[s->count++] = text;
	return s->count;
}

/* The interval that its source gives. */
static void print_interval(const struct object *row, const struct attr *a)
{
	char low[64], high[64];
	struct provenance p = provenance_of(row, a->name);
	if (isnan(p.low)) return;
	printf("  %s to %s", value_show(p.low, a->dim, "", low, sizeof low),
	    value_show(p.high, a->dim, "", high, sizeof high));
}

static void print_attr(const struct object *row, const struct attr *a, int width,
    struct sources *s)
{
	const char *source, *trust = catalog_trust(row, a, &source);
	char *value = catalog_value(row, a);
	if (*value && !*trust) {
		wrap_text(value, printf("  %-*s", width + GAP, a->name), width + 2 * GAP, stdout);
	} else if (*value) {
		printf("  %-*s%-14s  %s", width + GAP, a->name, value, trust);
		if (source) printf(" [%zu]", number_of(s, source));
		if (source) print_interval(row, a);
		putchar('\n');
	}
	free(value);
}

static void print_sources(const struct sources *s)
{
	if (s->count) puts("\nSources");
	for (size_t i = 0; i < s->count; i++)
		wrap_text(s->text[i], printf("  [%zu] ", i + 1), 6, stdout);
}

/* "segment: 25 of them", for what stands in a row. */
static void print_children(const struct object *row, int width)
{
	for (const struct class *const *c = classes; *c; c++) {
		size_t n = 0;
		if (*c == &source_class) continue;
		for (const struct object *o = object_child(row, *c); o; o = object_next(o)) n++;
		if (n) printf("  %-*s%zu of them\n", width + GAP, (*c)->element, n);
	}
}

void catalog_print_row(const struct object *row)
{
	struct sources s = { 0 };
	size_t width = 0;
	for (const struct attr *a = row->cls->attrs; a->about; a++)
		if (strlen(a->name) > width) width = strlen(a->name);
	const char *slash = strrchr(row->pos.file, '/');
	printf("%s %s (%s:%d)\n", row->cls->element, row->name,
	    slash ? slash + 1 : row->pos.file, row->pos.line);
	for (const struct attr *a = row->cls->attrs; a->about; a++)
		if (catalog_is_shown(row->cls, a)) print_attr(row, a, (int)width, &s);
	print_children(row, (int)width);
	print_sources(&s);
	free(s.text);
}
