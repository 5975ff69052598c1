/* The frequency of a bulk system after a disturbance, as one mass.
 *
 * Swing equation, per unit of nominal frequency and of a base power:
 *
 *     2 H x' = p + K (F u + (1 - F) y) + b - D x
 *     T y'   = u - y
 *
 * x: deviation of the frequency. p: power that is missing (negative) or in excess. u: what
 * the governors ask for, -x / R beyond a deadband, up to what the machines have left and,
 * if limited, no faster than a ramp. It reaches the shaft by the share F at once and by
 * the rest, y, through the reheater: the system frequency response model of Anderson and
 * Mirheydar 1990 (IEEE Trans. Power Systems 5(3), 720-729), whose P_d is p, K is K_m.
 * Added to it:
 *
 *     Tb b' = batteries' own droop beyond their own deadband, up to their power - b
 *     e'    = -b, energy at the batteries' terminals: b is 0 once they are empty or full
 *     p'    = -p / Ts: secondary control replaces what is missing (INFINITY: never)
 *
 * and steps of load shedding: once x has been below a threshold for a delay, a share of
 * the demand is cut, and returns after a time of its own.
 *
 * Between two events the equations are linear and solved exactly (models/grid/linear.h);
 * each event, an edge of a deadband, a limit reached, a threshold, a delay's end, an
 * extremum, is found on that solution. Nothing is stepped in time: the trajectory does not
 * depend on how often it is asked for. A system whose rates are all below 1e-11 per second
 * is taken to rest there: from a decay over 300 s that leaves less than 1e-8 per unit. */
#ifndef HEARTH_MODELS_GRID_FREQUENCY_H
#define HEARTH_MODELS_GRID_FREQUENCY_H

#include <stdbool.h>

enum { FREQUENCY_STEPS_MAX = 16 };

/* Proportional to the frequency beyond a deadband, up to two limits. */
struct frequency_droop {
	double droop_pu;      /* R: deviation that asks for 1 pu, > 0; INFINITY: no answer */
	double deadband_hz;   /* to either side, >= 0; droop counts from its edge */
	double up_pu, down_pu; /* largest increase and decrease, >= 0; INFINITY: none */
};

struct frequency_battery {
	struct frequency_droop droop; /* up_pu 0 and down_pu 0: no battery */
	double lag_s;                 /* Tb > 0 */
	double energy_pu_s;           /* capacity on the base; INFINITY: never empty or full */
	double initial_frac;          /* of it, 0 to 1 */
};

/* Under-frequency load shedding. */
struct frequency_step {
	double threshold_hz;
	double delay_s;    /* below the threshold without a break */
	double share_frac; /* of the demand at that moment */
	double out_s;      /* until it returns; INFINITY: not in this run */
};

struct frequency_par {
	double nominal_hz;
	double inertia_s;     /* H > 0: kinetic energy at nominal speed over the base */
	double damping_pu;    /* D >= 0 */
	struct frequency_droop governor;
	double gain_pu;       /* K: machines that answer over the base */
	double fast_frac;     /* F: share of u that needs no reheating */
	double reheat_s;      /* T > 0 */
	double ramp_pu_s;     /* of u, > 0; INFINITY: none */
	double restore_s;     /* Ts > 0; INFINITY: none */
	double band_hz;       /* what report.outside_s is counted beyond, to either side */
	double window_s;      /* that report.rocof_hz_s is a mean over */
	struct frequency_battery battery;
	struct frequency_step step[FREQUENCY_STEPS_MAX];
	int steps;
};

/* Since the start. Instants are those given to frequency_advance. */
struct frequency_report {
	double nadir_hz, nadir_s;   /* lowest and when */
	double zenith_hz, zenith_s; /* highest and when */
	double rocof0_hz_s;         /* steepest right after a disturbance, with sign */
	double rocof_hz_s;          /* steepest mean over a window, with sign: windows follow
	                               each other from the last disturbance on */
	double outside_s;           /* beyond the band */
	int steps;                  /* times that a step of load was shed */
	double shed_pu_s;           /* energy of what was shed */
	double given_pu_s, taken_pu_s; /* by batteries: to the system and from it */
};

/* What happened at a point of the trajectory. */
enum frequency_event {
	FREQUENCY_DISTURBED,
	FREQUENCY_TURNED,   /* an extremum */
	FREQUENCY_CROSSED,  /* an edge, a limit or a threshold */
	FREQUENCY_EMPTIED,  /* or full: the batteries */
	FREQUENCY_RAMPED,   /* governors reached their ramp limit or caught up */
	FREQUENCY_SHED,
	FREQUENCY_RETURNED, /* load that was shed */
	FREQUENCY_PASSED,   /* nothing: it has moved by 0.1 per mille of nominal since the last
	                       point, so that the points draw the trajectory */
};

typedef void frequency_watcher(void *ctx, double t_s, double hz, enum frequency_event what);

struct frequency;

/* At rest at nominal frequency at t_s. The caller owns it. */
struct frequency *frequency_new(const struct frequency_par *par, double t_s);
void frequency_free(struct frequency *f); /* takes NULL */

/* Is told every point between two pieces of the trajectory. NULL: nobody. */
void frequency_watch(struct frequency *f, frequency_watcher *watch, void *ctx);

/* What shares of load shedding are taken of, per unit of the base; 1 at first. */
void frequency_demand(struct frequency *f, double demand_pu);

/* Goes on to t_s, at or after the present. */
void frequency_advance(struct frequency *f, double t_s);

/* Power appears (positive: generation gained or load lost) or is lost, now. */
void frequency_disturb(struct frequency *f, double power_pu);

/* When the next event within (now, until_s] has just changed the equations (a nanosecond
 * ago), if nothing else disturbs them; INFINITY: none does. What to wake at;
 * frequency_advance needs no such call. */
double frequency_next(const struct frequency *f, double until_s);

double frequency_now_hz(const struct frequency *f);
double frequency_shed_pu(const struct frequency *f); /* cut at present */
struct frequency_report frequency_report(const struct frequency *f);

/* Where a disturbance of that size leaves a system at rest when neither secondary control,
 * shedding nor the batteries' energy intervenes; NAN: it finds no balance. */
double frequency_steady_hz(const struct frequency_par *par, double power_pu);

#endif
