/* Drawing the population of a street. */
#include "models/site/fleet_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/compute/node.h"

/* What is needed while a street is built. */
struct builder {
	struct fleet_parts *p;
	const struct object *homes;
	const struct homes_par *par;
	size_t n;
	uint64_t population_seed, run_seed;
	double utc_s, local_s;
};

static uint64_t home_entity(const struct builder *b, size_t home)
{
	char *name = mem_print("%s home %zu", b->par->name, home);
	uint64_t id = rng_entity(name);
	free(name);
	return id;
}

/* The home's stream at the place of its i-th element of that kind, so that one
 * element more or less moves no other draw. */
static struct pcg64 population(const struct builder *b, size_t home, enum homes_kind kind, size_t i)
{
	struct pcg64 g = rng_stream(b->population_seed, 0, home_entity(b, home), RNG_POPULATION);
	pcg64_advance(&g, (unsigned __int128)kind << 64 | (unsigned __int128)i << 16);
	return g;
}

/* A key for stateless noise. */
static uint64_t noise_key(const struct builder *b, size_t home, enum rng_purpose purpose)
{
	struct pcg64 g = rng_stream(b->run_seed, 0, home_entity(b, home), purpose);
	return pcg64_next(&g);
}

/* Elements of a kind under <homes>, in the order of the file. */
static const struct object *element(const struct builder *b, const struct class *cls, size_t i)
{
	const struct object *o = object_child(b->homes, cls);
	while (i-- && o) o = object_next(o);
	return o;
}

static size_t elements(const struct builder *b, const struct class *cls)
{
	size_t n = 0;
	for (const struct object *o = object_child(b->homes, cls); o; o = object_next(o)) n++;
	return n;
}

/* The homes that have the i-th element of a kind: their number, and a list that
 * the caller frees. */
static size_t pick(const struct builder *b, const struct class *cls, enum homes_kind kind, size_t i,
    uint32_t **list)
{
	*list = mem_new(b->n, sizeof **list);
	return homes_list(b->homes, element(b, cls, i), kind, b->run_seed, *list);
}

/* The file was read once when the scenario was checked: that it can be read
 * again is taken for granted. Each home takes a column by its own draw. */
static void build_measured(struct builder *b, const struct load_par *par)
{
	struct profile_part *m = &b->p->measured;
	struct err_list *e = err_new();
	m->shape = profile_read(par->profile, e);
	err_print(e, stderr);
	err_free(e);
	if (!m->shape) abort();
	m->column = mem_new(b->n, sizeof *m->column);
	m->annual_w = mem_new(b->n, sizeof *m->annual_w);
	m->now = mem_new(m->shape->columns, sizeof *m->now);
	for (size_t k = 0; k < b->n; k++) {
		struct pcg64 g = population(b, k, HOMES_LOAD, 0);
		m->column[k] = (uint32_t)(pcg64_unit(&g) * (double)m->shape->columns);
		m->annual_w[k] = dist_draw(&par->annual_j, &g) / (365 * 86400.0);
	}
}

static void build_load(struct builder *b)
{
	const struct object *o = object_child(b->homes, &load_class);
	bool measured = o && ((const struct load_par *)o->par)->profile;
	if (measured) build_measured(b, o->par);
	size_t n = o && !measured ? b->n : 0;
	struct house *house = mem_new(n, sizeof *house);
	for (size_t k = 0; k < n; k++) {
		const struct load_par *par = o->par;
		struct pcg64 g = population(b, k, HOMES_LOAD, 0);
		uint64_t who = pcg64_next(&g);
		double annual_j = dist_draw(&par->annual_j, &g);
		house[k] = house_make(par, annual_j, who, noise_key(b, k, RNG_LOAD));
	}
	house_bank_init(&b->p->load, house, n, b->local_s);
}

static void build_solar(struct builder *b)
{
	struct fleet_parts *p = b->p;
	p->solars = elements(b, &solar_class);
	p->solar = mem_new(p->solars, sizeof *p->solar);
	for (size_t i = 0; i < p->solars; i++) {
		struct solar_part *s = &p->solar[i];
		s->par = element(b, &solar_class, i)->par;
		size_t n = pick(b, &solar_class, HOMES_SOLAR, i, &s->home);
		pv_bank_init(&s->pv, n);
		cloud_bank_init(&s->cloud, n);
		for (size_t k = 0; k < n; k++) {
			struct pcg64 g = population(b, s->home[k], HOMES_SOLAR, i);
			double capacity_w = dist_draw(&s->par->capacity_w, &g);
			double tilt_rad = dist_draw(&s->par->tilt_rad, &g);
			double azimuth_rad = dist_draw(&s->par->azimuth_rad, &g);
			pv_bank_set(&s->pv, k, capacity_w, tilt_rad, azimuth_rad);
			s->cloud.key[k] = noise_key(b, s->home[k], RNG_CLOUD);
		}
		cloud_bank_start(&s->cloud, b->utc_s);
	}
}

static void build_batteries(struct builder *b)
{
	struct fleet_parts *p = b->p;
	p->batteries = elements(b, &battery_class);
	p->battery = mem_new(p->batteries, sizeof *p->battery);
	for (size_t i = 0; i < p->batteries; i++) {
		struct battery_part *s = &p->battery[i];
		const struct battery_par *par = element(b, &battery_class, i)->par;
		s->n = pick(b, &battery_class, HOMES_BATTERY, i, &s->home);
		s->unit = mem_new(s->n, sizeof *s->unit);
		s->stored_j = mem_new(s->n, sizeof *s->stored_j);
		s->soc_per_j = mem_new(s->n, sizeof *s->soc_per_j);
		for (size_t k = 0; k < s->n; k++) {
			struct pcg64 g = population(b, s->home[k], HOMES_BATTERY, i);
			double capacity_j = dist_draw(&par->capacity_j, &g);
			s->unit[k] = battery_make(par, capacity_j, dist_draw(&par->power_w, &g));
			s->stored_j[k] = par->initial_soc * capacity_j;
		}
	}
}

/* soc is NAN without a battery, else what all batteries of a home hold over what
 * they can hold. */
static void build_soc(struct fleet_parts *p, size_t homes)
{
	double *capacity_j = mem_new(homes, sizeof *capacity_j);
	for (size_t i = 0; i < p->batteries; i++)
		for (size_t k = 0; k < p->battery[i].n; k++)
			capacity_j[p->battery[i].home[k]] += p->battery[i].unit[k].capacity_j;
	for (size_t h = 0; h < homes; h++) p->soc[h] = capacity_j[h] > 0 ? 0 : NAN;
	for (size_t i = 0; i < p->batteries; i++) {
		struct battery_part *s = &p->battery[i];
		for (size_t k = 0; k < s->n; k++) {
			s->soc_per_j[k] = 1 / capacity_j[s->home[k]];
			p->soc[s->home[k]] += s->stored_j[k] * s->soc_per_j[k];
		}
	}
	free(capacity_j);
}

static struct pcg64 trips(const struct builder *b, size_t home, size_t i)
{
	struct pcg64 g = rng_stream(b->run_seed, 0, home_entity(b, home), RNG_VEHICLE);
	pcg64_advance(&g, (unsigned __int128)i << 64);
	return g;
}

static void build_vehicles(struct builder *b)
{
	struct fleet_parts *p = b->p;
	p->vehicles = elements(b, &vehicle_class);
	p->vehicle = mem_new(p->vehicles, sizeof *p->vehicle);
	for (size_t i = 0; i < p->vehicles; i++) {
		struct vehicle_part *s = &p->vehicle[i];
		s->par = element(b, &vehicle_class, i)->par;
		s->n = pick(b, &vehicle_class, HOMES_VEHICLE, i, &s->home);
		s->car = mem_new(s->n, sizeof *s->car);
		s->state = mem_new(s->n, sizeof *s->state);
		for (size_t k = 0; k < s->n; k++) {
			struct pcg64 g = population(b, s->home[k], HOMES_VEHICLE, i);
			double capacity_j = dist_draw(&s->par->capacity_j, &g);
			double charger_w = dist_draw(&s->par->charger_w, &g);
			struct pcg64 own = trips(b, s->home[k], i);
			s->car[k] = vehicle_make(s->par, capacity_j, charger_w, own);
			vehicle_start(s->par, &s->car[k], b->local_s, &s->state[k]);
		}
	}
}

/* A home that two elements pick has the first of them. */
static void build_nodes(struct builder *b)
{
	b->p->node = mem_new(b->n, sizeof *b->p->node);
	for (size_t i = elements(b, &node_class); i-- > 0;) {
		uint32_t *home;
		size_t n = pick(b, &node_class, HOMES_NODE, i, &home);
		for (size_t k = 0; k < n; k++) b->p->node[home[k]] = element(b, &node_class, i);
		free(home);
	}
}

static void allocate_homes(struct fleet_parts *p, size_t n)
{
	double *w = mem_new(6 * n, sizeof *w);
	p->load_w = w;
	p->pv_w = w + n;
	p->battery_w = w + 2 * n;
	p->vehicle_w = w + 3 * n;
	p->net_w = w + 4 * n;
	p->soc = w + 5 * n;
}

struct fleet_parts *fleet_parts_new(const struct object *homes, const struct place_par *place,
    const struct weather_par *weather, enum dispatch_kind dispatch, uint64_t seed,
    const struct step *first)
{
	const struct homes_par *par = homes->par;
	struct fleet_parts *p = mem_new(1, sizeof *p);
	struct builder b = {
		.p = p,
		.homes = homes,
		.par = par,
		.n = (size_t)par->count,
		.population_seed = par->seed ? (uint64_t)par->seed : seed,
		.run_seed = seed,
		.utc_s = first->utc_s,
		.local_s = first->utc_s + first->zone_s,
	};
	p->dispatch = dispatch;
	sky_init(&p->sky, place, weather, seed, first->utc_s);
	allocate_homes(p, b.n);
	build_load(&b);
	build_solar(&b);
	build_batteries(&b);
	build_soc(p, b.n);
	build_vehicles(&b);
	build_nodes(&b);
	return p;
}

void fleet_parts_free(struct fleet_parts *p)
{
	if (!p) return;
	for (size_t i = 0; i < p->solars; i++) {
		pv_bank_fini(&p->solar[i].pv);
		cloud_bank_fini(&p->solar[i].cloud);
		free(p->solar[i].home);
	}
	for (size_t i = 0; i < p->batteries; i++) {
		free(p->battery[i].home);
		free(p->battery[i].unit);
		free(p->battery[i].stored_j);
		free(p->battery[i].soc_per_j);
	}
	for (size_t i = 0; i < p->vehicles; i++) {
		free(p->vehicle[i].home);
		free(p->vehicle[i].car);
		free(p->vehicle[i].state);
	}
	house_bank_fini(&p->load);
	profile_free(p->measured.shape);
	free(p->measured.column);
	free(p->measured.annual_w);
	free(p->measured.now);
	free(p->solar);
	free(p->battery);
	free(p->vehicle);
	free(p->node);
	free(p->load_w); /* the block of all home arrays */
	free(p);
}
