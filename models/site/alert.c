#include "models/site/alert.h"

#include <math.h>

#include "models/grid/carbon.h"

void alert_init(struct alert *a, const struct trigger_par *p, const struct object *site,
    const struct object *scenario, double zone_s, struct err_list *e)
{
	const struct object *carbon = object_child(scenario, &carbon_class);
	*a = (struct alert){
		.trigger = trigger_init(p),
		.outlook = outlook_new(site, scenario, zone_s, e),
		.marginal =
		    carbon && ((const struct carbon_par *)carbon->par)->kind == CARBON_MARGINAL,
		.last = { NAN, NAN, NAN },
	};
}

void alert_fini(struct alert *a)
{
	outlook_free(a->outlook);
}

bool alert_begin(struct alert *a, const struct step *st, double import_w)
{
	struct quote now = outlook_mean(a->outlook, st->utc_s, st->dt_s, a->last);
	const double signal[SIGNALS] = {
		[SIGNAL_PRICE] = now.import_per_j,
		[SIGNAL_CARBON] = now.kg_j,
		[SIGNAL_IMPORT] = import_w,
	};
	return trigger_step(&a->trigger, st->utc_s, st->dt_s, signal);
}

void alert_end(struct alert *a, const struct market_quote *q)
{
	if (!q) return;
	a->last.import_per_j = q->price_per_j;
	a->last.kg_j = a->marginal ? q->marginal_kg_j : q->average_kg_j;
}
