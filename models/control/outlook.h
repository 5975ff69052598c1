/* Prices and carbon at a site: now, and as far ahead as one asks.
 *
 * A tariff and a <carbon> say what will hold at any time of the run, so what is known ahead
 * is what will be. Those from="supply" are found only as the units run, and have no ahead.
 * Of charges for demand, those that hold at any hour add up; those of some hours only, days or
 * months are told to be there, and counted by nobody who looks ahead. */
#ifndef HEARTH_MODELS_CONTROL_OUTLOOK_H
#define HEARTH_MODELS_CONTROL_OUTLOOK_H

#include <stdbool.h>

#include "models/class.h"
#include "models/grid/carbon.h"
#include "models/grid/tariff.h"

struct outlook {
	struct tariff *tariff; /* NULL: none that is known ahead */
	struct carbon *carbon; /* NULL: the same */
	double demand_per_kw;  /* for a month's highest import at any hour; 0 without */
	double window_s;       /* that means of it are taken over */
	bool has_demand_hours; /* besides, for that of some hours, days or months: not in it */
	double zone_s;
};

/* Means over a time. 0 where there is none. */
struct quote {
	double import_per_j, export_per_j;
	double kg_j;
};

/* The site's own tariff, else the scenario's, and the scenario's <carbon>; faults of their
 * files go to e. The caller frees. */
struct outlook *outlook_new(const struct object *site, const struct object *scenario,
    double zone_s, struct err_list *e);
void outlook_free(struct outlook *o); /* takes NULL */

/* Mean of [utc_s, utc_s + dt_s), dt_s > 0; where a series of prices or carbon has ended, its
 * figures are those of `last`, which without a tariff or carbon are 0. */
struct quote outlook_mean(const struct outlook *o, double utc_s, double dt_s, struct quote last);

#endif
