#include "cli/calibrate_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "loader/value.h"
#include "models/provenance.h"

static bool is_fitted(const struct calibration *c, const char *name, size_t length)
{
	for (size_t i = 0; i < c->constants; i++)
		if (strlen(c->constant[i].name) == length &&
		    !strncmp(c->constant[i].name, name, length))
			return true;
	return false;
}

/* With a prefix, as people write it, where that reads back as the same number. */
static void print_value(const struct attr *a, const void *par, FILE *out)
{
	char text[64], why[160];
	struct quantity q;
	double si = a->kind == ATTR_KIND_QTY ? *(const double *)value_at(a, par) : 0;
	if (a->kind == ATTR_KIND_QTY &&
	    units_parse(units_format(si, a->dim, text, sizeof text), a->dim, &q, why, sizeof why) &&
	    !(q.si < si) && !(q.si > si))
		value_escape(text, out);
	else
		value_print(a, par, "", out);
}

/* What the row gives and the fit does not. */
static void print_old(const struct calibration *c, const struct object *row, FILE *out)
{
	for (const struct attr *a = row->cls->attrs; a && a->about; a++) {
		bool written = row->attr_pos[a - row->cls->attrs].file;
		if (!written || is_fitted(c, a->name, strlen(a->name))) continue;
		fprintf(out, "%s%s=\"", strcmp(a->name, "name") ? "\n\t" : " ", a->name);
		print_value(a, row->par, out);
		putc('"', out);
	}
}

static void print_fitted(const struct calibration *c, FILE *out)
{
	for (size_t i = 0; i < c->constants; i++) {
		char *value = calibration_value(c, i);
		fprintf(out, "\n\t%s=\"%s\"", c->constant[i].name, value);
		free(value);
	}
}

/* A source's words that the fit leaves to it; "" when there are none. */
static char *still_of(const struct calibration *c, const char *of)
{
	char *all = mem_text(""), *more;
	for (size_t length; of += strspn(of, " \t\n"), *of; of += length) {
		length = strcspn(of, " \t\n");
		if (is_fitted(c, of, length)) continue;
		more = mem_print("%s%s%.*s", all, *all ? " " : "", (int)length, of);
		free(all);
		all = more;
	}
	return all;
}

static void print_sources(const struct calibration *c, const struct object *row, FILE *out)
{
	static const char *const words[] = {
		[VERIFY_SEEN] = "seen", [VERIFY_DERIVED] = "derived", [VERIFY_RECALLED] = "recalled"
	};
	for (const struct object *o = object_child(row, &source_class); o; o = object_next(o)) {
		const struct source_par *s = o->par;
		char *of = still_of(c, s->of);
		if (*of) {
			fprintf(out, "\n\t<source of=\"%s\" verify=\"%s\">", of, words[s->verify]);
			value_escape(s->text, out);
			fputs("</source>", out);
		}
		free(of);
	}
}

static void print_new_source(const struct calibration *c, const char *table, FILE *out)
{
	const char *slash = strrchr(table, '/');
	fputs("\n\t<source of=\"", out);
	for (size_t i = 0; i < c->constants; i++)
		fprintf(out, "%s%s", i ? " " : "", c->constant[i].name);
	fprintf(out, "\" verify=\"derived\">hearth calibrate %s on %zu rows of ", c->kind, c->rows);
	value_escape(slash ? slash + 1 : table, out);
	fprintf(out, ", sha256 %s; mean errors", c->sha256);
	const char *between = " ";
	for (size_t i = 0; i < c->regimes; i++) {
		const struct calibrate_regime *r = &c->regime[i];
		const struct fit_score *s = r->held_out.count ? &r->held_out : &r->fitted;
		if (!r->fitted.count) continue;
		fprintf(out, "%s%s %.1f %%", between, r->name, 100 * score_mean(s));
		between = ", ";
	}
	fputs("</source>", out);
}

char *calibrate_row(const struct calibration *c, const struct object *row, const char *table)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) return mem_text(""); /* not reached: it fails for lack of memory only */
	fprintf(out, "<%s", row->cls->element);
	print_old(c, row, out);
	print_fitted(c, out);
	putc('>', out);
	print_sources(c, row, out);
	print_new_source(c, table, out);
	fprintf(out, "\n</%s>\n", row->cls->element);
	fclose(out);
	return text;
}

void calibrate_row_quantity(double si, enum dim dim, FILE *out)
{
	char text[64];
	value_escape(units_format(si, dim, text, sizeof text), out);
}

void calibrate_row_attr(const char *name, double si, enum dim dim, FILE *out)
{
	fprintf(out, "\n\t\t%s=\"", name);
	calibrate_row_quantity(si, dim, out);
	putc('"', out);
}

const struct table_column calibrate_constant_columns[] = {
	{ "constant", "constant", TABLE_LEFT }, { "value", "value", TABLE_RIGHT },
	{ "low", "low", TABLE_RIGHT }, { "high", "high", TABLE_RIGHT },
	{ "cases", "cases", TABLE_RIGHT }, { NULL },
};

void calibrate_add_constant(struct table *t, const char *name, const struct host_constant *k,
    enum dim dim)
{
	char text[64];
	table_text(t, name);
	table_number(t, k->value, "%s", value_show(k->value, dim, "", text, sizeof text));
	table_number(t, k->low, "%s", value_show(k->low, dim, "", text, sizeof text));
	table_number(t, k->high, "%s", value_show(k->high, dim, "", text, sizeof text));
	table_count(t, k->rows);
}
