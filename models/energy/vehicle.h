/* An electric car that leaves, comes back and charges at home, or gives back.
 *
 * Each day a car makes at most one trip, or has at most one charging session: by
 * distributions (whether it leaves, when, when it is back, what it used), or as
 * sessions of a table drawn with equal probability, a weekday's for a weekday and
 * a weekend's for a weekend (when it is plugged in, for how long, what it takes:
 * what belongs together stays together). Either is drawn from the car's own stream
 * at a place that depends on the day only. A session that would begin while the
 * car is still plugged in from the one before falls away.
 *
 * It charges with the two stages of models/energy/battery.h. Leaving and coming
 * back inside a step is exact: the step is split there.
 *
 * Policies that listen follow a request in watts (positive: charge), and owe the
 * driver the charge `ready` at departure. They wait, charge less or discharge only
 * while full power from then on still reaches `ready` in time,
 *
 *     left >= need(E),  need(E) = (taper - E) / (eff P)  [+ (full - taper) / (eff P)
 *                                 log((full - taper) / (full - ready))],
 *
 * and from the instant where that becomes an equation they charge at full power
 * until departure. So `ready` is met wherever it could be met at plug-in. The left
 * side less the right one falls by at most 1 + P / (eff power at ready) a second,
 * so that the next look is due no earlier than that allows.
 *
 * Booking: what the cells take is `charge` of the site, what they give is
 * `discharge`, what the charger loses is `conversion`. Driving happens outside the
 * meter and is not in the site's ledger; the car's own balance is charge -
 * discharge - leak - trip + short = gain. */
#ifndef HEARTH_MODELS_ENERGY_VEHICLE_H
#define HEARTH_MODELS_ENERGY_VEHICLE_H

#include "base/rng.h"
#include "models/energy/battery.h"
#include "models/energy/sessions.h"

#define VEHICLE_POLICY_LIST(X) \
	X(VEHICLE_IMMEDIATE, "immediate") /* from when it is back */ \
	X(VEHICLE_DELAYED, "delayed")     /* from a time of day; at once when it leaves before */ \
	X(VEHICLE_SOLAR, "solar")         /* on surplus, at full power in time for `ready` */ \
	X(VEHICLE_V2H, "v2h")             /* as solar, and serves the home, but never the grid */ \
	X(VEHICLE_V2G, "v2g")             /* as requested by the site's dispatch, either way */

enum vehicle_policy {
#define X(id, word) id,
	VEHICLE_POLICY_LIST(X)
#undef X
};

struct vehicle_par {
	double share_frac;
	struct dist capacity_j, charger_w;
	struct dist departure_s, arrival_s; /* local time of day */
	struct dist trip_j;                 /* out of the cells, there and back */
	const char *sessions;               /* path of a table in place of trips; NULL: none */
	int faults;                         /* in it: 0: refuse, 1: skip */
	double weekday_frac, weekend_frac;  /* probability of a trip or session on such a day */
	double eff_frac;                    /* one way, between the wall and the cells */
	double taper_soc;
	int policy;                         /* enum vehicle_policy */
	double delay_s;                     /* delayed: local time of day */
	double ready_soc;                   /* wanted at departure, < 1 */
	double reserve_soc;                 /* v2h, v2g: discharging stops here */
	double initial_soc;
};

extern const struct class vehicle_class;

/* One car: constants of a run. */
struct vehicle {
	struct battery store;
	double ready_j;      /* wanted at departure */
	double hurry;        /* seconds of `left - need` that a second can cost, see above */
	struct pcg64 stream; /* of its trips or sessions */
	const struct sessions *sessions; /* NULL: trips by distributions */
};

/* Times are local, in seconds since 1970-01-01T00:00 of the local clock. */
struct vehicle_state {
	double stored_j;
	double arrived_s;           /* when it last came back */
	double leave_s, return_s;   /* the next trip, or the one under way; INFINITY: none */
	double trip_j;              /* what that trip uses */
	double stay_s;              /* sessions: how long it stays after that trip */
	double free_s;              /* until then `ready` is safe, whatever it is asked for */
	bool committed;             /* charges at full power until it leaves */
};

/* sessions: read from p->sessions, must outlive the car; NULL: none. */
struct vehicle vehicle_make(const struct vehicle_par *p, double capacity_j, double charger_w,
    struct pcg64 stream, const struct sessions *sessions);

/* Whether the policy heeds request_w. */
bool vehicle_listens(const struct vehicle_par *p);

/* The car at local_s; it may be on the road. */
void vehicle_start(const struct vehicle_par *p, const struct vehicle *v, double local_s,
    struct vehicle_state *s);

/* Energies and counts of a step. */
struct vehicle_flow {
	double drawn_j, given_j; /* at the wall */
	double charge_j;    /* into the cells */
	double discharge_j; /* out of them */
	double loss_j;      /* in the charger, either way */
	double leak_j;      /* self-discharge */
	double trip_j;      /* used by trips that ended in the step */
	double short_j;     /* of it, what the cells did not have: charged elsewhere on the way */
	double departures;
	double unready;     /* departures with less than `ready` */
	double missed_j;    /* what these lacked */
};

void vehicle_flow_add(struct vehicle_flow *into, const struct vehicle_flow *f);

/* The step [local_s, local_s + dt_s). request_w: what the car is asked to draw, at
 * the wall (negative: to give); policy solar takes what is positive, and the first
 * two policies nothing of it. Steps must follow each other. */
struct vehicle_flow vehicle_step(const struct vehicle_par *p, const struct vehicle *v,
    struct vehicle_state *s, double local_s, double request_w, double dt_s);

/* The same where no more than cap_w >= 0 can be drawn at the wall: a limit of the site, which
 * stands above the policy. A car that owes its driver the charge draws no more either, and
 * what it lacks when it leaves is counted as ever; that it needs longer under the cap it
 * does not foresee. */
struct vehicle_ask {
	double request_w, cap_w;
};
struct vehicle_flow vehicle_step_under(const struct vehicle_par *p, const struct vehicle *v,
    struct vehicle_state *s, double local_s, struct vehicle_ask ask, double dt_s);

/* Power into the cells from now_s on, which no request changes: cells_w, or, when
 * tapering, what the two stages' second gives. It holds until before until_s; now_s
 * when the car must be stepped. */
struct vehicle_calm {
	double until_s, cells_w;
	bool tapering;
};

struct vehicle_calm vehicle_calm(const struct vehicle_par *p, const struct vehicle *v,
    const struct vehicle_state *s, double now_s);

#endif
