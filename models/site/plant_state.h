/* The parts of a plant, for the files that sweep it and report on it. */
#ifndef HEARTH_MODELS_SITE_PLANT_STATE_H
#define HEARTH_MODELS_SITE_PLANT_STATE_H

#include "models/control/ahead.h"
#include "models/energy/battery_unit.h"
#include "models/site/generation.h"
#include "models/site/plant.h"

/* How a power moved from step to step. */
struct plant_ramp {
	double last_w, square_sum; /* of changes by minute, W^2/min^2, weighed by time */
	double peak_w;             /* highest import */
};

/* Sums of a run. */
struct plant_run {
	double run_s, ramp_s;
	double use_j, made_j, import_j, export_j;
	double charge_j, discharge_j, leak_j;
	double out_j; /* of the batteries, at the meter's side */
	double curtailed_j, exceeded_j;
	struct plant_ramp meter, bare; /* with the batteries, and were there none */
};

struct plant {
	struct battery_kind *kind; /* [units]: one for each <battery> */
	struct battery_unit *unit;
	size_t units;
	double stored_first_j;
	bool has_sun;
	struct dispatch rule;
	struct dispatch_limit limit;
	struct peak_state peak;
	struct outlook *outlook;
	struct ahead *ahead; /* NULL: no look-ahead */
	struct generation *now, *later; /* later: NULL unless the weather is known ahead */
	struct step later_at;  /* where `later` stands */
	double *made_w;        /* of the intervals from known_from_s on */
	double known_from_s;
	bool weather_known;
	struct plant_run run;
};

/* plant_export.c: adds a step to the run's sums. */
void plant_count(struct plant *p, const struct plant_flow *f, double use_w, double net_w,
    double meter_w, double dt_s);

#endif
