/* Rows of the catalogues for people. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "base/wrap.h"
#include "cli/catalog.h"
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

/* Columns of the rows beside each other: their names and what is_column says. */
static struct table_column *columns_of(const struct class *cls, const struct catalog_rows *r)
{
	size_t n = 1;
	for (const struct attr *a = cls->attrs; a->about; a++) n++;
	struct table_column *c = mem_new(n + 1, sizeof *c), *next = c;
	*next++ = (struct table_column){ NULL, "name", TABLE_LEFT };
	for (const struct attr *a = cls->attrs; a->about; a++)
		if (is_column(cls, r, a)) *next++ = (struct table_column){ NULL, a->name, TABLE_RIGHT };
	return c;
}

void catalog_print_table(const struct class *cls, const struct catalog_rows *r,
    enum table_form form)
{
	struct table_column *columns = columns_of(cls, r);
	struct table *t = table_new(columns);
	for (size_t i = 0; i < r->count; i++) {
		table_text(t, r->row[i]->name);
		for (const struct attr *a = cls->attrs; a->about; a++) {
			if (!is_column(cls, r, a)) continue;
			char *text = cell(r->row[i], a);
			table_text(t, text);
			free(text);
		}
	}
	table_print(t, form, stdout);
	table_free(t);
	free(columns);
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
