/* The thread that reads a source while something else is measured. */
#ifndef HEARTH_BENCH_JOULES_SAMPLER_H
#define HEARTH_BENCH_JOULES_SAMPLER_H

#include <pthread.h>
#include <sched.h>

#include "bench/joules/track.h"

struct sampler {
	const struct joules_source *source;
	struct track *track; /* one a channel; the thread's own until sampler_stop */
	double interval_s;   /* INFINITY: no thread is needed */
	cpu_set_t cpus;      /* where the thread may run */
	bool runs, failed;
	char why[160];       /* of a reading that failed */
	double cpu_s;        /* that the thread took */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

/* CLOCK_MONOTONIC, s. */
double sampler_now_s(void);

/* How old a reading of the source may be, s. */
double sampler_age_s(const struct joules_source *s);

/* One value a channel; what the source does not tell of it is count 0, power NAN. */
bool sampler_read(const struct joules_source *s, struct joules_value *value, char *why,
    size_t why_size);

/* Reads all channels now and books them. False, with s->why, when the source cannot be
 * read; the window is lost then. */
bool sampler_take(struct sampler *s);

/* Begins to take, every interval_s. source, track, interval_s and cpus are set by the
 * caller, the rest is zero. Returns at once; where no thread can be made, s->failed. */
void sampler_start(struct sampler *s);
void sampler_stop(struct sampler *s); /* waits for a reading that is under way */

#endif
