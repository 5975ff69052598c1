/* What the points of a study gave: plan.tsv and the sweep.csv that hearth sweep collect makes.
 *
 * Settings are the rows of the study's design; each has a point in every replication. */
#ifndef HEARTH_SWEEP_OUTCOMES_H
#define HEARTH_SWEEP_OUTCOMES_H

#include "sweep/folder.h"

struct outcomes {
	struct points *plan;
	char *design; /* by name: "saltelli" */
	size_t settings, replications;
	enum point_state *state; /* [points], in the plan's order */
	char **metric;           /* columns of sweep.csv */
	size_t metrics;
	double *figure; /* [points * metrics]; NAN: none */
};

/* NULL with entries in e: no folder of a study, nothing collected, or points came after it. */
struct outcomes *outcomes_read(const char *folder, struct err_list *e);
void outcomes_free(struct outcomes *o); /* takes NULL */

/* Its index, or SIZE_MAX with an entry in e that names the nearest one. */
size_t outcomes_metric(const struct outcomes *o, const char *name, struct err_list *e);

/* y[setting * replications + replication] of that metric. */
void outcomes_figures(const struct outcomes *o, size_t metric, double *y);

/* The value of each axis in each setting, [settings * axes]; texts are the plan's, the caller
 * frees the list. */
const char **outcomes_values(const struct outcomes *o);

size_t outcomes_count(const struct outcomes *o, enum point_state state);

#endif
