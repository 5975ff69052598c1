/* What a battery is told to do, in a home, at a data centre, in a microgrid.
 *
 *     none              rests, but for the connection's limits
 *     self-consumption  takes in would-be export, serves would-be import
 *     time-of-use       fills in the cheapest hours before dear ones, serves in the dearest
 *     peak-shaving      keeps import at or below a target
 *     carbon            fills while the grid is clean, serves while it is dirty
 *     look-ahead        follows a plan of the cheapest way through the next hours
 *
 * Every strategy gives an order: a band that the meter is pulled into, and a power that is
 * planned besides. The battery makes of it a request (positive: charge),
 *
 *     request = clamp(net + plan, lo, hi) - net,
 *
 * where net is what the meter would read without the battery, and does of the request what
 * it can. So a surge within a step is met at once, no strategy knows a battery's limits
 * twice, and the limits of the connection are a band like any other, the outermost: at a
 * limit the battery acts first, whatever the strategy.
 *
 * What is alike for all batteries of a site is found once a step (dispatch_step), what
 * depends on a battery's state, in a few operations (dispatch_order). A round trip at a loss
 * is never ordered: time-of-use and carbon count the efficiency of both ways before they
 * fill. Only look-ahead sells what it bought; the others give to the site's own use. */
#ifndef HEARTH_MODELS_CONTROL_DISPATCH_H
#define HEARTH_MODELS_CONTROL_DISPATCH_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/class.h"
#include "models/control/dispatch_carbon.h"
#include "models/control/dispatch_peak.h"
#include "models/control/dispatch_price.h"
#include "models/control/outlook.h"
#include "models/energy/battery.h"
#include "models/step.h"

enum dispatch_kind {
	DISPATCH_NONE,
	DISPATCH_SELF_CONSUMPTION,
	DISPATCH_TIME_OF_USE,
	DISPATCH_PEAK,
	DISPATCH_CARBON,
	DISPATCH_AHEAD,
};
#define DISPATCH_WORDS "none self-consumption time-of-use peak-shaving carbon look-ahead"

enum forecast_kind { FORECAST_YESTERDAY, FORECAST_WEATHER };

struct dispatch_par {
	int kind;              /* enum dispatch_kind */
	double target_w;       /* peak-shaving; NAN: the lowest that held so far */
	double threshold_kg_j; /* carbon; NAN: a quantile of the past */
	double quantile_frac, window_s;
	double horizon_s, interval_s;
	int forecast;            /* enum forecast_kind */
	double error_frac;       /* of what generation is told */
	double carbon_per_tonne; /* look-ahead: money that a tonne counts as */
};

extern const struct class dispatch_class;

/* W; `hi` counts where it is below `lo`. */
struct dispatch_order {
	double plan_w, lo_w, hi_w;
};

/* The connection of a site; INFINITY: none. Both >= 0. */
struct dispatch_limit {
	double import_w, export_w;
};
#define DISPATCH_UNLIMITED ((struct dispatch_limit){ INFINITY, INFINITY })

static inline double dispatch_request_w(
    struct dispatch_order o, struct dispatch_limit limit, double net_w)
{
	double meter_w = net_w + o.plan_w;
	if (meter_w < o.lo_w) meter_w = o.lo_w;
	if (meter_w > o.hi_w) meter_w = o.hi_w;
	if (meter_w < -limit.export_w) meter_w = -limit.export_w;
	if (meter_w > limit.import_w) meter_w = limit.import_w;
	return meter_w - net_w;
}

/* The orders that most strategies choose from. */
#define DISPATCH_REST  ((struct dispatch_order){ 0, -INFINITY, INFINITY })
#define DISPATCH_TAKE  ((struct dispatch_order){ 0, 0, INFINITY })        /* surplus only */
#define DISPATCH_GIVE  ((struct dispatch_order){ 0, -INFINITY, 0 })       /* to own use only */
#define DISPATCH_SERVE ((struct dispatch_order){ 0, 0, 0 })               /* both */
#define DISPATCH_FILL  ((struct dispatch_order){ 0, INFINITY, INFINITY }) /* at the rating */

/* A site's strategy. */
struct dispatch {
	struct dispatch_par par;
	const struct outlook *outlook; /* NULL: kinds that look at no price and no carbon */
	double mean_share;             /* peak-shaving: of this step in a day's running mean */
	bool is_new_month;
	long month, quarter;           /* of the last step; -1: none */
	double import[PRICE_QUARTERS], export[PRICE_QUARTERS]; /* time-of-use: from `quarter` on */
	struct carbon_rule carbon;
};

/* Whether what a site's <dispatch>, if it has one, looks at is there; faults go to e. */
void dispatch_check(const struct object *site, const struct outlook *outlook, struct err_list *e);

/* The <dispatch> under a site, or one of that kind with nothing else to say. d->outlook is
 * set afterwards, and borrowed. */
void dispatch_init(struct dispatch *d, const struct object *site, enum dispatch_kind otherwise);
void dispatch_fini(struct dispatch *d);

/* Once a step, before any order; steps follow each other. */
void dispatch_step(struct dispatch *d, const struct step *st);

/* What time-of-use thinks of a battery's round trip in this step: once for all of one
 * efficiency, with sun behind their meter or without. Of no meaning to other kinds. */
struct price_view dispatch_view(const struct dispatch *d, double eff_frac, bool has_sun);

/* The order for one battery that holds stored_j. peak: what peak-shaving remembers of the
 * meter; NULL where the target is given, and for other kinds. Not for look-ahead, whose
 * orders come from its plan (models/control/ahead.h). */
static inline struct dispatch_order dispatch_order(const struct dispatch *d,
    const struct price_view *view, const struct peak_state *peak, const struct battery *b,
    double stored_j)
{
	switch ((enum dispatch_kind)d->par.kind) {
	case DISPATCH_NONE:
	case DISPATCH_AHEAD:
		break;
	case DISPATCH_SELF_CONSUMPTION:
		return DISPATCH_SERVE;
	case DISPATCH_TIME_OF_USE:
		switch (price_act(view, b, stored_j)) {
		case PRICE_FILL:
			return DISPATCH_FILL;
		case PRICE_SERVE:
			return view->takes ? DISPATCH_SERVE : DISPATCH_GIVE;
		case PRICE_HOLD:
			return view->takes ? DISPATCH_TAKE : DISPATCH_REST;
		}
		break;
	case DISPATCH_PEAK: {
		double target_w = isnan(d->par.target_w) ? peak->target_w : d->par.target_w;
		return (struct dispatch_order){ 0, target_w, target_w };
	}
	case DISPATCH_CARBON:
		switch (carbon_act(&d->carbon, b->eff_frac)) {
		case CARBON_FILL:
			return DISPATCH_FILL;
		case CARBON_SERVE:
			return DISPATCH_SERVE;
		case CARBON_HOLD:
			return DISPATCH_TAKE;
		}
		break;
	}
	return DISPATCH_REST;
}

#endif
