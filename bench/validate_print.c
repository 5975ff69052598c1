#include <jansson.h>
#include <math.h>

#include "base/table.h"
#include "bench/validate_parts.h"

const char *validate_verdict(const struct validate_row *r)
{
	return isnan(r->limit_frac) ? "-" : validate_passes(r) ? "pass" : "FAIL";
}

static const char *constants_word(enum validate_constants c)
{
	switch (c) {
	case VALIDATE_CATALOGUE:
		return "catalogue";
	case VALIDATE_REFITTED:
		return "refitted";
	case VALIDATE_MEASURED:
		return "layer table";
	}
	return NULL;
}

static const char *measure_word(enum validate_measure m)
{
	switch (m) {
	case VALIDATE_MAGNITUDE:
		return "mean_absolute_error";
	case VALIDATE_MEAN:
		return "error_of_mean";
	case VALIDATE_LARGEST:
		return "largest_error";
	}
	return NULL;
}

static json_t *number(double v)
{
	return isnan(v) ? json_null() : json_real(v);
}

static json_t *figure_json(const struct validate_row *r)
{
	if (!r->figure) return NULL;
	return json_pack("{s:o, s:o, s:f, s:s}", "low", number(r->low), "high", number(r->high),
	    "ours", r->ours, "unit", units_si(r->dim));
}

static json_t *row_json(const struct validate_row *r)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s*, s:I, s:o, s:o, s:o, s:s*, s:o*, s:o}", "what",
	    r->what, "table", r->table, "constants", constants_word(r->constants), "measure",
	    measure_word(r->measure), "unit", r->unit, "rows", (json_int_t)r->rows, "error_frac",
	    number(r->error_frac), "limit_frac", number(r->limit_frac), "roofline_frac",
	    number(r->plain_frac), "peer", r->peer, "figure", figure_json(r), "pass",
	    isnan(r->limit_frac) ? json_null() : json_boolean(validate_passes(r)));
}

static void print_json(const struct validation *v, FILE *out)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < v->rows; i++) json_array_append_new(rows, row_json(&v->row[i]));
	json_t *all =
	    json_pack("{s:I, s:o}", "failed", (json_int_t)validation_failures(v), "rows", rows);
	json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	fputc('\n', out);
	json_decref(all);
}

static bool has_rooflines(const struct validation *v)
{
	for (size_t i = 0; i < v->rows; i++)
		if (!isnan(v->row[i].plain_frac)) return true;
	return false;
}

static bool has_figures(const struct validation *v)
{
	return v->rows > 0 && v->row[0].figure;
}

/* What is largest is often small: as a number in its unit. */
static void add_value(struct table *t, const struct validate_row *r, double value, bool sign)
{
	if (r->unit) table_number(t, value, "%.2g", value);
	else table_number(t, value, sign ? "%+.1f %%" : "%.1f %%", 100 * value);
}

static const struct table_column with_rooflines[] = {
	{ "what", "what", TABLE_LEFT }, { "table", NULL, TABLE_LEFT },
	{ "constants", NULL, TABLE_LEFT }, { "measure", NULL, TABLE_LEFT },
	{ "unit", NULL, TABLE_LEFT }, { "rows", "rows", TABLE_RIGHT },
	{ "error_frac", "error", TABLE_RIGHT }, { "limit_frac", "limit", TABLE_RIGHT },
	{ "verdict", "", TABLE_LEFT }, { "roofline_frac", "roofline", TABLE_RIGHT },
	{ "peer", "peer", TABLE_LEFT }, { NULL },
};

/* Where all errors are the largest, of solutions: there is no roofline, but there are units. */
static const struct table_column with_units[] = {
	{ "what", "what", TABLE_LEFT }, { "table", NULL, TABLE_LEFT },
	{ "constants", NULL, TABLE_LEFT }, { "measure", NULL, TABLE_LEFT },
	{ "unit", NULL, TABLE_LEFT }, { "rows", "rows", TABLE_RIGHT },
	{ "error", "error", TABLE_RIGHT }, { "limit", "limit", TABLE_RIGHT },
	{ "verdict", "", TABLE_LEFT }, { NULL, "unit", TABLE_LEFT },
	{ "peer", "peer", TABLE_LEFT }, { NULL },
};

static void add_row(struct table *t, const struct validate_row *r, bool rooflines)
{
	bool sign = r->measure == VALIDATE_MEAN;
	table_text(t, r->what);
	table_text(t, r->table);
	table_text(t, constants_word(r->constants));
	table_text(t, measure_word(r->measure));
	table_text(t, r->unit);
	table_count(t, r->rows);
	add_value(t, r, r->error_frac, sign);
	add_value(t, r, r->limit_frac, false);
	table_text(t, validate_verdict(r));
	if (rooflines) add_value(t, r, r->plain_frac, sign);
	else table_text(t, r->unit ? r->unit : "");
	table_text(t, r->peer);
}

static void print_errors(const struct validation *v, enum table_form form, FILE *out)
{
	bool rooflines = has_rooflines(v);
	struct table *t = table_new(rooflines ? with_rooflines : with_units);
	for (size_t i = 0; i < v->rows; i++) add_row(t, &v->row[i], rooflines);
	table_print(t, form, out);
	table_free(t);
	if (form == TABLE_CSV) return;
	fputs(rooflines ? "\nerror: mean of |predicted / measured - 1| over the rows; with a sign, "
			  "of the mean "
			  "over the run.\nroofline: the same from data-sheet peaks alone; for "
			  "energy, from the "
			  "thermal design power.\n"
			: "\nerror: the largest of all rows; without unit, relative or a count.\n",
	    out);
}

void validation_print(const struct validation *v, enum table_form form, FILE *out)
{
	if (form == TABLE_JSON) {
		print_json(v, out);
		return;
	}
	if (has_figures(v)) validation_print_figures(v, form, out);
	else print_errors(v, form, out);
	if (form != TABLE_CSV)
		fprintf(out, "%zu of %zu rows miss their limit.\n", validation_failures(v), v->rows);
}
