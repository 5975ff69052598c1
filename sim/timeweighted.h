/* Mean and extremes over time of a level that changes in steps: requests in a
 * queue, power drawn, sessions open.
 *
 * A level that is 3 for 2 s and then 0 for 4 s has integral 6, mean 1, maximum
 * 3. What a level is while no time passes counts for the extremes only. Times
 * are int64 nanoseconds and never go back; integrals are in level times seconds. */
#ifndef HEARTH_SIM_TIMEWEIGHTED_H
#define HEARTH_SIM_TIMEWEIGHTED_H

#include <stdint.h>

struct timeweighted {
	int64_t begin_ns, last_ns; /* of observation; of the last change */
	double level, integral;    /* since last_ns; up to last_ns */
	double min, max;
};

/* Begins to observe, at a level. */
void timeweighted_init(struct timeweighted *w, int64_t now_ns, double level);

/* The level becomes `level`, or grows by `delta`, from now_ns on. */
void timeweighted_set(struct timeweighted *w, int64_t now_ns, double level);
void timeweighted_add(struct timeweighted *w, int64_t now_ns, double delta);

/* Forgets what was, as at the end of a warm-up; the level stays. */
void timeweighted_reset(struct timeweighted *w, int64_t now_ns);

/* Up to now_ns; the mean over no time is the level. */
double timeweighted_integral(const struct timeweighted *w, int64_t now_ns);
double timeweighted_mean(const struct timeweighted *w, int64_t now_ns);

#endif
