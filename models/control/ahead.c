#include "models/control/ahead.h"

#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "models/energy/noise.h"

#define DAY_S 86400.0

void forecast_init(struct forecast *f, double interval_s)
{
	size_t slots = (size_t)lround(DAY_S / interval_s);
	*f = (struct forecast){ .slots = slots, .interval_s = interval_s, .now = -1,
		.mean_w = mem_new(slots, sizeof *f->mean_w) };
	for (size_t i = 0; i < slots; i++) f->mean_w[i] = NAN;
}

void forecast_fini(struct forecast *f)
{
	free(f->mean_w);
}

long ahead_interval(double utc_s, double interval_s)
{
	return (long)floor(utc_s / interval_s + 1e-9);
}

static size_t slot_of(const struct forecast *f, long interval)
{
	return (size_t)interval % f->slots;
}

void forecast_see(struct forecast *f, double utc_s, double dt_s, double w)
{
	long interval = ahead_interval(utc_s, f->interval_s);
	if (interval != f->now) {
		if (f->sum_s > 0) f->mean_w[slot_of(f, f->now)] = f->sum_j / f->sum_s;
		f->sum_j = f->sum_s = 0;
		f->now = interval;
	}
	f->sum_j += w * dt_s;
	f->sum_s += dt_s;
	f->all_j += w * dt_s;
	f->all_s += dt_s;
}

double forecast_w(const struct forecast *f, double utc_s)
{
	long interval = ahead_interval(utc_s, f->interval_s);
	/* What ended just now is known, but not yet filed. */
	bool is_last = f->sum_s > 0 && slot_of(f, interval) == slot_of(f, f->now);
	if (is_last) return f->sum_j / f->sum_s;
	double w = f->mean_w[slot_of(f, interval)];
	if (!isnan(w)) return w;
	return f->all_s > 0 ? f->all_j / f->all_s : f->first_w;
}

void ahead_init(struct ahead *a, const struct dispatch_par *par, const struct outlook *outlook,
    struct dispatch_limit limit, uint64_t noise_key)
{
	size_t n = (size_t)lround(par->horizon_s / par->interval_s);
	*a = (struct ahead){
		.par = par,
		.outlook = outlook,
		.limit = limit,
		.noise_key = noise_key,
		.plan = { .n = n, .at = mem_new(n, sizeof *a->plan.at),
			.interval_s = par->interval_s },
		.interval = -1,
		.order = DISPATCH_SERVE,
		.window.width_s = outlook->window_s,
		.month = -1,
	};
	forecast_init(&a->use, par->interval_s);
	forecast_init(&a->made, par->interval_s);
}

void ahead_fini(struct ahead *a)
{
	free(a->plan.at);
	forecast_fini(&a->use);
	forecast_fini(&a->made);
}

bool ahead_is_due(const struct ahead *a, const struct step *st)
{
	return ahead_interval(st->utc_s, a->par->interval_s) != a->interval;
}

double ahead_prices(struct plan *p, const struct dispatch_par *par, const struct outlook *outlook,
    long interval)
{
	struct quote q = { 0 };
	double sum = 0, money_per_kg = par->carbon_per_tonne / 1000;
	for (size_t k = 0; k < p->n; k++) {
		double utc_s = (double)(interval + (long)k) * p->interval_s;
		q = outlook_mean(outlook, utc_s, p->interval_s, q);
		p->at[k].import_per_j = q.import_per_j + money_per_kg * q.kg_j;
		p->at[k].export_per_j = q.export_per_j;
		sum += p->at[k].import_per_j;
	}
	return sum / (double)p->n;
}

void ahead_battery(struct plan *p, const struct battery *b, double stored_j, double mean_per_j)
{
	p->capacity_j = b->capacity_j;
	p->reserve_j = b->reserve_j;
	p->stored_j = stored_j;
	p->power_w = b->power_w;
	p->eff_frac = b->eff_frac;
	p->value_per_j = mean_per_j * b->eff_frac;
}

static void look_at_powers(struct ahead *a, const double *made_w)
{
	struct plan *p = &a->plan;
	for (size_t k = 0; k < p->n; k++) {
		long interval = a->interval + (long)k;
		double utc_s = (double)interval * p->interval_s;
		double z = noise_normal(a->noise_key, (uint64_t)interval);
		double made = made_w ? made_w[k] * fmax(0, 1 + a->par->error_frac * z)
				     : forecast_w(&a->made, utc_s);
		p->at[k].net_w = forecast_w(&a->use, utc_s) - made;
		p->at[k].curtail_w = made;
	}
}

/* Both in money for each watt. */
static void set_demand(struct ahead *a)
{
	a->plan.demand_per_w = a->outlook->demand_per_kw / 1000;
	a->plan.peak_w = a->month_peak_w;
}

void ahead_plan(struct ahead *a, const struct step *st, const struct battery *b, double stored_j,
    double use_w, double now_w, const double *made_w)
{
	struct plan *p = &a->plan;
	a->use.first_w = use_w;
	a->made.first_w = now_w;
	a->interval = ahead_interval(st->utc_s, p->interval_s);
	look_at_powers(a, made_w);
	ahead_battery(p, b, stored_j, ahead_prices(p, a->par, a->outlook, a->interval));
	p->import_limit_w = a->limit.import_w;
	p->export_limit_w = a->limit.export_w;
	set_demand(a);
	a->plans++;
	bool found = plan_lp(p) == PLAN_OPTIMAL;
	a->infeasible += !found;
	a->order = found ? ahead_order(p) : DISPATCH_SERVE;
}

struct dispatch_order ahead_order(const struct plan *p)
{
	const struct plan_interval *at = &p->at[0];
	double least_w = 1e-6 * p->power_w; /* what rounding leaves */
	struct dispatch_order o = { at->battery_w, -INFINITY, INFINITY };
	if (fabs(at->meter_w) <= least_w)
		o = DISPATCH_SERVE;
	else if (at->meter_w > 0)
		o.lo_w = 0;
	else if (at->battery_w > 0)
		o.hi_w = 0;
	if (p->demand_per_w > 0 && p->planned_peak_w < o.hi_w) o.hi_w = p->planned_peak_w;
	return o;
}

void ahead_check(const struct object *dispatch, double step_s, struct err_list *e)
{
	double steps = ((const struct dispatch_par *)dispatch->par)->interval_s / step_s;
	if (steps < 1 - 1e-9 || fabs(steps - round(steps)) > 1e-9)
		err_at(e, object_attr_pos(dispatch, "interval"),
		    "dispatch: an interval is to be a whole number of the grid's steps of %g s",
		    step_s);
}

static void see_peak(struct ahead *a, const struct step *st, double import_w)
{
	double local_s = st->utc_s + st->zone_s, left_s = st->dt_s, mean_w;
	while (left_s > 0) {
		double part_s = window_part_s(a->window.width_s, local_s, left_s);
		if (window_add(&a->window, local_s, part_s, import_w, &mean_w))
			a->month_peak_w = fmax(a->month_peak_w, mean_w);
		local_s += part_s;
		left_s -= part_s;
	}
}

void ahead_see(struct ahead *a, const struct step *st, double use_w, double made_w, double meter_w)
{
	struct tm tm;
	time_t t = (time_t)floor(st->utc_s + st->zone_s);
	gmtime_r(&t, &tm);
	long month = 12L * tm.tm_year + tm.tm_mon;
	if (month != a->month) a->month_peak_w = 0;
	a->month = month;
	see_peak(a, st, fmax(meter_w, 0));
	forecast_see(&a->use, st->utc_s, st->dt_s, use_w);
	forecast_see(&a->made, st->utc_s, st->dt_s, made_w);
}
