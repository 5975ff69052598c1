#include "models/site/fleet_build.h"

#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/node.h"

uint64_t fleet_home_entity(const struct fleet_builder *b, size_t home)
{
	char *name = mem_print("%s home %zu", b->par->name, home);
	uint64_t id = rng_entity(name);
	free(name);
	return id;
}

struct pcg64 fleet_population(
    const struct fleet_builder *b, size_t home, enum homes_kind kind, size_t i)
{
	struct pcg64 g =
	    rng_stream(b->population_seed, 0, fleet_home_entity(b, home), RNG_POPULATION);
	pcg64_advance(&g, (unsigned __int128)kind << 64 | (unsigned __int128)i << 16);
	return g;
}

uint64_t fleet_noise_key(const struct fleet_builder *b, size_t home, enum rng_purpose purpose)
{
	struct pcg64 g = rng_stream(b->run_seed, 0, fleet_home_entity(b, home), purpose);
	return pcg64_next(&g);
}

const struct object *fleet_element(const struct fleet_builder *b, const struct class *cls, size_t i)
{
	const struct object *o = object_child(b->homes, cls);
	while (i-- && o) o = object_next(o);
	return o;
}

size_t fleet_elements(const struct fleet_builder *b, const struct class *cls)
{
	size_t n = 0;
	for (const struct object *o = object_child(b->homes, cls); o; o = object_next(o)) n++;
	return n;
}

size_t fleet_pick(const struct fleet_builder *b, const struct class *cls, enum homes_kind kind,
    size_t i, uint32_t **list)
{
	*list = mem_new(b->n, sizeof **list);
	return homes_list(b->homes, fleet_element(b, cls, i), kind, b->run_seed, *list);
}

/* A home that two elements pick has the first of them. */
static void build_nodes(struct fleet_builder *b)
{
	b->p->node = mem_new(b->n, sizeof *b->p->node);
	for (size_t i = fleet_elements(b, &node_class); i-- > 0;) {
		uint32_t *home;
		size_t n = fleet_pick(b, &node_class, HOMES_NODE, i, &home);
		for (size_t k = 0; k < n; k++)
			b->p->node[home[k]] = fleet_element(b, &node_class, i);
		free(home);
	}
}

static void allocate_homes(struct fleet_parts *p, size_t n)
{
	double *w = mem_new(8 * n, sizeof *w);
	p->load_w = w;
	p->pv_w = w + n;
	p->battery_w = w + 2 * n;
	p->vehicle_w = w + 3 * n;
	p->net_w = w + 4 * n;
	p->soc = w + 5 * n;
	p->heating_w = w + 6 * n;
	p->water_w = w + 7 * n;
}

struct fleet_parts *fleet_parts_new(const struct object *homes, const struct place_par *place,
    const struct weather_par *weather, enum dispatch_kind dispatch, uint64_t seed,
    const struct step *first)
{
	const struct homes_par *par = homes->par;
	struct fleet_parts *p = mem_new(1, sizeof *p);
	struct fleet_builder b = {
		.p = p,
		.homes = homes,
		.par = par,
		.n = (size_t)par->count,
		.population_seed = par->seed ? (uint64_t)par->seed : seed,
		.run_seed = seed,
		.utc_s = first->utc_s,
		.local_s = first->utc_s + first->zone_s,
	};
	sky_init(&p->sky, place, weather, seed, first->utc_s);
	allocate_homes(p, b.n);
	fleet_load_build(&b);
	fleet_solar_build(&b);
	fleet_battery_build(&b);
	fleet_vehicle_build(&b);
	fleet_heat_build(&b);
	fleet_dispatch_build(&b, dispatch);
	fleet_ahead_build(&b);
	build_nodes(&b);
	return p;
}

void fleet_parts_free(struct fleet_parts *p)
{
	if (!p) return;
	fleet_load_free(p);
	fleet_solar_free(p);
	fleet_battery_free(p);
	fleet_vehicle_free(p);
	fleet_heat_free(p);
	fleet_ahead_free(p);
	fleet_dispatch_free(p);
	sky_fini(&p->sky);
	free(p->node);
	free(p->load_w); /* the block of all home arrays */
	free(p);
}
