/* Look-ahead of many meters under one tariff, as of a street's homes.
 *
 * As models/control/ahead.h, but for what a single site can afford: each meter's net power,
 * sun and all, is taken to be what it was at the same time of the day before, the plan is
 * made by dynamic programming (models/control/plan.h), which knows no demand charge, and
 * what a meter would give back counts as generation that may be curtailed.
 *
 * A meter costs 4 bytes for each interval of a day, 40 besides, and a plan an interval: of
 * 24 hours in hours 11 us of one processor, in quarters of an hour 40 us (bench/engine/plan.c,
 * of a home with sun under two prices). */
#ifndef HEARTH_MODELS_CONTROL_AHEAD_BANK_H
#define HEARTH_MODELS_CONTROL_AHEAD_BANK_H

#include "models/control/ahead.h"

struct ahead_bank {
	const struct dispatch_par *par;
	struct dispatch_limit limit; /* of each meter */
	size_t n, slots;             /* meters; intervals of a day */
	float *mean_w;               /* [n][slots] of the day before; NAN: not seen yet */
	double *sum_j, *all_j;       /* [n] of the interval under way; of all before it */
	double sum_s, all_s;         /* that they took */
	struct dispatch_order *order; /* [n] until the next plan */
	struct plan plan;            /* the last */
	struct plan_room *room;
	long interval;               /* since 1970, that it begins with; -1: none yet */
	double mean_per_j;           /* price of import over its horizon */
	long plans, infeasible;
};

void ahead_bank_init(struct ahead_bank *a, const struct dispatch_par *par,
    struct dispatch_limit limit, size_t n);
void ahead_bank_fini(struct ahead_bank *a);

/* Before each step. True: it begins an interval, for which each meter is to be planned;
 * until it is, its order is self-consumption. */
bool ahead_bank_begin(
    struct ahead_bank *a, const struct outlook *outlook, const struct step *st);

/* Plans for meter i, which reads net_w in this step without the battery. */
void ahead_bank_plan(
    struct ahead_bank *a, size_t i, const struct battery *b, double stored_j, double net_w);

/* In each step, after any plan: what the meters read without their batteries. */
void ahead_bank_see(struct ahead_bank *a, double dt_s, const double *net_w);

#endif
