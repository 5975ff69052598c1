/* The inside of a cascade, for cascade.c (which changes it) and cascade_export.c (which only
 * reads it). */
#ifndef HEARTH_MODELS_SITE_CASCADE_STATE_H
#define HEARTH_MODELS_SITE_CASCADE_STATE_H

#include <stddef.h>

#include "models/site/cascade.h"

/* What became of a request. */
struct leg {
	double first_j;      /* device energy of an insufficient first answer */
	uint32_t first_node; /* that gave it; UINT32_MAX: there is none */
	uint8_t tier;        /* enum model_tier: where it is */
	bool insufficient;   /* drawn */
};

struct cascade {
	struct tiers_par par;
	struct pcg64 stream;
	const struct request *request;
	struct request *seen; /* with the judge's tokens; NULL: as `request` */
	struct leg *leg;
	uint32_t count;
	size_t leg_cap, seen_cap;
};

#endif
