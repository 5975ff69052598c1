#include "models/energy/sessions.h"

#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "models/energy/calendar.h"

static const double kwh_j = 3.6e6, hour_s = 3600, day_s = 86400;

/* Times are written to the minute: a duration may differ by one on either side. */
static const double rounding_s = 120;

enum column { PLUG_IN, PLUG_OUT, ENERGY, DURATION, DAY, STAY, SPREAD, COLUMNS };

static const char *const names[COLUMNS][2] = {
	[PLUG_IN] = { "plug_in", "plugin_local" },
	[PLUG_OUT] = { "plug_out", "plugout_local" },
	[ENERGY] = { "energy_kwh" },
	[DURATION] = { "duration_h" },
	[DAY] = { "day" },
	[STAY] = { "stay_h" },
	[SPREAD] = { "spread_h" },
};

struct reader {
	struct csv csv;
	struct err_list *e;
	const char *path;
	bool skip, header, broken;
	int at[COLUMNS]; /* -1: the file does not have it */
	const char *why; /* what is wrong with the present row; NULL: nothing */
	int col;
};

static void fault(struct reader *r, int line, int col, const char *what)
{
	r->broken = true;
	err_at(r->e, (struct err_pos){ r->path, line, col }, "%s", what);
}

static void read_header(struct reader *r)
{
	r->header = true;
	for (int c = 0; c < COLUMNS; c++) {
		r->at[c] = -1;
		for (int k = 0; k < 2 && names[c][k] && r->at[c] < 0; k++)
			r->at[c] = csv_find(&r->csv, names[c][k]);
	}
	bool dated = r->at[PLUG_OUT] >= 0 && r->at[DAY] < 0;
	bool undated = r->at[DAY] >= 0 && r->at[STAY] >= 0;
	if (r->at[PLUG_IN] < 0 || r->at[ENERGY] < 0 || !(dated || undated))
		fault(r, r->csv.line, 1,
		    "the header must name plug_in, plug_out and energy_kwh, or day, plug_in, "
		    "stay_h and energy_kwh");
}

static void blame(struct reader *r, enum column c, const char *why)
{
	if (r->why) return;
	r->why = why;
	r->col = r->csv.field[r->at[c]].col;
}

static const char *text_of(const struct reader *r, enum column c)
{
	return r->at[c] >= 0 ? r->csv.field[r->at[c]].text : "";
}

/* A column's number of at least 0; `otherwise` without the column. */
static double number_of(struct reader *r, enum column c, double otherwise)
{
	double v = otherwise;
	if (r->at[c] < 0) return v;
	if (!text_to_number(text_of(r, c), &v) || v < 0) blame(r, c, "not a number of 0 or more");
	return v;
}

/* "2019-01-07T17:12[:00]", or a space for T, in seconds since 1970 of that clock. */
static bool parse_time(const char *s, double *local_s)
{
	struct tm tm = { 0 };
	char mark;
	int used = 0;
	if (sscanf(s, "%4d-%2d-%2d%c%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &mark,
		&tm.tm_hour, &tm.tm_min, &used) != 6 ||
	    (mark != 'T' && mark != ' ') || tm.tm_year < 1970)
		return false;
	s += used;
	if (*s == ':' && sscanf(s, ":%2d%n", &tm.tm_sec, &used) == 1) s += used;
	if (*s) return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	struct tm asked = tm;
	*local_s = (double)timegm(&tm); /* which turns 30 February into 1 March */
	return tm.tm_mon == asked.tm_mon && tm.tm_mday == asked.tm_mday &&
	       tm.tm_hour == asked.tm_hour && tm.tm_min == asked.tm_min &&
	       tm.tm_sec == asked.tm_sec;
}

static double time_of(struct reader *r, enum column c)
{
	double local_s = NAN;
	if (!*text_of(r, c))
		blame(r, c, c == PLUG_OUT ? "no time at which it was unplugged" : "no time");
	else if (!parse_time(text_of(r, c), &local_s))
		blame(r, c, "not a local time; write 2019-01-07T17:12");
	return local_s;
}

static enum sessions_day read_dated(struct reader *r, struct session *s)
{
	double from_s = time_of(r, PLUG_IN), to_s = time_of(r, PLUG_OUT);
	double measured_s = hour_s * number_of(r, DURATION, (to_s - from_s) / hour_s);
	if (r->why) return SESSIONS_WEEKDAY;
	if (to_s < from_s)
		blame(r, PLUG_OUT, "unplugged before it was plugged in");
	else if (fabs(to_s - from_s - measured_s) > rounding_s)
		blame(r, DURATION, "not the time between plug-in and plug-out: were the clocks "
				   "changed meanwhile?");
	else if (!(measured_s > 0))
		blame(r, PLUG_OUT, "plugged in for no time");
	double day = floor(from_s / day_s);
	s->arrival_s = from_s - day * day_s;
	s->stay_s = measured_s;
	return calendar_weekend((long)day) ? SESSIONS_WEEKEND : SESSIONS_WEEKDAY;
}

static enum sessions_day read_undated(struct reader *r, struct session *s)
{
	int h = -1, m = -1, used = 0;
	bool weekend = !strcmp(text_of(r, DAY), "weekend");
	if (!weekend && strcmp(text_of(r, DAY), "weekday") != 0)
		blame(r, DAY, "not a kind of day; write weekday or weekend");
	const char *clock = text_of(r, PLUG_IN);
	if (sscanf(clock, "%2d:%2d%n", &h, &m, &used) != 2 || clock[used] || h < 0 || h > 23 ||
	    m < 0 || m > 59)
		blame(r, PLUG_IN, "not a time of day; write 17:12");
	s->arrival_s = hour_s * h + 60.0 * m;
	s->stay_s = hour_s * number_of(r, STAY, 0);
	s->spread_s = hour_s * number_of(r, SPREAD, 0);
	if (!(s->stay_s > 0)) blame(r, STAY, "plugged in for no time");
	if (s->spread_s > day_s / 2) blame(r, SPREAD, "more than 12 hours either way");
	return weekend ? SESSIONS_WEEKEND : SESSIONS_WEEKDAY;
}

static bool is_whole(struct reader *r)
{
	for (int c = 0; c < COLUMNS; c++)
		if (r->at[c] >= r->csv.fields) {
			r->why = "this row has not as many fields as the header";
			r->col = 1;
			return false;
		}
	return true;
}

static void read_row(struct reader *r, struct sessions *t)
{
	struct session s = { 0 };
	enum sessions_day day = SESSIONS_WEEKDAY;
	r->why = NULL;
	if (is_whole(r)) {
		s.energy_j = kwh_j * number_of(r, ENERGY, 0);
		day = (r->at[DAY] < 0 ? read_dated : read_undated)(r, &s);
	}
	if (!r->why) {
		t->of[day] = mem_grow(t->of[day], t->n[day], &t->cap[day], sizeof s);
		t->of[day][t->n[day]++] = s;
	} else if (r->skip) {
		t->skipped++;
	} else {
		char *what = mem_print("%s; faults=\"skip\" leaves such rows out", r->why);
		fault(r, r->csv.line, r->col, what);
		free(what);
	}
}

/* Every faulty row is told, but after a header that is none. */
static void read_rows(struct reader *r, struct sessions *t)
{
	enum csv_result got;
	while ((got = csv_next(&r->csv)) != CSV_END) {
		if (got == CSV_FAULT) {
			fault(r, r->csv.line, r->csv.col, r->csv.why);
		} else if (r->header) {
			read_row(r, t);
		} else {
			read_header(r);
			if (r->broken) return;
		}
	}
}

struct sessions *sessions_read(const char *path, bool skip, struct err_list *e)
{
	struct reader r = { .e = e, .path = path, .skip = skip };
	size_t size;
	char *text = file_read(path, FILE_TABLE_MAX, &size, e);
	if (!text) return NULL;
	struct sessions *t = mem_new(1, sizeof *t);
	csv_init(&r.csv, text, size);
	read_rows(&r, t);
	if (!r.broken && t->n[SESSIONS_WEEKDAY] + t->n[SESSIONS_WEEKEND] == 0)
		fault(&r, 0, 0, "a table of sessions has at least one that can be used");
	free(text);
	if (!r.broken) return t;
	sessions_free(t);
	return NULL;
}

void sessions_free(struct sessions *s)
{
	if (!s) return;
	for (int d = 0; d < SESSIONS_DAYS; d++) free(s->of[d]);
	free(s);
}

bool sessions_draw(const struct sessions *s, enum sessions_day day, struct pcg64 *g,
    struct session *out)
{
	double which = pcg64_unit(g), where = pcg64_unit(g);
	if (s->n[day] == 0) return false;
	*out = s->of[day][(size_t)(which * (double)s->n[day])];
	out->arrival_s += (2 * where - 1) * out->spread_s;
	out->spread_s = 0;
	return true;
}
