#include "models/energy/vehicle_bank.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* exp(-t / tau) of the taper's exponential is left of the gap after a step. */
static double fade_frac(const struct battery *b, double dt_s)
{
	double tau_s = (b->capacity_j - b->taper_j) / (b->eff_frac * b->power_w);
	return -expm1(-dt_s / tau_s);
}

/* From now on, until something happens. */
static void settle(struct vehicle_bank *b, size_t k, double now_s)
{
	const struct vehicle *v = &b->car[k];
	struct vehicle_calm calm = vehicle_calm(b->par, v, &b->state[k], now_s);
	b->until_s[k] = calm.until_s;
	b->since_s[k] = now_s;
	b->cells_w[k] = calm.cells_w;
	b->gap_j[k] = calm.tapering ? v->store.capacity_j - b->state[k].stored_j : 0;
	b->fade_frac[k] = calm.tapering ? fade_frac(&v->store, b->dt_s) : 0;
}

void vehicle_bank_init(struct vehicle_bank *b, const struct vehicle_par *par, struct vehicle *car,
    size_t n, double local_s)
{
	double *rows = mem_new(6 * n, sizeof *rows);
	*b = (struct vehicle_bank){
		.n = n,
		.par = par,
		.car = car,
		.state = mem_new(n, sizeof *b->state),
		.ac_w = rows,
		.now_s = local_s,
		.dt_s = 60,
		.until_s = rows + n,
		.since_s = rows + 2 * n,
		.cells_w = rows + 3 * n,
		.gap_j = rows + 4 * n,
		.fade_frac = rows + 5 * n,
	};
	for (size_t k = 0; k < n; k++) {
		vehicle_start(par, &car[k], local_s, &b->state[k]);
		settle(b, k, local_s);
	}
}

void vehicle_bank_fini(struct vehicle_bank *b)
{
	free(b->car);
	free(b->state);
	free(b->ac_w); /* the block of all rows */
}

double vehicle_bank_stored_j(const struct vehicle_bank *b, size_t k)
{
	double capacity_j = b->car[k].store.capacity_j;
	if (b->fade_frac[k] > 0) return capacity_j - b->gap_j[k];
	double more_j = b->cells_w[k] * (b->now_s - b->since_s[k]);
	return fmin(b->state[k].stored_j + more_j, capacity_j);
}

static void set_step(struct vehicle_bank *b, double dt_s)
{
	b->dt_s = dt_s;
	for (size_t k = 0; k < b->n; k++)
		if (b->fade_frac[k] > 0) b->fade_frac[k] = fade_frac(&b->car[k].store, dt_s);
}

/* The straight parts of battery_step, for a car that stays and whose `ready` is safe
 * for the step: false, and nothing done, where it would meet the taper or the reserve. */
static bool step_straight(struct vehicle_bank *b, size_t k, double request_w, double end_s,
    double dt_s, struct vehicle_flow *sum)
{
	const struct battery *c = &b->car[k].store;
	struct vehicle_state *s = &b->state[k];
	if (s->committed || end_s > s->free_s || end_s >= s->leave_s) return false;
	bool gives = b->par->policy != VEHICLE_SOLAR && s->stored_j > c->reserve_j;
	double least_w = gives ? -c->power_w : 0;
	double w = request_w < least_w ? least_w : request_w < c->power_w ? request_w : c->power_w;
	double wall_j = w * dt_s;
	double in_j = w > 0 ? wall_j * c->eff_frac : wall_j / c->eff_frac;
	double to_j = s->stored_j + in_j;
	if (w < 0 && to_j < c->reserve_j) return false;
	if (w > 0 && (c->capacity_j - to_j) * c->power_w < (c->capacity_j - c->taper_j) * w)
		return false;
	s->stored_j = to_j;
	b->ac_w[k] = w;
	sum->loss_j += wall_j - in_j;
	if (w > 0) {
		sum->drawn_j += wall_j;
		sum->charge_j += in_j;
	} else {
		sum->given_j -= wall_j;
		sum->discharge_j -= in_j;
	}
	return true;
}

/* One by one: where it may leave, come back, or do as it is asked. */
static void step_one(struct vehicle_bank *b, size_t k, double local_s, struct vehicle_ask ask,
    double dt_s, struct vehicle_flow *sum)
{
	struct vehicle_state *s = &b->state[k];
	s->stored_j = vehicle_bank_stored_j(b, k);
	struct vehicle_flow f = vehicle_step_under(b->par, &b->car[k], s, local_s, ask, dt_s);
	b->ac_w[k] = (f.drawn_j - f.given_j) / dt_s;
	vehicle_flow_add(sum, &f);
	settle(b, k, local_s + dt_s);
}

/* At the wall, at the beginning of a calm step, in which it only falls. */
static double calm_w(const struct vehicle_bank *b, size_t k)
{
	const struct battery *c = &b->car[k].store;
	if (b->fade_frac[k] > 0) return c->power_w * b->gap_j[k] / (c->capacity_j - c->taper_j);
	return b->cells_w[k] / c->eff_frac;
}

struct vehicle_flow vehicle_bank_step(struct vehicle_bank *b, double local_s,
    const double *request_w, const double *cap_w, double dt_s)
{
	struct vehicle_flow sum = { 0 };
	double end_s = local_s + dt_s, eff_frac = b->par->eff_frac;
	double calm_j = 0, ac_per_j = 1 / (eff_frac * dt_s);
	assert(request_w || !vehicle_listens(b->par));
	b->now_s = local_s;
	if (dt_s != b->dt_s) set_step(b, dt_s);
	for (size_t k = 0; k < b->n; k++) {
		bool is_calm = end_s < b->until_s[k];
		if (!is_calm || (cap_w && calm_w(b, k) > cap_w[k])) {
			struct vehicle_ask ask = { request_w ? request_w[k] : 0,
				cap_w ? cap_w[k] : INFINITY };
			double w = fmin(ask.request_w, ask.cap_w);
			if (is_calm || !request_w || !step_straight(b, k, w, end_s, dt_s, &sum))
				step_one(b, k, local_s, ask, dt_s, &sum);
			continue;
		}
		double fill_j = b->gap_j[k] * b->fade_frac[k];
		double cells_j = b->cells_w[k] * dt_s + fill_j;
		b->gap_j[k] -= fill_j;
		b->ac_w[k] = cells_j * ac_per_j;
		calm_j += cells_j;
	}
	b->now_s = end_s;
	sum.charge_j += calm_j;
	sum.drawn_j += calm_j / eff_frac;
	sum.loss_j += calm_j / eff_frac - calm_j;
	return sum;
}
