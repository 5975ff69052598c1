/* What the methods of influence.h share. */
#ifndef HEARTH_ANALYSIS_INFLUENCE_PARTS_H
#define HEARTH_ANALYSIS_INFLUENCE_PARTS_H

#include "analysis/influence.h"
#include "analysis/levels.h"

struct influence_work {
	const struct influence_input *in;
	double *mean;          /* [settings] over replications; NAN: not all of them have it */
	struct levels *levels; /* [axes] */
};

/* Fill f->axis in the order of the study's axes, size included, and the groups. False with *why
 * as influence_make has it. */
bool influence_of_lines(struct influence_work *w, struct influence *f, const char **why);
bool influence_of_blocks(struct influence_work *w, struct influence *f, const char **why);
bool influence_of_grid(struct influence_work *w, struct influence *f, const char **why);
bool influence_of_trajectories(struct influence_work *w, struct influence *f, const char **why);

/* The interval of |x|: from 0 where that of x holds 0. */
struct interval influence_size(const struct interval *x);

/* Whether the settings are all combinations of the axes' levels, the last axis being fastest. */
bool influence_is_grid(const struct influence_work *w);

#define INFLUENCE_NOT_IN_ORDER                                                                     \
	"the points do not follow the design that the plan names; write it again with: hearth "    \
	"sweep plan"

#endif
