/* Time-of-use: when a round trip through a battery pays.
 *
 * Of the quarters of an hour of the next day, the present one first, with prices p_0, p_1,
 * ... and an efficiency eta each way, so that a joule given needs 1 / eta^2 joules bought:
 * a later quarter k is dear when p_0 < eta^2 p_k, and a refill when p_k < eta^2 p_0. Where a
 * dear quarter comes before any refill, filling pays, in the cheapest quarters before it, as
 * many as it takes, and no more than dear quarters take in before it is cheaper again. Else
 * serving pays, if a refill comes; of the quarters before it the dearest are served, as many
 * as the charge lasts at the rating. Of equal quarters the earlier is taken, but to fill
 * where the site has sun the later, so that sun finds room; and where neither a dear quarter
 * nor a refill comes, sun is the refill. Surplus is stored when eta^2 times the highest price
 * ahead is more than export pays now.
 *
 * What serves while filling pays is a charge beyond what all dearer quarters take in: beyond
 * it by an hour, the longest step, so that no step both fills and serves at one price. */
#ifndef HEARTH_MODELS_CONTROL_DISPATCH_PRICE_H
#define HEARTH_MODELS_CONTROL_DISPATCH_PRICE_H

#include <stdbool.h>

#include "models/control/outlook.h"
#include "models/energy/battery.h"

enum { PRICE_QUARTERS = 96, PRICE_QUARTER_S = 900, PRICE_STEP_MAX_S = 3600 };

struct price_view {
	bool fills, serves, takes; /* what pays now */
	double cheaper_s, dearer_s; /* of better quarters before it is too late */
	double useful_s;            /* of quarters for which filling now pays */
	double gap_s;               /* between what is filled to and what is served from */
};

enum price_act { PRICE_HOLD, PRICE_FILL, PRICE_SERVE };

/* import, export: PRICE_QUARTERS prices each. */
struct price_view price_view(
    const double *import, const double *export, double eff_frac, bool has_sun);

static inline enum price_act price_act(
    const struct price_view *v, const struct battery *b, double stored_j)
{
	double fill_w = b->eff_frac * b->power_w, give_w = b->power_w / b->eff_frac;
	double free_j = stored_j - b->reserve_j;
	bool waits = v->cheaper_s * fill_w >= b->capacity_j - stored_j;
	if (v->fills && !waits && free_j < v->useful_s * give_w) return PRICE_FILL;
	if (v->serves && (v->dearer_s + v->gap_s) * give_w < free_j) return PRICE_SERVE;
	return PRICE_HOLD;
}

#endif
