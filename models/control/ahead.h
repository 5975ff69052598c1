/* Look-ahead: a plan made anew at each of its intervals, of which the first is followed.
 *
 * What the site will use is taken to be what it used at the same time of the day before;
 * on the first day, the mean so far; at the very first, what it uses just then. Generation is
 * either forecast in the same way or, where the caller knows the weather of the run, told,
 * with an error asked for: each interval's times max(0, 1 + error z), z a normal number of
 * the seed and the interval, the same whenever it is asked for. Prices and carbon are known (models/control/outlook.h).
 *
 * The charge at the end of the horizon counts at the mean price of import ahead, less the
 * loss of taking it out. A month's peak so far is paid for: only above it a demand charge
 * counts. Charges of some hours, days or months only count in no plan.
 *
 * The interval that has begun is met by an order, for what happens is not what was planned:
 *
 *     the meter was to read 0        the battery keeps it there
 *     it was to draw                 the battery does as planned, and takes any surplus
 *     it was to give                 the battery does as planned, and draws nothing to charge
 *
 * Under a demand charge the meter is kept below the planned peak besides. Where no plan keeps
 * the connection's limits, self-consumption holds for the interval, and it is counted. */
#ifndef HEARTH_MODELS_CONTROL_AHEAD_H
#define HEARTH_MODELS_CONTROL_AHEAD_H

#include "models/control/dispatch.h"
#include "models/control/plan.h"
#include "models/grid/window.h"

/* Means of each interval of the day before. */
struct forecast {
	size_t slots;      /* intervals of a day */
	double interval_s;
	double *mean_w;    /* [slots]; NAN: not seen yet */
	long now;          /* interval since 1970 that is being seen */
	double sum_j, sum_s; /* of it */
	double all_j, all_s; /* so far */
	double first_w;      /* expected while nothing was seen */
};

void forecast_init(struct forecast *f, double interval_s);
void forecast_fini(struct forecast *f);

/* A mean power that was seen in a step, which lies in one interval. */
void forecast_see(struct forecast *f, double utc_s, double dt_s, double w);
double forecast_w(const struct forecast *f, double utc_s); /* of the interval at that time */

struct ahead {
	const struct dispatch_par *par;
	const struct outlook *outlook;
	struct dispatch_limit limit;
	uint64_t noise_key;
	struct plan plan;      /* the last */
	struct forecast use, made; /* used; generated, >= 0 */
	long interval;         /* since 1970, that the plan begins with */
	struct dispatch_order order;
	struct window window;  /* of import, as charges for demand take means */
	long month;
	double month_peak_w;
	long plans, infeasible;
};

void ahead_init(struct ahead *a, const struct dispatch_par *par, const struct outlook *outlook,
    struct dispatch_limit limit, uint64_t noise_key);
void ahead_fini(struct ahead *a);

/* Whether the step begins an interval that is not planned yet. */
bool ahead_is_due(const struct ahead *a, const struct step *st);

/* Plans from that step on, in which the site uses use_w and generates now_w. made_w: what
 * will be generated in each interval of par->horizon_s; NULL: as the day before. */
void ahead_plan(struct ahead *a, const struct step *st, const struct battery *b, double stored_j,
    double use_w, double now_w, const double *made_w);

/* After each step: what the site used and generated, and what its meter read. */
void ahead_see(struct ahead *a, const struct step *st, double use_w, double made_w, double meter_w);

/* How the first interval of a plan is followed. */
struct dispatch_order ahead_order(const struct plan *p);

/* The interval since 1970 that a time lies in. */
long ahead_interval(double utc_s, double interval_s);

/* Prices of the plan's intervals, the first of which is that one, carbon's included;
 * returns the mean price of import. */
double ahead_prices(struct plan *p, const struct dispatch_par *par, const struct outlook *outlook,
    long interval);

/* What the plan is for, and what its charge is worth at the end. */
void ahead_battery(struct plan *p, const struct battery *b, double stored_j, double mean_per_j);

/* Whether an interval holds whole steps; faults go to e. */
void ahead_check(const struct object *dispatch, double step_s, struct err_list *e);

#endif
