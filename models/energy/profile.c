#include "models/energy/profile.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

static const double day_s = 86400, monday_s = 4 * 86400.0; /* 1970-01-05 was a Monday */

struct reader {
	struct csv csv;
	struct err_list *e;
	const char *path;
	bool faulty;
};

static void fault(struct reader *r, int line, int col, const char *what)
{
	r->faulty = true;
	err_at(r->e, (struct err_pos){ r->path, line, col }, "%s", what);
}

static void read_header(struct reader *r, struct profile *p)
{
	if (csv_find(&r->csv, "time_s") != 0 || r->csv.fields < 2) {
		fault(r, r->csv.line, 1, "the header must be time_s and a name for each home");
		return;
	}
	p->columns = (size_t)r->csv.fields - 1;
	p->sum_s = mem_new(p->columns, sizeof *p->sum_s); /* row 0: nothing yet */
}

/* Row k begins at k steps; the second row says how long a step is. */
static bool is_on_time(struct profile *p, double time_s)
{
	if (p->rows == 1) p->step_s = time_s;
	return time_s == (double)p->rows * p->step_s && (p->rows == 0 || p->step_s > 0);
}

static void read_row(struct reader *r, struct profile *p)
{
	const struct csv *c = &r->csv;
	double v;
	if ((size_t)c->fields != p->columns + 1) {
		fault(r, c->line, 1, "this row has not as many fields as the header");
		return;
	}
	if (!text_to_number(c->field[0].text, &v) || !is_on_time(p, v)) {
		fault(r, c->line, c->field[0].col, "time_s must begin at 0 and grow evenly");
		return;
	}
	p->sum_s = mem_resize(p->sum_s, (p->rows + 2) * p->columns, sizeof *p->sum_s);
	double *begin = p->sum_s + p->rows * p->columns, *end = begin + p->columns;
	for (size_t k = 0; k < p->columns; k++) {
		const struct csv_field *f = &c->field[k + 1];
		if (!text_to_number(f->text, &v) || v < 0) {
			fault(r, c->line, f->col, "not a number of 0 or more");
			return;
		}
		end[k] = begin[k] + v;
	}
	p->rows++;
}

static void read_rows(struct reader *r, struct profile *p)
{
	enum csv_result got;
	while (!r->faulty && (got = csv_next(&r->csv)) != CSV_END) {
		if (got == CSV_FAULT) fault(r, r->csv.line, r->csv.col, r->csv.why);
		else if (!p->columns) read_header(r, p);
		else read_row(r, p);
	}
}

static void check_span(struct reader *r, const struct profile *p)
{
	double days = (double)p->rows * p->step_s / day_s;
	if (p->rows < 2 || fmod(day_s, p->step_s) != 0 || days != floor(days)) {
		fault(r, 0, 0, "a profile covers whole days in steps that divide the day");
		return;
	}
	for (size_t k = 0; k < p->columns; k++)
		if (!(p->sum_s[p->rows * p->columns + k] > 0))
			fault(r, 0, 0, "a column is zero throughout; leave that home out");
}

/* From sums of powers to the integral of a shape whose mean is 1. */
static void scale(struct profile *p)
{
	double span_s = (double)p->rows * p->step_s;
	for (size_t k = 0; k < p->columns; k++) {
		double by = span_s / p->sum_s[p->rows * p->columns + k];
		for (size_t r = 0; r <= p->rows; r++) p->sum_s[r * p->columns + k] *= by;
	}
}

struct profile *profile_read(const char *path, struct err_list *e)
{
	struct reader r = { .e = e, .path = path };
	size_t size;
	char *text = file_read(path, FILE_TABLE_MAX, &size, e);
	if (!text) return NULL;
	struct profile *p = mem_new(1, sizeof *p);
	csv_init(&r.csv, text, size);
	read_rows(&r, p);
	if (!r.faulty) check_span(&r, p);
	free(text);
	if (!r.faulty) {
		scale(p);
		return p;
	}
	profile_free(p);
	return NULL;
}

void profile_free(struct profile *p)
{
	if (!p) return;
	free(p->sum_s);
	free(p);
}

/* A time as whole repetitions, a row and what is left of it. */
struct at {
	double times;
	size_t row;
	double part; /* of the row's step, 0 to 1 */
};

static struct at locate(const struct profile *p, double local_s)
{
	double span_s = (double)p->rows * p->step_s;
	double t = local_s - monday_s, times = floor(t / span_s);
	double steps = (t - times * span_s) / p->step_s;
	double row = fmin(floor(steps), (double)p->rows - 1);
	return (struct at){ times, (size_t)row, steps - row };
}

static double integral_s(const struct profile *p, const struct at *a, size_t column)
{
	const double *s = p->sum_s + a->row * p->columns + column;
	return s[0] + a->part * (s[p->columns] - s[0]);
}

void profile_step(const struct profile *p, double local_s, double dt_s, double *mean)
{
	struct at from = locate(p, local_s), to = locate(p, local_s + dt_s);
	double whole_s = (to.times - from.times) * (double)p->rows * p->step_s;
	for (size_t k = 0; k < p->columns; k++)
		mean[k] = (whole_s + integral_s(p, &to, k) - integral_s(p, &from, k)) / dt_s;
}
