/* The list of models: a new one is one word here. */
#include "models/class.h"

#define CLASS_LIST(X) \
	X(about) \
	X(cable) \
	X(carbon) \
	X(datacentre) \
	X(device) \
	X(engine) \
	X(feeder) \
	X(link) \
	X(model) \
	X(node) \
	X(period) \
	X(policy) \
	X(scenario) \
	X(segment) \
	X(street) \
	X(supply) \
	X(tariff) \
	X(time) \
	X(transformer)

#define X(c) extern const struct class c##_class;
CLASS_LIST(X)
#undef X

const struct class *const classes[] = {
#define X(c) &c##_class,
	CLASS_LIST(X)
#undef X
	NULL,
};
