/* Rows of one figure each, ours beside a published one. */
#include <math.h>

#include "bench/validate_parts.h"

enum { WHAT_WIDTH = 66, FIGURE_WIDTH = 22, TEXT_MAX = 40 };

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

static void print_percent(double frac, bool sign, FILE *out)
{
	if (isnan(frac))
		fprintf(out, " %9s  ", "-");
	else
		fprintf(out, sign ? " %+9.2g %%" : " %9.2g %%", 100 * frac);
}

static void print_row(const struct validate_row *r, FILE *out)
{
	char published[2 * TEXT_MAX + 4], ours[TEXT_MAX];
	write_published(r, published, sizeof published);
	fprintf(out, "%-*s %*s %*s", WHAT_WIDTH, r->what, FIGURE_WIDTH, published, FIGURE_WIDTH / 2,
	    units_format(r->ours, r->dim, ours, sizeof ours));
	print_percent(r->error_frac, true, out);
	print_percent(r->limit_frac, false, out);
	fprintf(out, "  %-4s  %s", validate_verdict(r), r->table);
	fprintf(out, r->peer ? "; fitted: %s\n" : "\n", r->peer);
}

void validation_print_figures(const struct validation *v, FILE *out)
{
	fprintf(out, "%-*s %*s %*s %9s   %9s\n", WHAT_WIDTH, "what", FIGURE_WIDTH, "reference",
	    FIGURE_WIDTH / 2, "ours", "error", "limit");
	for (size_t i = 0; i < v->rows; i++) print_row(&v->row[i], out);
	fputs("\nerror: relative to the reference, or to the nearest end of its range; of shares\n"
	      "the difference. A limit of 0: within the range.\n",
	    out);
}
