#include "models/grid/tariff.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/instant.h"
#include "models/grid/month.h"
#include "models/grid/series.h"

#define DAY_S 86400.0

/* Kinds of day: its month, whether the day before was of another one, and which of the
 * two are weekend. */
enum { KINDS = 12 * 2 * 2 * 2 };

struct tariff {
	struct tariff_par par;
	const struct object *o;
	double zone_s;
	double *cut_s; /* of the day, ascending from 0: where prices may change */
	size_t cuts;
	struct tariff_price *price; /* [KINDS][cuts]: from the cut to the next; series left out */
	double quoted_per_j;        /* by the supply; NAN: the prices above hold */
	struct series *series;      /* NULL: none */
	struct tier *tier;
	size_t tiers;
	long *holiday; /* days since 1970-01-01, ascending */
	size_t holidays;
};

static int kind_of(const struct hours_day *d)
{
	return ((d->month * 2 + (d->month != d->month_before)) * 2 + d->weekend) * 2 +
	       d->weekend_before;
}

static struct hours_day day_of_kind(int kind)
{
	int month = kind / 8;
	return (struct hours_day){ .month = month,
		.month_before = kind / 4 % 2 ? (month + 11) % 12 : month,
		.weekend = kind / 2 % 2, .weekend_before = kind % 2 };
}

static struct tariff_price price_at(const struct object *o, const struct hours_day *day,
    double of_day_s)
{
	const struct tariff_par *par = o->par;
	struct tariff_price price = { par->price_per_j, par->export_per_j };
	bool others = par->series || object_child(o, &tier_class);
	if (isnan(price.import_per_j) && others) price.import_per_j = 0;
	for (const struct object *c = object_child(o, &period_class); c; c = object_next(c)) {
		const struct period_par *p = c->par;
		if (!hours_hold(&p->when, hours_months(p->when.months), day, of_day_s)) continue;
		price.import_per_j = p->price_per_j;
		if (!isnan(p->export_per_j)) price.export_per_j = p->export_per_j;
		break;
	}
	return price;
}

static int by_value(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;
	return (a > b) - (a < b);
}

static void make_cuts(struct tariff *t)
{
	size_t n = 1, kept = 0;
	for (const struct object *c = object_child(t->o, &period_class); c; c = object_next(c))
		n += 2;
	double *cut_s = mem_new(n, sizeof *cut_s);
	n = 1;
	for (const struct object *c = object_child(t->o, &period_class); c; c = object_next(c)) {
		const struct period_par *p = c->par;
		cut_s[n++] = p->when.from_s;
		cut_s[n++] = p->when.to_s;
	}
	qsort(cut_s, n, sizeof *cut_s, by_value);
	for (size_t i = 0; i < n; i++)
		if (cut_s[i] < DAY_S && (!kept || cut_s[i] != cut_s[kept - 1]))
			cut_s[kept++] = cut_s[i];
	t->cut_s = cut_s;
	t->cuts = kept;
}

static void make_prices(struct tariff *t)
{
	t->price = mem_new(KINDS * t->cuts, sizeof *t->price);
	for (int kind = 0; kind < KINDS; kind++) {
		struct hours_day day = day_of_kind(kind);
		for (size_t i = 0; i < t->cuts; i++)
			t->price[(size_t)kind * t->cuts + i] = price_at(t->o, &day, t->cut_s[i]);
	}
}

static void make_tiers(struct tariff *t)
{
	size_t cap = 0;
	for (const struct object *c = object_child(t->o, &tier_class); c; c = object_next(c)) {
		const struct tier_par *p = c->par;
		t->tier = mem_grow(t->tier, t->tiers, &cap, sizeof *t->tier);
		t->tier[t->tiers++] = (struct tier){
			isnan(p->up_to_j) ? INFINITY : p->up_to_j, p->price_per_j };
	}
}

/* Days of the list that are none were refused by the class's check. */
static void make_holidays(struct tariff *t)
{
	const char *s = t->par.holidays;
	size_t cap = 0;
	while (s && *(s += strspn(s, " "))) {
		int size = (int)strcspn(s, " ");
		long day;
		if (instant_parse_day(s, size, &day)) {
			t->holiday = mem_grow(t->holiday, t->holidays, &cap, sizeof *t->holiday);
			t->holiday[t->holidays++] = day;
		}
		s += size;
	}
}

/* All but the series. */
static struct tariff *compile(const struct object *o)
{
	struct tariff *t = mem_new(1, sizeof *t);
	t->par = *(const struct tariff_par *)o->par;
	t->o = o;
	t->quoted_per_j = NAN;
	make_cuts(t);
	make_prices(t);
	make_tiers(t);
	make_holidays(t);
	return t;
}

bool tariff_gap(const struct object *o, struct hours_day *day, double *of_day_s)
{
	struct tariff *t = compile(o);
	size_t i = 0, n = KINDS * t->cuts;
	while (i < n && !isnan(t->price[i].import_per_j)) i++;
	*day = day_of_kind((int)(i / t->cuts));
	*of_day_s = t->cut_s[i % t->cuts];
	tariff_free(t);
	return i < n;
}

struct tariff *tariff_new(const struct object *o, double zone_s, struct err_list *e)
{
	struct tariff *t = compile(o);
	t->zone_s = zone_s;
	if (!t->par.series) return t;
	const struct series_form form = { t->par.column, t->par.series_per_j, -INFINITY,
		(enum series_gaps)t->par.gaps };
	t->series = series_read(t->par.series, &form, e);
	if (t->series) return t;
	tariff_free(t);
	return NULL;
}

void tariff_free(struct tariff *t)
{
	if (!t) return;
	series_free(t->series);
	free(t->cut_s);
	free(t->price);
	free(t->tier);
	free(t->holiday);
	free(t);
}

const struct tariff_par *tariff_par(const struct tariff *t)
{
	return &t->par;
}

const struct object *tariff_object(const struct tariff *t)
{
	return t->o;
}

size_t tariff_tiers(const struct tariff *t, const struct tier **tier)
{
	*tier = t->tier;
	return t->tiers;
}

void tariff_quote(struct tariff *t, double import_per_j)
{
	t->quoted_per_j = import_per_j;
}

bool tariff_covers(const struct tariff *t, double local_s, double duration_s)
{
	return !t->series || series_covers(t->series, local_s - t->zone_s, duration_s);
}

/* 1970-01-01 was a Thursday. */
static bool is_weekend(const struct tariff *t, long day)
{
	for (size_t i = 0; i < t->holidays; i++)
		if (t->holiday[i] == day) return true;
	return ((day + 3) % 7 + 7) % 7 >= 5;
}

struct hours_day tariff_day(const struct tariff *t, double local_s)
{
	long day = (long)floor(local_s / DAY_S);
	struct month m = month_at(local_s);
	return (struct hours_day){ .month = m.of_year,
		.month_before = m.day == 1 ? (m.of_year + 11) % 12 : m.of_year,
		.weekend = is_weekend(t, day), .weekend_before = is_weekend(t, day - 1) };
}

/* The last cut at or before that time of day. */
static size_t cut_at(const struct tariff *t, double of_day_s)
{
	size_t low = 0, high = t->cuts;
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;
		if (t->cut_s[mid] <= of_day_s) low = mid;
		else high = mid;
	}
	return low;
}

/* Of the periods alone. */
static struct tariff_price mean_of_periods(const struct tariff *t, double local_s, double dt_s)
{
	struct tariff_price sum = { 0, 0 };
	double day_s = DAY_S * floor(local_s / DAY_S), at_s = local_s - day_s, left_s = dt_s;
	size_t i = cut_at(t, at_s);
	for (; left_s > 0; day_s += DAY_S, at_s = 0, i = 0) {
		struct hours_day day = tariff_day(t, day_s);
		const struct tariff_price *price = &t->price[(size_t)kind_of(&day) * t->cuts];
		for (; left_s > 0 && i < t->cuts; i++) {
			double end_s = i + 1 < t->cuts ? t->cut_s[i + 1] : DAY_S;
			double part_s = fmin(left_s, end_s - at_s);
			if (part_s == dt_s) return price[i]; /* no boundary: no rounding either */
			sum.import_per_j += part_s / dt_s * price[i].import_per_j;
			sum.export_per_j += part_s / dt_s * price[i].export_per_j;
			left_s -= part_s;
			at_s = end_s;
		}
	}
	return sum;
}

struct tariff_price tariff_mean(const struct tariff *t, double local_s, double dt_s)
{
	assert(dt_s > 0);
	struct tariff_price price = mean_of_periods(t, local_s, dt_s);
	if (!isnan(t->quoted_per_j)) price.import_per_j = t->quoted_per_j;
	if (t->series) {
		double w = series_mean(t->series, local_s - t->zone_s, t->zone_s, dt_s);
		price.import_per_j += t->par.scale * w;
		price.export_per_j += t->par.export_scale * w;
	}
	if (t->par.export_kind == EXPORT_NET_METERING) price.export_per_j = price.import_per_j;
	return price;
}
