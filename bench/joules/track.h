/* Energy of one channel over a window, from readings of its counter and its power. */
#ifndef HEARTH_BENCH_JOULES_TRACK_H
#define HEARTH_BENCH_JOULES_TRACK_H

#include "bench/joules/source.h"

/* More than a rack draws (50 kW): a counter that claims it did not run on but began anew,
 * after a suspend or with a restarted meter. */
#define TRACK_MOST_W 50e3

struct track {
	const struct joules_channel *channel;
	struct joules_value last;
	double last_s;
	uint64_t counts;      /* since the beginning, without the wraps */
	double integrated_j;  /* trapezoids of power; NAN once a power was missing */
	bool lost;            /* the counter began anew: counts is worthless */
};

void track_begin(struct track *t, const struct joules_channel *c, struct joules_value v,
    double at_s);

/* A later reading. A counter that has a modulus and is lower than before has wrapped
 * once; step_s is how old its count may be. */
void track_add(struct track *t, struct joules_value v, double at_s, double step_s);

/* NAN: it has no counter, or lost its count. */
double track_counted_j(const struct track *t);

/* How often to read a counter so that no wrap can be missed, s: a quarter of the time in
 * which most_w fills it. INFINITY for one that never wraps. */
double track_interval_s(const struct joules_channel *c, double most_w);

#endif
