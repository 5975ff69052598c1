#include "models/energy/vehicle.h"

#include <math.h>

#include "models/energy/calendar.h"

/* Trips are looked for this far ahead; a car that leaves more rarely stays. */
enum { DAYS_AHEAD_MAX = 3660, DRAWS_PER_DAY = 8 };

static const double day_s = 86400;

/* Defaults of habits: the mean trip of 13 kWh of charging and the plug-in times
 * lie near A. L. Soerensen et al. 2021, "Residential electric vehicle charging
 * datasets from apartment buildings", Data in Brief 36, 106985: median stay 9.3 h,
 * mean energy 13.0 kWh. */
static const struct attr attrs[] = {
	ATTR_QTY(struct vehicle_par, share_frac, "share", DIM_FRACTION, "1", 0, 1,
	    "share of the homes that have it, spread evenly along the street"),
	ATTR_DIST(struct vehicle_par, capacity_j, "capacity", DIM_ENERGY, "60 kWh", 3.6e6, 3.6e9,
	    "energy that its full cells hold"),
	ATTR_DIST(struct vehicle_par, charger_w, "power", DIM_POWER, "7.4 kW", 100, 1e6,
	    "rating of the charger, at the wall"),
	ATTR_DIST(struct vehicle_par, departure_s, "departure", DIM_TIME, "normal(7.75, 1) h", 0,
	    86399, "local time of day at which it leaves"),
	ATTR_DIST(struct vehicle_par, arrival_s, "arrival", DIM_TIME, "normal(17.75, 1.5) h", 0,
	    86399, "local time of day at which it is back; before departure: the next day"),
	ATTR_DIST(struct vehicle_par, trip_j, "trip", DIM_ENERGY, "lognormal(10, 0.5) kWh", 0,
	    3.6e9, "energy that a day's driving takes out of the cells"),
	ATTR_FILE(struct vehicle_par, sessions, "sessions", OPTIONAL,
	    "measured sessions in place of departure, arrival and trip: CSV of plug_in, plug_out "
	    "(local times; also plugin_local, plugout_local) and energy_kwh, with duration_h where it "
	    "was measured, or of day (weekday, weekend), plug_in, stay_h and energy_kwh, with "
	    "spread_h before and after plug_in; drawn with equal probability for each car and day, "
	    "of weekdays for weekdays and of weekends for weekends"),
	ATTR_ENUM(struct vehicle_par, faults, "faults", "refuse", "refuse skip",
	    "what to do with rows of sessions that cannot be: name them and stop, or leave them "
	    "out"),
	ATTR_QTY(struct vehicle_par, weekday_frac, "weekday-trips", DIM_FRACTION, "90 %", 0, 1,
	    "probability that it leaves on a day from Monday to Friday; with sessions, that it is "
	    "plugged in"),
	ATTR_QTY(struct vehicle_par, weekend_frac, "weekend-trips", DIM_FRACTION, "60 %", 0, 1,
	    "the same of a Saturday or Sunday"),
	/* J. Apostolaki-Iosifidou, P. Codani and W. Kempton 2017, "Measurement of power
	 * loss during electric vehicle charging and discharging", Energy 127, 730-742:
	 * 12 to 22 % of loss on the way in and less at full power. */
	ATTR_QTY(struct vehicle_par, eff_frac, "efficiency", DIM_FRACTION, "90 %", 0.3, 1,
	    "one way, between the wall and the cells; met again on the way back"),
	ATTR_QTY(struct vehicle_par, taper_soc, "taper", DIM_FRACTION, "80 %", 0.01, 0.999,
	    "state of charge from which charging slows down"),
	ATTR_ENUM(struct vehicle_par, policy, "charging", "immediate",
	    "immediate delayed solar v2h v2g",
	    "when it charges: on return, from a time of day, or on solar surplus first; v2h also "
	    "serves what the home would import, v2g what the dispatch asks of it, both above the "
	    "reserve and as long as it can be ready in time"),
	ATTR_QTY(struct vehicle_par, delay_s, "from", DIM_TIME, "0 h", 0, 86399,
	    "delayed: local time of day from which it charges"),
	ATTR_QTY(struct vehicle_par, ready_soc, "ready", DIM_FRACTION, "70 %", 0, 0.99,
	    "state of charge wanted at departure; solar, v2h and v2g see to it"),
	ATTR_QTY(struct vehicle_par, reserve_soc, "reserve", DIM_FRACTION, "30 %", 0, 1,
	    "v2h, v2g: state of charge that discharging leaves untouched"),
	ATTR_QTY(struct vehicle_par, initial_soc, "initial", DIM_FRACTION, "70 %", 0, 1,
	    "state of charge at the start"),
	ATTR_END,
};

/* Reads the file for its faults only; the fleet keeps what it reads itself. */
static void check(const struct object *o, struct err_list *e)
{
	const struct vehicle_par *p = o->par;
	if (!p->sessions) return;
	struct sessions *t = sessions_read(p->sessions, p->faults, e);
	if (t && t->skipped)
		err_warn(e, object_attr_pos(o, "faults"), "%zu of %zu sessions left out",
		    t->skipped, t->skipped + t->n[SESSIONS_WEEKDAY] + t->n[SESSIONS_WEEKEND]);
	sessions_free(t);
}

const struct class vehicle_class = {
	.element = "vehicle", .parents = "homes",
	.about = "Electric cars that leave, come back, charge at home and may give back.",
	.par_size = sizeof(struct vehicle_par), .attrs = attrs, .check = check,
};

struct vehicle vehicle_make(const struct vehicle_par *p, double capacity_j, double charger_w,
    struct pcg64 stream, const struct sessions *sessions)
{
	double slow = fmin(1, (1 - p->ready_soc) / (1 - p->taper_soc)); /* taper's limit at ready */
	return (struct vehicle){
		.store = {
			.capacity_j = capacity_j,
			.power_w = charger_w,
			.eff_frac = p->eff_frac,
			.reserve_j = p->reserve_soc * capacity_j,
			.taper_j = p->taper_soc * capacity_j,
		},
		.ready_j = p->ready_soc * capacity_j,
		.hurry = 1 + 1 / (p->eff_frac * p->eff_frac * slow),
		.stream = stream,
		.sessions = sessions,
	};
}

bool vehicle_listens(const struct vehicle_par *p)
{
	return p->policy >= VEHICLE_SOLAR;
}

/* The car's draws of a day. */
static struct pcg64 stream_of(const struct vehicle *v, long day)
{
	struct pcg64 g = v->stream;
	pcg64_advance(&g, (unsigned __int128)day * DRAWS_PER_DAY);
	return g;
}

static double chance_frac(const struct vehicle_par *p, long day)
{
	return calendar_weekend(day) ? p->weekend_frac : p->weekday_frac;
}

/* The trip of that local day; false: it stays. */
static bool draw_trip(const struct vehicle_par *p, const struct vehicle *v, long day,
    struct vehicle_state *s)
{
	struct pcg64 g = stream_of(v, day);
	double goes = pcg64_unit(&g);
	double departure_s = dist_draw(&p->departure_s, &g);
	double arrival_s = dist_draw(&p->arrival_s, &g);
	s->trip_j = dist_draw(&p->trip_j, &g);
	s->leave_s = (double)day * day_s + departure_s;
	s->return_s = (double)day * day_s + arrival_s;
	if (s->return_s <= s->leave_s) s->return_s += day_s;
	return goes < chance_frac(p, day);
}

/* The first trip after the car came back at s->arrived_s. */
static void plan_trip(const struct vehicle_par *p, const struct vehicle *v, struct vehicle_state *s)
{
	long today = (long)floor(s->arrived_s / day_s);
	for (long day = today; day < today + DAYS_AHEAD_MAX; day++)
		if (draw_trip(p, v, day, s) && s->leave_s > s->arrived_s) return;
	s->leave_s = s->return_s = INFINITY;
}

/* It leaves when the session is over; the first session after that ends its trip,
 * which used what that session is to take. */
static void plan_session(const struct vehicle_par *p, const struct vehicle *v,
    struct vehicle_state *s)
{
	s->leave_s = s->arrived_s + s->stay_s;
	long first = (long)floor(s->leave_s / day_s);
	for (long day = first; day < first + DAYS_AHEAD_MAX; day++) {
		struct pcg64 g = stream_of(v, day);
		struct session next;
		bool comes = pcg64_unit(&g) < chance_frac(p, day);
		enum sessions_day kind = calendar_weekend(day) ? SESSIONS_WEEKEND : SESSIONS_WEEKDAY;
		if (!comes || !sessions_draw(v->sessions, kind, &g, &next)) continue;
		s->return_s = (double)day * day_s + next.arrival_s;
		s->trip_j = p->eff_frac * next.energy_j;
		s->stay_s = next.stay_s;
		if (s->return_s > s->leave_s) return;
	}
	s->return_s = INFINITY;
}

static void plan(const struct vehicle_par *p, const struct vehicle *v, struct vehicle_state *s)
{
	s->committed = false;
	s->free_s = s->arrived_s;
	(v->sessions ? plan_session : plan_trip)(p, v, s);
}

void vehicle_start(const struct vehicle_par *p, const struct vehicle *v, double local_s,
    struct vehicle_state *s)
{
	*s = (struct vehicle_state){
		.stored_j = p->initial_soc * v->store.capacity_j,
		.arrived_s = local_s - (v->sessions ? 30 : 2) * day_s, /* it may be plugged in long */
	};
	for (plan(p, v, s); s->return_s <= local_s; plan(p, v, s)) s->arrived_s = s->return_s;
}

static void arrive(const struct vehicle_par *p, const struct vehicle *v, struct vehicle_state *s,
    struct vehicle_flow *out)
{
	double used_j = fmin(s->trip_j, s->stored_j);
	out->trip_j += s->trip_j;
	out->short_j += s->trip_j - used_j;
	s->stored_j -= used_j;
	s->arrived_s = s->return_s;
	plan(p, v, s);
}

/* Leaves, with `ready` or without: a billionth of a full charge is what the
 * resolution of seconds since 1970, 0.2 us, may take. */
static void leave(const struct vehicle *v, const struct vehicle_state *s, struct vehicle_flow *out)
{
	double missed_j = v->ready_j - s->stored_j;
	out->departures++;
	if (missed_j <= 1e-9 * v->store.capacity_j) return;
	out->unready++;
	out->missed_j += missed_j;
}

static void follow(const struct vehicle *v, struct vehicle_state *s, double request_w, double t,
    struct vehicle_flow *out)
{
	if (!(t > 0)) return;
	struct battery_flow f = battery_step(&v->store, &s->stored_j, request_w, t);
	out->drawn_j += fmax(f.ac_w, 0) * t;
	out->given_j += fmax(-f.ac_w, 0) * t;
	out->charge_j += f.charge_j;
	out->discharge_j += f.discharge_j;
	out->loss_j += f.loss_j;
	out->leak_j += f.leak_j;
}

/* The first `delay_s` o'clock after it came back, unless it leaves before. */
static double delayed_start_s(const struct vehicle_par *p, const struct vehicle_state *s)
{
	double midnight = day_s * floor(s->arrived_s / day_s);
	double start = midnight + p->delay_s;
	if (start < s->arrived_s) start += day_s;
	return start < s->leave_s ? start : s->arrived_s;
}

/* Time at full power from e to `ready`: a straight line, then the taper. */
static double need_s(const struct vehicle *v, double e)
{
	const struct battery *b = &v->store;
	double full_w = b->eff_frac * b->power_w, need = 0;
	if (e >= v->ready_j) return 0;
	if (e < b->taper_j) {
		double straight_j = fmin(v->ready_j, b->taper_j);
		need = (straight_j - e) / full_w;
		e = straight_j;
	}
	if (e < v->ready_j) {
		double taper_s = (b->capacity_j - b->taper_j) / full_w;
		need += taper_s * log((b->capacity_j - e) / (b->capacity_j - v->ready_j));
	}
	return need;
}

/* Time to spare t seconds from now under the request, `left_s` before departure. */
static double spare_s(const struct vehicle *v, double e, double request_w, double left_s, double t)
{
	if (t > 0) battery_step(&v->store, &e, request_w, t);
	return left_s - t - need_s(v, e);
}

/* The instant in [0, t) at which the time to spare, which only falls, is used up;
 * 0 where there was none. Bisected to a nanosecond. */
static double turn_s(const struct vehicle *v, double e, double request_w, double left_s, double t)
{
	double low = 0, high = t;
	if (spare_s(v, e, request_w, left_s, low) <= 0) return low;
	while (high - low > 1e-9) {
		double mid = low + (high - low) / 2;
		if (spare_s(v, e, request_w, left_s, mid) >= 0) low = mid;
		else high = mid;
	}
	return low;
}

/* Does as it is asked while it can be ready, then charges at full power. */
static void heed(const struct vehicle *v, struct vehicle_state *s, struct vehicle_ask ask,
    double from_s, double to_s, struct vehicle_flow *out)
{
	double t = to_s - from_s, asked_s = t, request_w = fmin(ask.request_w, ask.cap_w);
	if (s->committed) {
		asked_s = 0;
	} else if (to_s > s->free_s) {
		double left_s = s->leave_s - from_s;
		double spare = spare_s(v, s->stored_j, request_w, left_s, t);
		s->free_s = to_s + fmax(spare, 0) / v->hurry;
		s->committed = spare < 0;
		if (spare < 0) asked_s = turn_s(v, s->stored_j, request_w, left_s, t);
	}
	follow(v, s, request_w, asked_s, out);
	follow(v, s, fmin(v->store.power_w, ask.cap_w), t - asked_s, out);
}

/* Plugged in from `from_s` to `to_s`. */
static void plugged(const struct vehicle_par *p, const struct vehicle *v, struct vehicle_state *s,
    struct vehicle_ask ask, double from_s, double to_s, struct vehicle_flow *out)
{
	double start_s = from_s, full_w = fmin(v->store.power_w, ask.cap_w);
	switch ((enum vehicle_policy)p->policy) {
	case VEHICLE_DELAYED:
		start_s = fmin(fmax(delayed_start_s(p, s), from_s), to_s);
		follow(v, s, 0, start_s - from_s, out);
		follow(v, s, full_w, to_s - start_s, out);
		break;
	case VEHICLE_IMMEDIATE:
		follow(v, s, full_w, to_s - from_s, out);
		break;
	case VEHICLE_SOLAR:
		ask.request_w = fmax(ask.request_w, 0);
		heed(v, s, ask, from_s, to_s, out);
		break;
	case VEHICLE_V2H:
	case VEHICLE_V2G:
		heed(v, s, ask, from_s, to_s, out);
		break;
	}
}

struct vehicle_flow vehicle_step(const struct vehicle_par *p, const struct vehicle *v,
    struct vehicle_state *s, double local_s, double request_w, double dt_s)
{
	struct vehicle_ask ask = { request_w, INFINITY };
	return vehicle_step_under(p, v, s, local_s, ask, dt_s);
}

struct vehicle_flow vehicle_step_under(const struct vehicle_par *p, const struct vehicle *v,
    struct vehicle_state *s, double local_s, struct vehicle_ask ask, double dt_s)
{
	struct vehicle_flow out = { 0 };
	double now = local_s, end = local_s + dt_s;
	while (now < end) {
		if (now < s->leave_s) {
			double until = fmin(end, s->leave_s);
			plugged(p, v, s, ask, now, until, &out);
			if (until == s->leave_s) leave(v, s, &out);
			now = until;
		} else {
			now = fmin(end, s->return_s);
			if (now == s->return_s) arrive(p, v, s, &out);
		}
	}
	return out;
}

void vehicle_flow_add(struct vehicle_flow *into, const struct vehicle_flow *f)
{
	double *sum = (double *)into;
	const double *add = (const double *)f;
	for (size_t i = 0; i < sizeof *f / sizeof *sum; i++) sum[i] += add[i];
}

/* At full power: a straight line up to the taper, then that. */
static struct vehicle_calm charging(const struct vehicle *v, const struct vehicle_state *s,
    double now_s)
{
	const struct battery *b = &v->store;
	double full_w = b->eff_frac * b->power_w;
	if (s->stored_j >= b->taper_j) return (struct vehicle_calm){ s->leave_s, 0, true };
	double straight_s = (b->taper_j - s->stored_j) / full_w;
	return (struct vehicle_calm){ fmin(now_s + straight_s, s->leave_s), full_w, false };
}

struct vehicle_calm vehicle_calm(const struct vehicle_par *p, const struct vehicle *v,
    const struct vehicle_state *s, double now_s)
{
	if (now_s >= s->leave_s) return (struct vehicle_calm){ s->return_s, 0, false };
	if (vehicle_listens(p) && !s->committed) return (struct vehicle_calm){ now_s, 0, false };
	double start_s = p->policy == VEHICLE_DELAYED ? delayed_start_s(p, s) : now_s;
	if (now_s < start_s) return (struct vehicle_calm){ start_s, 0, false };
	return charging(v, s, now_s);
}
