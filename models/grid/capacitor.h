/* The control of a switched capacitor bank.
 *
 * Three kinds: by the voltage at the bank, by the reactive power that flows past it, by the
 * time of day. What is wanted must last for a delay, which starts anew when it ceases to be;
 * a clock has none. Two operations are never nearer than rest_s: an opened bank may only be
 * closed again when it has lost its charge, which its resistors must bring to 50 V within
 * 5 minutes (IEEE Std 18, banks above 600 V; recalled). */
#ifndef HEARTH_MODELS_GRID_CAPACITOR_H
#define HEARTH_MODELS_GRID_CAPACITOR_H

#include <stdbool.h>

#define CAPACITOR_REST_S  300.0 /* IEEE Std 18: time of discharge */
#define CAPACITOR_DELAY_S 60.0  /* a usual setting, longer than that of regulators upstream */

enum capacitor_by { CAPACITOR_BY_VOLTAGE, CAPACITOR_BY_REACTIVE, CAPACITOR_BY_TIME };

/* By voltage (pu): closed below `on`, opened above `off` > on. By reactive power (var):
 * closed above `on`, opened below `off` < on. By time (s since midnight): closed from `on`
 * to `off`, over midnight where off < on. */
struct capacitor_par {
	enum capacitor_by by;
	double on, off;
	double on_delay_s, off_delay_s;
	double rest_s;
};

struct capacitor_state {
	bool closed;
	bool wants;         /* to be operated */
	double seen;        /* as last measured, in the unit of on and off */
	double left_s;      /* until it would operate; INFINITY: nothing is wanted */
	double rest_left_s; /* until it may */
	unsigned operations;
};

/* At rest, long after its last operation. */
void capacitor_begin(struct capacitor_state *s, bool closed);

/* The control measures that from now on: pu, var, or s since midnight. Without voltage (0 pu)
 * it rests. */
void capacitor_see(const struct capacitor_par *p, struct capacitor_state *s, double measured);

double capacitor_due_s(const struct capacitor_state *s); /* until it operates; INFINITY: never */
void capacitor_pass(struct capacitor_state *s, double dt_s);

/* Operates when it is due; true: it did. The control must see anew then. */
bool capacitor_act(const struct capacitor_par *p, struct capacitor_state *s);

#endif
