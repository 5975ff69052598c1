#include "models/energy/battery.h"

#include <assert.h>
#include <math.h>

static const struct attr attrs[] = {
	ATTR_QTY(struct battery_par, share_frac, "share", DIM_FRACTION, "1", 0, 1,
	    "share of the homes that have it, spread evenly along the street"),
	ATTR_ENUM(struct battery_par, chemistry, "chemistry", "lfp", "lfp nmc solid-state",
	    "kind of cells; solid-state is an assumption, not a measured product"),
	ATTR_DIST(struct battery_par, capacity_j, "capacity", DIM_ENERGY, REQUIRED, 3600, 1e15,
	    "energy that full cells hold"),
	ATTR_DIST(struct battery_par, power_w, "power", DIM_POWER, REQUIRED, 1, 1e10,
	    "rating of its inverter, charging and discharging"),
	ATTR_QTY(struct battery_par, eff_frac, "efficiency", DIM_FRACTION, OPTIONAL, 0.3, 1,
	    "one way, between the wall and the cells; when absent, the chemistry's"),
	ATTR_QTY(struct battery_par, taper_soc, "taper", DIM_FRACTION, OPTIONAL, 0.01, 0.999,
	    "state of charge from which charging slows down; when absent, the chemistry's"),
	ATTR_QTY(struct battery_par, leak_frac, "self-discharge", DIM_FRACTION, OPTIONAL, 0, 0.9,
	    "share of the charge lost in 30 days of rest; when absent, the chemistry's"),
	ATTR_QTY(struct battery_par, initial_soc, "initial", DIM_FRACTION, "50 %", 0, 1,
	    "state of charge at the start"),
	ATTR_QTY(struct battery_par, reserve_soc, "reserve", DIM_FRACTION, "10 %", 0, 1,
	    "state of charge that discharging leaves untouched"),
	ATTR_END,
};

const struct class battery_class = {
	.element = "battery", .parents = "homes",
	.about = "A stationary battery with its inverter.",
	.par_size = sizeof(struct battery_par), .attrs = attrs,
};

static const struct {
	double eff_frac, taper_soc, leak_frac;
} chemistries[CHEMISTRY_COUNT] = {
#define X(id, word, eff, taper, leak) { eff, taper, leak },
	CHEMISTRY_LIST(X)
#undef X
};

static double or_else(double given, double otherwise)
{
	return isnan(given) ? otherwise : given;
}

struct battery battery_make(const struct battery_par *p, double capacity_j, double power_w)
{
	double leak_frac = or_else(p->leak_frac, chemistries[p->chemistry].leak_frac);
	return (struct battery){
		.capacity_j = capacity_j,
		.power_w = power_w,
		.eff_frac = or_else(p->eff_frac, chemistries[p->chemistry].eff_frac),
		.reserve_j = p->reserve_soc * capacity_j,
		.taper_j = or_else(p->taper_soc, chemistries[p->chemistry].taper_soc) * capacity_j,
		.leak_per_s = -log1p(-leak_frac) / (30 * 86400.0),
	};
}

/* dE/dt = in - rate E, rate >= 0. */
struct linear {
	double in, rate;
};

/* E after t seconds: E + (in - rate E) (1 - exp(-rate t)) / rate. */
static double flow_to(struct linear f, double e, double t)
{
	double span = f.rate > 0 ? -expm1(-f.rate * t) / f.rate : t;
	return e + (f.in - f.rate * e) * span;
}

/* When E, which passes `target`, is there. log1p keeps the digits of slow leaks. */
static double time_to(struct linear f, double e, double target)
{
	double now = f.in - f.rate * e;
	if (f.rate == 0) return (target - e) / now;
	return -log1p(-f.rate * (target - e) / now) / f.rate;
}

/* The taper is a linear flow too: eff P (full - E) / (full - taper). */
static double taper_rate(const struct battery *b)
{
	return b->eff_frac * b->power_w / (b->capacity_j - b->taper_j);
}

/* Charges for up to t seconds, but not across `knee_j`, where the taper's limit
 * meets the request. Returns the time used. */
static double charge_piece(const struct battery *b, double *e, double cells_w, double knee_j,
    bool tapering, double t, struct battery_flow *out)
{
	double a = tapering ? taper_rate(b) : 0;
	struct linear f = { tapering ? a * b->capacity_j : cells_w, a + b->leak_per_s };
	double end = fmin(flow_to(f, *e, t), b->capacity_j);
	if ((end - knee_j) * (*e - knee_j) < 0) {
		t = fmin(t, time_to(f, *e, knee_j));
		end = knee_j;
	}
	/* in t - (E' - E) = rate * integral of E: shared between taper and leak */
	double drained = fmax(f.in * t - (end - *e), 0);
	double leak = f.rate > 0 ? drained * (b->leak_per_s / f.rate) : 0;
	out->leak_j += leak;
	out->charge_j += fmax(end - *e + leak, 0);
	*e = end;
	return t;
}

static void charge(const struct battery *b, double *e, double request_w, double t,
    struct battery_flow *out)
{
	double w = fmin(request_w, b->power_w);
	double knee_j = b->capacity_j - (b->capacity_j - b->taper_j) * (w / b->power_w);
	double cells_w = b->eff_frac * w;
	bool rising = cells_w > b->leak_per_s * knee_j; /* at the knee */
	while (t > 0) {
		bool tapering = *e > knee_j || (*e == knee_j && rising);
		t -= charge_piece(b, e, cells_w, knee_j, tapering, t, out);
	}
}

static void rest(const struct battery *b, double *e, double t, struct battery_flow *out)
{
	double end = flow_to((struct linear){ 0, b->leak_per_s }, *e, t);
	out->leak_j += *e - end;
	*e = end;
}

static void discharge(const struct battery *b, double *e, double request_w, double t,
    struct battery_flow *out)
{
	struct linear f = { -fmin(request_w, b->power_w) / b->eff_frac, b->leak_per_s };
	double run_s = 0;
	if (*e > b->reserve_j) {
		double end = flow_to(f, *e, t);
		run_s = t;
		if (end < b->reserve_j) {
			end = b->reserve_j;
			run_s = fmin(t, time_to(f, *e, end));
		}
		double cells_j = fmin(-f.in * run_s, *e - end);
		out->discharge_j += cells_j;
		out->leak_j += *e - end - cells_j;
		*e = end;
	}
	if (b->leak_per_s > 0 && run_s < t) rest(b, e, t - run_s, out);
}

struct battery_flow battery_step(const struct battery *b, double *stored_j, double request_w,
    double dt_s)
{
	assert(dt_s > 0 && *stored_j >= 0 && *stored_j <= b->capacity_j);
	struct battery_flow out = { 0 };
	if (request_w > 0)
		charge(b, stored_j, request_w, dt_s, &out);
	else if (request_w < 0)
		discharge(b, stored_j, -request_w, dt_s, &out);
	else
		rest(b, stored_j, dt_s, &out);
	double drawn_j = out.charge_j / b->eff_frac, given_j = out.discharge_j * b->eff_frac;
	out.ac_w = (drawn_j - given_j) / dt_s;
	out.loss_j = (drawn_j - out.charge_j) + (out.discharge_j - given_j);
	return out;
}
