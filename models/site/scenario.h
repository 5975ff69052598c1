/* The scenario itself: its name, what it is about, when and how finely it runs. */
#ifndef HEARTH_MODELS_SITE_SCENARIO_H
#define HEARTH_MODELS_SITE_SCENARIO_H

#include <stdint.h>

#include "models/class.h"
#include "models/step.h"

enum {
	TIME_STEPS_MAX = 10000000, /* of a run: nineteen years of minutes, 2 GB of records */
};

struct scenario_par {
	const char *name;
	int64_t seed;
};

struct about_par {
	const char *text;
};

struct time_par {
	struct stamp start; /* its zone is the local time of tariffs and habits */
	double duration_s;  /* NAN: until the last request is answered */
	double step_s;      /* taken in whole nanoseconds */
};

extern const struct class scenario_class, about_class, time_class;

/* The step with that number: [index * step, (index + 1) * step). */
struct step time_step(const struct time_par *t, long index);

/* How many there are, and when the last ends; only for a scenario with a duration. */
long time_steps(const struct time_par *t);
int64_t time_end_ns(const struct time_par *t);

/* Local time of day at the start, seconds since midnight. */
double time_of_day_s(const struct time_par *t);

#endif
