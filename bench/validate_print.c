#include <jansson.h>
#include <math.h>

#include "bench/validate_parts.h"

enum { WHAT_WIDTH = 62 };

static void print_percent(double frac, bool sign, FILE *out)
{
	if (isnan(frac))
		fprintf(out, " %9s", "-");
	else
		fprintf(out, sign ? " %+7.1f %%" : " %7.1f %%", 100 * frac);
}

/* What is largest is often small: as a number in its unit. */
static void print_value(const struct validate_row *r, double value, FILE *out)
{
	if (r->unit)
		fprintf(out, " %9.2g", value);
	else
		print_percent(value, r->measure == VALIDATE_MEAN, out);
}

const char *validate_verdict(const struct validate_row *r)
{
	return isnan(r->limit_frac) ? "-" : validate_passes(r) ? "pass" : "FAIL";
}

static bool has_rooflines(const struct validation *v)
{
	for (size_t i = 0; i < v->rows; i++)
		if (!isnan(v->row[i].plain_frac)) return true;
	return false;
}

static void print_row(const struct validate_row *r, bool rooflines, FILE *out)
{
	fprintf(out, "%-*s %6zu", WHAT_WIDTH, r->what, r->rows);
	print_value(r, r->error_frac, out);
	if (isnan(r->limit_frac))
		fprintf(out, " %9s", "-");
	else if (r->unit)
		fprintf(out, " %9.2g", r->limit_frac);
	else
		print_percent(r->limit_frac, false, out);
	fprintf(out, "  %-4s", validate_verdict(r));
	if (rooflines) print_percent(r->plain_frac, r->measure == VALIDATE_MEAN, out);
	if (r->unit) fprintf(out, "  %s", r->unit);
	fprintf(out, "  %s\n", r->peer ? r->peer : "");
}

static bool has_figures(const struct validation *v)
{
	return v->rows > 0 && v->row[0].figure;
}

static void print_errors(const struct validation *v, FILE *out)
{
	bool rooflines = has_rooflines(v);
	fprintf(out, "%-*s %6s %9s %9s  %-4s", WHAT_WIDTH, "what", "rows", "error", "limit", "");
	fprintf(out, rooflines ? " %9s  peer\n" : "  unit\n", "roofline");
	for (size_t i = 0; i < v->rows; i++) print_row(&v->row[i], rooflines, out);
	fputs(rooflines ? "\nerror: mean of |predicted / measured - 1| over the rows; with a sign, "
			  "of the mean "
			  "over the run.\nroofline: the same from data-sheet peaks alone; for "
			  "energy, from the "
			  "thermal design power.\n"
			: "\nerror: the largest of all rows; without unit, relative or a count.\n",
	    out);
}

void validation_print(const struct validation *v, FILE *out)
{
	if (has_figures(v)) validation_print_figures(v, out);
	else print_errors(v, out);
	fprintf(out, "%zu of %zu rows miss their limit.\n", validation_failures(v), v->rows);
}

static json_t *number(double v)
{
	return isnan(v) ? json_null() : json_real(v);
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

void validation_print_json(const struct validation *v, FILE *out)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < v->rows; i++) json_array_append_new(rows, row_json(&v->row[i]));
	json_t *all =
	    json_pack("{s:I, s:o}", "failed", (json_int_t)validation_failures(v), "rows", rows);
	json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	fputc('\n', out);
	json_decref(all);
}
