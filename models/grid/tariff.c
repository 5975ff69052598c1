#include "models/grid/tariff.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

#define DAY_S  86400.0
#define WEEK_S (7 * DAY_S)

/* Prices that hold from begin_s of the week (Monday 00:00 is 0) to the next slot. */
struct slot {
	double begin_s;
	struct tariff_price price;
};

struct tariff {
	struct tariff_par par;
	struct slot *slot; /* the first begins at 0 */
	size_t slots;
};

/* 1970-01-01 was a Thursday: the week began three days before. */
static double into_week_s(double local_s)
{
	double s = local_s + 3 * DAY_S;
	return s - WEEK_S * floor(s / WEEK_S);
}

static bool is_day(int days, int day)
{
	bool weekend = day >= 5; /* 0 is Monday */
	return days == DAYS_ALL || (days == DAYS_WEEKEND) == weekend;
}

static bool holds(const struct period_par *p, double week_s)
{
	int day = (int)(week_s / DAY_S);
	double of_day_s = week_s - day * DAY_S;
	if (p->from_s < p->to_s)
		return is_day(p->days, day) && of_day_s >= p->from_s && of_day_s < p->to_s;
	return (is_day(p->days, day) && of_day_s >= p->from_s) ||
	    (is_day(p->days, (day + 6) % 7) && of_day_s < p->to_s);
}

static struct tariff_price price_at(const struct object *o, double week_s)
{
	const struct tariff_par *par = o->par;
	struct tariff_price price = { par->price_per_j, par->export_per_j };
	for (const struct object *c = object_child(o, &period_class); c; c = object_next(c)) {
		const struct period_par *p = c->par;
		if (!holds(p, week_s)) continue;
		price.import_per_j = p->price_per_j;
		if (!isnan(p->export_per_j)) price.export_per_j = p->export_per_j;
		break;
	}
	return price;
}

static int by_begin(const void *pa, const void *pb)
{
	const struct slot *a = pa, *b = pb;
	return (a->begin_s > b->begin_s) - (a->begin_s < b->begin_s);
}

static void add_slot(struct tariff *t, size_t *cap, double begin_s)
{
	t->slot = mem_grow(t->slot, t->slots, cap, sizeof *t->slot);
	t->slot[t->slots++] = (struct slot){ .begin_s = begin_s };
}

struct tariff *tariff_new(const struct object *o)
{
	struct tariff *t = mem_new(1, sizeof *t);
	t->par = *(const struct tariff_par *)o->par;
	size_t cap = 0, kept = 0;
	for (int day = 0; day < 7; day++) {
		add_slot(t, &cap, day * DAY_S);
		for (const struct object *c = object_child(o, &period_class); c;
		     c = object_next(c)) {
			const struct period_par *p = c->par;
			add_slot(t, &cap, day * DAY_S + p->from_s);
			if (p->to_s < DAY_S) add_slot(t, &cap, day * DAY_S + p->to_s);
		}
	}
	qsort(t->slot, t->slots, sizeof *t->slot, by_begin);
	for (size_t i = 0; i < t->slots; i++) {
		struct slot s = t->slot[i];
		if (kept > 0 && t->slot[kept - 1].begin_s == s.begin_s) continue;
		s.price = price_at(o, s.begin_s);
		t->slot[kept++] = s;
	}
	t->slots = kept;
	return t;
}

void tariff_free(struct tariff *t)
{
	if (!t) return;
	free(t->slot);
	free(t);
}

void tariff_quote(struct tariff *t, double import_per_j)
{
	for (size_t i = 0; i < t->slots; i++) t->slot[i].price.import_per_j = import_per_j;
}

/* The last slot that begins at or before that time. */
static size_t slot_at(const struct tariff *t, double week_s)
{
	size_t low = 0, high = t->slots;
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;
		if (t->slot[mid].begin_s <= week_s) low = mid;
		else high = mid;
	}
	return low;
}

struct tariff_price tariff_mean(const struct tariff *t, double local_s, double dt_s)
{
	assert(dt_s > 0);
	struct tariff_price sum = { 0, 0 };
	double at_s = into_week_s(local_s), left_s = dt_s;
	size_t i = slot_at(t, at_s);
	while (left_s > 0) {
		double end_s = i + 1 < t->slots ? t->slot[i + 1].begin_s : WEEK_S;
		double part_s = fmin(left_s, end_s - at_s);
		if (part_s == dt_s) return t->slot[i].price; /* no boundary: no rounding either */
		sum.import_per_j += part_s / dt_s * t->slot[i].price.import_per_j;
		sum.export_per_j += part_s / dt_s * t->slot[i].price.export_per_j;
		left_s -= part_s;
		i = i + 1 < t->slots ? i + 1 : 0;
		at_s = t->slot[i].begin_s;
	}
	return sum;
}

/* Months since 1900 of a local time. */
static long month_of(double local_s)
{
	struct tm tm;
	time_t t = (time_t)floor(local_s);
	gmtime_r(&t, &tm);
	return 12L * tm.tm_year + tm.tm_mon;
}

void bill_init(struct bill *b)
{
	*b = (struct bill){ .quarter.width_s = 900, .month = -1 };
}

static void charge_demand(struct bill *b, const struct tariff *t, double middle_s, double mean_w)
{
	long month = month_of(middle_s); /* of the quarter of an hour */
	if (month != b->month) b->month_peak_w = 0;
	b->month = month;
	if (mean_w <= b->month_peak_w) return;
	b->demand_cost += t->par.demand_per_kw * (mean_w - b->month_peak_w) / 1000;
	b->month_peak_w = mean_w;
}

void bill_add(struct bill *b, const struct tariff *t, double local_s, double dt_s,
    double import_j, double export_j)
{
	assert(import_j >= 0 && export_j >= 0);
	struct tariff_price price = tariff_mean(t, local_s, dt_s);
	b->import_cost += import_j * price.import_per_j;
	b->export_income += export_j * price.export_per_j;
	b->fixed_cost += t->par.fixed_per_day * dt_s / DAY_S;
	double at_s = local_s, left_s = dt_s, mean_w;
	while (left_s > 0) {
		double part_s = window_part_s(b->quarter.width_s, at_s, left_s);
		if (window_add(&b->quarter, at_s, part_s, import_j / dt_s, &mean_w))
			charge_demand(b, t, at_s + part_s - b->quarter.width_s / 2, mean_w);
		at_s += part_s;
		left_s -= part_s;
	}
}

double bill_total(const struct bill *b)
{
	return b->import_cost + b->fixed_cost + b->demand_cost - b->export_income;
}

static void check_period(const struct object *o, struct err_list *e)
{
	const struct period_par *p = o->par;
	if (p->from_s == p->to_s)
		err_at(e, object_attr_pos(o, "to"),
		    "period: begins and ends at %g h; write from=\"0 h\" to=\"24 h\" "
		    "for whole days",
		    p->from_s / 3600);
}

static void check_from_supply(const struct object *o, struct err_list *e)
{
	const struct tariff_par *p = o->par;
	if (!isnan(p->price_per_j) || object_child(o, &period_class))
		err_at(e, o->pos,
		    "tariff: the units of the <supply> give the price; leave price= and <period> "
		    "out or write from=\"own\"");
}

/* Without a price of its own the periods must leave no gap. */
static void check_tariff(const struct object *o, struct err_list *e)
{
	if (((const struct tariff_par *)o->par)->from == FROM_SUPPLY) {
		check_from_supply(o, e);
		return;
	}
	static const char *const day[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday" };
	struct tariff *t = tariff_new(o);
	for (size_t i = 0; i < t->slots; i++) {
		if (!isnan(t->slot[i].price.import_per_j)) continue;
		int d = (int)(t->slot[i].begin_s / DAY_S);
		err_at(e, o->pos, "tariff: no period gives a price for %s from %g h; "
		    "write price=\"...\" for the rest of the time", day[d],
		    (t->slot[i].begin_s - d * DAY_S) / 3600);
		break;
	}
	tariff_free(t);
}

static const struct attr tariff_attrs[] = {
	ATTR_TEXT(struct tariff_par, name, "name", "tariff", "what reports call it"),
	ATTR_QTY(struct tariff_par, price_per_j, "price", DIM_MONEY_PER_ENERGY, OPTIONAL, -1e-3,
	    1e-3, "price of imported energy outside all periods"),
	ATTR_QTY(struct tariff_par, export_per_j, "export", DIM_MONEY_PER_ENERGY, "0 EUR/kWh",
	    -1e-3, 1e-3, "price that is paid for exported energy"),
	ATTR_QTY(struct tariff_par, fixed_per_day, "fixed-per-day", DIM_MONEY, "0 EUR", 0, 1e9,
	    "standing charge of a day"),
	ATTR_QTY(struct tariff_par, demand_per_kw, "demand-per-kw", DIM_MONEY, "0 EUR", 0, 1e6,
	    "charge for each kW of a calendar month's highest 15-minute mean import"),
	FROM_ATTR(struct tariff_par, from, "price of imported energy"),
	ATTR_END,
};

const struct class tariff_class = {
	.element = "tariff",
	.parents = "scenario homes datacentre",
	.about = "What electricity costs: flat or by time of use, with export, standing and demand "
		 "charges.",
	.par_size = sizeof(struct tariff_par),
	.attrs = tariff_attrs,
	.max = 1,
	.check = check_tariff,
};

static const struct attr period_attrs[] = {
	ATTR_QTY(struct period_par, from_s, "from", DIM_TIME, REQUIRED, 0, 86399.999,
	    "local time of day at which it begins, as \"17 h\""),
	ATTR_QTY(struct period_par, to_s, "to", DIM_TIME, REQUIRED, 0, 86400,
	    "local time of day at which it ends; on the next day when not after its begin"),
	ATTR_ENUM(struct period_par, days, "days", "all", "all weekday weekend",
	    "days on which it begins; public holidays are like any day"),
	ATTR_QTY(struct period_par, price_per_j, "price", DIM_MONEY_PER_ENERGY, REQUIRED, -1e-3,
	    1e-3, "price of imported energy"),
	ATTR_QTY(struct period_par, export_per_j, "export", DIM_MONEY_PER_ENERGY, OPTIONAL, -1e-3,
	    1e-3, "price that is paid for exported energy; the tariff's when absent"),
	ATTR_END,
};

const struct class period_class = {
	.element = "period",
	.parents = "tariff",
	.about = "Hours of the week with a price of their own.",
	.par_size = sizeof(struct period_par),
	.attrs = period_attrs,
	.check = check_period,
};
