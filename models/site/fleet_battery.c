/* The stationary batteries of a street. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/fleet_build.h"

static void draw(struct fleet_builder *b)
{
	struct fleet_parts *p = b->p;
	p->batteries = fleet_elements(b, &battery_class);
	p->battery = mem_new(p->batteries, sizeof *p->battery);
	for (size_t i = 0; i < p->batteries; i++) {
		struct battery_part *s = &p->battery[i];
		const struct battery_par *par = fleet_element(b, &battery_class, i)->par;
		s->n = fleet_pick(b, &battery_class, HOMES_BATTERY, i, &s->home);
		s->unit = mem_new(s->n, sizeof *s->unit);
		s->stored_j = mem_new(s->n, sizeof *s->stored_j);
		s->soc_per_j = mem_new(s->n, sizeof *s->soc_per_j);
		for (size_t k = 0; k < s->n; k++) {
			struct pcg64 g = fleet_population(b, s->home[k], HOMES_BATTERY, i);
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

void fleet_battery_build(struct fleet_builder *b)
{
	draw(b);
	build_soc(b->p, b->n);
}

static void clear_soc(struct fleet_parts *p)
{
	for (size_t i = 0; i < p->batteries; i++)
		for (size_t k = 0; k < p->battery[i].n; k++) p->soc[p->battery[i].home[k]] = 0;
}

static void step_element(struct fleet *f, struct battery_part *s, double dt_s)
{
	struct fleet_parts *p = f->parts;
	const struct dispatch_part *d = &p->dispatch;
	double eff_frac = s->n ? s->unit[0].eff_frac : 1; /* all of an element have the same */
	const struct price_view view[2] = { dispatch_view(&d->rule, eff_frac, false),
		dispatch_view(&d->rule, eff_frac, true) };
	for (size_t k = 0; k < s->n; k++) {
		size_t home = s->home[k];
		struct dispatch_order order = dispatch_order(&d->rule, &view[d->has_sun[home]],
		    d->peak ? &d->peak[home] : NULL, &s->unit[k], s->stored_j[k]);
		double request_w = dispatch_request_w(order, d->limit, p->net_w[home]);
		struct battery_flow b = battery_step(&s->unit[k], &s->stored_j[k], request_w, dt_s);
		p->soc[home] += s->stored_j[k] * s->soc_per_j[k];
		p->battery_w[home] += b.ac_w;
		p->net_w[home] += b.ac_w;
		f->step.battery_in_j += fmax(b.ac_w, 0) * dt_s;
		f->step.battery_out_j += fmax(-b.ac_w, 0) * dt_s;
		f->step.charge_j += b.charge_j;
		f->step.discharge_j += b.discharge_j;
		f->step.conversion_j += b.loss_j;
		f->step.leak_j += b.leak_j;
	}
}

void fleet_battery_step(struct fleet *f, double dt_s)
{
	struct fleet_parts *p = f->parts;
	for (size_t i = 0; i < f->n; i++) p->battery_w[i] = 0;
	clear_soc(p);
	for (size_t i = 0; i < p->batteries; i++) step_element(f, &p->battery[i], dt_s);
}

void fleet_battery_free(struct fleet_parts *p)
{
	for (size_t i = 0; i < p->batteries; i++) {
		free(p->battery[i].home);
		free(p->battery[i].unit);
		free(p->battery[i].stored_j);
		free(p->battery[i].soc_per_j);
	}
	free(p->battery);
}
