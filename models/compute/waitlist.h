/* Waiting requests of a replica, in some order: a heap that doubles when it is
 * full. */
#ifndef HEARTH_MODELS_COMPUTE_WAITLIST_H
#define HEARTH_MODELS_COMPUTE_WAITLIST_H

#include <stddef.h>
#include <stdint.h>

#include "models/compute/slotheap.h"

/* A boundary between iterations: ns + frac_ns nanoseconds, 0 <= frac_ns < 1, so
 * that rounding does not add up over the life of a server. */
struct instant {
	int64_t ns;
	double frac_ns;
};

/* s >= 0; INT64_MAX, which is never, from the end of the clock (292 years) on. */
struct instant instant_add(struct instant t, double s);
int64_t instant_up_ns(struct instant t);                /* rounded up */
double instant_gap_s(struct instant from, struct instant to);

/* A request as a replica knows it. */
struct job {
	uint32_t id;
	int32_t prompt, output, generated; /* tokens */
	int32_t arrived;     /* tokens whose KV cache came with it; 0 when it has lost them */
	int32_t units;       /* whole prefix units of its prompt */
	const uint64_t *prefix; /* [units] */
	int64_t order;       /* priority * 2^48 + number of its submission: smaller goes first */
	int64_t from;        /* number of the first iteration that it may take part in */
	uint32_t preemptions;
	double energy_j;     /* shares of iterations so far */
	struct instant last; /* when its last token came; valid when generated > 0 */
};

struct waitlist {
	struct job *job;
	struct slotheap heap; /* by key; behind its members stand the empty places of job */
	uint32_t cap;
};

void waitlist_init(struct waitlist *q);
void waitlist_fini(struct waitlist *q);
void waitlist_push(struct waitlist *q, struct job j, int64_t key);
struct job waitlist_pop(struct waitlist *q); /* the first; count > 0 */

static inline size_t waitlist_count(const struct waitlist *q)
{
	return q->heap.count;
}

static inline const struct job *waitlist_front(const struct waitlist *q) /* count > 0 */
{
	return &q->job[slotheap_first(&q->heap)];
}

#endif
