#include "models/grid/frequency.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/frequency_state.h"

static const double rest_pu_s = 1e-11; /* rates below it are none */
static const double drawn_pu = 1e-4;   /* between two points of the trajectory */
/* A rate that small is the rounding of none: what it is the rate of is at its extremum. */
static const double still_pu_s = 1e-13;
/* From an event on to where it has surely happened, whatever the way there: a nanosecond,
 * or some units of a double's last place. */
static const double past_s = 1e-9, past_frac = 1e-15;

/* Events at one instant: each level once, the batteries, the gates, twice over. */
enum { STILL_MAX = 2 * (LEVELS + 4) };

static double hz_of(const struct frequency *f, double x)
{
	return f->par.nominal_hz * (1 + x);
}

/* ---- making one ---- */

static void set_level(struct frequency *f, int k, double deviation_hz, int side)
{
	if (isfinite(deviation_hz))
		f->level[k] = (struct level){ deviation_hz / f->par.nominal_hz, side, false };
}

static void set_droop(struct frequency *f, int first, const struct frequency_droop *d)
{
	double per_pu_hz = d->droop_pu * f->par.nominal_hz;
	if (!isfinite(d->droop_pu)) return;
	set_level(f, first + DROOP_LOW, -d->deadband_hz, -1);
	set_level(f, first + DROOP_UP, -d->deadband_hz - per_pu_hz * d->up_pu, -1);
	set_level(f, first + DROOP_HIGH, d->deadband_hz, 1);
	set_level(f, first + DROOP_DOWN, d->deadband_hz + per_pu_hz * d->down_pu, 1);
}

struct frequency *frequency_new(const struct frequency_par *par, double t_s)
{
	assert(par->steps <= FREQUENCY_STEPS_MAX);
	struct frequency *f = mem_new(1, sizeof *f);
	f->par = *par;
	f->t_s = t_s;
	f->z[Z_ONE] = 1;
	f->demand_pu = 1;
	f->window_s = INFINITY;
	f->solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
	set_droop(f, LEVEL_GOVERNOR, &par->governor);
	if (frequency_has_battery(par)) {
		double full = par->battery.energy_pu_s;
		set_droop(f, LEVEL_BATTERY, &par->battery.droop);
		f->z[Z_STORE] = isfinite(full) ? full * par->battery.initial_frac : 0;
	}
	set_level(f, LEVEL_BAND, -par->band_hz, -1);
	set_level(f, LEVEL_BAND + 1, par->band_hz, 1);
	for (int i = 0; i < par->steps; i++) {
		set_level(f, LEVEL_STEP + i, par->step[i].threshold_hz - par->nominal_hz, -1);
		f->step[i] = (struct shed_step){ INFINITY, INFINITY, 0 };
	}
	f->report = (struct frequency_report){ .nadir_hz = par->nominal_hz, .nadir_s = t_s,
		.zenith_hz = par->nominal_hz, .zenith_s = t_s };
	return f;
}

void frequency_free(struct frequency *f)
{
	if (!f) return;
	gsl_root_fsolver_free(f->solver);
	free(f);
}

void frequency_watch(struct frequency *f, frequency_watcher *watch, void *ctx)
{
	f->watch = watch;
	f->ctx = ctx;
}

static void tell(struct frequency *f, enum frequency_event what)
{
	f->told_x = f->z[Z_X];
	if (f->watch) f->watch(f->ctx, f->t_s, frequency_now_hz(f), what);
}

/* ---- what comes next in a cell ---- */

enum kind { KIND_NONE, KIND_LEVEL, KIND_EMPTY, KIND_FULL, KIND_RAMP, KIND_CAUGHT, KIND_TURN,
	KIND_IDLE };

struct coming {
	double in_s; /* from the cell's begin; the cell's end when nothing comes */
	enum kind kind;
	int which; /* LEVEL: enum frequency_level; RAMP: 1 up, -1 down */
};

struct look {
	struct frequency *f;
	const struct linear *l;
	struct linear_cell cell;
	struct coming first;
};

/* Something happens when a sum, which has that sign, gets the other one. */
static void look_at(struct look *k, const struct linear_sum *sum, int sign, struct coming what)
{
	if (sign * linear_sum_at(sum, k->first.in_s) >= 0) return;
	what.in_s = sign * sum->term[0] < 0 ? 0
		: linear_sum_root(sum, 0, k->first.in_s, k->f->solver);
	k->first = what;
}

/* The same for w . z. */
static void look_for(struct look *k, const double w[LINEAR_N], int sign, struct coming what)
{
	struct linear_sum sum = linear_sum(&k->cell, w);
	look_at(k, &sum, sign, what);
}

/* The same for a sum that begins at 0 and first moves away from it. */
static void look_for_return(struct look *k, const double w[LINEAR_N], int sign, struct coming what)
{
	struct linear_sum sum = linear_sum(&k->cell, w);
	double away_s = k->first.in_s;
	if (sign * linear_sum_at(&sum, away_s) >= 0) return;
	for (int i = 0; i < 40 && !(sign * linear_sum_at(&sum, away_s) > 0); i++) away_s /= 2;
	bool left = sign * linear_sum_at(&sum, away_s) > 0;
	what.in_s = left ? linear_sum_root(&sum, away_s, k->first.in_s, k->f->solver) : 0;
	k->first = what;
}

/* Cells end at extrema, so that within one the frequency passes a level once, and where
 * the batteries change between giving and taking. */
static void look_for_turn(struct look *k, const double w[LINEAR_N], enum kind kind)
{
	struct linear_sum sum = linear_sum(&k->cell, w);
	if (fabs(sum.term[0]) <= still_pu_s) return;
	look_at(k, &sum, sum.term[0] > 0 ? 1 : -1, (struct coming){ .kind = kind });
}

static void look_for_levels(struct look *k)
{
	static const double w[LINEAR_N] = { [Z_X] = 1 };
	const struct linear_sum x = linear_sum(&k->cell, w);
	for (int i = 0; i < LEVELS; i++) {
		const struct level *v = &k->f->level[i];
		struct linear_sum above = x;
		if (!v->side) continue;
		above.term[0] -= v->x;
		look_at(k, &above, v->beyond ? v->side : -v->side,
		    (struct coming){ .kind = KIND_LEVEL, .which = i });
	}
}

static void look_for_store(struct look *k)
{
	double full = k->f->par.battery.energy_pu_s;
	double empty_at[LINEAR_N] = { [Z_STORE] = 1 };
	double full_at[LINEAR_N] = { [Z_STORE] = -1, [Z_ONE] = full };
	if (!frequency_has_battery(&k->f->par) || !isfinite(full)) return;
	look_for(k, empty_at, 1, (struct coming){ .kind = KIND_EMPTY });
	look_for(k, full_at, 1, (struct coming){ .kind = KIND_FULL });
}

static void look_for_ramp(struct look *k)
{
	const struct frequency *f = k->f;
	const struct droop_line line = frequency_droop_line(
	    &f->par.governor, f->par.nominal_hz, f->level + LEVEL_GOVERNOR);
	double w[LINEAR_N];
	if (!isfinite(f->par.ramp_pu_s)) return;
	if (f->ramp) {
		for (int j = 0; j < LINEAR_N; j++) w[j] = 0;
		w[Z_X] = line.slope;
		w[Z_ONE] = line.at_0;
		w[Z_GATE] = -1;
		look_for_return(k, w, f->ramp, (struct coming){ .kind = KIND_CAUGHT });
		return;
	}
	for (int sign = -1; sign <= 1; sign += 2) { /* ramp - |slope x'| */
		for (int j = 0; j < LINEAR_N; j++) w[j] = sign * line.slope * k->l->a[Z_X][j];
		w[Z_ONE] += f->par.ramp_pu_s;
		look_for(k, w, 1, (struct coming){ .kind = KIND_RAMP, .which = -sign });
	}
}

static struct coming look(struct frequency *f, const struct linear *l, struct linear_cell *cell,
    double most_s)
{
	static const double battery[LINEAR_N] = { [Z_BATTERY] = 1 };
	struct look k = { .f = f, .l = l };
	linear_cell(l, f->z, &k.cell);
	k.first.in_s = fmin(k.cell.length_s, most_s);
	look_for_turn(&k, l->a[Z_X], KIND_TURN);
	look_for_turn(&k, battery, KIND_IDLE);
	look_for_levels(&k);
	look_for_store(&k);
	look_for_ramp(&k);
	*cell = k.cell;
	return k.first;
}

/* ---- the passing of time ---- */

static void note_extremes(struct frequency *f)
{
	struct frequency_report *r = &f->report;
	double hz = frequency_now_hz(f);
	if (hz < r->nadir_hz) {
		r->nadir_hz = hz;
		r->nadir_s = f->t_s;
	}
	if (hz > r->zenith_hz) {
		r->zenith_hz = hz;
		r->zenith_s = f->t_s;
	}
}

static void go(struct frequency *f, const double z[LINEAR_N], double dt_s)
{
	struct frequency_report *r = &f->report;
	double given = f->z[Z_STORE] - z[Z_STORE];
	if (f->level[LEVEL_BAND].beyond || f->level[LEVEL_BAND + 1].beyond) r->outside_s += dt_s;
	r->shed_pu_s += f->shed_pu * dt_s;
	r->given_pu_s += fmax(given, 0);
	r->taken_pu_s += fmax(-given, 0);
	for (int i = 0; i < LINEAR_N; i++) f->z[i] = z[i];
	f->t_s += dt_s;
	f->still = dt_s > 0 ? 0 : f->still + 1;
	assert(f->still < STILL_MAX);
	note_extremes(f);
	if (fabs(f->z[Z_X] - f->told_x) > drawn_pu) tell(f, FREQUENCY_PASSED);
}

static bool rests(const struct frequency *f, const struct linear *l)
{
	for (int i = 0; i < Z_ONE; i++)
		if (i != Z_STORE && fabs(linear_rate(l, f->z, i)) > rest_pu_s) return false;
	return true;
}

/* At rest only the batteries' energy moves. Returns whether they get empty or full. */
static bool rest(struct frequency *f, double until_s)
{
	double z[LINEAR_N], full = f->par.battery.energy_pu_s, b = f->z[Z_BATTERY];
	double left_s = INFINITY, dt_s = until_s - f->t_s;
	if (isfinite(full) && b > 0) left_s = fmax(f->z[Z_STORE], 0) / b;
	if (isfinite(full) && b < 0) left_s = fmax(full - f->z[Z_STORE], 0) / -b;
	bool ends = left_s <= dt_s;
	if (ends) dt_s = left_s;
	for (int i = 0; i < LINEAR_N; i++) z[i] = f->z[i];
	z[Z_STORE] -= b * dt_s;
	go(f, z, dt_s);
	if (!ends) f->t_s = until_s;
	return ends;
}

static void step_crossed(struct frequency *f, int i)
{
	struct shed_step *s = &f->step[i];
	bool below = f->level[LEVEL_STEP + i].beyond;
	if (s->cut_pu > 0) return;
	s->due_s = below ? f->t_s + f->par.step[i].delay_s : INFINITY;
}

static void end_store(struct frequency *f, bool empty)
{
	f->z[Z_STORE] = empty ? 0 : f->par.battery.energy_pu_s;
	f->z[Z_BATTERY] = 0;
	f->blocked = empty ? 1 : -1;
	tell(f, FREQUENCY_EMPTIED);
}

static void happen(struct frequency *f, struct coming c)
{
	switch (c.kind) {
	case KIND_LEVEL:
		f->level[c.which].beyond = !f->level[c.which].beyond;
		if (c.which >= LEVEL_STEP) step_crossed(f, c.which - LEVEL_STEP);
		tell(f, FREQUENCY_CROSSED);
		return;
	case KIND_EMPTY:
	case KIND_FULL:
		end_store(f, c.kind == KIND_EMPTY);
		return;
	case KIND_CAUGHT:
	case KIND_RAMP:
		f->ramp = c.kind == KIND_RAMP ? c.which : 0;
		tell(f, FREQUENCY_RAMPED);
		return;
	case KIND_TURN:
		tell(f, FREQUENCY_TURNED);
		return;
	case KIND_IDLE:
	case KIND_NONE:
		return;
	}
}

/* Goes on to until_s or to the first event before, and says which it was. */
static struct coming go_on(struct frequency *f, double until_s)
{
	struct linear l;
	struct linear_cell cell;
	double z[LINEAR_N];
	frequency_piece(f, &l);
	if (rests(f, &l)) {
		f->window_s = INFINITY;
		bool empty = f->z[Z_BATTERY] > 0;
		if (!rest(f, until_s)) return (struct coming){ .kind = KIND_NONE };
		end_store(f, empty);
		return (struct coming){ .kind = empty ? KIND_EMPTY : KIND_FULL };
	}
	double most_s = until_s - f->t_s;
	struct coming c = look(f, &l, &cell, most_s);
	linear_at(&cell, c.in_s, z);
	go(f, z, c.in_s);
	if (c.kind == KIND_NONE && c.in_s == most_s) f->t_s = until_s; /* no rounding left */
	happen(f, c);
	return c;
}

/* ---- timers ---- */

static void note_window(struct frequency *f)
{
	double rate = f->par.nominal_hz * (f->z[Z_X] - f->window_x) / f->par.window_s;
	if (fabs(rate) > fabs(f->report.rocof_hz_s)) f->report.rocof_hz_s = rate;
	f->window_x = f->z[Z_X];
	f->window_s += f->par.window_s;
}

static void shed(struct frequency *f, int i)
{
	struct shed_step *s = &f->step[i];
	s->cut_pu = f->par.step[i].share_frac * f->demand_pu;
	s->due_s = INFINITY;
	s->back_s = f->t_s + f->par.step[i].out_s;
	f->shed_pu += s->cut_pu;
	f->z[Z_MISSING] += s->cut_pu;
	f->report.steps++;
	tell(f, FREQUENCY_SHED);
}

static void give_back(struct frequency *f, int i)
{
	struct shed_step *s = &f->step[i];
	f->shed_pu -= s->cut_pu;
	f->z[Z_MISSING] -= s->cut_pu;
	s->cut_pu = 0;
	s->back_s = INFINITY;
	step_crossed(f, i);
	tell(f, FREQUENCY_RETURNED);
}

static double next_timer(const struct frequency *f)
{
	double t_s = f->window_s;
	for (int i = 0; i < f->par.steps; i++)
		t_s = fmin(t_s, fmin(f->step[i].due_s, f->step[i].back_s));
	return t_s;
}

/* What is due now. Returns whether load was shed or returned. */
static bool ring(struct frequency *f)
{
	bool changed = false;
	if (f->window_s <= f->t_s) note_window(f);
	for (int i = 0; i < f->par.steps; i++) {
		bool due = f->step[i].due_s <= f->t_s, back = f->step[i].back_s <= f->t_s;
		if (due) shed(f, i);
		if (back) give_back(f, i);
		changed = changed || due || back;
	}
	return changed;
}

/* ---- the interface ---- */

void frequency_demand(struct frequency *f, double demand_pu)
{
	f->demand_pu = demand_pu;
}

void frequency_advance(struct frequency *f, double t_s)
{
	while (f->t_s < t_s) {
		go_on(f, fmin(t_s, next_timer(f)));
		ring(f);
	}
}

void frequency_disturb(struct frequency *f, double power_pu)
{
	struct linear l;
	f->z[Z_MISSING] += power_pu;
	frequency_piece(f, &l);
	double rate = f->par.nominal_hz * linear_rate(&l, f->z, Z_X);
	if (fabs(rate) > fabs(f->report.rocof0_hz_s)) f->report.rocof0_hz_s = rate;
	f->window_s = f->t_s + f->par.window_s;
	f->window_x = f->z[Z_X];
	tell(f, FREQUENCY_DISTURBED);
}

static bool changes_equations(struct coming c)
{
	bool band = c.kind == KIND_LEVEL && c.which >= LEVEL_BAND && c.which < LEVEL_STEP;
	return c.kind != KIND_NONE && c.kind != KIND_TURN && c.kind != KIND_IDLE && !band;
}

double frequency_next(const struct frequency *f, double until_s)
{
	struct frequency ahead = *f;
	ahead.watch = NULL;
	while (ahead.t_s < until_s) {
		struct coming c = go_on(&ahead, fmin(until_s, next_timer(&ahead)));
		if (ring(&ahead) || changes_equations(c))
			return ahead.t_s + fmax(past_s, past_frac * ahead.t_s);
	}
	return INFINITY;
}

double frequency_now_hz(const struct frequency *f)
{
	return hz_of(f, f->z[Z_X]);
}

double frequency_shed_pu(const struct frequency *f)
{
	return f->shed_pu;
}

struct frequency_report frequency_report(const struct frequency *f)
{
	return f->report;
}

/* ---- the balance at rest ---- */

static double answer(const struct frequency_droop *d, double nominal_hz, double x)
{
	double edge = d->deadband_hz / nominal_hz, beyond = fmax(fabs(x) - edge, 0) / d->droop_pu;
	return x < 0 ? fmin(beyond, d->up_pu) : -fmin(beyond, d->down_pu);
}

struct balance {
	const struct frequency_par *par;
	double power_pu;
};

static double excess(double x, void *ctx)
{
	const struct balance *b = ctx;
	const struct frequency_par *p = b->par;
	return b->power_pu + p->gain_pu * answer(&p->governor, p->nominal_hz, x) +
	       answer(&p->battery.droop, p->nominal_hz, x) - p->damping_pu * x;
}

double frequency_steady_hz(const struct frequency_par *par, double power_pu)
{
	struct balance b = { par, power_pu };
	double low = -1, high = 1; /* a standstill, and twice the speed */
	if (!(excess(low, &b) > 0) || !(excess(high, &b) < 0)) return NAN;
	while (high - low > 1e-15) { /* excess never rises with x */
		double mid = low + (high - low) / 2;
		if (mid <= low || mid >= high) break;
		if (excess(mid, &b) > 0) low = mid;
		else high = mid;
	}
	return par->nominal_hz * (1 + high);
}
