/* The control of a step voltage regulator (IEEE Std C57.15; Kersting, Distribution System
 * Modeling and Analysis, chapter 7).
 *
 * An autotransformer of 32 steps of 5/8 % in either direction from neutral. Its relay sees
 * the voltage behind a potential transformer, less the drop that a compensator makes of the
 * line's current: the voltage at a place down the line,
 *
 *     V_relay = | V / pt_ratio - (R + jX) I / ct_a |,
 *
 * with R and X as volts at the current transformer's rated primary current. A timer runs
 * while that voltage is outside the band and starts anew whenever it is inside or on the
 * other side. When the delay is over the tap moves by one step; each further step of the
 * same excursion waits for its own delay. A relay without voltage rests. Power is regulated
 * in the forward direction; the relay does not know a reversal of power. */
#ifndef HEARTH_MODELS_GRID_REGULATOR_H
#define HEARTH_MODELS_GRID_REGULATOR_H

#include <complex.h>
#include <stdbool.h>

enum { REGULATOR_TAP_MAX = 16 }; /* steps from neutral (IEEE Std C57.15: 32 steps, +-10 %) */
#define REGULATOR_STEP_PU 0.00625

/* Delay of the first step where nothing is said: within the 15 to 60 s that are usual. */
#define REGULATOR_DELAY_S 30.0

struct regulator_par {
	double set_v, band_v;    /* at the relay: centre and full width of the band */
	double r_v, x_v;         /* line drop compensator; 0: none */
	double pt_ratio, ct_a;   /* ct_a: rated primary current */
	double delay_s, again_s; /* of the first step out of the band; of each further one */
};

struct regulator_state {
	int tap;        /* steps from neutral; > 0 raises */
	int wants;      /* -1, 0, 1: the way that the relay asks for; 0: within, or at its end */
	double relay_v; /* as last seen; 0: without voltage */
	double left_s;  /* until the next step; INFINITY: none is wanted */
	unsigned moves; /* steps so far */
};

/* In the band, at that tap. */
void regulator_begin(struct regulator_state *s, int tap);

/* Voltage at the relay with v_v across the regulated side and i_a out of it. */
double regulator_relay_v(const struct regulator_par *p, double complex v_v, double complex i_a);

/* The relay sees that voltage from now on; 0: it has none. */
void regulator_see(const struct regulator_par *p, struct regulator_state *s, double relay_v);

void regulator_pass(struct regulator_state *s, double dt_s);

/* Moves by one step when the delay is over; true: it did. The relay must see anew then. */
bool regulator_act(const struct regulator_par *p, struct regulator_state *s);

double regulator_ratio(int tap); /* 1 + 0.00625 tap */

/* How far that voltage is outside the band, V; 0: within. */
double regulator_outside_v(const struct regulator_par *p, double relay_v);

#endif
