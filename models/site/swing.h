/* The frequency of the bulk system in a run, and what disturbs it.
 *
 *     <supply>
 *       <demand .../> <unit name="coal" .../> ...
 *       <frequency nominal="50 Hz" inertia="4 s">
 *         <battery-response power="20 MW" energy="10 MWh" full-at="0.2 Hz"/>
 *         <shedding threshold="49.0 Hz" delay="0.2 s" share="5 %"/>
 *       </frequency>
 *       <contingency at="19 h" unit="coal" until="21 h"/>
 *       <contingency at="9 h" power="40 MW"/>
 *     </supply>
 *
 * A lost unit takes with it what it gave in the last grid step, and is out of the merit
 * order from the step on that it is lost in until `until`, when it is there again at no
 * output. A power that appears is drawn by others (negative: they stop drawing it). The
 * scenario's own sites disturb the frequency when what they need moves by more than a
 * share of the base from one grid step to the next; the jump is then taken to happen at
 * the end of the step that shows it, whole. Slower changes are what dispatch follows.
 *
 * Inertia and governors are the whole system's and stay what they are when a unit is lost.
 *
 * What is missing is replaced by secondary control (models/grid/frequency.h) and, from the
 * next step on, by the merit order, whose own shortfall is no matter of the frequency.
 * Load shedding cuts a share of all the system's demand; the scenario's sites are reported
 * to have their share of it, and keep what they draw. */
#ifndef HEARTH_MODELS_SITE_SWING_H
#define HEARTH_MODELS_SITE_SWING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"
#include "models/class.h"
#include "models/site/market.h"
#include "models/site/record.h"
#include "models/site/scenario.h"
#include "models/step.h"
#include "sim/sim.h"

struct frequency_attrs {
	double nominal_hz, base_w; /* base NAN: capacity of all units */
	double inertia_s, damping_pu, droop_pu, gain_pu, fast_frac, reheat_s, deadband_hz;
	double headroom_pu, footroom_pu; /* NAN: no limit */
	double ramp_pu_s;                /* NAN: none */
	double restore_s;                /* NAN: none */
	double band_hz, window_s;
	double jump_pu;
	const char *source;
};

struct battery_response_par {
	double power_w;
	double energy_j;            /* NAN: no limit */
	double full_hz, deadband_hz; /* deviation of full power, counted from the deadband */
	double lag_s, initial_frac;
};

struct shedding_par {
	double threshold_hz, delay_s, share_frac;
	double out_s; /* NAN: to the end of the run */
};

struct contingency_par {
	double at_s, until_s;      /* since the start; until NAN: to the end */
	const struct object *unit; /* NULL: a power */
	int64_t count;             /* of that unit */
	double power_w;            /* that others draw from then on; NAN: a unit is lost */
};

extern const struct class frequency_class, battery_response_class, shedding_class,
    contingency_class;

struct swing;

/* Schedules the supply's contingencies. NULL when it has neither <frequency> nor
 * <contingency>, or when faults were added to e. m may be NULL then only. */
struct swing *swing_new(struct sim *s, struct market *m, const struct object *scenario,
    const struct time_par *time, struct err_list *e);
void swing_free(struct swing *w); /* takes NULL */

/* At the end of a grid step, before its dispatch: what others draw more or less in it than
 * their demand, on average, for contingencies and shedding. */
double swing_shift_w(struct swing *w, const struct step *st);

/* After its dispatch: own_w is what the scenario's sites needed. Fills the row. */
void swing_step(struct swing *w, const struct step *st, double own_w, struct record_row *row);

/* Wakes the simulation at the frequency's events up to that time. */
void swing_wake(struct swing *w, int64_t until_ns);

/* Metrics, and group "frequency": the points of the trajectory. */
void swing_export(const struct swing *w, struct dataset *d);

#endif
