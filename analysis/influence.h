/* Which axes of a study move a figure, by the design that its points follow.
 *
 * What a failed run leaves is handled so that nothing is guessed: a setting counts when all of
 * its replications have the figure, and a trajectory, block or comparison when all of its settings
 * do; the rest is dropped and counted. */
#ifndef HEARTH_ANALYSIS_INFLUENCE_H
#define HEARTH_ANALYSIS_INFLUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/sensitivity.h"

#define INFLUENCE_LIST(X)                                                                          \
	X(INFLUENCE_TORNADO, "tornado")                                                            \
	X(INFLUENCE_MORRIS, "morris")                                                              \
	X(INFLUENCE_SOBOL, "sobol")

enum influence_method {
#define INFLUENCE_ENUM(id, name) id,
	INFLUENCE_LIST(INFLUENCE_ENUM)
#undef INFLUENCE_ENUM
};

/* A study's plan and one figure of its points. Settings are the rows of the design, in its order.
 */
struct influence_input {
	const char *design; /* by name, as sweep/design.h has it: "saltelli" */
	uint64_t seed;      /* for the draws of intervals */
	size_t axes, settings, replications;
	const char *const *axis;  /* [axes] names, which the result borrows */
	const char *const *value; /* [settings * axes], borrowed as well */
	const double *y;          /* [settings * replications]; NAN: the run gave none */
};

/* Of a tornado: an axis's two ends, all else being as it is in the study. */
struct swing {
	double low, high;             /* the figure's mean at either end: low <= high */
	const char *low_at, *high_at; /* the axis's values there; NULL: it has no order, or no
				       * effect */
	const char *low_to, *high_to; /* morris: the ends are two values each, to this one;
				       * else NULL */
	struct interval change;       /* high - low; grid: t interval over replications, of two
				       * or more; morris: over trajectories */
};

struct influence_axis {
	const char *name;
	struct interval_rank rank; /* 1: moves the figure most */
	struct interval size;      /* what the rank goes by: total index, mu*, or change */
	union {                    /* by method */
		struct swing swing;
		struct morris_axis morris;
		struct sobol_axis sobol;
	};
};

struct influence {
	enum influence_method method;
	size_t axes;
	struct influence_axis *axis; /* from the one that moves the figure most to the least */
	size_t settings_used, settings;
	const char *group;          /* "block", "trajectory", "comparison", "setting" */
	size_t groups_used, groups; /* of a grid's tornado: comparisons of all axes */
	double mean, sd;            /* of the settings used, each the mean of its replications */
	double noise_frac;          /* part of the variance between settings that chance may have
				     * left in these means; NAN: one replication cannot tell */
	double first_sum;           /* sobol: of the first-order indices */
	bool is_still;              /* the figure does not change: nothing to rank, axis NULL */
};

const char *influence_name(enum influence_method m);
bool influence_find(const char *name, enum influence_method *m);

/* What a design is made for; false: no method reads it. */
bool influence_default(const char *design, enum influence_method *m);

/* Why a design cannot give that, with the remedy, as the rest of a sentence which begins with
 * the design's name; static. NULL: it can. */
const char *influence_refuse(const char *design, enum influence_method m);

/* Of a method that is not refused. False, and why in *why (static), when the points that there
 * are do not suffice or do not follow the design. Give *f to influence_fini in either case. */
bool influence_make(const struct influence_input *in, enum influence_method m, struct influence *f,
    const char **why);
void influence_fini(struct influence *f);

#endif
