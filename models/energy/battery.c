#include "models/energy/battery.h"

#include <assert.h>
#include <math.h>

static const struct attr attrs[] = {
	ATTR_QTY(struct battery_par, share_frac, "share", DIM_FRACTION, "1", 0, 1,
	    "share of the homes that have it, spread evenly along the street"),
	ATTR_ENUM(struct battery_par, chemistry, "chemistry", "lfp", "lfp nmc solid-state",
	    "kind of cells, whose laws of ageing hold; solid-state is an assumption"),
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
	ATTR_TEXT(struct battery_par, curve, "efficiency-curve", OPTIONAL,
	    "one-way efficiency by power, in place of efficiency: points "
	    "SHARE-OF-POWER:EFFICIENCY, as in '0.1:0.88, 0.5:0.96, 1:0.94', or citylearn"),
	ATTR_QTY(struct battery_par, low_soc, "discharge-taper", DIM_FRACTION, "0 %", 0, 0.9,
	    "state of charge below which discharging slows down, to nothing at empty"),
	ATTR_QTY(struct battery_par, room_k, "room", DIM_TEMPERATURE, OPTIONAL, 233.15, 333.15,
	    "temperature of the air around it; when absent, the weather's"),
	ATTR_QTY(struct battery_par, cooling_s, "cooling", DIM_TIME, "2 h", 1, 604800,
	    "time constant with which its cells take on that temperature: assumption"),
	ATTR_QTY(struct battery_par, heat_frac, "cell-heat", DIM_FRACTION, "50 %", 0, 1,
	    "share of the conversion loss that warms the cells, not the inverter: assumption"),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct battery_par *p = o->par;
	struct battery_curve c;
	char why[128];
	if (p->curve && !battery_curve_parse(p->curve, &c, why, sizeof why))
		err_at(e, object_attr_pos(o, "efficiency-curve"), "battery: efficiency-curve: %s",
		    why);
	if (p->curve && !isnan(p->eff_frac))
		err_at(e, object_attr_pos(o, "efficiency"),
		    "battery: both efficiency and efficiency-curve; write one of them");
}

const struct class battery_class = {
	.element = "battery",
	.parents = "homes datacentre",
	.about =
	    "A stationary battery with its inverter. Its cells age with time, temperature, charge "
	    "moved and states of charge, and its capacity fades as that of the first measured "
	    "cell of its chemistry: lfp a prismatic cell of 250 Ah (beside it in the reported "
	    "band Sony/Murata, 3 Ah), nmc a pouch cell of 75 Ah (beside it 50 Ah and Kokam 75 "
	    "Ah). For solid-state no such measurement is public: it is assumed to lose 5 % in "
	    "1000 full cycles, and by time what lfp loses (in the band, half to twice of it).",
	.par_size = sizeof(struct battery_par),
	.attrs = attrs,
	.check = check,
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
		.low_j = p->low_soc * capacity_j,
	};
}

/* dE/dt = in - rate E, rate >= 0. */
struct linear {
	double in, rate;
};

/* fmin and fmax are calls into the library, for the sake of NAN. */
static double least(double a, double b)
{
	return a < b ? a : b;
}

static double most(double a, double b)
{
	return a > b ? a : b;
}

/* E after t seconds: E + (in - rate E) (1 - exp(-rate t)) / rate. */
static double flow_to(struct linear f, double e, double t)
{
	return e + (f.in - f.rate * e) * battery_span_s(f.rate, t);
}

/* When E, which passes `target`, is there. log1p keeps the digits of slow leaks. */
static double time_to(struct linear f, double e, double target)
{
	double now = f.in - f.rate * e;
	if (f.rate == 0) return (target - e) / now;
	return -log1p(-f.rate * (target - e) / now) / f.rate;
}

static void book_charge(struct battery_flow *out, double cells_j, double leak_j, double eff)
{
	double drawn_j = cells_j / eff;
	out->charge_j += cells_j;
	out->leak_j += leak_j;
	out->loss_j += drawn_j - cells_j;
	out->ac_w += drawn_j; /* energy here; battery_step_bent divides by the time */
}

static void book_discharge(struct battery_flow *out, double cells_j, double leak_j, double eff)
{
	double given_j = cells_j * eff;
	out->discharge_j += cells_j;
	out->leak_j += leak_j;
	out->loss_j += cells_j - given_j;
	out->ac_w -= given_j;
}

/* Pieces where efficiency and power depend on each other. */
static const double curved_s = 60;

/* ---- charging ---- */

/* The limit above the taper, on the alternating-current side. */
static double limit_in_w(const struct battery *b, double e)
{
	return b->power_w * (b->capacity_j - e) / (b->capacity_j - b->taper_j);
}

/* That limit makes a linear flow too: eff P (full - E) / (full - taper). */
static struct linear taper_in(const struct battery *b, double eff)
{
	double a = eff * b->power_w / (b->capacity_j - b->taper_j);
	return (struct linear){ a * b->capacity_j, a + b->leak_per_s };
}

/* The efficiency half way through a piece, and its length. */
static double taper_in_eff(const struct battery *b, double e, double *t)
{
	if (!b->curve) return b->eff_frac;
	*t = least(*t, curved_s);
	double eff = battery_eff_frac(b, limit_in_w(b, e));
	double middle_j = flow_to(taper_in(b, eff), e, *t / 2);
	return battery_eff_frac(b, limit_in_w(b, middle_j));
}

/* Charges for up to t seconds, but not across `knee_j`, where the taper's limit
 * meets the request. Returns the time used. */
static double charge_piece(const struct battery *b, double *e, double request_w, double knee_j,
    bool tapering, double t, struct battery_flow *out)
{
	double eff = tapering ? taper_in_eff(b, *e, &t) : battery_eff_frac(b, request_w);
	struct linear f =
	    tapering ? taper_in(b, eff) : (struct linear){ eff * request_w, b->leak_per_s };
	double end = least(flow_to(f, *e, t), b->capacity_j);
	if ((end - knee_j) * (*e - knee_j) < 0) {
		t = least(t, time_to(f, *e, knee_j));
		end = knee_j;
	}
	/* in t - (E' - E) = rate * integral of E: shared between taper and leak */
	double drained = most(f.in * t - (end - *e), 0);
	double leak = f.rate > 0 ? drained * (b->leak_per_s / f.rate) : 0;
	book_charge(out, most(end - *e + leak, 0), leak, eff);
	*e = end;
	return t;
}

static void charge_past_knee(
    const struct battery *b, double *e, double w, double knee_j, double t, struct battery_flow *out)
{
	/* at the knee */
	bool rising = battery_eff_frac(b, w) * w > b->leak_per_s * knee_j;
	while (t > 0) {
		bool tapering = *e > knee_j || (*e == knee_j && rising);
		t -= charge_piece(b, e, w, knee_j, tapering, t, out);
	}
}

static void charge(const struct battery *b, double *e, double w, double t, struct battery_flow *out)
{
	double knee_j = b->capacity_j - (b->capacity_j - b->taper_j) * (w / b->power_w);
	charge_past_knee(b, e, w, knee_j, t, out);
}

/* ---- rest and discharging ---- */

static void rest(const struct battery *b, double *e, double t, struct battery_flow *out)
{
	double end = flow_to((struct linear){ 0, b->leak_per_s }, *e, t);
	out->leak_j += *e - end;
	*e = end;
}

/* Down to floor_j at a constant power. Returns the time used. */
static double discharge_flat(const struct battery *b, double *e, double w, double floor_j, double t,
    struct battery_flow *out)
{
	double eff = battery_eff_frac(b, w);
	struct linear f = { -w / eff, b->leak_per_s };
	double end = flow_to(f, *e, t);
	if (end < floor_j) {
		end = floor_j;
		t = least(t, time_to(f, *e, end));
	}
	double cells_j = least(-f.in * t, *e - end);
	book_discharge(out, cells_j, *e - end - cells_j, eff);
	*e = end;
	return t;
}

/* Where the limit falls in a line, P E / low: dE/dt = -(P / (eff low) + leak) E. */
static struct linear taper_out(const struct battery *b, double eff)
{
	return (struct linear){ 0, b->power_w / (eff * b->low_j) + b->leak_per_s };
}

static double discharge_taper(
    const struct battery *b, double *e, double floor_j, double t, struct battery_flow *out)
{
	double eff = b->eff_frac;
	if (b->curve) {
		t = least(t, curved_s);
		eff = battery_eff_frac(b, b->power_w * *e / b->low_j);
		double middle_j = flow_to(taper_out(b, eff), *e, t / 2);
		eff = battery_eff_frac(b, b->power_w * middle_j / b->low_j);
	}
	struct linear f = taper_out(b, eff);
	double end = flow_to(f, *e, t);
	if (end < floor_j) {
		end = floor_j;
		t = least(t, time_to(f, *e, end));
	}
	double leak = (*e - end) * (b->leak_per_s / f.rate);
	book_discharge(out, *e - end - leak, leak, eff);
	*e = end;
	return t;
}

static void discharge(
    const struct battery *b, double *e, double w, double t, struct battery_flow *out)
{
	double knee_j = most(b->low_j * (w / b->power_w), b->reserve_j);
	if (*e > knee_j) t -= discharge_flat(b, e, w, knee_j, t, out);
	while (t > 0 && *e > b->reserve_j) t -= discharge_taper(b, e, b->reserve_j, t, out);
	if (b->leak_per_s > 0 && t > 0) rest(b, e, t, out);
}

struct battery_flow battery_step(
    const struct battery *b, double *stored_j, double request_w, double dt_s)
{
	struct battery_flow out;
	if (!battery_step_flat(b, stored_j, request_w, dt_s, &out))
		out = battery_step_bent(b, stored_j, request_w, dt_s);
	return out;
}

struct battery_flow battery_step_bent(
    const struct battery *b, double *stored_j, double request_w, double dt_s)
{
	assert(dt_s > 0 && *stored_j >= 0 && *stored_j <= b->capacity_j);
	struct battery_flow out = { 0 };
	double w = least(fabs(request_w), b->power_w);
	if (request_w > 0)
		charge(b, stored_j, w, dt_s, &out);
	else
		discharge(b, stored_j, w, dt_s, &out);
	out.ac_w /= dt_s;
	return out;
}
