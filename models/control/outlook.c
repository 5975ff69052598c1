#include "models/control/outlook.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#define DAY_S 86400.0

static bool is_always(const struct hours *h)
{
	bool all_day = fmod(h->to_s - h->from_s, DAY_S) == 0;
	return all_day && h->days == DAYS_ALL && hours_months(h->months) == 0xfff;
}

static void add_demand(struct outlook *o, const struct object *tariff)
{
	const struct tariff_par *par = tariff->par;
	o->demand_per_kw = par->demand_per_kw;
	o->window_s = par->window_s;
	const struct object *c = object_child(tariff, &demand_charge_class);
	for (; c; c = object_next(c)) {
		const struct demand_charge_par *p = c->par;
		if (is_always(&p->when)) o->demand_per_kw += p->per_kw;
		else o->has_demand_hours |= p->per_kw > 0;
	}
}

struct outlook *outlook_new(const struct object *site, const struct object *scenario,
    double zone_s, struct err_list *e)
{
	struct outlook *o = mem_new(1, sizeof *o);
	const struct object *tariff = object_child(site, &tariff_class);
	const struct object *carbon = object_child(scenario, &carbon_class);
	if (!tariff) tariff = object_child(scenario, &tariff_class);
	o->zone_s = zone_s;
	if (tariff && ((const struct tariff_par *)tariff->par)->from == FROM_OWN) {
		o->tariff = tariff_new(tariff, zone_s, e);
		add_demand(o, tariff);
	}
	if (carbon && ((const struct carbon_par *)carbon->par)->from == FROM_OWN)
		o->carbon = carbon_new(carbon, e);
	return o;
}

void outlook_free(struct outlook *o)
{
	if (!o) return;
	tariff_free(o->tariff);
	carbon_free(o->carbon);
	free(o);
}

struct quote outlook_mean(const struct outlook *o, double utc_s, double dt_s, struct quote last)
{
	struct quote q = last;
	double local_s = utc_s + o->zone_s;
	if (o->tariff && tariff_covers(o->tariff, local_s, dt_s)) {
		struct tariff_price p = tariff_mean(o->tariff, local_s, dt_s);
		q.import_per_j = p.import_per_j;
		q.export_per_j = p.export_per_j;
	}
	if (o->carbon && carbon_covers(o->carbon, utc_s, dt_s))
		q.kg_j = carbon_mean(o->carbon, utc_s, o->zone_s, dt_s);
	return q;
}
