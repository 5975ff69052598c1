/* The nodes of a scenario, the requests on their way to them, and the answers.
 *
 * A request is routed when its client sends it, travels up its link, waits and
 * runs on a server (models/compute/server.h), and its tokens travel down. On a
 * prefill node only the first token is computed; then its KV cache is handed over
 * (models/site/handover.h) and the other tokens come from a decode node. Only
 * the nodes' power knows of time between these events; pool_meter asks for it
 * once a grid step.
 *
 * With small and large models (models/site/cascade.h) an answer that is insufficient is
 * thrown away when its client has it, and the request is sent again. */
#ifndef HEARTH_MODELS_SITE_POOL_H
#define HEARTH_MODELS_SITE_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"
#include "models/class.h"
#include "models/compute/node.h"
#include "models/compute/server.h"
#include "models/control/router.h"
#include "models/site/checks.h"
#include "models/site/steady.h"
#include "models/work/request.h"
#include "models/work/workload.h"
#include "sim/blocks.h"
#include "sim/sim.h"

struct pool;
struct cascade;
struct deferral;

/* Where the nodes of one <node> element stand. */
struct pool_place {
	uint32_t home;   /* ORIGIN_OUTSIDE: in a data centre */
	uint32_t centre; /* number of the data centre, in order of the file */
};

struct pool *pool_new(struct sim *sim, const struct object *scenario,
    const struct policy_par *policy);
void pool_free(struct pool *p); /* takes NULL */

/* Adds the replicas of a <node> at a place. All before pool_open. */
void pool_add(struct pool *p, const struct object *node, struct pool_place where);
uint32_t pool_nodes(const struct pool *p);
const struct node_par *pool_node(const struct pool *p, uint32_t node);
const struct object *pool_element(const struct pool *p, uint32_t node); /* its <node> */
uint32_t pool_answered(const struct pool *p, uint32_t node); /* requests */
uint32_t pool_insufficient(const struct pool *p, uint32_t node); /* answers thrown away */
const struct policy_par *pool_policy(const struct pool *p);
double pool_now_s(const struct pool *p); /* the time that pool_total is of */
struct pool_place pool_where(const struct pool *p, uint32_t node);
struct replica_total pool_total(const struct pool *p, uint32_t node); /* until sim_now */
double pool_node_j(const struct pool *p, uint32_t node); /* at its inlet, until pool_meter's
                                                            last call */

/* Before pool_open: the ids that prefix_first of the requests counts in, borrowed.
 * Without them no prefix is known. */
void pool_share_prefixes(struct pool *p, const uint64_t *prefix);

/* After the last pool_add and before pool_open: nodes in homes draw their full power
 * (models/compute/full.h) from time 0 on, whatever is asked of them. Only their meters know
 * of it: what servers count says nothing of such nodes, and is not exported. */
void pool_hold_full(struct pool *p);

/* Before pool_open: requests that can wait do, and are sent when they are let go. Borrowed. */
void pool_defer(struct pool *p, struct deferral *d);

/* After the last pool_add and before pool_open: the policy's <tiers>, if it has them. Adds a
 * fault where a tier is missing or a node's cannot be told. */
void pool_make_tiers(struct pool *p, const struct object *scenario, uint64_t seed,
    struct err_list *e);
const struct cascade *pool_cascade(const struct pool *p); /* NULL: no tiers */
enum model_tier pool_tier(const struct pool *p, uint32_t node);

/* Takes the requests, sorted by time and borrowed, of clients in `homes` homes
 * and elsewhere; schedules the first arrival. bytes_per_token: on the links. */
void pool_open(struct pool *p, const struct request *requests, uint32_t count, uint32_t homes,
    double bytes_per_token);

/* The same for a closed loop, whose requests are sent as answers come: w, borrowed,
 * gets them while the run goes on. */
void pool_open_loop(struct pool *p, struct workload *w, uint32_t homes);

/* After pool_open: another power cap for each device of a node from now on (server.h);
 * INFINITY: none. */
void pool_set_cap(struct pool *p, uint32_t node, double cap_w);

/* What became of the requests; borrowed. */
const struct outcome *pool_outcomes(const struct pool *p);
const struct blocks *pool_itl(const struct pool *p); /* inter-token latencies, s */
const struct steady *pool_steady(const struct pool *p);
bool pool_is_idle(const struct pool *p); /* every answer was received, or refused */

/* The run ends at sim_now: requests whose answer is still on a link are pending. */
void pool_close(struct pool *p);

/* Energy since the last call, by site. */
struct pool_energy {
	double device_j, node_j;
};
struct pool_reading {
	double *home_node_j;        /* [homes]: at the inlets of the home's nodes */
	struct pool_energy homes;   /* all of them */
	struct pool_energy *centre; /* [data centres] */
	double running, waiting;    /* requests, now */
};
/* Fills the caller's arrays (each entry is overwritten); now is sim_now. */
void pool_meter(struct pool *p, uint32_t homes, uint32_t centres, struct pool_reading *r);

/* Adds what the pool checks about itself. */
void pool_check(const struct pool *p, struct checks *c);

/* Fills group "nodes": what each has served and used; and the metrics of hand-overs and of
 * tiers. */
void pool_export(const struct pool *p, struct dataset *d);

#endif
