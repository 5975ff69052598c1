/* Rows of one figure each, ours beside a published one. */
#include <math.h>

#include "base/table.h"
#include "bench/validate_parts.h"

enum { TEXT_MAX = 40 };

static double error_of(const struct validate_row *r)
{
	double nearest = fmin(fmax(r->ours, r->low), r->high);
	return r->dim == DIM_FRACTION ? r->ours - nearest : r->ours / nearest - 1;
}

void validate_figure(struct validate_job *j, struct validate_row row)
{
	row.figure = true;
	row.rows = 1;
	row.plain_frac = NAN;
	row.measure = VALIDATE_LARGEST;
	row.error_frac = isnan(row.low) ? NAN : error_of(&row);
	if (isnan(row.low)) row.limit_frac = NAN;
	validation_add(j->v, row);
}

static void write_published(const struct validate_row *r, char *text, size_t size)
{
	char low[TEXT_MAX], high[TEXT_MAX];
	units_format(r->low, r->dim, low, sizeof low);
	units_format(r->high, r->dim, high, sizeof high);
	if (isnan(r->low))
		snprintf(text, size, "-");
	else if (r->low < r->high)
		snprintf(text, size, "%s to %s", low, high);
	else
		snprintf(text, size, "%s", low);
}

static const struct table_column columns[] = {
	{ "what", "what", TABLE_LEFT }, { "low", NULL, TABLE_RIGHT }, { "high", NULL, TABLE_RIGHT },
	{ NULL, "reference", TABLE_RIGHT }, { "ours", "ours", TABLE_RIGHT },
	{ "unit", NULL, TABLE_LEFT }, { "error_frac", "error", TABLE_RIGHT },
	{ "limit_frac", "limit", TABLE_RIGHT }, { "verdict", "", TABLE_LEFT },
	{ "table", "table", TABLE_LEFT }, { "fitted", NULL, TABLE_LEFT }, { NULL },
};

static void add_row(struct table *t, const struct validate_row *r)
{
	char published[2 * TEXT_MAX + 4], ours[TEXT_MAX];
	write_published(r, published, sizeof published);
	table_text(t, r->what);
	table_number(t, r->low, "%g", r->low);
	table_number(t, r->high, "%g", r->high);
	table_text(t, published);
	table_number(t, r->ours, "%s", units_format(r->ours, r->dim, ours, sizeof ours));
	table_text(t, units_si(r->dim));
	table_number(t, r->error_frac, "%+.2g %%", 100 * r->error_frac);
	table_number(t, r->limit_frac, "%.2g %%", 100 * r->limit_frac);
	table_text(t, validate_verdict(r));
	table_words(t, r->table, r->peer ? "%s; fitted: %s" : "%s", r->table, r->peer);
	table_text(t, r->peer);
}

void validation_print_figures(const struct validation *v, enum table_form form, FILE *out)
{
	struct table *t = table_new(columns);
	for (size_t i = 0; i < v->rows; i++) add_row(t, &v->row[i]);
	table_print(t, form, out);
	table_free(t);
	if (form == TABLE_CSV) return;
	fputs("\nerror: relative to the reference, or to the nearest end of its range; of shares\n"
	      "the difference. A limit of 0: within the range.\n",
	    out);
}
