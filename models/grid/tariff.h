/* What a site pays for electricity.
 *
 *     <tariff price="0.31 EUR/kWh" export="0.08 EUR/kWh" fixed-per-day="0.45 EUR">
 *       <period from="22 h" to="6 h" price="0.19 EUR/kWh"/>
 *       <period from="17 h" to="20 h" days="weekday" price="0.44 EUR/kWh"/>
 *     </tariff>
 *
 * Times are local. The first period in the file that holds decides, else the
 * tariff's own price. A period whose end is not after its begin runs past
 * midnight and belongs to the day on which it begins. Money is in the currency of
 * the scenario. A step that a boundary cuts is paid exactly in parts, its energy
 * spread evenly over it. */
#ifndef HEARTH_MODELS_GRID_TARIFF_H
#define HEARTH_MODELS_GRID_TARIFF_H

#include "models/class.h"
#include "models/grid/from.h"
#include "models/grid/window.h"

struct tariff_par {
	const char *name;
	double price_per_j;   /* NAN: the periods cover the week, or the supply says */
	double export_per_j;  /* paid for what is given back */
	double fixed_per_day;
	double demand_per_kw; /* for each kW of a calendar month's highest 15-minute mean import */
	int from;             /* enum from: of the price of import */
};

enum days { DAYS_ALL, DAYS_WEEKDAY, DAYS_WEEKEND };

struct period_par {
	double from_s, to_s; /* of the local day */
	int days;            /* enum days: Monday to Friday, Saturday and Sunday */
	double price_per_j;
	double export_per_j; /* NAN: as the tariff's */
};

extern const struct class tariff_class, period_class;

struct tariff; /* a <tariff>, compiled into the slots of a week */

struct tariff *tariff_new(const struct object *o); /* the caller owns it */
void tariff_free(struct tariff *t);                /* takes NULL */

/* From a supply: the price of import from now on, at any time of the week. */
void tariff_quote(struct tariff *t, double import_per_j);

/* Mean prices of [local_s, local_s + dt_s), dt_s > 0; local_s = UTC + zone, as
 * seconds since 1970-01-01T00:00. */
struct tariff_price {
	double import_per_j, export_per_j;
};
struct tariff_price tariff_mean(const struct tariff *t, double local_s, double dt_s);

/* One site's account. Start with bill_init; cost is what is due so far. */
struct bill {
	double import_cost, export_income, fixed_cost, demand_cost;
	struct window quarter; /* of an hour */
	long month;            /* of the highest mean below; -1: none yet */
	double month_peak_w;
};

void bill_init(struct bill *b);

/* Adds a step's import and export, both >= 0. A begun month pays its demand
 * charge whole, as a bill does; the fixed charge is paid by the second. */
void bill_add(struct bill *b, const struct tariff *t, double local_s, double dt_s,
    double import_j, double export_j);

double bill_total(const struct bill *b);

#endif
