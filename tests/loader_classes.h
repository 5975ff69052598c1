/* Classes for the loader's own tests: every kind of attribute, no model. */
#ifndef HEARTH_TESTS_LOADER_CLASSES_H
#define HEARTH_TESTS_LOADER_CLASSES_H

#include "models/class.h"

struct root_par {
	const char *name;
	int64_t seed;
};
struct words_par {
	const char *text;
};
struct clock_par {
	struct stamp start;
	double step_s;
};
struct homes_par {
	int64_t count;
	bool heated;
};
struct battery_par {
	double energy_j, efficiency_frac;
	struct dist power_w;
	int chemistry;
};
struct chip_par {
	const char *name, *source;
	double power_w;
};
struct node_par {
	const char *name, *trace;
	const struct object *chip, *spare;
};
struct tariff_par {
	double price_per_j, export_per_j, fee;
};

extern const struct class *const test_classes[]; /* NULL at the end */

#endif
