/* Homes with a house, a thermostat with a heat pump, a water heater and plug load (the parts
 * of GridLAB-D's workload), at steps of a minute in Phoenix in July.
 *
 * house_engine is fleet_step of models/site/fleet.h, all of it: weather, appliances that are
 * switched on at random, draws, heat of appliances in the house, meters and sums. house_plain
 * is the same physics of heat in a double loop over minutes and homes, with curves evaluated
 * for each home and minute and hourly schedules for plugs and draws: what a program for this
 * one case would do. A call is a day; days follow each other. Each is checked by the other: a
 * home's day of heating, cooling and hot water must be alike, in the mean. Bytes in the shape
 * are what the allocator holds for a home. */
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/engine/engine.h"
#include "bench/street.h"
#include "models/site/fleet.h"

static const struct place_par phoenix = { 0.5836, -1.9557, 340 };
static const double begin_s = 995266800, zone_s = -25200; /* 2001-07-16T00:00-07:00 */

static const struct bench_peer peers_10[] = {
	{ "GridLAB-D 5.3.0 (commit e1841e1e), as shipped", 136e3, GRIDLABD_10 },
	{ "GridLAB-D 5.3.0, alarm() calls stubbed", 500e3, GRIDLABD_10 },
	{ NULL, 0, NULL },
};
static const struct bench_peer peers_100[] = {
	{ "GridLAB-D 5.3.0 (commit e1841e1e), as shipped", 139e3, GRIDLABD_100 },
	{ "GridLAB-D 5.3.0, alarm() calls stubbed", 672e3, GRIDLABD_100 },
	{ NULL, 0, NULL },
};

static struct weather_par summer(void)
{
	struct weather_par w = weather_default();
	w.mean_k = 308.15;
	w.swing_k = 14;
	w.cloudiness_frac = 0.1;
	return w;
}

static size_t held_bytes(void)
{
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

static double kwh_a_day(double joule, long homes, long minutes)
{
	return joule / 3.6e6 / ((double)homes * (double)minutes / ENGINE_DAY);
}

/* --- the double loop */

struct plain_home {
	struct etp_step step;
	struct etp_state x;
	double heat_w, cool_w, low_k, high_k, aperture_m2, tank_k, c_j_k, set_k, litres, plug_w;
	double mode;
	int on, lag_min;
};

struct plain {
	struct plain_home *home;
	struct hvac_unit unit;
	struct sky sky;
	long homes, minute;
	double sum_w;
};

static struct plain_home plain_home(const struct street *s, uint64_t i)
{
	static const struct hvac_curve built_in;
	struct pcg64 g = rng_stream(7, 0, i, RNG_POPULATION);
	const struct heating_par *p = &s->heating;
	struct heating_house h = heating_house_make(p, &built_in, dist_draw(&p->floor_m2, &g),
	    dist_draw(&p->insulation, &g), dist_draw(&p->heat_k, &g), dist_draw(&p->cool_k, &g));
	double volume_m3 = 1e-3 * dist_draw(&s->water.volume_l, &g);
	double set_k = dist_draw(&s->water.set_k, &g);
	return (struct plain_home){ .step = etp_step_make(&h.envelope.heat, 60),
		.x = { h.cool_k, h.cool_k }, .heat_w = h.heat_w, .cool_w = h.cool_w,
		.low_k = h.heat_k, .high_k = h.cool_k, .aperture_m2 = h.envelope.aperture_m2,
		.tank_k = set_k, .c_j_k = volume_m3 * WATER_J_M3_K, .set_k = set_k,
		.litres = dist_draw(&s->water.litres, &g), .plug_w = 480,
		.lag_min = (int)(pcg64_unit(&g) * 120) };
}

static struct plain *plain_new(const struct street *s, long homes)
{
	struct plain *p = mem_new(1, sizeof *p);
	struct weather_par weather = summer();
	p->home = mem_new((size_t)homes, sizeof *p->home);
	for (long i = 0; i < homes; i++) p->home[i] = plain_home(s, (uint64_t)i);
	p->unit = heating_unit(&s->heating);
	p->homes = homes;
	sky_init(&p->sky, &phoenix, &weather, 7, begin_s);
	return p;
}

static void plain_free(struct plain *p)
{
	free(p->home);
	free(p);
}

/* Power of plugs over its mean, and part of the day's water in an hour. */
static const double plug_hour[24] = { 0.6, 0.5, 0.5, 0.5, 0.5, 0.6, 0.9, 1.2, 1.1, 0.9, 0.9,
	0.9, 1.0, 0.9, 0.9, 1.0, 1.2, 1.5, 1.8, 1.8, 1.6, 1.4, 1.1, 0.7 };
static const double water_hour[24] = { 0.01, 0, 0, 0, 0.01, 0.03, 0.11, 0.13, 0.08, 0.04,
	0.03, 0.03, 0.03, 0.03, 0.02, 0.02, 0.03, 0.06, 0.08, 0.09, 0.07, 0.05, 0.03, 0.02 };

static double step_tank(struct plain_home *h, double litres, double room_k, double *loss_w)
{
	double draw_w_k = litres / 60e3 * WATER_J_M3_K, ua = 1.32;
	draw_w_k = tank_mixed_w_k(draw_w_k, h->set_k, 291, h->tank_k);
	double power_w = h->on ? 4500 : 0;
	double k = (ua + draw_w_k) / h->c_j_k;
	double rest_k = (power_w + ua * room_k + draw_w_k * 291) / (ua + draw_w_k);
	h->tank_k = rest_k + (h->tank_k - rest_k) * exp(-k * 60);
	h->on = h->on ? h->tank_k <= h->set_k + 1.1 : h->tank_k < h->set_k - 1.1;
	*loss_w = ua * (h->tank_k - room_k);
	return power_w;
}

static double step_home(struct plain_home *h, const struct hvac_unit *u,
    const struct heating_air *a, long m)
{
	static const struct hvac_curve built_in;
	int hour = (int)((m + h->lag_min) / 60 % 24);
	struct hvac_rates r = hvac_rates_at(u, &built_in, a->outdoor_k);
	double loss_w, plug_w = h->plug_w * plug_hour[hour];
	double water_w = step_tank(h, h->litres * water_hour[hour] / 60, h->x.air_k, &loss_w);
	double heats = h->mode > 0 ? h->heat_w : 0, cools = h->mode < 0 ? h->cool_w : 0;
	double half_w = 0.5 * (0.9 * plug_w + loss_w + a->window_w_m2 * h->aperture_m2);
	double air_w = half_w + heats * r.heat[HVAC_HEAT] + cools * r.heat[HVAC_COOL];
	h->x = etp_after(&h->step, h->x, a->outdoor_k, air_w, half_w);
	h->mode = hvac_thermostat(h->mode, h->x.air_k, h->low_k, h->high_k, 0.55);
	return water_w + heats * r.electric[HVAC_HEAT] + cools * r.electric[HVAC_COOL];
}

static void plain_day(struct plain *p)
{
	for (int k = 0; k < ENGINE_DAY; k++) {
		long m = p->minute++;
		struct step st = engine_minute(m, begin_s, zone_s);
		sky_step(&p->sky, &st);
		struct heating_air air = heating_air_of(&p->sky);
		for (long i = 0; i < p->homes; i++)
			p->sum_w += step_home(&p->home[i], &p->unit, &air, m);
	}
}

/* --- both beside each other */

struct both {
	struct street street;
	long homes;
	struct fleet *fleet; /* or */
	struct plain *plain;
	long minute; /* of the fleet */
};

static struct fleet *homes_new(const struct street *s)
{
	struct weather_par weather = summer();
	struct step first = engine_minute(0, begin_s, zone_s);
	return fleet_new(&s->root, &phoenix, &weather, DISPATCH_SELF_CONSUMPTION, 7, &first);
}

static void homes_day(struct fleet *f, long from)
{
	for (int k = 0; k < ENGINE_DAY; k++) {
		struct step st = engine_minute(from + k, begin_s, zone_s);
		fleet_step(f, &st, NULL);
	}
}

static void both_run(void *ctx)
{
	struct both *b = ctx;
	if (b->plain) {
		plain_day(b->plain);
		return;
	}
	homes_day(b->fleet, b->minute);
	b->minute += ENGINE_DAY;
}

/* Against as many days of the other, up to two weeks. */
static double both_error(void *ctx)
{
	struct both *b = ctx;
	long minutes = b->plain ? b->plain->minute : b->minute, most = 14 * ENGINE_DAY;
	long others = minutes < most ? minutes : most;
	struct plain *plain = b->plain ? b->plain : plain_new(&b->street, b->homes);
	struct fleet *fleet = b->fleet ? b->fleet : homes_new(&b->street);
	for (long m = 0; m < others; m += ENGINE_DAY) {
		if (plain != b->plain) plain_day(plain);
		else homes_day(fleet, m);
	}
	double by_fleet = kwh_a_day(fleet->run.heating_j + fleet->run.water_j, b->homes,
	    b->fleet ? minutes : others);
	double by_plain = kwh_a_day(plain->sum_w * 60, b->homes, b->plain ? minutes : others);
	if (plain != b->plain) plain_free(plain);
	else fleet_free(fleet);
	return engine_off(by_fleet, by_plain);
}

static void both_free(void *ctx)
{
	struct both *b = ctx;
	fleet_free(b->fleet);
	if (b->plain) plain_free(b->plain);
	free(b);
}

static void add(struct suite *s, bool plain, long homes, const struct bench_peer *peer)
{
	struct both *b = mem_new(1, sizeof *b);
	b->homes = homes;
	street_init(&b->street, homes, true, STREET_LOAD | STREET_HEATING | STREET_WATER);
	size_t before = held_bytes();
	if (plain) b->plain = plain_new(&b->street, homes);
	else b->fleet = homes_new(&b->street);
	size_t bytes = (held_bytes() - before) / (size_t)homes;
	struct bench_case c = { .kernel = plain ? "house_plain" : "house_engine",
		.key = { { "homes", (double)homes } }, .keys = 1, .threads = 1, .pages = "",
		.items = (double)homes * ENGINE_DAY, .item = "home-step", .ctx = b, .run = both_run,
		.error = both_error, .error_max = homes < 100 ? 0.15 : 0.05, .free = both_free,
		.peer = peer };
	snprintf(c.shape, sizeof c.shape, "%ld homes of %zu B", homes, bytes);
	suite_add(s, &c);
}

void house_add(struct suite *s)
{
	static const struct {
		long homes;
		const struct bench_peer *peer;
	} sizes[] = { { 10, peers_10 }, { 100, peers_100 }, { 1000, NULL }, { 10000, NULL },
		{ 100000, NULL }, { 1000000, NULL } };
	for (size_t i = suite_quick(s) ? 1 : 0; i < sizeof sizes / sizeof *sizes; i++) {
		if (sizes[i].homes > (suite_quick(s) ? 100 : 1000) && !suite_long(s)) break;
		add(s, false, sizes[i].homes, sizes[i].peer);
		add(s, true, sizes[i].homes, NULL);
	}
}
