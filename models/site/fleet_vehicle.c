/* The electric cars of a street. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/fleet_build.h"

static struct pcg64 trips(const struct fleet_builder *b, size_t home, size_t i)
{
	struct pcg64 g = rng_stream(b->run_seed, 0, fleet_home_entity(b, home), RNG_VEHICLE);
	pcg64_advance(&g, (unsigned __int128)i << 64);
	return g;
}

void fleet_vehicle_build(struct fleet_builder *b)
{
	struct fleet_parts *p = b->p;
	p->vehicles = fleet_elements(b, &vehicle_class);
	p->vehicle = mem_new(p->vehicles, sizeof *p->vehicle);
	for (size_t i = 0; i < p->vehicles; i++) {
		struct vehicle_part *s = &p->vehicle[i];
		s->par = fleet_element(b, &vehicle_class, i)->par;
		s->n = fleet_pick(b, &vehicle_class, HOMES_VEHICLE, i, &s->home);
		s->car = mem_new(s->n, sizeof *s->car);
		s->state = mem_new(s->n, sizeof *s->state);
		for (size_t k = 0; k < s->n; k++) {
			struct pcg64 g = fleet_population(b, s->home[k], HOMES_VEHICLE, i);
			double capacity_j = dist_draw(&s->par->capacity_j, &g);
			double charger_w = dist_draw(&s->par->charger_w, &g);
			struct pcg64 own = trips(b, s->home[k], i);
			s->car[k] = vehicle_make(s->par, capacity_j, charger_w, own);
			vehicle_start(s->par, &s->car[k], b->local_s, &s->state[k]);
		}
	}
}

static void step_element(struct fleet *f, struct vehicle_part *s, const struct step *st)
{
	struct fleet_parts *p = f->parts;
	double local_s = st->utc_s + st->zone_s;
	for (size_t k = 0; k < s->n; k++) {
		size_t home = s->home[k];
		struct vehicle_flow v = vehicle_step(
		    s->par, &s->car[k], &s->state[k], local_s, fmax(-p->net_w[home], 0), st->dt_s);
		p->vehicle_w[home] += v.ac_w;
		p->net_w[home] += v.ac_w;
		f->step.vehicle_j += v.ac_w * st->dt_s;
		f->step.charge_j += v.charge_j;
		f->step.vehicle_loss_j += v.loss_j;
		f->step.conversion_j += v.loss_j;
		f->step.trip_j += v.trip_j;
		f->step.short_j += v.short_j;
		f->step.leak_j += v.leak_j;
	}
}

void fleet_vehicle_step(struct fleet *f, const struct step *st)
{
	struct fleet_parts *p = f->parts;
	for (size_t i = 0; i < f->n; i++) p->vehicle_w[i] = 0;
	for (size_t i = 0; i < p->vehicles; i++) step_element(f, &p->vehicle[i], st);
}

void fleet_vehicle_free(struct fleet_parts *p)
{
	for (size_t i = 0; i < p->vehicles; i++) {
		free(p->vehicle[i].home);
		free(p->vehicle[i].car);
		free(p->vehicle[i].state);
	}
	free(p->vehicle);
}
