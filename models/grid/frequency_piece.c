#include "models/grid/frequency_state.h"

#include <math.h>

struct droop_line frequency_droop_line(const struct frequency_droop *d, double nominal_hz,
    const struct level four[4])
{
	double slope = -1 / d->droop_pu, edge = d->deadband_hz / nominal_hz;
	if (four[DROOP_UP].beyond) return (struct droop_line){ 0, d->up_pu };
	if (four[DROOP_LOW].beyond) return (struct droop_line){ slope, slope * edge };
	if (four[DROOP_DOWN].beyond) return (struct droop_line){ 0, -d->down_pu };
	if (four[DROOP_HIGH].beyond) return (struct droop_line){ slope, -slope * edge };
	return (struct droop_line){ 0, 0 };
}

bool frequency_has_battery(const struct frequency_par *p)
{
	return p->battery.droop.up_pu > 0 || p->battery.droop.down_pu > 0;
}

/* 2 H x' = p + K (F u + (1 - F) y) + b - D x. A gate that follows is a part of x. */
static void put_swing(const struct frequency *f, struct droop_line gate, struct linear *l)
{
	const struct frequency_par *p = &f->par;
	double *row = l->a[Z_X], mass = 1 / (2 * p->inertia_s), fast = p->gain_pu * p->fast_frac;
	row[Z_X] = -mass * p->damping_pu;
	row[Z_HEAT] = mass * p->gain_pu * (1 - p->fast_frac);
	row[Z_BATTERY] = row[Z_MISSING] = mass;
	if (f->ramp) {
		row[Z_GATE] = mass * fast;
	} else {
		row[Z_X] += mass * fast * gate.slope;
		row[Z_ONE] = mass * fast * gate.at_0;
	}
}

static void put_governor(const struct frequency *f, struct droop_line gate, struct linear *l)
{
	double *heat = l->a[Z_HEAT], rate = 1 / f->par.reheat_s;
	heat[Z_HEAT] = -rate;
	if (f->ramp) {
		heat[Z_GATE] = rate;
		l->a[Z_GATE][Z_ONE] = f->ramp * f->par.ramp_pu_s;
		return;
	}
	heat[Z_X] = rate * gate.slope;
	heat[Z_ONE] = rate * gate.at_0;
	for (int j = 0; j < LINEAR_N; j++) l->a[Z_GATE][j] = gate.slope * l->a[Z_X][j];
}

static void put_battery(struct frequency *f, struct linear *l)
{
	const struct frequency_battery *b = &f->par.battery;
	const struct level *four = f->level + LEVEL_BATTERY;
	if (!frequency_has_battery(&f->par)) return;
	if (f->blocked == 1 && !four[DROOP_LOW].beyond) f->blocked = 0;
	if (f->blocked == -1 && !four[DROOP_HIGH].beyond) f->blocked = 0;
	l->a[Z_STORE][Z_BATTERY] = -1;
	if (f->blocked) {
		f->z[Z_BATTERY] = 0;
		return;
	}
	struct droop_line line = frequency_droop_line(&b->droop, f->par.nominal_hz, four);
	l->a[Z_BATTERY][Z_X] = line.slope / b->lag_s;
	l->a[Z_BATTERY][Z_ONE] = line.at_0 / b->lag_s;
	l->a[Z_BATTERY][Z_BATTERY] = -1 / b->lag_s;
}

void frequency_piece(struct frequency *f, struct linear *l)
{
	struct droop_line gate = frequency_droop_line(
	    &f->par.governor, f->par.nominal_hz, f->level + LEVEL_GOVERNOR);
	*l = (struct linear){ { { 0 } } };
	put_battery(f, l);
	if (!f->ramp) {
		f->z[Z_GATE] = gate.slope * f->z[Z_X] + gate.at_0;
		put_swing(f, gate, l);
		double wanted = gate.slope * linear_rate(l, f->z, Z_X);
		if (fabs(wanted) > f->par.ramp_pu_s) f->ramp = wanted > 0 ? 1 : -1;
	}
	for (int j = 0; j < LINEAR_N; j++) l->a[Z_X][j] = 0;
	put_swing(f, gate, l);
	put_governor(f, gate, l);
	l->a[Z_MISSING][Z_MISSING] = -1 / f->par.restore_s;
}
