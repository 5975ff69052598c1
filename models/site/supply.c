#include "models/site/supply.h"

#include <math.h>

#include "models/grid/series.h"
#include "models/site/swing.h"

static const struct attr supply_attrs[] = {
	/* CEER, 2nd Report on Power Losses (2020): transmission losses of European
	 * countries lie between 0.9 and 2.8 % of the energy injected. */
	ATTR_QTY(struct supply_par, loss_frac, "loss", DIM_FRACTION, "2 %", 0, 0.5,
	    "share of what is generated that the transmission grid loses before the meter"),
	ATTR_QTY(struct supply_par, scarcity_per_j, "scarcity", DIM_MONEY_PER_ENERGY, OPTIONAL, 0,
	    1, "price while the units cannot serve the demand; the dearest unit's cost when absent"),
	ATTR_END,
};

static void check_needs_unit(
    const struct object *o, const struct object *unit, struct err_list *e)
{
	if (o && !unit)
		err_at(e, o->pos, "%s: a supply without a <unit> is inexhaustible; add units",
		    o->cls->element);
}

static void check_supply(const struct object *o, struct err_list *e)
{
	const struct object *unit = object_child(o, &unit_class);
	const struct object *demand = object_child(o, &demand_class);
	if (unit && !demand)
		err_at(e, unit->pos,
		    "unit: the units of a <supply> need a <demand> beside the scenario's own; "
		    "power=\"0 W\" when there is none");
	check_needs_unit(object_child(o, &frequency_class), unit, e);
	check_needs_unit(object_child(o, &contingency_class), unit, e);
	if (demand && !unit)
		err_at(e, demand->pos, "demand: nobody serves it; add a <unit> to the <supply>");
	if (!unit && !isnan(((const struct supply_par *)o->par)->scarcity_per_j))
		err_at(e, object_attr_pos(o, "scarcity"),
		    "supply: without a <unit> nothing is ever scarce; add units or leave it out");
}

const struct class supply_class = {
	.element = "supply", .parents = "scenario",
	.about = "The bulk grid above every meter: inexhaustible, or with units, which then give "
		 "price and carbon by merit order.",
	.par_size = sizeof(struct supply_par), .attrs = supply_attrs, .max = 1, .implied = true,
	.check = check_supply,
};

static const struct attr unit_attrs[] = {
	ATTR_TEXT(struct unit_par, name, "name", REQUIRED, "name of the kind"),
	ATTR_QTY(struct unit_par, capacity_w, "capacity", DIM_POWER, REQUIRED, 1, 1e12,
	    "what each of them can generate"),
	ATTR_INT(struct unit_par, count, "count", "1", 1, 1000000, "how many there are"),
	ATTR_QTY(struct unit_par, cost_per_j, "cost", DIM_MONEY_PER_ENERGY, REQUIRED, -1e-3, 1e-3,
	    "what a unit of energy costs to generate, without the plant: the units run in the "
	    "order of it"),
	ATTR_QTY(struct unit_par, carbon_kg_j, "emission", DIM_CARBON_PER_ENERGY, REQUIRED, 0, 1e-6,
	    "carbon dioxide by energy generated"),
	ATTR_QTY(struct unit_par, ramp_per_s, "ramp", DIM_RATE, OPTIONAL, 1e-9, 1e3,
	    "share of the capacity by which the output moves in a time, up or down, as \"0.05 "
	    "1/min\"; at once when absent"),
	ATTR_FILE(struct unit_par, availability, "availability", OPTIONAL,
	    "CSV of hour,share: how much of the capacity there is over the local day, of wind or "
	    "sun"),
	ATTR_TEXT(struct unit_par, source, "source", OPTIONAL, "where its figures come from"),
	ATTR_END,
};

const struct class unit_class = {
	.element = "unit",
	.parents = "supply",
	.about = "Generators of the bulk system that are alike.",
	.par_size = sizeof(struct unit_par),
	.attrs = unit_attrs,
};

static void check_demand(const struct object *o, struct err_list *e)
{
	const struct demand_par *p = o->par;
	if (isnan(p->power_w) == !p->series)
		err_at(e, o->pos, p->series ?
		    "demand: a series gives the power; leave one of the two out" :
		    "demand: write power=\"...\" or series=\"...\"");
	if (p->shape && p->series)
		err_at(e, object_attr_pos(o, "shape"),
		    "demand: a series has its own shape; leave one of the two out");
}

static const struct attr demand_attrs[] = {
	ATTR_QTY(struct demand_par, power_w, "power", DIM_POWER, OPTIONAL, 0, 1e13,
	    "on average over the day"),
	ATTR_FILE(struct demand_par, shape, "shape", OPTIONAL,
	    "CSV of hour,relative: how the power goes over the local day"),
	ATTR_FILE(struct demand_par, series, "series", OPTIONAL,
	    "CSV of utc,mw in any regular step, instead of a power"),
	SERIES_GAPS_ATTR(struct demand_par, gaps),
	ATTR_END,
};

const struct class demand_class = {
	.element = "demand",
	.parents = "supply",
	.about = "What all others draw from the bulk system, with their losses; the scenario's "
		 "own sites add to it.",
	.par_size = sizeof(struct demand_par),
	.attrs = demand_attrs,
	.max = 1,
	.check = check_demand,
};
