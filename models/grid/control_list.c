#include "models/grid/control_list.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

void control_list_regulator(struct control_list *l, const struct regulator_at *r)
{
	l->regulator =
	    mem_grow(l->regulator, l->regulators, &l->regulator_cap, sizeof *l->regulator);
	l->regulator[l->regulators] = *r;
	l->regulator[l->regulators++].name = mem_text(r->name);
}

void control_list_capacitor(struct control_list *l, const struct capacitor_at *c)
{
	l->capacitor =
	    mem_grow(l->capacitor, l->capacitors, &l->capacitor_cap, sizeof *l->capacitor);
	l->capacitor[l->capacitors] = *c;
	l->capacitor[l->capacitors++].name = mem_text(c->name);
}

void control_list_inverter(struct control_list *l, const struct inverter_at *v)
{
	l->inverter = mem_grow(l->inverter, l->inverters, &l->inverter_cap, sizeof *l->inverter);
	l->inverter[l->inverters] = *v;
	l->inverter[l->inverters++].name = mem_text(v->name);
}

double control_nominal_v(const struct network *n, const uint32_t node[2])
{
	return n->node[node[0]].nominal_v * (node[1] == NET_GROUND ? 1 : sqrt(3));
}

void control_list_free(struct control_list *l)
{
	if (!l) return;
	for (size_t i = 0; i < l->regulators; i++) free(l->regulator[i].name);
	for (size_t i = 0; i < l->capacitors; i++) free(l->capacitor[i].name);
	for (size_t i = 0; i < l->inverters; i++) free(l->inverter[i].name);
	free(l->regulator);
	free(l->capacitor);
	free(l->inverter);
	free(l);
}
