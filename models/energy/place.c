#include "models/energy/place.h"

#include <math.h>

static const struct attr attrs[] = {
	ATTR_QTY(struct place_par, latitude_rad, "latitude", DIM_ANGLE, REQUIRED, -M_PI / 2,
	    M_PI / 2, "north positive"),
	ATTR_QTY(struct place_par, longitude_rad, "longitude", DIM_ANGLE, REQUIRED, -M_PI, M_PI,
	    "east positive"),
	ATTR_QTY(struct place_par, altitude_m, "altitude", DIM_LENGTH, "0 m", -430, 5000,
	    "above sea level"),
	ATTR_END,
};

const struct class place_class = {
	.element = "place", .parents = "scenario",
	.about = "Where the scenario is; the sun and the air above follow from it.",
	.par_size = sizeof(struct place_par), .attrs = attrs, .max = 1,
};
