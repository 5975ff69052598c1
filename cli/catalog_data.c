/* Rows of the catalogues for programs: SI units, one entry a figure. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* A field of RFC 4180. */
static void put_field(const char *text, const char *end)
{
	bool plain = !strpbrk(text, ",\"\r\n");
	if (!plain) putchar('"');
	for (; *text; text++) {
		if (*text == '"') putchar('"');
		putchar(*text);
	}
	fputs(plain ? "" : "\"", stdout);
	fputs(end, stdout);
}

static void csv_attr(const struct object *row, const struct attr *a)
{
	const char *source, *trust = catalog_trust(row, a, &source);
	bool figure = provenance_is_figure(a);
	char number[40], *text = catalog_value(row, a);
	if (figure) text_from_number(number_of(row, a), 15, number, sizeof number);
	put_field(row->cls->element, ",");
	put_field(row->name, ",");
	put_field(a->name, ",");
	put_field(figure ? number : text, ",");
	put_field(figure ? units_si(a->dim) : "", ",");
	put_field(trust, ",");
	put_field(source ? source : "", "\n");
	free(text);
}

void catalog_print_csv(const struct catalog_rows *r)
{
	puts("kind,name,attribute,value,unit,verify,source");
	for (size_t i = 0; i < r->count; i++)
		for (const struct attr *a = r->row[i]->cls->attrs; a->about; a++)
			if (catalog_is_shown(r->row[i]->cls, a) &&
			    !value_is_absent(a, r->row[i]->par))
				csv_attr(r->row[i], a);
}
