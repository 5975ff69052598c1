/* An electric car that leaves, comes back empty-ish and charges at home.
 *
 * Each day a car makes at most one trip: whether, when it leaves, when it is
 * back and what it used are drawn from the car's own stream at a place that
 * depends on the day only. It charges with the two stages of models/energy/
 * battery.h, never back into the home. Leaving and coming back inside a step is
 * exact: the step is split there.
 *
 * Booking: what the cells take is `charge` of the site, what the charger loses
 * is `conversion`. Driving happens outside the meter and is not in the site's
 * ledger; the car's own balance is charge - leak - trip + short = gain. */
#ifndef HEARTH_MODELS_ENERGY_VEHICLE_H
#define HEARTH_MODELS_ENERGY_VEHICLE_H

#include "base/rng.h"
#include "models/energy/battery.h"

#define VEHICLE_POLICY_LIST(X) \
	X(VEHICLE_IMMEDIATE, "immediate") /* from when it is back */ \
	X(VEHICLE_DELAYED, "delayed")     /* from a time of day; at once when it leaves before */ \
	X(VEHICLE_SOLAR, "solar")         /* on surplus, at full power in time for `ready` */

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
	double weekday_frac, weekend_frac;  /* probability of a trip on such a day */
	double eff_frac;                    /* of charging */
	double taper_soc;
	int policy;                         /* enum vehicle_policy */
	double delay_s;                     /* delayed: local time of day */
	double ready_soc;                   /* solar: wanted at departure */
	double initial_soc;
};

extern const struct class vehicle_class;

/* One car: constants of a run. */
struct vehicle {
	struct battery store;
	struct pcg64 stream; /* of its trips */
};

/* Times are local, in seconds since 1970-01-01T00:00 of the local clock. */
struct vehicle_state {
	double stored_j;
	double arrived_s;           /* when it last came back */
	double leave_s, return_s;   /* the next trip, or the one under way; INFINITY: none */
	double trip_j;              /* what that trip uses */
};

struct vehicle vehicle_make(const struct vehicle_par *p, double capacity_j, double charger_w,
    struct pcg64 stream);

/* The car at local_s; it may be on the road. */
void vehicle_start(const struct vehicle_par *p, const struct vehicle *v, double local_s,
    struct vehicle_state *s);

struct vehicle_flow {
	double ac_w;     /* mean over the step, >= 0 */
	double charge_j; /* into the cells */
	double loss_j;   /* in the charger */
	double leak_j;   /* self-discharge */
	double trip_j;   /* used by trips that ended in the step */
	double short_j;  /* of it, what the cells did not have: charged elsewhere on the way */
};

/* The step [local_s, local_s + dt_s); surplus_w >= 0 is what the home would
 * export without the car (policy solar). Steps must follow each other. */
struct vehicle_flow vehicle_step(const struct vehicle_par *p, const struct vehicle *v,
    struct vehicle_state *s, double local_s, double surplus_w, double dt_s);

#endif
