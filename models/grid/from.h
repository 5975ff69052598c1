/* Whether a price or an intensity is the scenario's own figure or that of the supply's units. */
#ifndef HEARTH_MODELS_GRID_FROM_H
#define HEARTH_MODELS_GRID_FROM_H

#include "models/class.h"

enum from { FROM_OWN, FROM_SUPPLY };

/* The row of a table; what: "price". Required where the supply has units, so that no
 * figure stands beside another unnoticed (models/site/cost.c). */
#define FROM_ATTR(s, m, what)                                                                      \
	ATTR_ENUM(s, m, "from", "own", "own supply",                                               \
	    "whose " what " it is: the one written here, or that of the units of <supply>, each "  \
	    "step; to be written where there are units")

#endif
