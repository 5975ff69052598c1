/* Replicas in the event queue: servers that requests are sent to.
 *
 * All servers of a run share one kind of event, "a span ends", at phase
 * SIM_PHASE_DEVICE. Times given to the callbacks are whole nanoseconds, rounded
 * up from the replica's exact boundary. */
#ifndef HEARTH_MODELS_COMPUTE_SERVER_H
#define HEARTH_MODELS_COMPUTE_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "models/compute/replica.h"
#include "models/work/request.h"
#include "sim/sim.h"

struct servers;
struct server;

/* Called from the event at which it happens, t_ns == sim_now; both may submit.
 * Before `done`, energy_j and preemptions of the request's outcome are filled
 * (added to, so that a request split over nodes collects its parts); the other
 * members are the callbacks' to fill, for they know of links. Either may be NULL. */
struct server_calls {
	void (*first)(void *ctx, struct server *s, uint32_t request, int64_t t_ns);
	void (*done)(void *ctx, struct server *s, uint32_t request, int64_t t_ns);
	void *ctx;
};

/* Where energy is counted. */
enum server_boundary {
	SERVER_DEVICE, /* accelerator boards */
	SERVER_NODE,   /* plus host, behind the power supply */
};

/* requests and outcomes belong to the caller and are indexed by request. */
struct servers *servers_new(struct sim *sim, const struct request *requests,
    struct outcome *outcomes, const struct server_calls *calls);
/* The arrays are elsewhere now, because they have grown. */
void servers_move(struct servers *ss, const struct request *requests, struct outcome *outcomes);
void servers_free(struct servers *ss); /* frees its servers too; takes NULL */

/* The ids that prefix_first of the requests counts in, for the prefix caches; the
 * caller's. Without them no request has a known prefix. */
void servers_share_prefixes(struct servers *ss, const uint64_t *prefix);

/* One more replica. m must outlive it; replicas of a node share it. Not from an
 * event handler. */
struct server *servers_add(struct servers *ss, const struct iteration_model *m);
uint32_t servers_count(const struct servers *ss);
struct server *servers_at(const struct servers *ss, uint32_t index);
uint32_t server_index(const struct server *s); /* order of servers_add */

bool server_fits(const struct server *s, uint32_t request); /* false: can never be served here */
void server_submit(struct server *s, uint32_t request);     /* now; must fit */

/* A request whose prompt and decoding run on two servers. On the first it makes
 * its first token alone: `first` is called, then, at the same time, `done`; the
 * caller moves the KV cache of its prompt. On the second it decodes from there
 * (replica.h): only `done` is called, when all tokens are there; first_ns is when
 * the first server told the first one, and the request must have more. Each
 * server adds its own energy and preemptions to the outcome before its `done`, so
 * that the outcome's energy is that of both. */
bool server_fits_prefill(const struct server *s, uint32_t request);
void server_submit_prefill(struct server *s, uint32_t request);
void server_submit_computed(struct server *s, uint32_t request, int64_t first_ns);

/* Another power cap for each of its devices from now on (replica_set_cap). */
void server_set_cap(struct server *s, double cap_w);

/* Token gaps as runs (replica.h), for a histogram. */
void server_on_gaps(struct server *s, gap_fn *fn, void *ctx);

/* Energy from time 0 to t_ns, idle times included; t_ns from the last event on
 * to sim_now. Differences between grid steps add up to the whole. */
double server_energy_j(const struct server *s, int64_t t_ns, enum server_boundary where);
struct replica_total server_total(const struct server *s, int64_t t_ns);

/* For routing, at sim_now. */
int64_t server_outstanding(const struct server *s); /* tokens still to compute */
int64_t server_kv_used(const struct server *s);     /* tokens */
int64_t server_kv_capacity(const struct server *s); /* tokens */
int64_t server_longest(const struct server *s);     /* request that fits: prompt + output - 1 */
uint32_t server_running(const struct server *s);
size_t server_waiting(const struct server *s);

#endif
