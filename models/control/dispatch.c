#include "models/control/dispatch.h"

#include <time.h>

#define DAY_S 86400.0

static const struct attr attrs[] = {
	ATTR_ENUM(struct dispatch_par, kind, "kind", REQUIRED, DISPATCH_WORDS,
	    "what the site's batteries do"),
	ATTR_QTY(struct dispatch_par, target_w, "target", DIM_POWER, OPTIONAL, 0, 1e10,
	    "import that peak-shaving keeps to, at each meter; when absent, the lowest that held "
	    "so far in the month"),
	ATTR_QTY(struct dispatch_par, threshold_kg_j, "threshold", DIM_CARBON_PER_ENERGY, OPTIONAL,
	    0, 1e-6, "intensity below which carbon fills; when absent, the quantile"),
	ATTR_QTY(struct dispatch_par, quantile_frac, "quantile", DIM_FRACTION, "50 %", 0, 1,
	    "of the intensities of the window: the threshold of carbon"),
	ATTR_QTY(struct dispatch_par, window_s, "window", DIM_TIME, "24 h", 3600, 8784 * 3600.0,
	    "past that the quantile is of, in whole hours"),
	ATTR_QTY(struct dispatch_par, horizon_s, "horizon", DIM_TIME, "24 h", 3600, 168 * 3600.0,
	    "how far look-ahead plans"),
	ATTR_QTY(struct dispatch_par, interval_s, "interval", DIM_TIME, "1 h", 60, 3600,
	    "in which it plans, and after which it plans anew; a day is a whole number of them"),
	ATTR_ENUM(struct dispatch_par, forecast, "forecast", "yesterday", "yesterday weather",
	    "what look-ahead expects of sun and wind: what they gave at that time a day before, or, "
	    "in a data centre, what the weather of the run will give; of the load always the "
	    "former"),
	ATTR_QTY(struct dispatch_par, error_frac, "error", DIM_FRACTION, "0", 0, 1,
	    "relative error of what it expects of the weather, standard deviation by interval"),
	ATTR_QTY(struct dispatch_par, carbon_per_tonne, "carbon-per-tonne", DIM_MONEY, "0 EUR", 0,
	    1e6, "what a tonne of carbon dioxide counts in its plan; no bill shows it"),
	ATTR_END,
};

static void refuse(const struct object *o, const char *attr, const char *kind, struct err_list *e)
{
	if (object_attr_is_written(o, attr))
		err_at(e, object_attr_pos(o, attr),
		    "dispatch: %s= is for kind=\"%s\"; leave it out or change the kind", attr,
		    kind);
}

/* An attribute that the kind does not look at would be without effect, silently. */
static void check_dispatch(const struct object *o, struct err_list *e)
{
	const struct dispatch_par *p = o->par;
	if (p->kind != DISPATCH_PEAK) refuse(o, "target", "peak-shaving", e);
	if (p->kind != DISPATCH_CARBON) {
		refuse(o, "threshold", "carbon", e);
		refuse(o, "quantile", "carbon", e);
		refuse(o, "window", "carbon", e);
	}
	if (p->kind != DISPATCH_AHEAD) {
		refuse(o, "horizon", "look-ahead", e);
		refuse(o, "interval", "look-ahead", e);
		refuse(o, "forecast", "look-ahead", e);
		refuse(o, "error", "look-ahead", e);
		refuse(o, "carbon-per-tonne", "look-ahead", e);
		return;
	}
	double in_day = DAY_S / p->interval_s, in_horizon = p->horizon_s / p->interval_s;
	if (fabs(in_day - round(in_day)) > 1e-9 || fabs(in_horizon - round(in_horizon)) > 1e-9)
		err_at(e, object_attr_pos(o, "interval"),
		    "dispatch: a day and the horizon are to be whole numbers of intervals; write "
		    "interval=\"15 min\" or \"1 h\"");
	if (p->error_frac > 0 && p->forecast != FORECAST_WEATHER)
		err_at(e, object_attr_pos(o, "error"),
		    "dispatch: error= is of what the weather is expected to give; write "
		    "forecast=\"weather\" or leave it out");
}

const struct class dispatch_class = {
	.element = "dispatch",
	.parents = "homes datacentre",
	.about =
	    "What batteries do, and by what they decide it. Without one homes follow <policy>, and a "
	    "data centre's batteries serve its own use. A look-ahead's plan counts charges for demand "
	    "that hold at all hours, not those of some; the batteries of a home act as one, by a "
	    "plan of its own that knows no charge for demand; plans of "
	    "24 hours in hours for 10000 homes take 3 s of a processor's time for each day of the run, "
	    "in quarters of an hour 40 s.",
	.par_size = sizeof(struct dispatch_par),
	.attrs = attrs,
	.max = 1,
	.check = check_dispatch,
};

void dispatch_check(const struct object *site, const struct outlook *outlook, struct err_list *e)
{
	const struct object *o = object_child(site, &dispatch_class);
	if (!o) return;
	int kind = ((const struct dispatch_par *)o->par)->kind;
	bool wants_price = kind == DISPATCH_TIME_OF_USE || kind == DISPATCH_AHEAD;
	if (wants_price && !outlook->tariff)
		err_at(e, object_attr_pos(o, "kind"),
		    "dispatch: there is no price that is known ahead; add a <tariff> that is not "
		    "from=\"supply\"");
	if (kind == DISPATCH_CARBON && !outlook->carbon)
		err_at(e, object_attr_pos(o, "kind"),
		    "dispatch: there is no carbon that can be looked at; add a <carbon> that is "
		    "not from=\"supply\"");
}

void dispatch_init(struct dispatch *d, const struct object *site, enum dispatch_kind otherwise)
{
	const struct object *o = object_child(site, &dispatch_class);
	*d = (struct dispatch){ .par.kind = (int)otherwise, .month = -1, .quarter = -1 };
	if (!o) return;
	d->par = *(const struct dispatch_par *)o->par;
	if (d->par.kind == DISPATCH_CARBON)
		carbon_rule_init(
		    &d->carbon, d->par.threshold_kg_j, d->par.quantile_frac, d->par.window_s);
}

void dispatch_fini(struct dispatch *d)
{
	carbon_rule_fini(&d->carbon);
}

static void step_peak(struct dispatch *d, const struct step *st)
{
	struct tm tm;
	time_t t = (time_t)floor(st->utc_s + st->zone_s);
	gmtime_r(&t, &tm);
	long month = 12L * tm.tm_year + tm.tm_mon;
	d->is_new_month = month != d->month;
	d->month = month;
	d->mean_share = -expm1(-st->dt_s / DAY_S);
}

static void step_prices(struct dispatch *d, const struct step *st)
{
	long quarter = (long)floor(st->utc_s / PRICE_QUARTER_S);
	if (quarter == d->quarter) return;
	d->quarter = quarter;
	struct quote q = { 0 };
	for (int k = 0; k < PRICE_QUARTERS; k++) {
		double utc_s = (double)(quarter + k) * PRICE_QUARTER_S;
		q = outlook_mean(d->outlook, utc_s, PRICE_QUARTER_S, q);
		d->import[k] = q.import_per_j;
		d->export[k] = q.export_per_j;
	}
}

static void step_carbon(struct dispatch *d, const struct step *st)
{
	double hour_s = 3600 * floor(st->utc_s / 3600);
	struct quote now = outlook_mean(d->outlook, st->utc_s, st->dt_s, (struct quote){ 0 });
	struct quote hour = outlook_mean(d->outlook, hour_s, 3600, now);
	carbon_rule_step(&d->carbon, st->utc_s, hour.kg_j, now.kg_j);
}

void dispatch_step(struct dispatch *d, const struct step *st)
{
	switch ((enum dispatch_kind)d->par.kind) {
	case DISPATCH_NONE:
	case DISPATCH_SELF_CONSUMPTION:
	case DISPATCH_AHEAD:
		break;
	case DISPATCH_PEAK:
		step_peak(d, st);
		break;
	case DISPATCH_TIME_OF_USE:
		step_prices(d, st);
		break;
	case DISPATCH_CARBON:
		step_carbon(d, st);
		break;
	}
}

struct price_view dispatch_view(const struct dispatch *d, double eff_frac, bool has_sun)
{
	if (d->par.kind != DISPATCH_TIME_OF_USE) return (struct price_view){ 0 };
	return price_view(d->import, d->export, eff_frac, has_sun);
}
