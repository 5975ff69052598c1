#include "analysis/series.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "analysis/show.h"

enum { BUCKETS = 400 }; /* pixels of the axis, about */
static const double day_s = 86400, hour_s = 3600;

double series_at(const struct series *s, size_t i)
{
	if (s->var->type == DS_F32) return (double)((const float *)s->var->data)[i];
	return ((const double *)s->var->data)[i];
}

bool series_of(const struct ds_group *g, const char *column, struct series *s)
{
	const struct ds_var *v = ds_var(g, column);
	const double *time = ds_data(g, "time", DS_F64);
	if (!v || !time || !v->rows || v->cols || (v->type != DS_F64 && v->type != DS_F32))
		return false;
	if (v->rows->size != ds_rows(g, "time")) return false;
	*s = (struct series){ v, time, v->rows->size };
	for (size_t i = 0; i < s->n; i++)
		if (!isnan(series_at(s, i))) return true;
	return false;
}

/* Index of the largest sign * value in [from, to); `to` when all are NAN. */
static size_t extreme(const struct series *s, double sign, size_t from, size_t to)
{
	size_t best = to;
	for (size_t i = from; i < to; i++) {
		double v = sign * series_at(s, i);
		if (!isnan(v) && (best == to || v > sign * series_at(s, best))) best = i;
	}
	return best;
}

size_t series_highest(const struct series *s)
{
	return extreme(s, 1, 0, s->n);
}

size_t series_lowest(const struct series *s)
{
	return extreme(s, -1, 0, s->n);
}

char *series_ranges(const struct series *const line[], const char *const label[], int count,
    const char *unit)
{
	char low[SHOW_SIZE], high[SHOW_SIZE], *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	for (int i = 0; i < count; i++)
		fprintf(out, "%s%s %s to %s", i ? ", " : "", label[i],
		    show_value(series_at(line[i], series_lowest(line[i])), unit, low),
		    show_value(series_at(line[i], series_highest(line[i])), unit, high));
	fclose(out);
	return text;
}

static double time_unit_s(const struct series *s)
{
	return s->time_s[s->n - 1] > 4 * day_s ? day_s : hour_s;
}

const char *series_time_name(const struct series *s)
{
	return time_unit_s(s) == day_s ? "days since the start" : "hours since the start";
}

/* The two extremes of a bucket in order of time, so that a line through them
 * rises and falls as the whole does. */
static void extremes_in_order(const struct series *s, size_t from, size_t to, double pair[2])
{
	size_t low = extreme(s, -1, from, to), high = extreme(s, 1, from, to);
	if (low == to) {
		pair[0] = pair[1] = NAN;
		return;
	}
	pair[0] = series_at(s, low < high ? low : high);
	pair[1] = series_at(s, low < high ? high : low);
}

static void draw_bucket(struct figure *f, const struct series *const line[], int count,
    double scale, const double *limit, size_t from, size_t to)
{
	double row[2][FIGURE_COLUMNS], pair[2];
	size_t rows = to - from > 1 ? 2 : 1;
	double unit_s = time_unit_s(line[0]);
	row[0][0] = line[0]->time_s[from] / unit_s;
	row[1][0] = line[0]->time_s[to - 1] / unit_s;
	for (int c = 0; c < count; c++) {
		extremes_in_order(line[c], from, to, pair);
		for (int r = 0; r < 2; r++) row[r][1 + c] = scale * pair[r];
	}
	for (int c = 1 + count; c < f->cols; c++) row[0][c] = row[1][c] = limit[c - 1 - count];
	for (size_t r = 0; r < rows; r++) figure_row(f, row[r], NULL, NULL);
}

void series_draw(struct figure *f, const struct series *const line[], int count, double scale,
    const double *limit, int limits)
{
	size_t n = line[0]->n, buckets = n > 2 * BUCKETS ? BUCKETS : n;
	assert(1 + count + limits == f->cols && f->cols <= FIGURE_COLUMNS);
	for (size_t b = 0; b < buckets; b++)
		draw_bucket(f, line, count, scale, limit, b * n / buckets, (b + 1) * n / buckets);
}
