/* The inside of a struct swing, for the files that run it and report on it. */
#ifndef HEARTH_MODELS_SITE_SWING_STATE_H
#define HEARTH_MODELS_SITE_SWING_STATE_H

#include "models/grid/frequency.h"
#include "models/site/swing.h"

struct swing_point {
	double t_s, hz;
	enum frequency_event what;
};

struct swing {
	struct sim *sim;
	unsigned on_contingency, on_frequency;
	sim_handle wake;
	int64_t until_ns; /* to wake at events before */
	struct market *market;
	const struct contingency_par **contingency;

	struct frequency *f; /* NULL: nobody looks at it */
	double base_w, jump_w;
	double own_w;        /* what the sites needed in the last step; NAN: none yet */
	double lowest_hz;    /* in the open step */
	int64_t disturbances;

	double now_s;
	double extra_w, extra_j;          /* that others draw for contingencies; in the open step */
	double shed_j, step_shed_j;       /* by the last step's end, in that step */
	double own_shed_j;                /* the scenario's share */

	struct swing_point *point;
	size_t points, cap;
};

#endif
