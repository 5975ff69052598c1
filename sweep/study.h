/* The study file: a scenario, what is varied in it, and what is asked.
 *
 *     <study name="how-many" scenario="street.xml" seed="1" replications="3">
 *       <about>How many homes can host a GPU?</about>
 *       <axis name="share" path="//homes/node/@share" values="0; 0.1; 0.2"/>
 *       <axis name="battery" path="//battery/@capacity" from="5 kWh" to="20 kWh" count="4"/>
 *       <sample design="grid"/>
 *       <metric name="grid.transformer_peak_pu"/>
 *     </study>
 *
 * It is read as a scenario is, by the attribute tables of its classes (hearth-scenario(5)). */
#ifndef HEARTH_SWEEP_STUDY_H
#define HEARTH_SWEEP_STUDY_H

#include <stdint.h>

#include "base/err.h"
#include "loader/scenario.h"
#include "sweep/axis.h"
#include "sweep/design.h"

struct study {
	const char *name, *scenario; /* the latter's path */
	const char *about;           /* NULL: nothing is said */
	uint64_t seed;               /* of the first replication, and of the design's draws */
	size_t replications;
	enum design_kind design;
	size_t points; /* of a design other than the grid */
	struct axis *axis;
	size_t axes, free_axes; /* the latter go along with none; the design is of them */
	const char **metric; /* those that answer the question; may be none */
	size_t metrics;
	struct scenario *file; /* owns the texts */
};

/* NULL with entries in e. */
struct study *study_load(const char *path, struct err_list *e);
void study_free(struct study *s); /* takes NULL */

/* The levels of each free axis, for sweep/design.h; the caller frees. */
size_t *study_levels(const struct study *s);

extern const struct class *const study_classes[]; /* NULL at the end */

#endif
