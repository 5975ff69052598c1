/* How tariffs are written. */
#include "models/grid/tariff.h"

#include <math.h>
#include <string.h>

#include "models/grid/instant.h"
#include "models/grid/series.h"

#define DAY_S 86400.0

static void check_from_supply(const struct object *o, struct err_list *e)
{
	const struct tariff_par *p = o->par;
	if (!isnan(p->price_per_j) || p->series || object_child(o, &period_class) ||
	    object_child(o, &tier_class))
		err_at(e, o->pos,
		    "tariff: the units of the <supply> give the price; leave price=, series=, "
		    "<period> and <tier> out or write from=\"own\"");
}

/* Without a price of its own, a series or tiers the periods must leave no gap. */
static void check_gap(const struct object *o, struct err_list *e)
{
	static const char *const month[] = { "January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December" };
	struct hours_day day;
	double of_day_s;
	if (tariff_gap(o, &day, &of_day_s))
		err_at(e, o->pos,
		    "tariff: no period gives a price for a %s in %s from %g h; write "
		    "price=\"...\" for the rest of the time",
		    day.weekend ? "weekend" : "weekday", month[day.month], of_day_s / 3600);
}

static void check_series(const struct object *o, struct err_list *e)
{
	const struct tariff_par *p = o->par;
	if (isnan(p->series_per_j) == !p->series) return;
	err_at(e, object_attr_pos(o, p->series ? "series" : "series-unit"), p->series
	    ? "tariff: what is 1 in the series' column? write series-unit=\"1 EUR/MWh\" or the like"
	    : "tariff: series-unit= is for a series; write series=\"...\" or leave it out");
}

static void check_export(const struct object *o, struct err_list *e)
{
	const struct tariff_par *p = o->par;
	if (p->export_kind == EXPORT_NET_METERING && (p->export_per_j != 0 || p->export_scale != 0))
		err_at(e, object_attr_pos(o, "export-kind"),
		    "tariff: net metering credits the price of import; leave export= and "
		    "export-scale= out");
	if (p->export_kind == EXPORT_FEED_IN && p->credit != CREDIT_MONTH)
		err_at(e, object_attr_pos(o, "credit"),
		    "tariff: a feed-in is paid at once and leaves no credit; write "
		    "export-kind=\"net-billing\" or \"net-metering\", or leave credit= out");
	if (p->export_scale != 0 && !p->series)
		err_at(e, object_attr_pos(o, "export-scale"),
		    "tariff: there is no series to scale; write export=\"...\" instead");
}

/* Tiers ascend, and the last has no end. */
static void check_tiers(const struct object *o, struct err_list *e)
{
	double last_j = 0;
	for (const struct object *c = object_child(o, &tier_class); c; c = object_next(c)) {
		const struct tier_par *p = c->par;
		bool is_last = !object_next(c);
		if (isnan(p->up_to_j) != is_last)
			err_at(e, c->pos, is_last
			    ? "tier: what does energy beyond it cost? leave up-to= of the last tier out"
			    : "tier: only the last has no end; write up-to=\"100 kWh\" or the like");
		else if (!is_last && p->up_to_j <= last_j)
			err_at(e, object_attr_pos(c, "up-to"),
			    "tier: ends at %g kWh, not above the one before; write tiers in "
			    "ascending order", p->up_to_j / 3.6e6);
		last_j = p->up_to_j;
	}
}

static void check_window(const struct object *o, struct err_list *e)
{
	double window_s = ((const struct tariff_par *)o->par)->window_s;
	if (fmod(DAY_S, window_s) != 0)
		err_at(e, object_attr_pos(o, "demand-window"),
		    "tariff: a day is no whole number of windows of %g min; write 15 min, 30 min "
		    "or the like", window_s / 60);
	const struct object *c = object_child(o, &demand_charge_class);
	for (; c; c = object_next(c)) {
		const struct hours *h = &((const struct demand_charge_par *)c->par)->when;
		if (fmod(h->from_s, window_s) != 0 || fmod(h->to_s, window_s) != 0)
			err_at(e, c->pos,
			    "demand-charge: begins or ends within a window of %g min, over which "
			    "means are taken; write times between two", window_s / 60);
	}
}

static void check_holidays(const struct object *o, struct err_list *e)
{
	const char *s = ((const struct tariff_par *)o->par)->holidays;
	while (s && *(s += strspn(s, " "))) {
		int size = (int)strcspn(s, " ");
		long day;
		if (!instant_parse_day(s, size, &day))
			err_at(e, object_attr_pos(o, "holidays"),
			    "tariff: holidays: '%.*s' is no day; write 2024-12-25, with spaces "
			    "between days", size, s);
		s += size;
	}
}

static void check_tariff(const struct object *o, struct err_list *e)
{
	size_t before = err_count(e);
	check_series(o, e);
	check_export(o, e);
	check_tiers(o, e);
	check_window(o, e);
	check_holidays(o, e);
	if (((const struct tariff_par *)o->par)->from == FROM_SUPPLY) check_from_supply(o, e);
	else if (err_count(e) == before) check_gap(o, e);
}

static const struct attr tariff_attrs[] = {
	ATTR_TEXT(struct tariff_par, name, "name", "tariff", "what reports call it"),
	ATTR_QTY(struct tariff_par, price_per_j, "price", DIM_MONEY_PER_ENERGY, OPTIONAL, -1e-3,
	    1e-3, "price of imported energy outside all periods; series and tiers add to it"),
	ATTR_QTY(struct tariff_par, export_per_j, "export", DIM_MONEY_PER_ENERGY, "0 EUR/kWh",
	    -1e-3, 1e-3, "price that is paid for exported energy"),
	ATTR_ENUM(struct tariff_par, export_kind, "export-kind", "feed-in",
	    "feed-in net-billing net-metering",
	    "how export is paid for: its price at once; its price as a credit for imported "
	    "energy; the price of import as such a credit"),
	ATTR_ENUM(struct tariff_par, credit, "credit", "month", "month year keep",
	    "how long credits last: to the end of their month, of the month credit-ends, for good"),
	ATTR_INT(struct tariff_par, credit_ends, "credit-ends", "12", 1, 12,
	    "month of the year at whose end credits of credit=\"year\" are lost"),
	ATTR_QTY(struct tariff_par, fixed_per_day, "fixed-per-day", DIM_MONEY, "0 EUR", 0, 1e9,
	    "standing charge of a day"),
	ATTR_QTY(struct tariff_par, fixed_per_month, "fixed-per-month", DIM_MONEY, "0 EUR", 0, 1e9,
	    "standing charge of a calendar month; a part of one pays by its length"),
	ATTR_QTY(struct tariff_par, demand_per_kw, "demand-per-kw", DIM_MONEY, "0 EUR", 0, 1e6,
	    "charge for each kW of a calendar month's highest mean import"),
	ATTR_QTY(struct tariff_par, window_s, "demand-window", DIM_TIME, "15 min", 60, 86400,
	    "over which the means of charges for demand are taken"),
	ATTR_FILE(struct tariff_par, series, "series", OPTIONAL,
	    "CSV of utc and prices in any regular step, which are added to price="),
	ATTR_TEXT(struct tariff_par, column, "column", "price", "column of prices in the series"),
	ATTR_QTY(struct tariff_par, series_per_j, "series-unit", DIM_MONEY_PER_ENERGY, OPTIONAL,
	    1e-12, 1e-3, "what a 1 in that column is, as \"1 EUR/MWh\""),
	ATTR_QTY(struct tariff_par, scale, "scale", DIM_NUMBER, "1", -100, 100,
	    "factor of the series in the price of imported energy"),
	ATTR_QTY(struct tariff_par, export_scale, "export-scale", DIM_NUMBER, "0", -100, 100,
	    "factor of the series in the price of exported energy"),
	SERIES_GAPS_ATTR(struct tariff_par, gaps),
	ATTR_TEXT(struct tariff_par, holidays, "holidays", OPTIONAL,
	    "days that count as weekend, as \"2024-12-25 2024-12-26\""),
	FROM_ATTR(struct tariff_par, from, "price of imported energy"),
	ATTR_END,
};

const struct class tariff_class = {
	.element = "tariff",
	.parents = "scenario homes datacentre",
	.about = "What electricity costs: flat, by time of use and season, by tiers, by a series of "
		 "prices or a sum of these, with pay for export, standing and demand charges.",
	.par_size = sizeof(struct tariff_par),
	.attrs = tariff_attrs,
	.max = 1,
	.check = check_tariff,
};

static void check_period(const struct object *o, struct err_list *e)
{
	hours_check(&((const struct period_par *)o->par)->when, o, e);
}

static const struct attr period_attrs[] = {
	HOURS_ATTRS(struct period_par),
	ATTR_QTY(struct period_par, price_per_j, "price", DIM_MONEY_PER_ENERGY, REQUIRED, -1e-3,
	    1e-3, "price of imported energy; series and tiers add to it"),
	ATTR_QTY(struct period_par, export_per_j, "export", DIM_MONEY_PER_ENERGY, OPTIONAL, -1e-3,
	    1e-3, "price that is paid for exported energy; the tariff's when absent"),
	ATTR_END,
};

const struct class period_class = {
	.element = "period",
	.parents = "tariff",
	.about = "Hours of days and months with a price of their own.",
	.par_size = sizeof(struct period_par),
	.attrs = period_attrs,
	.check = check_period,
};

static const struct attr tier_attrs[] = {
	ATTR_QTY(struct tier_par, up_to_j, "up-to", DIM_ENERGY, OPTIONAL, 1, 1e18,
	    "import of a calendar month at which it ends; absent of the last"),
	ATTR_QTY(struct tier_par, price_per_j, "price", DIM_MONEY_PER_ENERGY, REQUIRED, -1e-3, 1e-3,
	    "part of the price of energy within it; that of the tariff adds to it"),
	ATTR_END,
};

const struct class tier_class = {
	.element = "tier",
	.parents = "tariff",
	.about = "A block of each calendar month's import with a price of its own.",
	.par_size = sizeof(struct tier_par),
	.attrs = tier_attrs,
};

static void check_demand_charge(const struct object *o, struct err_list *e)
{
	hours_check(&((const struct demand_charge_par *)o->par)->when, o, e);
}

static const struct attr demand_charge_attrs[] = {
	HOURS_ATTRS(struct demand_charge_par),
	ATTR_QTY(struct demand_charge_par, per_kw, "per-kw", DIM_MONEY, REQUIRED, 0, 1e6,
	    "charge for each kW of a calendar month's highest mean import within these hours"),
	ATTR_END,
};

const struct class demand_charge_class = {
	.element = "demand-charge",
	.parents = "tariff",
	.about = "A charge for the highest import of each month within some hours.",
	.par_size = sizeof(struct demand_charge_par),
	.attrs = demand_charge_attrs,
	.check = check_demand_charge,
};
