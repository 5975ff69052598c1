/* Inside the workload: the clients of a closed loop. */
#ifndef HEARTH_MODELS_WORK_WORKLOAD_LOOP_H
#define HEARTH_MODELS_WORK_WORKLOAD_LOOP_H

#include "models/work/workload.h"

struct loop;

/* Clients of the workload w. Requests that w has already, from a trace, are a script:
 * the n-th to be sent is the n-th of them. Else each client draws from streams of its
 * own, named "NAME/client 7": its n-th request and thought are the same whatever the
 * policy, and whatever the number of clients. */
struct loop *loop_new(struct workload *w, const struct workload_par *p, uint64_t seed,
    const char *name, uint32_t homes);
void loop_free(struct loop *l); /* takes NULL */

/* Draws a length, tokens >= 1. */
int32_t workload_tokens(const struct dist *d, struct pcg64 *g);

#endif
