#include "models/site/cost_state.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/bill.h"
#include "models/grid/carbon.h"
#include "models/grid/tariff.h"
#include "models/metric.h"
#include "models/site/datacentre.h"
#include "models/site/homes.h"
#include "models/site/supply.h"

#define J_PER_KWH 3.6e6

static void check_cover(const struct payer *p, const struct time_par *time, struct err_list *e)
{
	bool endless = isnan(time->duration_s);
	double duration_s = endless ? INFINITY : time->duration_s;
	if (tariff_covers(p->tariff, time->start.utc_s + time->start.zone_s, duration_s)) return;
	err_at(e, object_attr_pos(tariff_object(p->tariff), "series"), "%s", endless
	    ? "tariff: a series has an end and this run has none; write duration= in <time>"
	    : "tariff: the series does not cover the run from start to end");
}

/* The site's own tariff, else the scenario's. */
static struct payer payer_new(const struct object *site, const struct object *scenario,
    const struct time_par *time, uint32_t meters, struct err_list *e)
{
	const struct object *o = object_child(site, &tariff_class);
	if (!o) o = object_child(scenario, &tariff_class);
	struct payer p = { .meters = meters };
	if (!o) return p;
	p.tariff = tariff_new(o, time->start.zone_s, e);
	if (!p.tariff) return p;
	check_cover(&p, time, e);
	p.bills = bills_new(p.tariff, meters);
	return p;
}

static void payer_fini(struct payer *p)
{
	bills_free(p->bills);
	tariff_free(p->tariff);
}

/* from= must be written where there are units, and cannot ask for them where not. */
static void check_from(const struct object *o, int from, bool units, struct err_list *e)
{
	const char *what = o->cls->element;
	if (from == FROM_SUPPLY && !units)
		err_at(e, object_attr_pos(o, "from"),
		    "%s: the <supply> has no <unit> to take it from; add units or write "
		    "from=\"own\"",
		    what);
	if (!object_attr_is_written(o, "from") && units)
		err_at(e, o->pos,
		    "%s: the <supply> has units with a price and carbon of their own; write "
		    "from=\"supply\" for theirs or from=\"own\" for this",
		    what);
}

static void check_sources(const struct object *parent, bool units, struct err_list *e)
{
	const struct object *t = object_child(parent, &tariff_class);
	const struct object *c = object_child(parent, &carbon_class);
	if (t) check_from(t, ((const struct tariff_par *)t->par)->from, units, e);
	if (c) check_from(c, ((const struct carbon_par *)c->par)->from, units, e);
}

static void check_all_sources(const struct object *scenario, struct err_list *e)
{
	const struct object *supply = object_child(scenario, &supply_class);
	const struct object *homes = object_child(scenario, &homes_class);
	bool units = object_child(supply, &unit_class);
	check_sources(scenario, units, e);
	if (homes) check_sources(homes, units, e);
	const struct object *o = object_child(scenario, &datacentre_class);
	for (; o; o = object_next(o)) check_sources(o, units, e);
}

static void check_carbon(
    const struct carbon *c, const struct object *o, const struct time_par *time, struct err_list *e)
{
	bool endless = isnan(time->duration_s);
	double duration_s = endless ? INFINITY : time->duration_s;
	if (carbon_covers(c, time->start.utc_s, duration_s)) return;
	err_at(e, object_attr_pos(o, "series"), "%s", endless
	    ? "carbon: a series has an end and this run has none; write duration= in <time>"
	    : "carbon: the series does not cover the run from start to end");
}

struct cost *cost_new(const struct object *scenario, const struct time_par *time, uint32_t homes,
    struct err_list *e)
{
	struct cost *c = mem_new(1, sizeof *c);
	const struct object *carbon = object_child(scenario, &carbon_class);
	const struct object *street = object_child(scenario, &homes_class);
	if (street) c->homes = payer_new(street, scenario, time, homes, e);
	c->home_node_j = mem_new(homes, sizeof(double));
	c->home_use_j = mem_new(homes, sizeof(double));
	const struct object *o = object_child(scenario, &datacentre_class);
	for (; o; o = object_next(o)) {
		c->centre = mem_resize(c->centre, c->centres + 1, sizeof *c->centre);
		c->centre[c->centres++] = payer_new(o, scenario, time, 1, e);
	}
	if (carbon) c->carbon = carbon_new(carbon, e);
	check_all_sources(scenario, e);
	if (c->carbon) check_carbon(c->carbon, carbon, time, e);
	if (!err_count(e)) return c;
	cost_free(c);
	return NULL;
}

void cost_free(struct cost *c)
{
	if (!c) return;
	payer_fini(&c->homes);
	for (uint32_t i = 0; i < c->centres; i++) payer_fini(&c->centre[i]);
	free(c->centre);
	free(c->home_node_j);
	free(c->home_use_j);
	carbon_free(c->carbon);
	free(c);
}

bool cost_knows_carbon(const struct cost *c)
{
	return c->carbon != NULL;
}

/* Bills a step; the price of the first meter's next joule, which is that of all but for
 * the tiers that they have reached. */
static double bill_step(struct payer *p, const struct step *st, const double *net_w)
{
	double local_s = st->utc_s + st->zone_s;
	bills_add(p->bills, local_s, st->dt_s, net_w);
	return bills_price(p->bills, 0, local_s, st->dt_s).import_per_j;
}

static void bill_homes(struct cost *c, const struct step *st, const struct cost_meters *m,
    struct record_row *row)
{
	if (!c->homes.tariff || !c->homes.meters) return;
	double per_j = bill_step(&c->homes, st, m->home_net_w);
	const double *cost = bills_step_cost(c->homes.bills);
	for (uint32_t h = 0; h < c->homes.meters; h++) {
		double use_j = m->home_use_w[h] * st->dt_s;
		c->home_node_j[h] += m->home_node_j[h];
		c->home_use_j[h] += use_j;
		if (m->home_node_j[h] > 0)
			c->inference += cost[h] * m->home_node_j[h] / use_j;
	}
	row->price_per_kwh = J_PER_KWH * per_j;
}

/* All that a data centre draws is for its nodes, what its battery sells later too; what
 * export earns is in its bill alone. */
static void bill_centres(struct cost *c, const struct step *st, const struct cost_meters *m,
    struct record_row *row)
{
	for (uint32_t i = 0; i < c->centres; i++) {
		if (!c->centre[i].tariff) continue;
		double net_w = m->centre_j[i] / st->dt_s;
		double per_j = bill_step(&c->centre[i], st, &net_w);
		c->inference += bills_step_cost(c->centre[i].bills)[0];
		if (isnan(row->price_per_kwh)) row->price_per_kwh = J_PER_KWH * per_j;
	}
}

static void quote(struct payer *p, double price_per_j)
{
	if (p->tariff && tariff_par(p->tariff)->from == FROM_SUPPLY)
		tariff_quote(p->tariff, price_per_j);
}

/* What the units' dispatch says, to those that ask it. */
static void take_quote(struct cost *c, const struct market_quote *q)
{
	quote(&c->homes, q->price_per_j);
	for (uint32_t i = 0; i < c->centres; i++) quote(&c->centre[i], q->price_per_j);
	if (c->carbon) carbon_quote(c->carbon, q->average_kg_j, q->marginal_kg_j);
}

bool cost_knows_marginal(const struct cost *c)
{
	return c->carbon && carbon_has_marginal(c->carbon);
}

static struct cost_carbon emit(struct cost *c, const struct step *st, double generated_j,
    struct record_row *row)
{
	struct cost_carbon x = {
		.kg_per_j = carbon_mean(c->carbon, st->utc_s, st->zone_s, st->dt_s) };
	row->carbon_g_per_kwh = 1000 * J_PER_KWH * x.kg_per_j;
	c->carbon_kg += fmax(generated_j, 0) * x.kg_per_j;
	if (!carbon_has_marginal(c->carbon)) return x;
	x.marginal_kg_per_j = carbon_marginal(c->carbon, st->utc_s, st->zone_s, st->dt_s);
	row->carbon_marginal_g_per_kwh = 1000 * J_PER_KWH * x.marginal_kg_per_j;
	c->marginal_kg += fmax(generated_j, 0) * x.marginal_kg_per_j;
	return x;
}

struct cost_carbon cost_step(struct cost *c, const struct step *st, const struct cost_meters *m,
    struct record_row *row)
{
	if (m->quote) take_quote(c, m->quote);
	bill_homes(c, st, m, row);
	bill_centres(c, st, m, row);
	if (!c->carbon) return (struct cost_carbon){ 0, 0 };
	return emit(c, st, m->generated_j, row);
}
