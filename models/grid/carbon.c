#include "models/grid/carbon.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#define HOUR_S 3600.0
#define KWH_J  3.6e6
enum { DAY_HOURS = 24 };

struct carbon {
	double *kg_j; /* of each hour */
	size_t hours, cap;
	bool daily;     /* hours of the local day, over and over */
	double begin_s; /* series: UTC of the first hour */
};

struct reader {
	struct csv csv;
	struct err_list *e;
	const char *path;
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

static void add_hour(struct carbon *c, double value)
{
	c->kg_j = mem_grow(c->kg_j, c->hours, &c->cap, sizeof *c->kg_j);
	c->kg_j[c->hours++] = value;
}

static void read_shape_row(struct reader *r, struct carbon *c, const struct csv_field *key,
    double value)
{
	int64_t hour;
	if (!text_to_integer(key->text, &hour) || hour != (int64_t)c->hours || hour >= DAY_HOURS)
		fault(r, key->col, "a shape has the hours 0 to 23 in order, one a row");
	else add_hour(c, value);
}

static void read_series_row(struct reader *r, struct carbon *c, const struct csv_field *key,
    double value)
{
	double utc_s;
	if (!parse_utc(key->text, &utc_s)) {
		fault(r, key->col, "not a time; write 2024-06-20T13:00Z, in UTC");
		return;
	}
	if (c->hours == 0) c->begin_s = utc_s;
	if (utc_s != c->begin_s + HOUR_S * (double)c->hours)
		fault(r, key->col, "not one hour after the row before; a series has no gaps");
	else add_hour(c, value / 1000 / KWH_J); /* g/kWh -> kg/J */
}

/* Rows until the end or the first fault: after a gap every row would be one. */
static void read_rows(struct reader *r, struct carbon *c, const char *key, const char *value)
{
	int key_at = -1, value_at = -1;
	enum csv_result got;
	while (!r->faulty && (got = csv_next(&r->csv)) != CSV_END) {
		double v;
		if (got == CSV_FAULT) {
			fault(r, r->csv.col, r->csv.why);
		} else if (key_at < 0) {
			key_at = csv_find(&r->csv, key);
			value_at = csv_find(&r->csv, value);
			if (key_at >= 0 && value_at >= 0) continue;
			fault(r, 1,
			    c->daily ? "the header must name the columns hour and relative"
				     : "the header must name the columns utc and g_per_kwh");
		} else if (key_at >= r->csv.fields || value_at >= r->csv.fields ||
		    !text_to_number(r->csv.field[value_at].text, &v) || v < 0) {
			fault(r, value_at < r->csv.fields ? r->csv.field[value_at].col : 1,
			    "not a number of 0 or more");
		} else {
			(c->daily ? read_shape_row : read_series_row)(
			    r, c, &r->csv.field[key_at], v);
		}
	}
}

static void read_file(struct carbon *c, const char *path, struct err_list *e)
{
	struct reader r = { .e = e, .path = path };
	size_t size;
	char *text = file_read(path, FILE_TABLE_MAX, &size, e);
	if (!text) return;
	csv_init(&r.csv, text, size);
	if (c->daily) read_rows(&r, c, "hour", "relative");
	else read_rows(&r, c, "utc", "g_per_kwh");
	r.csv.line = 0;
	if (!r.faulty && c->daily && c->hours != DAY_HOURS) fault(&r, 0, "a shape has 24 hours");
	if (!r.faulty && c->hours == 0) fault(&r, 0, "a series has at least one hour");
	free(text);
}

/* A shape scales the intensity and must not change its mean. */
static void scale_shape(struct carbon *c, const struct carbon_par *par, struct err_list *e)
{
	double sum = 0;
	for (size_t i = 0; i < c->hours; i++) sum += c->kg_j[i];
	if (fabs(sum / DAY_HOURS - 1) > 1e-3)
		err_at(e, (struct err_pos){ par->shape, 0, 0 },
		    "the mean of 'relative' is %.4f; scale the column so that it is 1",
		    sum / DAY_HOURS);
	for (size_t i = 0; i < c->hours; i++) c->kg_j[i] *= par->intensity_kg_j * DAY_HOURS / sum;
}

struct carbon *carbon_new(const struct object *o, struct err_list *e)
{
	const struct carbon_par *par = o->par;
	size_t before = err_count(e);
	struct carbon *c = mem_new(1, sizeof *c);
	c->daily = !par->series;
	if (par->series) read_file(c, par->series, e);
	else if (par->shape) read_file(c, par->shape, e);
	else
		for (int h = 0; h < DAY_HOURS; h++) add_hour(c, par->intensity_kg_j);
	if (par->shape && err_count(e) == before) scale_shape(c, par, e);
	if (err_count(e) == before) return c;
	carbon_free(c);
	return NULL;
}

void carbon_free(struct carbon *c)
{
	if (!c) return;
	free(c->kg_j);
	free(c);
}

/* Seconds since 1970 have a resolution of 0.2 us in a double. */
static const double blur_s = 1e-3;

bool carbon_covers(const struct carbon *c, double utc_s, double duration_s)
{
	double end_s = c->begin_s + HOUR_S * (double)c->hours;
	return c->daily || (utc_s >= c->begin_s && utc_s + duration_s <= end_s + blur_s);
}

double carbon_mean(const struct carbon *c, double utc_s, double zone_s, double dt_s)
{
	assert(dt_s > 0 && carbon_covers(c, utc_s, dt_s));
	double at_s = c->daily ? utc_s + zone_s : utc_s - c->begin_s, sum = 0, left_s = dt_s;
	double hour = floor(at_s / HOUR_S);
	for (; left_s > 0; hour++) {
		double of_day = hour - DAY_HOURS * floor(hour / DAY_HOURS);
		double last = (double)c->hours - 1;
		size_t i = (size_t)(c->daily ? of_day : fmin(hour, last)); /* last: the blur */
		double part_s = fmin(left_s, (hour + 1) * HOUR_S - at_s);
		if (part_s == dt_s) return c->kg_j[i]; /* no boundary: no rounding either */
		sum += part_s / dt_s * c->kg_j[i];
		at_s += part_s;
		left_s -= part_s;
	}
	return sum;
}

static void check_carbon(const struct object *o, struct err_list *e)
{
	const struct carbon_par *p = o->par;
	if (isnan(p->intensity_kg_j) == !p->series)
		err_at(e, o->pos, p->series ?
		    "carbon: a series gives the intensity; leave one of the two out" :
		    "carbon: write intensity=\"...\" or series=\"...\"");
	if (p->shape && p->series)
		err_at(e, object_attr_pos(o, "shape"),
		    "carbon: a series has its own shape; leave one of the two out");
}

static const struct attr attrs[] = {
	ATTR_QTY(struct carbon_par, intensity_kg_j, "intensity", DIM_CARBON_PER_ENERGY, OPTIONAL, 0,
	    1e-6, "carbon dioxide by energy delivered, on average over the day"),
	ATTR_FILE(struct carbon_par, shape, "shape", OPTIONAL,
	    "CSV of hour,relative: how the intensity goes over the local day"),
	ATTR_FILE(struct carbon_par, series, "series", OPTIONAL,
	    "CSV of utc,g_per_kwh in steps of an hour, instead of an intensity"),
	ATTR_ENUM(struct carbon_par, kind, "kind", "average", "average marginal",
	    "whether the figures are average or marginal intensities; reports say which"),
	ATTR_END,
};

const struct class carbon_class = {
	.element = "carbon",
	.parents = "scenario",
	.about =
	    "Carbon dioxide of the bulk grid's electricity: constant, over the day, or a series.",
	.par_size = sizeof(struct carbon_par),
	.attrs = attrs,
	.max = 1,
	.check = check_carbon,
};
