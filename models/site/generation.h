/* What a data centre generates: the <solar> and <wind> behind its meter.
 *
 * Sun, clouds and wind are functions of place, weather and seed, so that two of one site are
 * the same: one goes with the run, another may go ahead of it and say what will be. Steps
 * of an hour and of a minute see the same clouds (models/energy/cloud.h). */
#ifndef HEARTH_MODELS_SITE_GENERATION_H
#define HEARTH_MODELS_SITE_GENERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/class.h"
#include "models/step.h"

struct generation;

struct generation_flow {
	double pv_dc_w, pv_ac_w; /* before and behind the inverters */
	double wind_w;
	double air_k; /* of the air outside */
};

/* Reads the children of a <datacentre>; sizes are drawn by its own stream. NULL when faults
 * were added to e (the curve of a turbine, a scenario without <place>). The caller owns it. */
struct generation *generation_new(const struct object *centre, const struct object *scenario,
    uint64_t seed, const struct step *first, struct err_list *e);
void generation_free(struct generation *g); /* takes NULL */

/* Rating of the i-th <solar>, W; turbines have theirs in their attributes. */
double generation_solar_w(const struct generation *g, size_t i);

/* Whether its weather reaches that far: a file may end. */
bool generation_covers(const struct generation *g, double utc_s, double dt_s);

/* Mean powers of a step, which is covered. Steps follow each other; 0 < dt_s <= 3600. */
struct generation_flow generation_step(struct generation *g, const struct step *st);

#endif
