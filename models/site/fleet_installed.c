/* How much of each element a street has. */
#include "models/site/fleet_parts.h"

#include "models/compute/node.h"

static struct capex_size of_solar(const struct solar_part *s)
{
	struct capex_size size = { .units = (double)s->pv.n };
	for (size_t k = 0; k < s->pv.n; k++) size.w += s->pv.capacity_w[k];
	return size;
}

static struct capex_size of_battery(const struct battery_part *s)
{
	struct capex_size size = { .units = (double)s->n };
	for (size_t k = 0; k < s->n; k++) {
		size.w += s->unit[k].cells.power_w;
		size.j += s->unit[k].nominal_j;
	}
	return size;
}

static struct capex_size of_node(const struct fleet *f, const struct object *o)
{
	double homes = 0;
	for (size_t h = 0; h < f->n; h++) homes += fleet_node(f, h) == o;
	return (struct capex_size){ .units = homes * (double)((const struct node_par *)o->par)->count };
}

struct capex_size fleet_installed(const struct fleet *f, const struct object *o)
{
	const struct fleet_parts *p = f->parts;
	if (o->cls == &solar_class) return of_solar(&p->solar[object_index(o)]);
	if (o->cls == &battery_class) return of_battery(&p->battery[object_index(o)]);
	if (o->cls == &vehicle_class)
		return (struct capex_size){ .units = (double)p->vehicle[object_index(o)].n };
	return of_node(f, o);
}
