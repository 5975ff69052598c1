#include "models/control/outlook.h"

#include <stdlib.h>

#include "base/mem.h"

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
		o->demand_per_kw = ((const struct tariff_par *)tariff->par)->demand_per_kw;
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
