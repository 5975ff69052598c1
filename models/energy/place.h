/* Where the scenario is: what the sun and the air above depend on. */
#ifndef HEARTH_MODELS_ENERGY_PLACE_H
#define HEARTH_MODELS_ENERGY_PLACE_H

#include "models/class.h"

struct place_par {
	double latitude_rad;  /* north positive */
	double longitude_rad; /* east positive */
	double altitude_m;    /* above sea level */
};

extern const struct class place_class;

#endif
