#include "models/site/capex.h"

#include <math.h>

#include "models/compute/node.h"
#include "models/energy/battery.h"
#include "models/energy/vehicle.h"

double capex_of_year(const struct capex_par *p)
{
	double years = p->life_s / CAPEX_YEAR_S;
	if (p->rate_frac == 0) return p->price / years;
	return p->price * p->rate_frac / -expm1(-years * log1p(p->rate_frac));
}

static double pieces(const struct capex_par *p, struct capex_size size)
{
	switch ((enum capex_per)p->per) {
	case CAPEX_PER_KW:
		return size.w / 1000;
	case CAPEX_PER_KWH:
		return size.j / 3.6e6;
	case CAPEX_PER_ONE:
		break;
	}
	return size.units;
}

void capex_add(struct capex_total *t, const struct object *o, struct capex_size size)
{
	const struct object *child = object_child(o, &capex_class);
	if (!child) return;
	const struct capex_par *p = child->par;
	double n = pieces(p, size);
	double cost = n * capex_of_year(p) / CAPEX_YEAR_S, kg = n * p->embodied_kg / p->life_s;
	t->any = true;
	t->cost_per_s += cost;
	t->embodied_kg_per_s += kg;
	if (o->cls != &node_class) return;
	t->any_node = true;
	t->node_cost_per_s += cost;
	t->node_embodied_kg_per_s += kg;
}

static void check(const struct object *o, struct err_list *e)
{
	const struct capex_par *p = o->par;
	const struct class *of = o->parent->cls;
	if (p->per == CAPEX_PER_KWH && of != &battery_class)
		err_at(e, object_attr_pos(o, "per"),
		    "capex: a <%s> has no kWh of its own; write per=\"one\"%s", of->element,
		    of == &node_class || of == &vehicle_class ? "" : " or per=\"kw\"");
	if (p->per == CAPEX_PER_KW && (of == &node_class || of == &vehicle_class))
		err_at(e, object_attr_pos(o, "per"),
		    "capex: a <%s> is bought whole; write per=\"one\"", of->element);
}

static const struct attr attrs[] = {
	ATTR_QTY(struct capex_par, price, "price", DIM_MONEY, REQUIRED, 0, 1e12,
	    "what it costs to buy and install"),
	ATTR_ENUM(struct capex_par, per, "per", "one", "one kw kwh",
	    "what the price and embodied-kg are for: each battery, car, roof or turbine, of a node "
	    "each replica with its devices; a kW of it; a kWh of it"),
	ATTR_QTY(struct capex_par, life_s, "life", DIM_TIME, REQUIRED, 86400, 1e10,
	    "over which it is written off"),
	ATTR_QTY(struct capex_par, rate_frac, "rate", DIM_FRACTION, "0", 0, 1,
	    "interest of a year; 0: straight line"),
	ATTR_QTY(struct capex_par, embodied_kg, "embodied-kg", DIM_NUMBER, "0", 0, 1e9,
	    "carbon dioxide of making it, kg"),
	ATTR_END,
};

const struct class capex_class = {
	.element = "capex",
	.parents = "node battery solar wind vehicle",
	.about = "What hardware costs and what was emitted to make it, spread over its life.",
	.par_size = sizeof(struct capex_par),
	.attrs = attrs,
	.max = 1,
	.check = check,
};
