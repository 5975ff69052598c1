#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "base/near.h"
#include "base/text.h"
#include "models/work/trace_rows.h"

enum column { TIME, PROMPT, OUTPUT, ORIGIN, PRIORITY, COLUMNS }; /* needed: to OUTPUT */

/* A CSV form: what its columns are called. NULL: it has none such. */
static const struct form {
	enum trace_format format;
	const char *name[COLUMNS];
} forms[] = {
	{ TRACE_HEARTH, { "arrival_s", "prompt_tokens", "output_tokens", "origin", "priority" } },
	{ TRACE_AZURE, { "TIMESTAMP", "ContextTokens", "GeneratedTokens", NULL, NULL } },
};
enum { FORMS = sizeof forms / sizeof *forms };

struct table {
	const struct form *form;
	int at[COLUMNS]; /* which field; -1: the file does not have it */
	int fields;      /* of the header */
};

/* Reads `digits` decimal digits at *s; -1 when there are fewer. */
static int digits_of(const char **s, int digits)
{
	int v = 0;
	for (; digits; digits--, (*s)++) {
		if (**s < '0' || **s > '9') return -1;
		v = 10 * v + (**s - '0');
	}
	return v;
}

static bool take(const char **s, char c)
{
	if (**s != c) return false;
	(*s)++;
	return true;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar: a year that begins in
 * March puts the leap day at its end (Richards 2013, Explanatory Supplement to the
 * Astronomical Almanac, 15.11). */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t m = month > 2 ? month - 3 : month + 9;
	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static bool read_date(const char **s, int64_t *days)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = digits_of(s, 4);
	bool good = take(s, '-');
	int month = digits_of(s, 2);
	good &= take(s, '-');
	int day = digits_of(s, 2);
	/* nanoseconds since 1970 fit in 64 bits until 2261 */
	if (!good || year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1) return false;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (day > length[month - 1] + (month == 2 && leap)) return false;
	*days = days_of(year, month, day);
	return true;
}

static bool read_clock(const char **s, int64_t *seconds)
{
	int h = digits_of(s, 2);
	bool good = take(s, ':');
	int m = digits_of(s, 2);
	good &= take(s, ':');
	int sec = digits_of(s, 2);
	*seconds = 3600 * h + 60 * m + sec;
	return good && h >= 0 && h < 24 && m >= 0 && m < 60 && sec >= 0 && sec < 61;
}

/* ".6805900" as nanoseconds; digits beyond the ninth are dropped. */
static bool read_fraction(const char **s, int64_t *ns)
{
	int64_t unit = 100000000;
	*ns = 0;
	if (!take(s, '.')) return true;
	if (**s < '0' || **s > '9') return false;
	for (; **s >= '0' && **s <= '9'; (*s)++, unit /= 10) *ns += (**s - '0') * unit;
	return true;
}

/* "", "Z", "+00:00" or another distance from UTC. */
static bool read_zone(const char **s, int64_t *seconds)
{
	*seconds = 0;
	if (!**s || take(s, 'Z')) return true;
	int sign = take(s, '-') ? -1 : take(s, '+') ? 1 : 0;
	int h = digits_of(s, 2);
	bool colon = take(s, ':');
	int m = digits_of(s, 2);
	*seconds = sign * (3600 * h + 60 * m);
	return sign && colon && h >= 0 && h < 24 && m >= 0 && m < 60;
}

/* "2023-11-16 18:15:46.6805900" as nanoseconds since 1970. */
static bool read_stamp(const char *s, int64_t *t_ns)
{
	int64_t days, seconds, ns, zone;
	if (!read_date(&s, &days)) return false;
	if (!take(&s, ' ') && !take(&s, 'T')) return false;
	if (!read_clock(&s, &seconds) || !read_fraction(&s, &ns) || !read_zone(&s, &zone))
		return false;
	*t_ns = (86400 * days + seconds - zone) * 1000000000 + ns;
	return !*s;
}

static const struct csv_field *field(const struct csv *c, const struct table *t, enum column k)
{
	return &c->field[t->at[k]];
}

static void read_time(
    struct trace_rows *b, const struct csv *c, const struct table *t, struct trace_row *row)
{
	const struct csv_field *f = field(c, t, TIME);
	double s;
	row->time_col = f->col;
	if (t->form->format == TRACE_AZURE) {
		if (!read_stamp(f->text, &row->time_ns))
			trace_fault(b, f->col,
			    "TIMESTAMP '%.40s' is no time; write YYYY-MM-DD hh:mm:ss.fff", f->text);
		return;
	}
	if (text_to_number(f->text, &s) && s >= 0 && s <= TRACE_TIME_MAX_S)
		row->time_ns = llround(s * 1e9);
	else
		trace_fault(b, f->col,
		    "arrival_s '%.40s' is no time; write seconds since the start, from 0 to %lld",
		    f->text, (long long)TRACE_TIME_MAX_S);
}

static int64_t read_tokens(
    struct trace_rows *b, const struct csv *c, const struct table *t, enum column k)
{
	const struct csv_field *f = field(c, t, k);
	int64_t n;
	if (text_to_integer(f->text, &n)) return n;
	trace_fault(b, f->col, "%s '%.40s' is no whole number; write tokens as digits, such as 129",
	    t->form->name[k], f->text);
	return 1;
}

static uint32_t read_origin(struct trace_rows *b, const struct csv *c, const struct table *t)
{
	int64_t home;
	if (t->at[ORIGIN] < 0) return ORIGIN_OUTSIDE;
	const struct csv_field *f = field(c, t, ORIGIN);
	if (!f->text[0] || !strcmp(f->text, "outside")) return ORIGIN_OUTSIDE;
	if (text_to_integer(f->text, &home) && home >= 0 && home < ORIGIN_OUTSIDE)
		return (uint32_t)home;
	trace_fault(
	    b, f->col, "origin '%.40s' is no home; write its number from 0, or outside", f->text);
	return ORIGIN_OUTSIDE;
}

static int8_t read_priority(struct trace_rows *b, const struct csv *c, const struct table *t)
{
	int64_t n;
	if (t->at[PRIORITY] < 0) return 0;
	const struct csv_field *f = field(c, t, PRIORITY);
	if (!f->text[0]) return 0;
	if (text_to_integer(f->text, &n) && n >= INT8_MIN && n <= INT8_MAX) return (int8_t)n;
	trace_fault(b, f->col,
	    "priority '%.40s' is none; write a whole number from %d (first) to %d", f->text,
	    INT8_MIN, INT8_MAX);
	return 0;
}

/* Whether the row has the header's fields and only text in them. */
static bool check_shape(struct trace_rows *b, const struct csv *c, const struct table *t)
{
	if (c->fields < t->fields)
		trace_fault(b, 0,
		    "a column is missing: the row has %d and the header %d; was it cut off?",
		    c->fields, t->fields);
	else if (c->fields > t->fields)
		trace_fault(b, c->field[t->fields].col,
		    "a column too many: the row has %d and the header %d", c->fields, t->fields);
	for (int i = 0; i < c->fields; i++)
		if (strlen(c->field[i].text) != c->field[i].size)
			trace_fault(
			    b, c->field[i].col, "a NUL byte; the file is damaged, fetch it again");
	return b->faulty_line != b->line;
}

static void read_row(struct trace_rows *b, const struct csv *c, const struct table *t)
{
	struct trace_row row = { .prompt_name = t->form->name[PROMPT],
		.output_name = t->form->name[OUTPUT] };
	if (!check_shape(b, c, t)) return;
	read_time(b, c, t, &row);
	row.prompt = read_tokens(b, c, t, PROMPT);
	row.output = read_tokens(b, c, t, OUTPUT);
	row.origin = read_origin(b, c, t);
	row.priority = read_priority(b, c, t);
	row.prompt_col = field(c, t, PROMPT)->col;
	row.output_col = field(c, t, OUTPUT)->col;
	trace_add(b, &row);
}

static int matches(const struct csv *c, const struct form *f)
{
	int n = 0;
	for (int k = TIME; k <= OUTPUT; k++) n += csv_find(c, f->name[k]) >= 0;
	return n;
}

/* The form whose columns the header has most of; NULL when it has none of any. */
static const struct form *form_of(const struct csv *c)
{
	const struct form *best = NULL;
	for (int i = 0; i < FORMS; i++)
		if (matches(c, &forms[i]) > (best ? matches(c, best) : 0)) best = &forms[i];
	return best;
}

static void report_missing(struct trace_rows *b, const struct csv *c, const char *name)
{
	for (int i = 0; i < c->fields; i++) {
		struct near n = near_to(c->field[i].text);
		near_try(&n, name);
		if (!near_best(&n)) continue;
		trace_fault(
		    b, c->field[i].col, "column '%.40s': did you mean %s?", c->field[i].text, name);
		return;
	}
	trace_fault(b, 0, "the header has no column %s; add it", name);
}

static void warn_ignored(struct trace_rows *b, const struct csv *c, const struct table *t)
{
	for (int i = 0; i < c->fields; i++) {
		bool used = false;
		for (int k = 0; k < COLUMNS; k++) used |= t->at[k] == i;
		if (!used)
			err_warn(b->e, (struct err_pos){ b->path, c->line, c->field[i].col },
			    "column '%.40s' is not used", c->field[i].text);
	}
}

static bool read_header(struct trace_rows *b, const struct csv *c, struct table *t)
{
	b->line = c->line;
	t->form = form_of(c);
	t->fields = c->fields;
	if (!t->form) {
		trace_fault(b, 0,
		    "no trace of requests; its first line must name the columns %s,%s,%s",
		    forms[0].name[TIME], forms[0].name[PROMPT], forms[0].name[OUTPUT]);
		return false;
	}
	b->t->format = t->form->format;
	for (int k = 0; k < COLUMNS; k++) {
		t->at[k] = t->form->name[k] ? csv_find(c, t->form->name[k]) : -1;
		if (t->at[k] < 0 && k <= OUTPUT) report_missing(b, c, t->form->name[k]);
	}
	if (b->faults) return false;
	warn_ignored(b, c, t);
	return true;
}

void trace_read_csv(struct trace_rows *b, char *text, size_t size)
{
	struct csv c;
	struct table t = { 0 };
	enum csv_result r;
	csv_init(&c, text, size);
	while ((r = csv_next(&c)) != CSV_END && trace_goes_on(b)) {
		b->line = c.line;
		if (r == CSV_FAULT)
			trace_fault(b, c.col, "%s", c.why);
		else if (t.form)
			read_row(b, &c, &t);
		else if (!read_header(b, &c, &t))
			return;
	}
}
