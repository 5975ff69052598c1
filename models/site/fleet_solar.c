/* The solar modules of a street. */
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/fleet_build.h"

void fleet_solar_build(struct fleet_builder *b)
{
	struct fleet_parts *p = b->p;
	p->solars = fleet_elements(b, &solar_class);
	p->solar = mem_new(p->solars, sizeof *p->solar);
	for (size_t i = 0; i < p->solars; i++) {
		struct solar_part *s = &p->solar[i];
		s->par = fleet_element(b, &solar_class, i)->par;
		size_t n = fleet_pick(b, &solar_class, HOMES_SOLAR, i, &s->home);
		pv_bank_init(&s->pv, n);
		cloud_bank_init(&s->cloud, n);
		for (size_t k = 0; k < n; k++) {
			struct pcg64 g = fleet_population(b, s->home[k], HOMES_SOLAR, i);
			double capacity_w = dist_draw(&s->par->capacity_w, &g);
			double tilt_rad = dist_draw(&s->par->tilt_rad, &g);
			double azimuth_rad = dist_draw(&s->par->azimuth_rad, &g);
			pv_bank_set(&s->pv, k, capacity_w, tilt_rad, azimuth_rad);
			s->cloud.key[k] = fleet_noise_key(b, s->home[k], RNG_CLOUD);
		}
		cloud_bank_start(&s->cloud, b->utc_s);
	}
}

static void step_element(struct fleet *f, struct solar_part *s, double dt_s)
{
	struct fleet_parts *p = f->parts;
	if (p->sky.series)
		cloud_bank_clear(&s->cloud);
	else
		cloud_bank_step(&p->sky.law, &s->cloud, &p->sky.ticks);
	pv_bank_step(s->par, &s->pv, &p->sky, s->cloud.index);
	double dc_w = 0, ac_w = 0;
	for (size_t k = 0; k < s->pv.n; k++) {
		p->pv_w[s->home[k]] += s->pv.ac_w[k];
		dc_w += s->pv.dc_w[k];
		ac_w += s->pv.ac_w[k];
	}
	f->step.pv_dc_j += dc_w * dt_s;
	f->step.pv_ac_j += ac_w * dt_s;
	f->step.conversion_j += (dc_w - ac_w) * dt_s;
}

void fleet_solar_step(struct fleet *f, double dt_s)
{
	struct fleet_parts *p = f->parts;
	for (size_t i = 0; i < f->n; i++) p->pv_w[i] = 0;
	for (size_t i = 0; i < p->solars; i++) step_element(f, &p->solar[i], dt_s);
}

void fleet_solar_free(struct fleet_parts *p)
{
	for (size_t i = 0; i < p->solars; i++) {
		pv_bank_fini(&p->solar[i].pv);
		cloud_bank_fini(&p->solar[i].cloud);
		free(p->solar[i].home);
	}
	free(p->solar);
}
