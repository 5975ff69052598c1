#include "models/energy/vehicle.h"

#include <math.h>

#include "models/energy/calendar.h"

/* Trips are looked for this far ahead; a car that leaves more rarely stays. */
enum { DAYS_AHEAD_MAX = 3660, DRAWS_PER_DAY = 8 };

static const double day_s = 86400;

/* Defaults of habits: the mean trip of 13 kWh of charging and the plug-in times
 * lie near A. L. Soerensen et al. 2021, "Electric vehicle charging dataset with
 * 35,000 charging sessions from 12 residential locations in Norway", Data in
 * Brief 36, 106985: median stay 9.3 h, mean energy 13.0 kWh. */
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
	ATTR_QTY(struct vehicle_par, weekday_frac, "weekday-trips", DIM_FRACTION, "90 %", 0, 1,
	    "probability that it leaves on a day from Monday to Friday"),
	ATTR_QTY(struct vehicle_par, weekend_frac, "weekend-trips", DIM_FRACTION, "60 %", 0, 1,
	    "probability that it leaves on a Saturday or Sunday"),
	/* J. Apostolaki-Iosifidou, P. Codani and W. Kempton 2017, "Measurement of power
	 * loss during electric vehicle charging and discharging", Energy 127, 730-742:
	 * 12 to 22 % of loss on the way in and less at full power. */
	ATTR_QTY(struct vehicle_par, eff_frac, "efficiency", DIM_FRACTION, "90 %", 0.3, 1,
	    "of charging, from the wall into the cells"),
	ATTR_QTY(struct vehicle_par, taper_soc, "taper", DIM_FRACTION, "80 %", 0.01, 0.999,
	    "state of charge from which charging slows down"),
	ATTR_ENUM(struct vehicle_par, policy, "charging", "immediate", "immediate delayed solar",
	    "when it charges: on return, from a time of day, or on solar surplus first"),
	ATTR_QTY(struct vehicle_par, delay_s, "from", DIM_TIME, "0 h", 0, 86399,
	    "delayed: local time of day from which it charges"),
	ATTR_QTY(struct vehicle_par, ready_soc, "ready", DIM_FRACTION, "70 %", 0, 1,
	    "solar: state of charge wanted at departure, at most that of the taper"),
	ATTR_QTY(struct vehicle_par, initial_soc, "initial", DIM_FRACTION, "70 %", 0, 1,
	    "state of charge at the start"),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct vehicle_par *p = o->par;
	if (p->ready_soc > p->taper_soc)
		err_at(e, object_attr_pos(o, "ready"),
		    "vehicle: ready must be at most taper, %g %%: beyond it charging slows down",
		    100 * p->taper_soc);
}

const struct class vehicle_class = {
	.element = "vehicle", .parents = "homes",
	.about = "Electric cars that leave, come back and charge at home.",
	.par_size = sizeof(struct vehicle_par), .attrs = attrs, .check = check,
};

struct vehicle vehicle_make(const struct vehicle_par *p, double capacity_j, double charger_w,
    struct pcg64 stream)
{
	return (struct vehicle){
		.store = {
			.capacity_j = capacity_j,
			.power_w = charger_w,
			.eff_frac = p->eff_frac,
			.taper_j = p->taper_soc * capacity_j,
		},
		.stream = stream,
	};
}

/* The trip of that local day; false: it stays. */
static bool draw_trip(const struct vehicle_par *p, const struct vehicle *v, long day,
    struct vehicle_state *s)
{
	struct pcg64 g = v->stream;
	pcg64_advance(&g, (unsigned __int128)day * DRAWS_PER_DAY);
	double goes = pcg64_unit(&g);
	double departure_s = dist_draw(&p->departure_s, &g);
	double arrival_s = dist_draw(&p->arrival_s, &g);
	s->trip_j = dist_draw(&p->trip_j, &g);
	s->leave_s = (double)day * day_s + departure_s;
	s->return_s = (double)day * day_s + arrival_s;
	if (s->return_s <= s->leave_s) s->return_s += day_s;
	return goes < (calendar_weekend(day) ? p->weekend_frac : p->weekday_frac);
}

/* The first trip after the car came back at s->arrived_s. */
static void plan(const struct vehicle_par *p, const struct vehicle *v, struct vehicle_state *s)
{
	long today = (long)floor(s->arrived_s / day_s);
	for (long day = today; day < today + DAYS_AHEAD_MAX; day++)
		if (draw_trip(p, v, day, s) && s->leave_s > s->arrived_s) return;
	s->leave_s = s->return_s = INFINITY;
}

void vehicle_start(const struct vehicle_par *p, const struct vehicle *v, double local_s,
    struct vehicle_state *s)
{
	*s = (struct vehicle_state){
		.stored_j = p->initial_soc * v->store.capacity_j,
		.arrived_s = local_s - 2 * day_s,
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

static void charge(const struct vehicle *v, struct vehicle_state *s, double request_w, double t,
    struct vehicle_flow *out)
{
	if (!(t > 0)) return;
	struct battery_flow f = battery_step(&v->store, &s->stored_j, request_w, t);
	out->ac_w += f.ac_w * t; /* energy for now; vehicle_step divides */
	out->charge_j += f.charge_j;
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

/* How long it may live on the surplus before full power must begin, so that
 * `ready` is met at departure: E + eff w x + eff P (leave - now - x) = ready. */
static double patience_s(const struct vehicle_par *p, const struct vehicle *v,
    const struct vehicle_state *s, double now_s, double w)
{
	double missing_j = p->ready_soc * v->store.capacity_j - s->stored_j;
	if (missing_j <= 0 || s->leave_s == INFINITY) return INFINITY;
	double most_w = v->store.power_w;
	if (w >= most_w) return INFINITY;
	double spare_j = v->store.eff_frac * most_w * (s->leave_s - now_s) - missing_j;
	return fmax(spare_j, 0) / (v->store.eff_frac * (most_w - w));
}

/* Plugged in from `from_s` to `to_s`. */
static void plugged(const struct vehicle_par *p, const struct vehicle *v, struct vehicle_state *s,
    double surplus_w, double from_s, double to_s, struct vehicle_flow *out)
{
	double first_w = 0, turn_s = from_s; /* first_w until turn_s, then full power */
	switch ((enum vehicle_policy)p->policy) {
	case VEHICLE_IMMEDIATE:
		break;
	case VEHICLE_DELAYED:
		turn_s = delayed_start_s(p, s);
		break;
	case VEHICLE_SOLAR:
		first_w = fmin(surplus_w, v->store.power_w);
		turn_s = from_s + patience_s(p, v, s, from_s, first_w);
		break;
	}
	turn_s = fmin(fmax(turn_s, from_s), to_s);
	charge(v, s, first_w, turn_s - from_s, out);
	charge(v, s, v->store.power_w, to_s - turn_s, out);
}

struct vehicle_flow vehicle_step(const struct vehicle_par *p, const struct vehicle *v,
    struct vehicle_state *s, double local_s, double surplus_w, double dt_s)
{
	struct vehicle_flow out = { 0 };
	double now = local_s, end = local_s + dt_s;
	while (now < end) {
		if (now < s->leave_s) {
			double until = fmin(end, s->leave_s);
			plugged(p, v, s, surplus_w, now, until, &out);
			now = until;
		} else {
			now = fmin(end, s->return_s);
			if (now == s->return_s) arrive(p, v, s, &out);
		}
	}
	out.ac_w /= dt_s;
	return out;
}
