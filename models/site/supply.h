/* The bulk system above every meter, as the scenario writes it.
 *
 *     <supply loss="2 %" scarcity="9 EUR/kWh">
 *       <demand power="310 MW" shape="day.csv"/>
 *       <unit name="gas" capacity="90 MW" count="3" cost="60 EUR/MWh" emission="490 g/kWh"/>
 *       <unit name="wind" capacity="120 MW" cost="0 EUR/MWh" emission="0 g/kWh"
 *             availability="windy.csv"/>
 *     </supply>
 *
 * Without units the supply is inexhaustible, and price and carbon are the scenario's. */
#ifndef HEARTH_MODELS_SITE_SUPPLY_H
#define HEARTH_MODELS_SITE_SUPPLY_H

#include <stdint.h>

#include "models/class.h"

struct supply_par {
	double loss_frac;      /* of what is generated, lost before the connection point */
	double scarcity_per_j; /* price while demand is unserved; NAN: the dearest unit's cost */
};

/* Generators of one kind. */
struct unit_par {
	const char *name;
	double capacity_w; /* of each */
	int64_t count;
	double cost_per_j, carbon_kg_j; /* by energy generated */
	double ramp_per_s;        /* of the capacity, up and down; NAN: at once */
	const char *availability; /* file; NULL: always the whole capacity */
	const char *source;       /* of the figures; NULL: not told */
};

/* What all others draw from the bulk system, its losses included. */
struct demand_par {
	double power_w;             /* NAN: the series says */
	const char *shape, *series; /* files; NULL: none */
	int gaps;                   /* enum series_gaps */
};

extern const struct class supply_class, unit_class, demand_class;

#endif
