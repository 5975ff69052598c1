/* A street of well-equipped homes (bench/street.h), swept in steps of a minute.
 *
 * A call is a day of minutes of one fleet; days follow each other. The result is checked by
 * the street's books: all that its parts used and gave must have come through its meters. What
 * the homes of others have is not the same: their figures bound orders of magnitude. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/engine/engine.h"
#include "bench/street.h"
#include "models/control/outlook.h"
#include "models/grid/bill.h"
#include "models/site/fleet.h"

#define KWH_J 3.6e6

static const double begin_s = 1718821800, zone_s = 19800; /* 2024-06-20T00:00+05:30, Bengaluru */

static const struct bench_peer peers[] = {
	{ "GridLAB-D 5.3.0 (commit e1841e1e), as shipped", 139e3, GRIDLABD_100 },
	{ "GridLAB-D 5.3.0, alarm() calls stubbed", 672e3, GRIDLABD_100 },
	{ "GridLAB-D 5.3.0, with network, modules and inverters", 35e3, GRIDLABD_100 },
	{ "CityLearn 2.4.2", 943, "up to 1096, steps of an hour: load, sun and battery of 10 to "
	    "1000 homes, no heat, same machine" },
	{ NULL, 0, NULL },
};

static const unsigned everything = STREET_LOAD | STREET_SOLAR | STREET_BATTERY | STREET_VEHICLE;

static const struct row {
	const char *kernel;
	unsigned parts;
	bool all, billed; /* every home has them; by time of use and with bills */
} rows[] = {
	{ "fleet_load", STREET_LOAD, false, false },
	{ "fleet_sun", STREET_SOLAR, true, false },
	{ "fleet_battery", STREET_LOAD | STREET_BATTERY, true, false },
	{ "fleet_car", STREET_LOAD | STREET_VEHICLE, true, false },
	{ "fleet_v2h", STREET_LOAD | STREET_VEHICLE | STREET_V2H, true, false },
	{ "fleet_street", everything, false, false },
	{ "fleet_all", everything, true, false },
	{ "fleet_billed", everything, true, true },
	{ "fleet_heat", everything | STREET_HEATING | STREET_WATER, true, true },
};

/* A street under way; where it is billed, batteries follow the time of use and every meter
 * has a bill, else they follow self-consumption. */
struct sweep {
	struct street street;
	struct outlook outlook;
	struct fleet *fleet;
	struct bills *bills; /* or NULL */
	struct object root, period; /* of the tariff */
	long minute;
};

/* Dearer from 17 to 21 o'clock. Fills w's objects, which the tariff keeps. */
static struct tariff *tariff_of_evening(struct sweep *w)
{
	static struct tariff_par par = { .price_per_j = 0.28 / KWH_J,
		.export_per_j = 0.08 / KWH_J, .window_s = 900, .series_per_j = NAN, .scale = 1,
		.credit_ends = 12 };
	static struct period_par evening = { { 17 * 3600, 21 * 3600, DAYS_ALL, NULL }, 0.38 / KWH_J,
		NAN };
	struct err_list *e = err_new();
	w->period = (struct object){ .cls = &period_class, .par = &evening, .parent = &w->root };
	w->root = (struct object){ .cls = &tariff_class, .par = &par, .child = &w->period };
	struct tariff *t = tariff_new(&w->root, zone_s, e);
	err_free(e);
	return t;
}

static struct sweep *sweep_new(const struct row *row, long homes)
{
	static const struct place_par place = { 0.2264, 1.3542, 920 };
	struct weather_par weather = weather_default();
	struct step first = engine_minute(0, begin_s, zone_s);
	struct sweep *w = mem_new(1, sizeof *w);
	street_init(&w->street, homes, row->all, row->parts);
	w->outlook.zone_s = zone_s;
	w->fleet = fleet_new(&w->street.root, &place, &weather,
	    row->billed ? DISPATCH_TIME_OF_USE : DISPATCH_SELF_CONSUMPTION, 7, &first);
	if (!row->billed) return w;
	w->outlook.tariff = tariff_of_evening(w);
	w->bills = bills_new(w->outlook.tariff, (uint32_t)homes);
	fleet_share_outlook(w->fleet, &w->outlook);
	return w;
}

static void sweep_run(void *ctx)
{
	struct sweep *w = ctx;
	for (int i = 0; i < ENGINE_DAY; i++) {
		struct step st = engine_minute(w->minute++, begin_s, zone_s);
		fleet_step(w->fleet, &st, NULL);
		if (w->bills)
			bills_add(w->bills, st.utc_s + zone_s, st.dt_s, w->fleet->net_w);
	}
}

/* Sources less sinks of all days; where there are bills, also how far they are from what the
 * least and the highest price make of the energy. */
static double sweep_error(void *ctx)
{
	const struct sweep *w = ctx;
	const struct fleet_total *t = &w->fleet->run;
	double in = t->import_j + t->pv_dc_j + t->discharge_j, cost = 0;
	double out = t->export_j + t->load_j + t->charge_j + t->conversion_j + t->curtailed_j;
	for (uint32_t i = 0; w->bills && i < w->fleet->n; i++)
		cost += bills_of(w->bills, i).import_cost;
	bool is_paid = cost >= t->import_j * 0.28 / KWH_J * (1 - 1e-9) &&
	    cost <= t->import_j * 0.38 / KWH_J;
	return w->bills && !is_paid ? INFINITY : engine_off(in, out);
}

static void sweep_free(void *ctx)
{
	struct sweep *w = ctx;
	fleet_free(w->fleet);
	bills_free(w->bills);
	tariff_free(w->outlook.tariff);
	free(w);
}

static void add(struct suite *s, const struct row *row, long homes)
{
	struct bench_case c = { .kernel = row->kernel, .key = { { "homes", (double)homes } },
		.keys = 1, .threads = 1, .pages = "", .items = (double)homes * ENGINE_DAY,
		.item = "home-step", .ctx = sweep_new(row, homes), .run = sweep_run,
		.error = sweep_error, .error_max = 1e-9, .free = sweep_free,
		.peer = row->parts & STREET_HEATING ? peers : NULL };
	snprintf(c.shape, sizeof c.shape, "%ld homes", homes);
	suite_add(s, &c);
}

void fleet_add(struct suite *s)
{
	size_t n = sizeof rows / sizeof *rows;
	bool quick = suite_quick(s);
	for (size_t i = quick ? n - 1 : 0; i < n; i++) add(s, &rows[i], quick ? 100 : 500);
	for (size_t i = 0; i < n && suite_long(s); i++) add(s, &rows[i], 10000);
	if (suite_long(s)) add(s, &rows[n - 1], 1000000);
}
