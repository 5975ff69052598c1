/* The inside of a struct frequency: its state, and the piece of equations that holds. */
#ifndef HEARTH_MODELS_GRID_FREQUENCY_STATE_H
#define HEARTH_MODELS_GRID_FREQUENCY_STATE_H

#include "models/grid/frequency.h"
#include "models/grid/linear.h"

/* Components of z; powers and the frequency per unit. */
enum { Z_X, Z_HEAT, Z_GATE, Z_BATTERY, Z_STORE, Z_MISSING, Z_ONE };
_Static_assert(Z_ONE + 1 == LINEAR_N, "z has as many components as the equations");

/* Frequencies at which something changes. Those of one droop stand together. */
enum frequency_level {
	LEVEL_GOVERNOR,
	LEVEL_BATTERY = LEVEL_GOVERNOR + 4,
	LEVEL_BAND = LEVEL_BATTERY + 4, /* below, above */
	LEVEL_STEP = LEVEL_BAND + 2,
	LEVELS = LEVEL_STEP + FREQUENCY_STEPS_MAX,
};

/* Of the four levels of a droop. */
enum { DROOP_LOW, DROOP_UP, DROOP_HIGH, DROOP_DOWN };

struct level {
	double x;
	int side;    /* -1: it counts below x, 1: above; 0: there is no such level */
	bool beyond; /* is so at present */
};

struct shed_step {
	double due_s, back_s; /* INFINITY: neither */
	double cut_pu;        /* > 0: it is out */
};

struct frequency {
	struct frequency_par par;
	double t_s, z[LINEAR_N];
	struct level level[LEVELS];
	struct shed_step step[FREQUENCY_STEPS_MAX];
	double demand_pu, shed_pu;
	int ramp;          /* governors: 0 where they are asked to be, else on their way up or down */
	int blocked;       /* batteries: 1 empty, -1 full, 0 neither */
	double window_s;   /* end of the open window; INFINITY: none */
	double window_x;   /* at its begin */
	struct frequency_report report;
	int still;         /* events since time last passed: many are a bug */
	double told_x;     /* of the last point that was told */
	frequency_watcher *watch;
	void *ctx;
	gsl_root_fsolver *solver;
};

/* What a droop asks for: slope * x + at_0. */
struct droop_line {
	double slope, at_0;
};
struct droop_line frequency_droop_line(const struct frequency_droop *d, double nominal_hz,
    const struct level four[4]);

bool frequency_has_battery(const struct frequency_par *p);

/* The equations that hold at present; puts what they fix (gate, a blocked battery) into z. */
void frequency_piece(struct frequency *f, struct linear *l);

#endif
