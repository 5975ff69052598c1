#include "models/energy/weather_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "models/energy/weather_format.h"

#define HOUR_S 3600.0
#define DAY_S  86400.0

/* Longer holes are refused: what stood there cannot be told from the days around. */
static const double hole_max_s = 7 * DAY_S;

/* After that many faults the rest of a file tells nothing new. */
enum { FAULTS_MAX = 40 };

static const struct {
	const char *word;
	double least, most;
} figure[WEATHER_FIGURES] = {
#define X(id, word, least, most) [id] = { word, least, most },
	WEATHER_FIGURE_LIST(X)
#undef X
};

/* The file's rows as they stand. */
struct row {
	struct weather_stamp stamp;
	int line;
	double value[WEATHER_FIGURES]; /* SI; NAN: missing, or no column */
};

struct rows {
	struct row *row;
	size_t count, cap;
	bool has[WEATHER_FIGURES]; /* there is such a column, with something in it */
	size_t faults_before;
};

static bool is_missing(const char *text)
{
	return !*text || text_same(text, "nan") || text_same(text, "na") || text_same(text, "null");
}

static bool is_needed(const struct weather_format *f, enum weather_figure w)
{
	const struct weather_column *c = f->column;
	if (w == WEATHER_AIR || w == WEATHER_GHI || w == WEATHER_CLOUD) return c[w].at >= 0;
	return (w == WEATHER_DNI || w == WEATHER_DHI) && c[WEATHER_GHI].at < 0 && c[w].at >= 0;
}

static double read_value(const struct weather_reader *r, enum weather_figure w)
{
	const struct weather_column *c = &r->format.column[w];
	double v;
	if (c->at < 0) return NAN;
	if (c->at >= r->csv.fields) {
		if (is_needed(&r->format, w))
			weather_fault(r, 0, "the row ends before its column of %s", figure[w].word);
		return NAN;
	}
	const struct csv_field *f = &r->csv.field[c->at];
	if (is_missing(f->text)) return NAN;
	if (!text_to_number(f->text, &v)) {
		weather_fault(
		    r, f->col, "'%.40s' is no number; %s stands here", f->text, figure[w].word);
		return NAN;
	}
	if (fabs(v - c->missing) < 1e-9) return NAN;
	double si = c->factor * v + c->offset;
	if (si < figure[w].least || si > figure[w].most) {
		weather_fault(r, f->col, "%s of %.40s cannot be; it must be %g to %g",
		    figure[w].word, f->text, (figure[w].least - c->offset) / c->factor,
		    (figure[w].most - c->offset) / c->factor);
		return NAN;
	}
	return figure[w].least < 0 ? fmax(si, 0) : si;
}

static void read_rows(struct weather_reader *r, struct rows *all)
{
	enum csv_result got;
	while ((got = csv_next(&r->csv)) != CSV_END) {
		if (err_count(r->e) - all->faults_before >= FAULTS_MAX) return;
		struct row row = { .line = r->csv.line };
		if (got == CSV_FAULT) {
			weather_fault(r, r->csv.col, "%s", r->csv.why);
		} else if (weather_stamp_read(r, &row.stamp)) {
			for (int w = 0; w < WEATHER_FIGURES; w++)
				row.value[w] = read_value(r, (enum weather_figure)w);
			all->row = mem_grow(all->row, all->count, &all->cap, sizeof *all->row);
			all->row[all->count++] = row;
		}
	}
}

static double stamp_s(const struct weather_stamp *s, int year)
{
	struct tm tm = {
		.tm_year = (year ? year : s->year) - 1900, .tm_mon = s->month - 1, .tm_mday = s->day
	};
	return (double)timegm(&tm) + s->of_day_s;
}

/* Months of a typical year come from different years: they are put into one, which has
 * a 29 February when the file has. 0: the rows' own years. */
static int nominal_year(const struct weather_format *f, const struct rows *all, double step_s)
{
	const struct weather_stamp *first = &all->row[0].stamp;
	bool january = first->month == 1 && first->day == 1;
	if (!f->typical || !january || (double)all->count * step_s > 366 * DAY_S) return 0;
	for (size_t i = 0; i < all->count; i++)
		if (all->row[i].stamp.month == 2 && all->row[i].stamp.day == 29) return 2000;
	return 2001;
}

static void fault_at(const struct weather_reader *r, int line, const char *what)
{
	err_at(r->e, (struct err_pos){ r->path, line, 1 }, "weather: %s", what);
}

static double find_step(const struct weather_reader *r, const struct rows *all)
{
	if (r->format.rows_an_hour) return HOUR_S / r->format.rows_an_hour;
	double s = stamp_s(&all->row[1].stamp, 0) - stamp_s(&all->row[0].stamp, 0);
	if (s >= 60 && s <= HOUR_S && fmod(HOUR_S, s) == 0) return s;
	fault_at(r, all->row[1].line,
	    "rows must follow each other in a whole part of an hour, from 1 to 60 minutes");
	return 0;
}

/* How many rows are missing before one that stands dt_s after the one before it. A fault,
 * and 0, where there is no telling or where gaps are refused. */
static size_t missing_rows(const struct weather_reader *r, int line, double dt_s, double step_s)
{
	double n = dt_s / step_s;
	if (dt_s == step_s) return 0;
	if (dt_s == step_s - HOUR_S)
		fault_at(r, line,
		    "the hour repeats, as at the end of daylight saving time; write the file in "
		    "standard time");
	else if (dt_s <= 0)
		fault_at(r, line, "the time goes back; sort the rows and keep one of each");
	else if (n != floor(n))
		fault_at(r, line, "the step changes; a file has one step throughout");
	else if (dt_s - step_s > hole_max_s)
		fault_at(r, line, "more than seven days are missing before this row");
	else if (!r->fill && dt_s == step_s + HOUR_S)
		fault_at(r, line,
		    "an hour is missing before this row, as where daylight saving time begins; "
		    "write the file in standard time or gaps=\"fill\"");
	else if (!r->fill)
		fault_at(
		    r, line, "rows are missing before this one; add them or write gaps=\"fill\"");
	else
		return (size_t)n - 1;
	return 0;
}

static void push(struct weather_series *s, size_t *cap, const struct rows *all, const double *value)
{
	size_t grown = *cap;
	for (int w = 0; w < WEATHER_FIGURES; w++) {
		if (!all->has[w]) continue;
		size_t own = *cap; /* all grow alike */
		s->value[w] = mem_grow(s->value[w], s->rows, &own, sizeof *s->value[w]);
		s->value[w][s->rows] = value ? value[w] : NAN;
		grown = own;
	}
	*cap = grown;
	s->rows++;
}

static struct weather_series *lay_out(const struct weather_reader *r, const struct rows *all)
{
	struct weather_series *s = mem_new(1, sizeof *s);
	size_t cap = 0;
	s->zone_s = r->format.zone_s;
	s->step_s = find_step(r, all);
	if (s->step_s == 0) return s;
	s->instant_s = s->step_s * r->format.instant_frac;
	int year = nominal_year(&r->format, all, s->step_s);
	double before_s = stamp_s(&all->row[0].stamp, year);
	s->begin_s = before_s - s->instant_s;
	push(s, &cap, all, all->row[0].value);
	for (size_t i = 1; i < all->count; i++) {
		double at_s = stamp_s(&all->row[i].stamp, year);
		size_t holes = missing_rows(r, all->row[i].line, at_s - before_s, s->step_s);
		while (holes--) push(s, &cap, all, NULL);
		push(s, &cap, all, all->row[i].value);
		before_s = at_s;
	}
	return s;
}

/* Days of the year that the middle of the first interval lies in, and its begin. */
static int year_of(const struct weather_series *s, double *new_year_s)
{
	time_t t = (time_t)(s->begin_s + s->step_s);
	struct tm tm;
	gmtime_r(&t, &tm);
	struct tm first = { .tm_year = tm.tm_year, .tm_mday = 1 };
	struct tm next = { .tm_year = tm.tm_year + 1, .tm_mday = 1 };
	*new_year_s = (double)timegm(&first);
	return (int)(((double)timegm(&next) - *new_year_s) / DAY_S);
}

static void check_span(const struct weather_reader *r, struct weather_series *s, int last_line)
{
	double new_year_s;
	int days = year_of(s, &new_year_s);
	s->whole_year = (double)s->rows * s->step_s == days * DAY_S &&
			fabs(s->begin_s - new_year_s) <= s->step_s;
	bool tells_years = r->format.kind == WEATHER_NSRDB || r->format.kind == WEATHER_OPEN_METEO;
	if (!s->whole_year && !tells_years)
		fault_at(
		    r, last_line, "the file ends here and must be a whole year of 365 or 366 days");
}

/* A column without a value is none, if it may be. */
static void find_columns(const struct weather_reader *r, struct rows *all)
{
	for (int w = 0; w < WEATHER_FIGURES; w++) {
		all->has[w] = is_needed(&r->format, (enum weather_figure)w);
		for (size_t i = 0; i < all->count && !all->has[w]; i++)
			all->has[w] = !isnan(all->row[i].value[w]);
	}
}

static void refuse_missing(const struct weather_reader *r, const struct rows *all)
{
	for (size_t i = 0; i < all->count; i++)
		for (int w = 0; w < WEATHER_FIGURES; w++) {
			bool whole = !all->has[w] || !isnan(all->row[i].value[w]);
			if (whole || w == WEATHER_ALBEDO) continue;
			err_at(r->e, (struct err_pos){ r->path, all->row[i].line, 1 },
			    "weather: a value of %s is missing; write it or gaps=\"fill\"",
			    figure[w].word);
			if (err_count(r->e) - all->faults_before >= FAULTS_MAX) return;
		}
}

static bool is_light(int w)
{
	return w == WEATHER_GHI || w == WEATHER_DNI || w == WEATHER_DHI;
}

/* Straight lines between the values around a hole; at an end, the nearest one. */
static void fill_lines(double *v, size_t n)
{
	size_t before = n; /* none yet */
	for (size_t i = 0; i < n; i++) {
		if (isnan(v[i])) continue;
		for (size_t k = before == n ? 0 : before + 1; k < i; k++)
			v[k] = before == n ? v[i]
					   : v[before] + (v[i] - v[before]) * (double)(k - before) /
							     (double)(i - before);
		before = i;
	}
	for (size_t k = before == n ? n : before + 1; k < n; k++) v[k] = v[before];
}

static void fill(const struct weather_reader *r, struct weather_series *s)
{
	for (int w = 0; w < WEATHER_FIGURES; w++) {
		if (!s->value[w]) continue;
		bool counts = w != WEATHER_ALBEDO;
		for (size_t i = 0; i < s->rows; i++)
			s->filled[w] += counts && isnan(s->value[w][i]);
		if (s->filled[w] == s->rows)
			fault_at(r, 0, "a column that is needed has no value at all");
		else if (!is_light(w))
			fill_lines(s->value[w], s->rows);
	}
}

static struct weather_series *read_text(struct weather_reader *r, double zone_s)
{
	struct rows all = { .faults_before = err_count(r->e) };
	struct weather_series *s = NULL;
	if (weather_format_read(r, zone_s)) {
		read_rows(r, &all);
		if (all.count < 2)
			fault_at(r, 0, "a weather file has two rows or more");
		else if (err_count(r->e) == all.faults_before) {
			find_columns(r, &all);
			if (!r->fill) refuse_missing(r, &all);
			s = lay_out(r, &all);
		}
	}
	if (s && err_count(r->e) == all.faults_before) {
		check_span(r, s, all.row[all.count - 1].line);
		fill(r, s);
	}
	free(all.row);
	if (err_count(r->e) == all.faults_before) return s;
	weather_series_free(s);
	return NULL;
}

struct weather_series *weather_series_read(
    const char *path, double zone_s, bool fill_gaps, struct err_list *e)
{
	size_t size;
	struct weather_reader r = { .path = path, .e = e, .fill = fill_gaps };
	char *text = file_read(path, FILE_TABLE_MAX, &size, e);
	if (!text) return NULL;
	csv_init(&r.csv, text, size);
	struct weather_series *s = read_text(&r, zone_s);
	free(text);
	return s;
}

void weather_series_free(struct weather_series *s)
{
	if (!s) return;
	for (int w = 0; w < WEATHER_FIGURES; w++) free(s->value[w]);
	free(s);
}
