#include "models/site/record.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "sim/sim.h"

static const struct {
	const char *name, *unit, *about;
	size_t offset;
} columns[] = {
#define X(member, name, unit, about) { name, unit, about, offsetof(struct record_row, member) },
	RECORD_LIST(X)
#undef X
};

struct record_row record_row_blank(void)
{
	return (struct record_row){
#define X(member, name, unit, about) .member = NAN,
		RECORD_LIST(X)
#undef X
	};
}

void record_init(struct record *r, size_t n)
{
	*r = (struct record){ .cap = n };
	r->end_s = mem_new(n, sizeof *r->end_s);
	r->row = mem_new(n, sizeof *r->row);
}

void record_fini(struct record *r)
{
	free(r->end_s);
	free(r->row);
}

void record_add(struct record *r, const struct step *st, const struct record_row *row)
{
	size_t cap = r->cap;
	r->end_s = mem_grow(r->end_s, r->n, &cap, sizeof *r->end_s);
	r->row = mem_grow(r->row, r->n, &r->cap, sizeof *r->row);
	r->end_s[r->n] = (double)st->begin_ns / (double)SIM_NS_PER_S + st->dt_s;
	r->row[r->n++] = *row;
}

static double value_of(const struct record_row *row, size_t offset)
{
	double value;
	memcpy(&value, (const char *)row + offset, sizeof value);
	return value;
}

static bool has_values(const struct record *r, size_t offset)
{
	for (size_t i = 0; i < r->n; i++)
		if (!isnan(value_of(&r->row[i], offset))) return true;
	return false;
}

/* "2024-06-19 22:00:00" of seconds since 1970. */
static void print_instant(char text[32], double t_s)
{
	struct tm tm;
	time_t t = (time_t)floor(t_s);
	gmtime_r(&t, &tm);
	strftime(text, 32, "%Y-%m-%d %H:%M:%S", &tm);
}

/* As clocks at the place show it: "2024-06-20 00:00:00+02:00". */
static char *local_start(const struct stamp *start)
{
	char text[32];
	int minutes = (int)round(start->zone_s / 60), size = abs(minutes);
	print_instant(text, start->utc_s + start->zone_s);
	return mem_print("%s%c%02d:%02d", text, minutes < 0 ? '-' : '+', size / 60, size % 60);
}

struct ds_dim *record_export_time(const struct record *r, const struct stamp *start,
    struct ds_group *g)
{
	struct ds_dim *dim = ds_dim(g, "time", r->n);
	char text[32], *local = local_start(start);
	print_instant(text, start->utc_s);
	char *units = mem_print("seconds since %s+00:00", text);
	double *time = ds_column(g, "time", DS_F64, dim, NULL, units, "end of the step");
	ds_attr_text(g, "time", "calendar", "proleptic_gregorian");
	ds_attr_text(g, "time", "standard_name", "time");
	ds_attr_text(g, "time", "axis", "T");
	ds_attr_text(g, "time", "local_start", local);
	for (size_t i = 0; i < r->n; i++) time[i] = r->end_s[i];
	free(units);
	free(local);
	return dim;
}

void record_export(const struct record *r, const struct stamp *start, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "grid");
	struct ds_dim *dim = record_export_time(r, start, g);
	for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
		if (!has_values(r, columns[c].offset)) continue;
		float *v = ds_column(g, columns[c].name, DS_F32, dim, NULL, columns[c].unit,
		    columns[c].about);
		for (size_t i = 0; i < r->n; i++)
			v[i] = (float)value_of(&r->row[i], columns[c].offset);
	}
}
