#include "models/control/ahead_bank.h"

#include <stdlib.h>

#include "base/mem.h"

#define DAY_S 86400.0

void ahead_bank_init(struct ahead_bank *a, const struct dispatch_par *par,
    struct dispatch_limit limit, size_t n)
{
	size_t intervals = (size_t)lround(par->horizon_s / par->interval_s);
	size_t slots = (size_t)lround(DAY_S / par->interval_s);
	double *sums = mem_new(2 * n, sizeof *sums);
	*a = (struct ahead_bank){
		.par = par,
		.limit = limit,
		.n = n,
		.slots = slots,
		.mean_w = mem_new(n * slots, sizeof *a->mean_w),
		.sum_j = sums,
		.all_j = sums + n,
		.order = mem_new(n, sizeof *a->order),
		.plan = { .n = intervals, .at = mem_new(intervals, sizeof *a->plan.at),
			.interval_s = par->interval_s, .import_limit_w = limit.import_w,
			.export_limit_w = limit.export_w },
		.room = plan_room_new(),
		.interval = -1,
	};
	for (size_t k = 0; k < n * slots; k++) a->mean_w[k] = NAN;
	for (size_t i = 0; i < n; i++) a->order[i] = DISPATCH_SERVE;
}

void ahead_bank_fini(struct ahead_bank *a)
{
	free(a->mean_w);
	free(a->sum_j); /* the block of both */
	free(a->order);
	free(a->plan.at);
	plan_room_free(a->room);
}

/* What was seen of the interval that has ended. */
static void file_means(struct ahead_bank *a)
{
	if (!(a->sum_s > 0)) return;
	size_t slot = (size_t)a->interval % a->slots;
	for (size_t i = 0; i < a->n; i++) {
		a->mean_w[i * a->slots + slot] = (float)(a->sum_j[i] / a->sum_s);
		a->all_j[i] += a->sum_j[i];
		a->sum_j[i] = 0;
	}
	a->all_s += a->sum_s;
	a->sum_s = 0;
}

bool ahead_bank_begin(struct ahead_bank *a, const struct outlook *outlook, const struct step *st)
{
	long interval = ahead_interval(st->utc_s, a->par->interval_s);
	if (interval == a->interval) return false;
	file_means(a);
	a->interval = interval;
	a->mean_per_j = ahead_prices(&a->plan, a->par, outlook, interval);
	for (size_t i = 0; i < a->n; i++) a->order[i] = DISPATCH_SERVE;
	return true;
}

static void expect(struct ahead_bank *a, size_t i, double net_w)
{
	const float *mean_w = a->mean_w + i * a->slots;
	size_t slot = (size_t)a->interval % a->slots;
	double otherwise_w = a->all_s > 0 ? a->all_j[i] / a->all_s : net_w;
	for (size_t k = 0; k < a->plan.n; k++) {
		double w = isnan(mean_w[slot]) ? otherwise_w : (double)mean_w[slot];
		a->plan.at[k].net_w = w;
		a->plan.at[k].curtail_w = fmax(-w, 0);
		if (++slot == a->slots) slot = 0;
	}
}

void ahead_bank_plan(
    struct ahead_bank *a, size_t i, const struct battery *b, double stored_j, double net_w)
{
	expect(a, i, net_w);
	ahead_battery(&a->plan, b, stored_j, a->mean_per_j);
	bool found = plan_dp(&a->plan, a->room) == PLAN_OPTIMAL;
	a->plans++;
	a->infeasible += !found;
	if (found) a->order[i] = ahead_order(&a->plan);
}

void ahead_bank_see(struct ahead_bank *a, double dt_s, const double *net_w)
{
	for (size_t i = 0; i < a->n; i++) a->sum_j[i] += net_w[i] * dt_s;
	a->sum_s += dt_s;
}
