/* What a site pays for electricity.
 *
 *     <tariff price="0.31 EUR/kWh" export="0.08 EUR/kWh" fixed-per-day="0.45 EUR">
 *       <period from="22 h" to="6 h" price="0.19 EUR/kWh"/>
 *       <period from="17 h" to="20 h" days="weekday" months="nov-feb" price="0.44 EUR/kWh"/>
 *     </tariff>
 *
 * The price of a joule is a sum of up to three parts: that of the first period in the
 * file that holds, else the tariff's own price; a series of prices times its scale (a
 * retail price on top of a wholesale one); and that of the tier which the month's import
 * has reached. Times are local; hours that run past midnight belong to the day on which
 * they begin. Money is in the currency of the scenario. A step that a boundary cuts is
 * paid exactly in parts, its energy spread evenly over it.
 *
 * What is given back is paid for by `export-kind`:
 *     feed-in       its price, at once
 *     net-billing   its price, as a credit
 *     net-metering  the price of import at that time, as a credit; it also lowers the
 *                   month's import that tiers go by
 * A credit pays for energy of its month, not for charges. What is left at the month's end
 * is lost (credit="month"), lasts to the end of the month credit-ends (credit="year") or for
 * good (credit="keep"). models/grid/bill.h keeps the accounts. */
#ifndef HEARTH_MODELS_GRID_TARIFF_H
#define HEARTH_MODELS_GRID_TARIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/class.h"
#include "models/grid/from.h"
#include "models/grid/hours.h"

enum export_kind { EXPORT_FEED_IN, EXPORT_NET_BILLING, EXPORT_NET_METERING };
enum credit { CREDIT_MONTH, CREDIT_YEAR, CREDIT_KEEP };

struct tariff_par {
	const char *name;
	double price_per_j;  /* NAN: the rest says, see tariff_class.c */
	double export_per_j; /* paid for what is given back */
	double export_scale; /* and of the series */
	int export_kind;     /* enum export_kind */
	int credit;          /* enum credit */
	int64_t credit_ends; /* month, 1 to 12 */
	double fixed_per_day, fixed_per_month;
	double demand_per_kw; /* for each kW of a calendar month's highest mean import */
	double window_s;      /* that means are taken over */
	int from;             /* enum from: of the price of import */
	const char *series, *column; /* file; NULL: none */
	double series_per_j;  /* what 1 in the column is; NAN without a series */
	double scale;
	int gaps;             /* enum series_gaps */
	const char *holidays; /* "2024-12-25 2024-12-26"; NULL: none */
};

struct period_par {
	struct hours when;
	double price_per_j;
	double export_per_j; /* NAN: as the tariff's */
};

struct tier_par {
	double up_to_j; /* of a month's import; NAN: the rest */
	double price_per_j;
};

/* Each kW of the month's highest mean import within these hours. */
struct demand_charge_par {
	struct hours when;
	double per_kw;
};

extern const struct class tariff_class, period_class, tier_class, demand_charge_class;

struct tariff; /* compiled into prices of the hours of each kind of day */

/* zone_s: local time minus UTC. Reads the series; NULL when a fault was put into e. The
 * caller owns it; o must outlive it. */
struct tariff *tariff_new(const struct object *o, double zone_s, struct err_list *e);
void tariff_free(struct tariff *t); /* takes NULL */

/* Whether nothing says what energy costs at some time, and the first such. */
bool tariff_gap(const struct object *o, struct hours_day *day, double *of_day_s);

const struct tariff_par *tariff_par(const struct tariff *t);
const struct object *tariff_object(const struct tariff *t);

/* From a supply: the price of import from now on, at any time. */
void tariff_quote(struct tariff *t, double import_per_j);

/* Whether its series covers that time; without a series it covers all. */
bool tariff_covers(const struct tariff *t, double local_s, double duration_s);

/* Mean prices of [local_s, local_s + dt_s), dt_s > 0, covered; local_s = UTC + zone, as
 * seconds since 1970-01-01T00:00. Of any time, so that control can look ahead: periods,
 * seasons and series are known then; a supply's price is taken as the one quoted last.
 * Tiers are not in it (bills_price has them), nor are charges for demand. Under net
 * metering the export's price is the import's. */
struct tariff_price {
	double import_per_j, export_per_j;
};
struct tariff_price tariff_mean(const struct tariff *t, double local_s, double dt_s);

/* What sort of day a local time lies in, for hours_hold. */
struct hours_day tariff_day(const struct tariff *t, double local_s);

/* Tiers by where they begin: tier k holds the part of a month's import from up_to_j of
 * tier k - 1 to that of its own, which of the last is INFINITY. */
struct tier {
	double up_to_j, price_per_j;
};
size_t tariff_tiers(const struct tariff *t, const struct tier **tier); /* 0: none */

#endif
