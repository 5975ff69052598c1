/* Timing one case: the suite's own, see suite/run.h for what it does. */
#ifndef HEARTH_BENCH_SUITE_TIMING_H
#define HEARTH_BENCH_SUITE_TIMING_H

#include "bench/suite/pin.h"
#include "bench/suite/record.h"
#include "bench/suite/run.h"

struct timer {
	struct pin pin;
	int threads; /* of the case before; 0: none */
};

struct timed {
	struct bench_case c;
	size_t row;     /* its index in the file */
	long calls;     /* in a sample; after timing_warm */
	bool touch;     /* call once before a sample */
	double spent_s; /* wall time of its samples so far */
};

void timing_init(struct timer *t);

/* Runs the case until it is steady and says how many calls a sample of that length takes. */
void timing_warm(struct timer *t, struct timed *i, double sample_s);

struct bench_sample timing_sample(struct timer *t, struct timed *i);

/* Lets the calling thread run where it may again, before anybody creates threads. */
void timing_release(struct timer *t);

/* Calls between the meter's begin and end, for window_s at least. */
void timing_energy(struct timer *t, struct timed *i, const struct suite_meter *m, double window_s,
    int processors, struct bench_energy *e);

#endif
