/* Bills of two thousand meters, in steps of a minute, by kind of tariff.
 *
 * A call is a day; days follow each other from 1 January 2024 on. Meters draw 100 W to some
 * kW, every third gives back, each the same all the time: so that what is due can be reckoned
 * by the month, which checks the sum of all bills. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "bench/engine/engine.h"
#include "models/grid/bill.h"

#define KWH_J 3.6e6

enum { METERS = 2000, TIERS = 3 };

static const double begin_s = 1704067200; /* 2024-01-01T00:00, local */
static const double price_per_j = 0.3 / KWH_J, evening_per_j = 0.4 / KWH_J,
	export_per_j = 0.08 / KWH_J, demand_per_kw = 4;

static struct period_par evening = { { 17 * 3600, 21 * 3600, DAYS_WEEKDAY, "oct-mar" },
	0.4 / KWH_J, NAN };
static struct tier_par tiers[TIERS] = { { 100 * KWH_J, 0.02 / KWH_J },
	{ 300 * KWH_J, 0.04 / KWH_J }, { NAN, 0.09 / KWH_J } };

static const struct row {
	const char *kernel;
	bool tiers, periods, demand, netted;
} rows[] = {
	{ "bill_flat", false, false, false, false },
	{ "bill_periods", false, true, false, false },
	{ "bill_demand", false, false, true, false },
	{ "bill_tiers", true, false, false, false },
	{ "bill_netted", false, true, false, true },
	{ "bill_all", true, true, true, true },
};

struct billed {
	const struct row *row;
	struct tariff_par par; /* and the elements of a tariff: */
	struct object root, period, tier[TIERS];
	struct tariff *tariff;
	struct bills *bills;
	double net_w[METERS];
	long minutes;
};

static void link_elements(struct billed *b)
{
	b->root = (struct object){ .cls = &tariff_class, .par = &b->par };
	b->period = (struct object){ .cls = &period_class, .par = &evening, .parent = &b->root };
	for (int i = 0; i < TIERS; i++)
		b->tier[i] = (struct object){ .cls = &tier_class, .par = &tiers[i],
			.parent = &b->root, .next = i + 1 < TIERS ? &b->tier[i + 1] : NULL };
	struct object *first_tier = b->row->tiers ? b->tier : NULL;
	b->period.next = first_tier;
	b->root.child = b->row->periods ? &b->period : first_tier;
}

static struct billed *billed_new(const struct row *row)
{
	struct billed *b = mem_new(1, sizeof *b);
	struct err_list *e = err_new();
	b->row = row;
	b->par = (struct tariff_par){ .price_per_j = price_per_j, .export_per_j = export_per_j,
		.window_s = 900, .series_per_j = NAN, .scale = 1, .credit_ends = 12,
		.demand_per_kw = row->demand ? demand_per_kw : 0,
		.export_kind = row->netted ? EXPORT_NET_METERING : EXPORT_FEED_IN };
	link_elements(b);
	b->tariff = tariff_new(&b->root, 0, e);
	b->bills = bills_new(b->tariff, METERS);
	for (uint32_t i = 0; i < METERS; i++)
		b->net_w[i] = (100 + 37.0 * (i % 97)) * (i % 3 == 2 ? -1 : 1);
	err_free(e);
	return b;
}

static void billed_run(void *ctx)
{
	struct billed *b = ctx;
	for (int k = 0; k < ENGINE_DAY; k++)
		bills_add(b->bills, begin_s + 60.0 * (double)b->minutes++, 60, b->net_w);
}

/* --- the same by the month */

struct month {
	double base_s, evening_s; /* so far */
};

static bool is_evening(const struct tm *t)
{
	bool winter = t->tm_mon <= 2 || t->tm_mon >= 9;
	return winter && t->tm_wday >= 1 && t->tm_wday <= 5 && t->tm_hour >= 17 && t->tm_hour < 21;
}

static double tiers_cost(double j)
{
	double cost = 0, from = 0;
	for (int i = 0; i < TIERS; i++) {
		double to = isnan(tiers[i].up_to_j) ? INFINITY : tiers[i].up_to_j;
		cost += tiers[i].price_per_j * fmax(fmin(j, to) - from, 0);
		from = to;
	}
	return cost;
}

/* Credits of who gives back only are lost. */
static double month_due(const struct billed *b, const struct month *m, double net_w)
{
	double s = m->base_s + m->evening_s;
	if (net_w < 0) return b->row->netted ? 0 : net_w * s * export_per_j;
	double due = net_w * (m->base_s * price_per_j + m->evening_s * evening_per_j);
	if (b->row->tiers) due += tiers_cost(net_w * s);
	if (b->row->demand) due += net_w / 1000 * demand_per_kw;
	return due;
}

static double all_due(const struct billed *b, const struct month *m)
{
	double sum = 0;
	for (uint32_t i = 0; i < METERS; i++) sum += month_due(b, m, b->net_w[i]);
	return sum;
}

static double twin(const struct billed *b)
{
	struct month now = { 0, 0 };
	int month = 0;
	double sum = 0;
	for (long k = 0; k < b->minutes; k++) {
		time_t at = (time_t)begin_s + 60 * k;
		struct tm t;
		gmtime_r(&at, &t);
		if (t.tm_mon != month) {
			sum += all_due(b, &now);
			now = (struct month){ 0, 0 };
			month = t.tm_mon;
		}
		*(b->row->periods && is_evening(&t) ? &now.evening_s : &now.base_s) += 60;
	}
	return sum + all_due(b, &now);
}

static double billed_error(void *ctx)
{
	const struct billed *b = ctx;
	double sum = 0;
	for (uint32_t i = 0; i < METERS; i++) {
		struct bill due = bills_of(b->bills, i);
		sum += bill_total(&due);
	}
	return engine_off(sum, twin(b));
}

static void billed_free(void *ctx)
{
	struct billed *b = ctx;
	bills_free(b->bills);
	tariff_free(b->tariff);
	free(b);
}

void bill_add(struct suite *s)
{
	size_t n = sizeof rows / sizeof *rows;
	for (size_t i = suite_quick(s) ? n - 1 : 0; i < n; i++) {
		struct bench_case c = { .kernel = rows[i].kernel,
			.key = { { "meters", METERS } }, .keys = 1, .threads = 1, .pages = "",
			.items = (double)METERS * ENGINE_DAY, .item = "meter-step",
			.ctx = billed_new(&rows[i]), .run = billed_run, .error = billed_error,
			.error_max = 1e-9, .free = billed_free };
		snprintf(c.shape, sizeof c.shape, "%d meters", METERS);
		suite_add(s, &c);
	}
}
