#include "models/grid/hourly.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#define HOUR_S 3600.0
enum { DAY_HOURS = 24 };

struct hourly {
	double *value; /* of each hour */
	size_t hours, cap;
	bool daily;     /* hours of the local day, over and over */
	double begin_s; /* series: UTC of the first hour */
};

struct reader {
	struct csv csv;
	struct err_list *e;
	const char *path, *column;
	double unit, most;
	bool faulty;
};

static void fault(struct reader *r, int col, const char *what)
{
	r->faulty = true;
	err_at(r->e, (struct err_pos){ r->path, r->csv.line, col }, "%s", what);
}

/* "2024-06-20T13:00[:00][Z]", a space for T: the forms that public series use. */
static bool parse_utc(const char *s, double *utc_s)
{
	struct tm tm = { 0 };
	char mark;
	int used = 0;
	if (sscanf(s, "%4d-%2d-%2d%c%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &mark,
		&tm.tm_hour, &tm.tm_min, &used) != 6 ||
	    (mark != 'T' && mark != ' '))
		return false;
	s += used;
	if (!strncmp(s, ":00", 3)) s += 3;
	if (strcmp(s, "") != 0 && strcmp(s, "Z") != 0 && strcmp(s, "+00:00") != 0) return false;
	struct tm asked = tm;
	tm.tm_year = asked.tm_year -= 1900;
	tm.tm_mon = asked.tm_mon -= 1;
	*utc_s = (double)timegm(&tm); /* which turns 30 February into 1 March */
	return tm.tm_mon == asked.tm_mon && tm.tm_mday == asked.tm_mday &&
	       tm.tm_hour == asked.tm_hour && tm.tm_min == asked.tm_min;
}

static void add_hour(struct hourly *h, double value)
{
	h->value = mem_grow(h->value, h->hours, &h->cap, sizeof *h->value);
	h->value[h->hours++] = value;
}

static void read_day_row(struct reader *r, struct hourly *h, const struct csv_field *key,
    double value)
{
	int64_t hour;
	if (!text_to_integer(key->text, &hour) || hour != (int64_t)h->hours || hour >= DAY_HOURS)
		fault(r, key->col, "a shape has the hours 0 to 23 in order, one a row");
	else add_hour(h, value * r->unit);
}

static void read_series_row(struct reader *r, struct hourly *h, const struct csv_field *key,
    double value)
{
	double utc_s;
	if (!parse_utc(key->text, &utc_s)) {
		fault(r, key->col, "not a time; write 2024-06-20T13:00Z, in UTC");
		return;
	}
	if (h->hours == 0) h->begin_s = utc_s;
	if (utc_s != h->begin_s + HOUR_S * (double)h->hours)
		fault(r, key->col, "not one hour after the row before; a series has no gaps");
	else add_hour(h, value * r->unit);
}

/* A row of figures: key and value. */
static void read_row(struct reader *r, struct hourly *h, int key_at, int value_at)
{
	double v;
	if (key_at >= r->csv.fields || value_at >= r->csv.fields ||
	    !text_to_number(r->csv.field[value_at].text, &v) || v < 0)
		fault(r, value_at < r->csv.fields ? r->csv.field[value_at].col : 1,
		    "not a number of 0 or more");
	else if (v > r->most)
		fault(r, r->csv.field[value_at].col, "a share is at most 1");
	else (h->daily ? read_day_row : read_series_row)(r, h, &r->csv.field[key_at], v);
}

/* Rows until the end or the first fault: after a gap every row would be one. */
static void read_rows(struct reader *r, struct hourly *h)
{
	const char *key = h->daily ? "hour" : "utc";
	int key_at = -1, value_at = -1;
	enum csv_result got;
	while (!r->faulty && (got = csv_next(&r->csv)) != CSV_END) {
		if (got == CSV_FAULT) {
			fault(r, r->csv.col, r->csv.why);
		} else if (key_at >= 0) {
			read_row(r, h, key_at, value_at);
		} else {
			key_at = csv_find(&r->csv, key);
			value_at = csv_find(&r->csv, r->column);
			if (key_at >= 0 && value_at >= 0) continue;
			char *why = mem_print(
			    "the header must name the columns %s and %s", key, r->column);
			fault(r, 1, why);
			free(why);
		}
	}
}

static struct hourly *read_file(struct reader *r, bool daily)
{
	size_t size, before = err_count(r->e);
	struct hourly *h = mem_new(1, sizeof *h);
	h->daily = daily;
	char *text = file_read(r->path, FILE_TABLE_MAX, &size, r->e);
	if (text) {
		csv_init(&r->csv, text, size);
		read_rows(r, h);
		r->csv.line = 0;
		if (!r->faulty && daily && h->hours != DAY_HOURS)
			fault(r, 0, "a shape has 24 hours");
		if (!r->faulty && h->hours == 0) fault(r, 0, "a series has at least one hour");
		free(text);
	}
	if (err_count(r->e) == before) return h;
	hourly_free(h);
	return NULL;
}

struct hourly *hourly_constant(double value)
{
	struct hourly *h = mem_new(1, sizeof *h);
	h->daily = true;
	for (int i = 0; i < DAY_HOURS; i++) add_hour(h, value);
	return h;
}

struct hourly *hourly_share(const char *path, double whole, struct err_list *e)
{
	struct reader r = { .e = e, .path = path, .column = "share", .unit = whole, .most = 1 };
	return read_file(&r, true);
}

struct hourly *hourly_series(const char *path, const char *column, double unit,
    struct err_list *e)
{
	struct reader r = { .e = e, .path = path, .column = column, .unit = unit,
		.most = INFINITY };
	return read_file(&r, false);
}

/* A shape scales and must not change the mean. */
struct hourly *hourly_relative(const char *path, double mean, struct err_list *e)
{
	struct reader r = { .e = e, .path = path, .column = "relative", .unit = 1,
		.most = INFINITY };
	struct hourly *h = read_file(&r, true);
	double sum = 0;
	if (!h) return NULL;
	for (size_t i = 0; i < h->hours; i++) sum += h->value[i];
	if (fabs(sum / DAY_HOURS - 1) > 1e-3) {
		err_at(e, (struct err_pos){ path, 0, 0 },
		    "the mean of 'relative' is %.4f; scale the column so that it is 1",
		    sum / DAY_HOURS);
		hourly_free(h);
		return NULL;
	}
	for (size_t i = 0; i < h->hours; i++) h->value[i] *= mean * DAY_HOURS / sum;
	return h;
}

void hourly_free(struct hourly *h)
{
	if (!h) return;
	free(h->value);
	free(h);
}

/* Seconds since 1970 have a resolution of 0.2 us in a double. */
static const double blur_s = 1e-3;

bool hourly_covers(const struct hourly *h, double utc_s, double duration_s)
{
	double end_s = h->begin_s + HOUR_S * (double)h->hours;
	return h->daily || (utc_s >= h->begin_s && utc_s + duration_s <= end_s + blur_s);
}

double hourly_mean(const struct hourly *h, double utc_s, double zone_s, double dt_s)
{
	assert(dt_s > 0 && hourly_covers(h, utc_s, dt_s));
	double at_s = h->daily ? utc_s + zone_s : utc_s - h->begin_s, sum = 0, left_s = dt_s;
	double hour = floor(at_s / HOUR_S);
	for (; left_s > 0; hour++) {
		double of_day = hour - DAY_HOURS * floor(hour / DAY_HOURS);
		double last = (double)h->hours - 1;
		size_t i = (size_t)(h->daily ? of_day : fmin(hour, last)); /* last: the blur */
		double part_s = fmin(left_s, (hour + 1) * HOUR_S - at_s);
		if (part_s == dt_s) return h->value[i]; /* no boundary: no rounding either */
		sum += part_s / dt_s * h->value[i];
		at_s += part_s;
		left_s -= part_s;
	}
	return sum;
}
