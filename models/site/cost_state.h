/* What a run has paid so far. Private to models/site/cost*.c. */
#ifndef HEARTH_MODELS_SITE_COST_STATE_H
#define HEARTH_MODELS_SITE_COST_STATE_H

#include "models/grid/bill.h"
#include "models/grid/carbon.h"
#include "models/site/cost.h"

/* Meters under one tariff. */
struct payer {
	struct tariff *tariff; /* NULL: none */
	struct bills *bills;   /* of each meter */
	uint32_t meters;
};

struct cost {
	struct payer homes, *centre;
	uint32_t centres;
	double *home_node_j, *home_use_j; /* [homes]: over the run */
	struct carbon *carbon;            /* NULL: none */
	double inference;                 /* the nodes' part of what import cost */
	double carbon_kg, marginal_kg;
};

#endif
