#include "models/site/generation.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/energy/pv.h"
#include "models/energy/wind.h"
#include "models/site/datacentre.h"
#include "models/site/scenario.h"

/* One <solar>: a bank of one roof. */
struct roof {
	const struct solar_par *par;
	struct pv_bank pv;
	struct cloud_bank cloud;
};

struct turbine {
	struct wind_turbine make;
	struct wind_state state;
};

struct generation {
	bool has_sky;           /* the scenario has a place */
	struct sky sky;
	struct weather_par weather;
	struct roof *roof;
	struct turbine *turbine;
	size_t roofs, turbines;
};

/* Of the i-th <solar> of a site. */
static struct pcg64 stream(const char *site, size_t i, uint64_t seed, enum rng_purpose purpose)
{
	char *name = mem_print("%s solar %zu", site, i);
	struct pcg64 g = rng_stream(seed, 0, rng_entity(name), purpose);
	free(name);
	return g;
}

static void add_roof(struct generation *g, const char *site, const struct solar_par *par,
    uint64_t seed, double utc_s)
{
	g->roof = mem_resize(g->roof, g->roofs + 1, sizeof *g->roof);
	struct roof *r = &g->roof[g->roofs];
	struct pcg64 size = stream(site, g->roofs, seed, RNG_POPULATION);
	struct pcg64 clouds = stream(site, g->roofs, seed, RNG_CLOUD);
	double capacity_w = dist_draw(&par->capacity_w, &size);
	double tilt_rad = dist_draw(&par->tilt_rad, &size);
	r->par = par;
	pv_bank_init(&r->pv, 1);
	cloud_bank_init(&r->cloud, 1);
	pv_bank_set(&r->pv, 0, capacity_w, tilt_rad, dist_draw(&par->azimuth_rad, &size));
	r->cloud.key[0] = pcg64_next(&clouds);
	cloud_bank_start(&r->cloud, utc_s);
	g->roofs++;
}

static void add_turbine(struct generation *g, const struct wind_par *par, struct err_list *e)
{
	g->turbine = mem_resize(g->turbine, g->turbines + 1, sizeof *g->turbine);
	struct turbine *t = &g->turbine[g->turbines++];
	*t = (struct turbine){ .state = { 0 } };
	wind_turbine_init(&t->make, par, e);
}

/* The weather of a file must last as long as the run. */
static void check_weather(const struct generation *g, const struct object *scenario,
    const struct object *weather, struct err_list *e)
{
	const struct time_par *t = object_child(scenario, &time_class)->par;
	bool endless = isnan(t->duration_s);
	if (sky_covers(&g->sky, t->start.utc_s, endless ? INFINITY : t->duration_s)) return;
	err_at(e, object_attr_pos(weather, "file"), "%s", endless
	    ? "weather: the file is no whole year and this run has no end; write duration= in <time>"
	    : "weather: the file does not cover the run and is no whole year, which would serve "
	      "any; change the start or the duration in <time>");
}

struct generation *generation_new(const struct object *centre, const struct object *scenario,
    uint64_t seed, const struct step *first, struct err_list *e)
{
	const struct object *place = object_child(scenario, &place_class);
	const struct object *weather = object_child(scenario, &weather_class);
	size_t before = err_count(e);
	struct generation *g = mem_new(1, sizeof *g);
	const struct object *o = object_child(centre, &solar_class);
	const struct object *t = object_child(centre, &wind_class);
	g->weather = *(const struct weather_par *)weather->par;
	if (place) {
		const struct place_par *p = place->par;
		sky_init(&g->sky, p, weather->par, seed, first->utc_s);
		g->has_sky = true;
		check_weather(g, scenario, weather, e);
	} else if (o || t) {
		err_at(e, o ? o->pos : t->pos,
		    "datacentre: sun and wind need a place; add <place latitude= longitude=/>");
	}
	for (; o; o = object_next(o)) add_roof(g, ((const struct datacentre_par *)centre->par)->name, o->par, seed, first->utc_s);
	for (; t; t = object_next(t)) add_turbine(g, t->par, e);
	if (err_count(e) == before) return g;
	generation_free(g);
	return NULL;
}

void generation_free(struct generation *g)
{
	if (!g) return;
	for (size_t i = 0; i < g->roofs; i++) {
		pv_bank_fini(&g->roof[i].pv);
		cloud_bank_fini(&g->roof[i].cloud);
	}
	for (size_t i = 0; i < g->turbines; i++) wind_turbine_fini(&g->turbine[i].make);
	if (g->has_sky) sky_fini(&g->sky);
	free(g->roof);
	free(g->turbine);
	free(g);
}

double generation_solar_w(const struct generation *g, size_t i)
{
	assert(i < g->roofs);
	return g->roof[i].pv.capacity_w[0];
}

bool generation_covers(const struct generation *g, double utc_s, double dt_s)
{
	return !g->has_sky || sky_covers(&g->sky, utc_s, dt_s);
}

struct generation_flow generation_step(struct generation *g, const struct step *st)
{
	struct generation_flow f = { .air_k = weather_ambient_k(&g->weather,
		st->utc_s + st->zone_s, st->dt_s) };
	if (!g->has_sky) return f;
	sky_step(&g->sky, st);
	f.air_k = g->sky.ambient_k;
	for (size_t i = 0; i < g->roofs; i++) {
		struct roof *r = &g->roof[i];
		cloud_bank_step(&g->sky.law, &r->cloud, &g->sky.ticks);
		pv_bank_step(r->par, &r->pv, &g->sky, r->cloud.index);
		f.pv_dc_w += r->pv.dc_w[0];
		f.pv_ac_w += r->pv.ac_w[0];
	}
	for (size_t i = 0; i < g->turbines; i++)
		f.wind_w += wind_turbine_w(&g->turbine[i].make, &g->turbine[i].state,
		    g->sky.wind_m_s, g->sky.ambient_k, g->sky.pressure_pa);
	return f;
}
