/* The inside of a pool, for pool.c (which changes it), pool_tiers.c (which knows its tiers)
 * and pool_export.c (which only reads it). */
#ifndef HEARTH_MODELS_SITE_POOL_STATE_H
#define HEARTH_MODELS_SITE_POOL_STATE_H

#include "models/compute/full.h"
#include "models/compute/link.h"
#include "models/compute/server.h"
#include "models/site/cascade.h"
#include "models/site/handover.h"
#include "models/site/pool.h"

/* A replica and where it stands. */
struct place {
	struct pool_place where;
	const struct object *object;
	struct server *server;
	bool held;        /* at full power, which is: */
	struct full full;
	double device_j, node_j; /* as last read */
	double routing_j;        /* at its inlet, for requests that a router has sent to it */
	enum model_tier tier;
	uint32_t answered, handed_over, insufficient; /* requests */
};

struct pool {
	struct sim *sim;
	struct link_par link[LINK_KINDS];
	struct policy_par policy;
	struct router *router;
	struct servers *servers;
	struct handover *handover;
	struct iteration_model **model; /* one a <node> element and place */
	const struct object **model_of;
	uint32_t models;
	struct place *place;
	size_t places, places_cap;
	bool held; /* nodes in homes are */
	struct deferral *deferral; /* NULL: no request waits */
	struct cascade *cascade;   /* NULL: all nodes are of one tier */
	const uint64_t *prefix;
	const struct request *request, *seen; /* by their clients, by the nodes */
	struct outcome *outcome;
	uint32_t requests, open; /* open: not answered yet; in a closed loop: clients at work */
	struct workload *loop;   /* whose clients wait for answers; NULL: all requests are there */
	size_t outcome_cap;
	int64_t received_ns;     /* when the last of the answers so far is with its client */
	double bytes_per_token;
	unsigned on_send, on_submit, on_ask, on_escalate;
	struct blocks itl;
	struct steady steady;
};

/* pool_tiers.c: the node that a request is sent to, of its tier or else of the other. */
uint32_t pool_route(struct pool *p, uint32_t request);

/* A node has given an answer. True: it is thrown away, for it is insufficient, and a large node
 * can give another. */
bool pool_throws_away(struct pool *p, uint32_t request);

/* pool.c: the client of a request has an answer that is insufficient; ctx is the pool. */
void pool_on_escalate(struct sim *s, const struct sim_event *ev, void *ctx);

#endif
