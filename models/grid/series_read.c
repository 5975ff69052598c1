#include "models/grid/series.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "models/grid/instant.h"

#define HOUR_S 3600.0
#define DAY_S  86400.0

enum { DAY_HOURS = 24, FAULTS_MAX = 8 };

struct reader {
	struct csv csv;
	struct err_list *e;
	const char *path;
	struct series_form form;
	double most;
	struct series *s;
	int key_at, value_at;
	bool zoned;       /* the stamps are those of `time` */
	int faults;
	size_t rows;      /* of a series */
	double last_s;    /* stamp of the row before */
	size_t missing;   /* steps at the end so far that wait for a figure */
	size_t filled;
};

static void fault(struct reader *r, int col, const char *what)
{
	r->faults++;
	err_at(r->e, (struct err_pos){ r->path, r->csv.line, col }, "%s", what);
}

static void add(struct series *s, double value)
{
	s->value = mem_grow(s->value, s->steps, &s->cap, sizeof *s->value);
	s->value[s->steps++] = value;
}

/* The figures that wait lie between the last one and this. */
static void add_figure(struct reader *r, double value)
{
	struct series *s = r->s;
	double n = (double)(r->missing + 1);
	double from = s->steps ? s->value[s->steps - 1] : value;
	for (size_t k = 1; k <= r->missing; k++)
		add(s, from + (value - from) * (double)k / n);
	r->filled += r->missing;
	r->missing = 0;
	add(s, value);
}

static void read_day_row(struct reader *r, const struct csv_field *key, double value)
{
	int64_t hour;
	if (!text_to_integer(key->text, &hour) || hour != (int64_t)r->s->steps || hour >= DAY_HOURS)
		fault(r, key->col, "a shape has the hours 0 to 23 in order, one a row");
	else add(r->s, value);
}

/* Of a row that does not follow the one before by a step. */
static void fault_order(struct reader *r, int col, double since_s)
{
	if (since_s == 0) {
		fault(r, col, "the same time as the row before; keep one of the two");
	} else if (since_s < 0) {
		fault(r, col, "earlier than the row before; sort the rows by time");
	} else {
		r->faults++;
		err_at(r->e, (struct err_pos){ r->path, r->csv.line, col },
		    "%g min after the row before, not %g as the first two rows are apart; a series "
		    "has one step and no gaps; gaps=\"fill\" fills those of whole steps, up to a "
		    "day", since_s / 60, r->s->step_s / 60);
	}
}

/* Whether the row stands where the next step or, if asked, a later one does. */
static bool follows(struct reader *r, int col, double utc_s)
{
	struct series *s = r->s;
	double since_s = utc_s - r->last_s, steps;
	r->last_s = utc_s;
	if (r->rows++ == 0) {
		s->begin_s = utc_s;
		return true;
	}
	if (r->rows == 2 && since_s > 0) s->step_s = since_s;
	steps = since_s / s->step_s;
	bool fills = r->form.gaps == SERIES_GAPS_FILL && steps > 1 && steps == floor(steps) &&
	             since_s <= DAY_S;
	if (steps == 1 || fills) {
		r->missing += (size_t)steps - 1;
		return true;
	}
	fault_order(r, col, since_s);
	return false;
}

static bool read_stamp(struct reader *r, const struct csv_field *key, double *utc_s)
{
	enum instant_zone zone;
	bool good = instant_parse(key->text, utc_s, &zone);
	if (good && (r->zoned ? zone != INSTANT_UNZONED : zone != INSTANT_OFFSET)) return true;
	fault(r, key->col, r->zoned
	    ? "not a time with its zone; write 2024-06-20T15:00+02:00"
	    : "not a time in UTC; write 2024-06-20T13:00Z, or name the column 'time' and write "
	      "2024-06-20T15:00+02:00");
	return false;
}

static bool is_missing(const char *text)
{
	return !*text || text_same(text, "nan") || text_same(text, "na");
}

static void read_missing(struct reader *r, int col)
{
	if (r->form.gaps == SERIES_GAPS_FILL && r->s->steps > 0) r->missing++;
	else
		fault(r, col, r->s->steps > 0
		    ? "no figure; write one, or gaps=\"fill\" in the scenario"
		    : "no figure, and none before it to fill the gap from; leave the row out");
}

static bool read_figure(struct reader *r, const struct csv_field *f, double *value)
{
	if (!text_to_number(f->text, value) || !(*value >= r->form.least))
		fault(r, f->col,
		    r->form.least == 0 ? "not a number of 0 or more" : "not a number");
	else if (*value > r->most) fault(r, f->col, "a share is at most 1");
	else return true;
	return false;
}

static void read_series_row(struct reader *r, const struct csv_field *key,
    const struct csv_field *f)
{
	double utc_s, value;
	if (!read_stamp(r, key, &utc_s) || !follows(r, key->col, utc_s)) return;
	if (is_missing(f->text)) read_missing(r, f->col);
	else if (read_figure(r, f, &value)) add_figure(r, value * r->form.unit);
}

static void read_row(struct reader *r)
{
	const struct csv_field *key = &r->csv.field[r->key_at], *f = &r->csv.field[r->value_at];
	double value;
	if (r->key_at >= r->csv.fields || r->value_at >= r->csv.fields)
		fault(r, 1, "fewer fields than the header has; write one for each column");
	else if (!r->s->daily) read_series_row(r, key, f);
	else if (read_figure(r, f, &value)) read_day_row(r, key, value);
}

static void read_header(struct reader *r)
{
	const char *column = r->form.column;
	r->value_at = csv_find(&r->csv, column);
	if (r->s->daily) {
		r->key_at = csv_find(&r->csv, "hour");
	} else {
		r->key_at = csv_find(&r->csv, "utc");
		if (r->key_at < 0) r->key_at = csv_find(&r->csv, "time_utc");
		if (r->key_at < 0) r->zoned = (r->key_at = csv_find(&r->csv, "time")) >= 0;
	}
	if (r->key_at >= 0 && r->value_at >= 0) return;
	r->faults = FAULTS_MAX; /* no row can be read */
	err_at(r->e, (struct err_pos){ r->path, r->csv.line, 1 },
	    "the header must name the columns %s and %s",
	    r->s->daily ? "hour" : "utc (or time)", column);
}

static void read_rows(struct reader *r)
{
	enum csv_result got;
	bool headed = false;
	while (r->faults < FAULTS_MAX && (got = csv_next(&r->csv)) != CSV_END) {
		if (got == CSV_FAULT) fault(r, r->csv.col, r->csv.why);
		else if (headed) read_row(r);
		else read_header(r);
		headed = true;
	}
}

static void check_end(struct reader *r)
{
	r->csv.line = 0;
	if (r->faults) return;
	if (r->s->daily && r->s->steps != DAY_HOURS) fault(r, 0, "a shape has 24 hours");
	else if (!r->s->daily && r->rows < 2)
		fault(r, 0, "a series has at least two rows, which say how long its step is");
	else if (r->missing)
		fault(r, 0, "the last figures are missing, and nothing is behind them to fill the gap "
		    "to; leave their rows out");
}

static struct series *read_file(struct reader *r, bool daily)
{
	size_t size, before = err_count(r->e);
	r->s = mem_new(1, sizeof *r->s);
	r->s->daily = daily;
	r->s->step_s = HOUR_S;
	char *text = file_read(r->path, FILE_TABLE_MAX, &size, r->e);
	if (text) {
		csv_init(&r->csv, text, size);
		read_rows(r);
		check_end(r);
		free(text);
	}
	if (r->filled)
		err_warn(r->e, (struct err_pos){ r->path, 0, 0 },
		    "missing figures that lie on the line between their neighbours: %zu",
		    r->filled);
	if (err_count(r->e) == before) return r->s;
	series_free(r->s);
	return NULL;
}

struct series *series_read(const char *path, const struct series_form *f, struct err_list *e)
{
	struct reader r = { .e = e, .path = path, .form = *f, .most = INFINITY };
	return read_file(&r, false);
}

struct series *series_read_day(const char *path, const char *column, double most,
    struct err_list *e)
{
	struct reader r = { .e = e, .path = path, .form = { .column = column, .unit = 1 },
		.most = most };
	return read_file(&r, true);
}
