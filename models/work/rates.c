#include "models/work/rates.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#define HOUR_S     3600.0
#define RATE_MAX   1e9
#define WINDOW_MAX 3.2e9 /* s: a century */

enum { HOURS = 24, FAULTS_MAX = 20 };

struct window {
	double begin_s, rate;
};

struct rates {
	struct window *window;
	size_t count, cap;
	double period_s, largest;
};

struct reader {
	const char *path, *column;
	struct rates *r;
	struct csv csv;
	struct err_list *e;
	bool hours;
	int at, fields; /* the column wanted; of the header */
};

static struct err_pos here(const struct reader *rd, int field)
{
	return (struct err_pos){ rd->path, rd->csv.line, field < 0 ? 0 : rd->csv.field[field].col };
}

/* The names of the columns that may be taken, for messages. */
static char *list_columns(const struct csv *c)
{
	char *all = mem_text("");
	for (int i = 1; i < c->fields; i++) {
		char *longer = mem_print("%s%s%s", all, i > 1 ? ", " : "", c->field[i].text);
		free(all);
		all = longer;
	}
	return all;
}

static bool find_column(struct reader *rd)
{
	const struct csv *c = &rd->csv;
	rd->at = rd->column ? csv_find(c, rd->column) : 1;
	if (rd->column ? rd->at > 0 : c->fields == 2) return true;
	char *all = list_columns(c);
	if (c->fields < 2)
		err_at(rd->e, here(rd, -1), "the header has no column of rates; add one");
	else if (!rd->column)
		err_at(rd->e, here(rd, 2),
		    "several columns of rates; write rates-column= with one of %s", all);
	else
		err_at(rd->e, here(rd, -1),
		    "no column of rates '%s'; write rates-column= with %s%s", rd->column,
		    c->fields > 2 ? "one of " : "", all);
	free(all);
	return false;
}

static bool read_header(struct reader *rd)
{
	const char *first = rd->csv.field[0].text;
	rd->fields = rd->csv.fields;
	rd->hours = !strcmp(first, "hour");
	if (rd->hours || !strcmp(first, "window_start_s")) return find_column(rd);
	err_at(rd->e, here(rd, 0),
	    "no table of rates; its first line must name the columns hour,NAME or "
	    "window_start_s,NAME");
	return false;
}

/* The time that the row must have (an hour) or may have (above the last). */
static bool check_time(const struct reader *rd, double begin_s)
{
	const struct rates *r = rd->r;
	if (rd->hours && r->count == HOURS)
		err_at(rd->e, here(rd, 0),
		    "more than 24 hours; for longer tables write "
		    "window_start_s in the header");
	else if (rd->hours && begin_s != HOUR_S * (double)r->count)
		err_at(rd->e, here(rd, 0), "hour %s where hour %zu must stand",
		    rd->csv.field[0].text, r->count);
	else if (!rd->hours && !r->count && begin_s != 0)
		err_at(rd->e, here(rd, 0), "the first window begins at %g s; begin at 0", begin_s);
	else if (!rd->hours && r->count && begin_s <= r->window[r->count - 1].begin_s)
		err_at(rd->e, here(rd, 0), "the window does not begin after the one before");
	else
		return true;
	return false;
}

static void read_row(struct reader *rd)
{
	struct rates *r = rd->r;
	const struct csv *c = &rd->csv;
	struct window w;
	if (c->fields != rd->fields) {
		err_at(rd->e, here(rd, -1), "the row has %d columns and the header %d", c->fields,
		    rd->fields);
		return;
	}
	if (!text_to_number(c->field[0].text, &w.begin_s) || w.begin_s < 0 ||
	    w.begin_s > WINDOW_MAX) {
		err_at(rd->e, here(rd, 0), "'%.40s' is no time; write %s", c->field[0].text,
		    rd->hours ? "an hour from 0 to 23" : "seconds, 0 or more");
		return;
	}
	if (!text_to_number(c->field[rd->at].text, &w.rate) || w.rate < 0 || w.rate > RATE_MAX) {
		err_at(rd->e, here(rd, rd->at), "'%.40s' is no rate; write a number from 0 to %g",
		    c->field[rd->at].text, RATE_MAX);
		return;
	}
	if (rd->hours) w.begin_s *= HOUR_S;
	if (!check_time(rd, w.begin_s)) return;
	r->window = mem_grow(r->window, r->count, &r->cap, sizeof *r->window);
	r->window[r->count++] = w;
	r->largest = fmax(r->largest, w.rate);
}

static void read_rows(struct reader *rd, size_t before)
{
	enum csv_result result;
	bool header = false;
	while ((result = csv_next(&rd->csv)) != CSV_END && err_count(rd->e) < before + FAULTS_MAX) {
		if (result == CSV_FAULT)
			err_at(rd->e, (struct err_pos){ rd->path, rd->csv.line, rd->csv.col }, "%s",
			    rd->csv.why);
		else if (header)
			read_row(rd);
		else if (!(header = read_header(rd)))
			return;
	}
}

static void finish(struct reader *rd)
{
	struct rates *r = rd->r;
	struct err_pos at = { rd->path, 0, 0 };
	size_t n = r->count;
	if (rd->hours && n != HOURS)
		err_at(rd->e, at, "%zu hours; a day has 24 rows, hours 0 to 23", n);
	else if (n < 2)
		err_at(rd->e, at, "%zu windows of time; a table has two rows at least", n);
	else if (r->largest == 0)
		err_at(rd->e, at, "all rates are 0; one must be above");
	else
		r->period_s = 2 * r->window[n - 1].begin_s - r->window[n - 2].begin_s;
}

struct rates *rates_read(const char *path, const char *column, struct err_list *e)
{
	size_t size, before = err_count(e);
	char *text = file_read(path, FILE_TABLE_MAX, &size, e);
	if (!text) return NULL;
	struct reader rd = { .path = path, .column = column, .e = e };
	rd.r = mem_new(1, sizeof *rd.r);
	csv_init(&rd.csv, text, size);
	read_rows(&rd, before);
	if (err_count(e) == before) finish(&rd);
	free(text);
	if (err_count(e) == before) return rd.r;
	rates_free(rd.r);
	return NULL;
}

void rates_free(struct rates *r)
{
	if (!r) return;
	free(r->window);
	free(r);
}

double rates_factor(const struct rates *r, double local_s)
{
	double at_s = local_s - r->period_s * floor(local_s / r->period_s);
	size_t low = 0, high = r->count; /* the window is among these */
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;
		if (r->window[mid].begin_s <= at_s)
			low = mid;
		else
			high = mid;
	}
	return r->window[low].rate / r->largest;
}

double rates_largest(const struct rates *r)
{
	return r->largest;
}
