/* Rows of the catalogues for programs: SI units, one entry a figure. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "loader/value.h"
#include "models/provenance.h"

/* The number of a figure, in SI; a distribution's mean. */
static double number_of(const struct object *row, const struct attr *a)
{
	const void *m = value_at(a, row->par);
	if (a->kind == ATTR_KIND_INT) return (double)*(const int64_t *)m;
	return a->kind == ATTR_KIND_QTY ? *(const double *)m : dist_mean(m);
}

static json_t *json_figure(const struct object *row, const struct attr *a)
{
	const char *source, *trust = catalog_trust(row, a, &source);
	double v = number_of(row, a);
	json_t *o = json_object();
	json_object_set_new(o, "value",
	    a->kind == ATTR_KIND_INT ? json_integer((json_int_t)v) : json_real(v));
	json_object_set_new(o, "unit", json_string(units_si(a->dim)));
	json_object_set_new(o, "verify", json_string(trust));
	if (source) json_object_set_new(o, "source", json_string(source));
	struct provenance p = provenance_of(row, a->name);
	if (source && !isnan(p.low)) {
		json_object_set_new(o, "low", json_real(p.low));
		json_object_set_new(o, "high", json_real(p.high));
	}
	return o;
}

static json_t *json_row(const struct object *row)
{
	json_t *o = json_object();
	json_object_set_new(o, "kind", json_string(row->cls->element));
	json_object_set_new(o, "name", json_string(row->name));
	for (const struct attr *a = row->cls->attrs; a->about; a++) {
		if (!catalog_is_shown(row->cls, a) || value_is_absent(a, row->par)) continue;
		char *text = catalog_value(row, a);
		json_object_set_new(o, a->name,
		    provenance_is_figure(a) ? json_figure(row, a) : json_string(text));
		free(text);
	}
	return o;
}

void catalog_print_json(const struct catalog_rows *r)
{
	json_t *all = json_array();
	for (size_t i = 0; i < r->count; i++) json_array_append_new(all, json_row(r->row[i]));
	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	putchar('\n');
	json_decref(all);
}

static const struct table_column columns[] = {
	{ "kind", NULL, TABLE_LEFT }, { "name", NULL, TABLE_LEFT },
	{ "attribute", "attribute", TABLE_LEFT }, { "value", "value", TABLE_RIGHT },
	{ "unit", NULL, TABLE_LEFT }, { "verify", "", TABLE_LEFT },
	{ "source", "source", TABLE_LEFT }, { NULL },
};

/* Conversion of units leaves noise behind the fifteenth digit: 0.868 ohm/km is 0.000868 ohm/m. */
static double without_noise(double v)
{
	char text[TEXT_NUMBER_SIZE];
	return text_number(text_from_number(v, 15, text, sizeof text), NULL);
}

static void add_attr(struct table *t, const struct object *row, const struct attr *a)
{
	const char *source, *trust = catalog_trust(row, a, &source);
	bool figure = provenance_is_figure(a);
	char *text = catalog_value(row, a);
	table_text(t, row->cls->element);
	table_text(t, row->name);
	table_text(t, a->name);
	if (figure) table_number(t, without_noise(number_of(row, a)), "%s", text);
	else table_text(t, text);
	table_text(t, figure ? units_si(a->dim) : "");
	table_text(t, trust);
	table_text(t, source);
	free(text);
}

void catalog_print_figures(const struct catalog_rows *r, enum table_form form)
{
	struct table *t = table_new(columns);
	for (size_t i = 0; i < r->count; i++)
		for (const struct attr *a = r->row[i]->cls->attrs; a->about; a++)
			if (catalog_is_shown(r->row[i]->cls, a) &&
			    !value_is_absent(a, r->row[i]->par))
				add_attr(t, r->row[i], a);
	table_print(t, form, stdout);
	table_free(t);
}
