/* One grid step: the interval that a sweep of the physics covers. */
#ifndef HEARTH_MODELS_STEP_H
#define HEARTH_MODELS_STEP_H

#include <stdint.h>

struct step {
	int64_t begin_ns; /* since the start of the scenario */
	double dt_s;      /* its length */
	double utc_s;     /* its begin as seconds since 1970-01-01T00:00Z */
	double zone_s;    /* local time minus UTC, from the scenario's start stamp */
	long index;       /* 0 for the first */
};

#endif
