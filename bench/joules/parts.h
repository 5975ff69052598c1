/* What joules.c and window.c share: an open meter. */
#ifndef HEARTH_BENCH_JOULES_PARTS_H
#define HEARTH_BENCH_JOULES_PARTS_H

#include "bench/joules/sampler.h"

enum { JOULES_SKIPS_MAX = JOULES_PROBES };

struct joules {
	struct joules_setup setup;   /* its texts are the caller's until open returns, then gone */
	struct joules_source source; /* class NULL: nothing is measured */
	bool model;                  /* readings have an estimate, powers being given */
	struct joules_skip skip[JOULES_SKIPS_MAX];
	size_t skips;
	char line[320];
	cpu_set_t cpus; /* of the process when it was opened */

	struct track track[JOULES_CHANNELS_MAX];
	struct sampler sampler;
	double begin_s, begin_day_s; /* of the window: CLOCK_MONOTONIC, CLOCK_REALTIME */
	double work_s;               /* when joules_begin returned */
	bool edged;                  /* the window began at an edge */
	double idle_w;               /* NAN: no idle window was taken */
};

#endif
