/* The inside of a pool, for pool.c (which changes it) and pool_export.c (which only
 * reads it). */
#ifndef HEARTH_MODELS_SITE_POOL_STATE_H
#define HEARTH_MODELS_SITE_POOL_STATE_H

#include "models/compute/full.h"
#include "models/compute/link.h"
#include "models/compute/server.h"
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
	uint32_t answered, handed_over; /* requests */
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
	const uint64_t *prefix;
	const struct request *request;
	struct outcome *outcome;
	uint32_t requests, open; /* open: not answered yet; in a closed loop: clients at work */
	struct workload *loop;   /* whose clients wait for answers; NULL: all requests are there */
	size_t outcome_cap;
	int64_t received_ns;     /* when the last of the answers so far is with its client */
	double bytes_per_token;
	unsigned on_send, on_submit, on_ask;
	struct blocks itl;
	struct steady steady;
};

#endif
