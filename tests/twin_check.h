/* Holds a replica against its twin: every request's first token, completion,
 * energy and preemptions, every gap between tokens, and the energy meter at every
 * arrival. */
#ifndef HEARTH_TESTS_TWIN_CHECK_H
#define HEARTH_TESTS_TWIN_CHECK_H

#include "base/rng.h"
#include "models/compute/replica.h"
#include "tests/twin.h"

enum { TWIN_REQUESTS = 1009 };

/* Poisson arrivals, gap_s apart in the mean, with bursts at one nanosecond and
 * idle gaps; skewed lengths. Fills q[TWIN_REQUESTS]; returns the most tokens that
 * one of them has. */
int twin_draw(struct pcg64 *g, double gap_s, struct twin_request *q);

/* Serves t's TWIN_REQUESTS requests with both; a difference fails the test and
 * names the seed. Returns what the replica has done. */
struct replica_total twin_check(int seed, const struct iteration_model *m, struct twin *t);

#endif
