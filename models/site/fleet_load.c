/* The appliances of a street: by the model, or by measured shapes. */
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/fleet_build.h"

/* The file was read once when the scenario was checked: that it can be read
 * again is taken for granted. Each home takes a column by its own draw. */
static void build_measured(struct fleet_builder *b, const struct load_par *par)
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
		struct pcg64 g = fleet_population(b, k, HOMES_LOAD, 0);
		m->column[k] = (uint32_t)(pcg64_unit(&g) * (double)m->shape->columns);
		m->annual_w[k] = dist_draw(&par->annual_j, &g) / (365 * 86400.0);
	}
}

void fleet_load_build(struct fleet_builder *b)
{
	const struct object *o = object_child(b->homes, &load_class);
	bool measured = o && ((const struct load_par *)o->par)->profile;
	if (measured) build_measured(b, o->par);
	size_t n = o && !measured ? b->n : 0;
	struct house *house = mem_new(n, sizeof *house);
	for (size_t k = 0; k < n; k++) {
		const struct load_par *par = o->par;
		struct pcg64 g = fleet_population(b, k, HOMES_LOAD, 0);
		uint64_t who = pcg64_next(&g);
		double annual_j = dist_draw(&par->annual_j, &g);
		house[k] = house_make(par, annual_j, who, fleet_noise_key(b, k, RNG_LOAD));
	}
	house_bank_init(&b->p->load, house, n, b->local_s);
}

void fleet_load_step(struct fleet *f, double local_s, double dt_s, double *load_w)
{
	struct fleet_parts *p = f->parts;
	const struct profile_part *m = &p->measured;
	if (!m->shape) {
		if (!p->load.n) /* a street without <load> */
			for (size_t i = 0; i < f->n; i++) load_w[i] = 0;
		house_bank_step(&p->load, local_s, dt_s, load_w);
		return;
	}
	profile_step(m->shape, local_s, dt_s, m->now);
	for (size_t i = 0; i < f->n; i++) load_w[i] = m->annual_w[i] * m->now[m->column[i]];
}

void fleet_load_free(struct fleet_parts *p)
{
	house_bank_fini(&p->load);
	profile_free(p->measured.shape);
	free(p->measured.column);
	free(p->measured.annual_w);
	free(p->measured.now);
}
