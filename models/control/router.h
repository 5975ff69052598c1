/* Which node answers a request.
 *
 *     nearest         the asker's own home, else the nearest home on the street that has a
 *                     node, else a data centre; clients elsewhere go to a data centre
 *     least-loaded    the node with the fewest outstanding tokens, wherever it is
 *     spill-to-cloud  as nearest, unless that node has `spill-above` requests or more
 *                     outstanding: then the least loaded node of a data centre
 *     cloud-only      the least loaded node of a data centre
 *     prefix          the node that was last sent the longest prefix of the prompt
 *                     (models/control/affinity.h), unless it is busy: then as least-loaded,
 *                     and so are prompts whose prefix blocks nobody knows
 *
 * Busy in this sense is a node that would have more requests outstanding, this one
 * included, than `prefix-bound` times the mean of all nodes that are sent requests,
 * rounded up (Mirrokni et al. 2018, "Consistent hashing with bounded loads").
 *
 * Outstanding are the tokens, prompt and output, of all requests sent to a node
 * and not yet answered: what a front end that counts its own traffic knows.
 * Among equals the one that was longest without a request is taken. A node whose
 * KV cache can never hold a request is never asked; where a rule finds no node,
 * the least loaded that fits is taken, and where none fits, the request is
 * refused.
 *
 * Nodes with the role `decode` are sent no requests: they are handed those whose
 * prompt a `prefill` node of their data centre has computed, each to the decode
 * node with the fewest outstanding tokens at that time. While it prefills a
 * request counts its prompt and first token, while it decodes its other tokens.
 * A request is sent to a prefill node only if a decode node can hold all of it.
 *
 * Where small and large models share the requests (models/control/tiers.h), the rule picks
 * among the nodes of a request's tier, and a KV cache stays in its tier. */
#ifndef HEARTH_MODELS_CONTROL_ROUTER_H
#define HEARTH_MODELS_CONTROL_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/class.h"
#include "models/compute/node.h"
#include "models/control/dispatch.h"
#include "models/control/tiers.h"
#include "models/work/request.h"

enum routing {
	ROUTING_NEAREST,
	ROUTING_LEAST_LOADED,
	ROUTING_SPILL,
	ROUTING_CLOUD,
	ROUTING_PREFIX,
};
#define ROUTING_WORDS "nearest least-loaded spill-to-cloud cloud-only prefix"

struct policy_par {
	int routing;  /* enum routing */
	int dispatch; /* enum dispatch_kind */
	int64_t spill_above;
	double prefix_bound; /* >= 1 */
	bool compare_boundaries; /* verdicts on spikes (models/site/spiking_nodes.h) */
};

extern const struct class policy_class;

struct router;

/* A place that requests can be sent to. */
struct router_node {
	uint32_t home;          /* in which it stands; ORIGIN_OUTSIDE: in a data centre */
	double capacity_tokens; /* of the longest request that it can serve */
	enum node_role role;    /* other than NODE_BOTH in a data centre only */
	uint32_t centre;        /* number of its data centre */
	double cache_tokens;    /* of its KV cache, where that is more */
	enum model_tier tier;         /* all TIER_ONE, or none */
};

#define ROUTER_NONE UINT32_MAX

/* Nodes are numbered as given; homes are 0 to homes - 1 along the street. */
struct router *router_new(const struct policy_par *p, const struct router_node *nodes,
    uint32_t count, uint32_t homes);
void router_free(struct router *r); /* takes NULL */

/* Before the first request: the ids that prefix_first of the requests counts in,
 * borrowed. Without them no prefix is known. */
void router_share_prefixes(struct router *r, const uint64_t *prefix);

/* The node for a request, which now counts as outstanding there; ROUTER_NONE
 * when no node can hold it. O(log nodes), O(homes with a node) at worst for
 * `nearest` when the near ones are too small, and O(prefix blocks) for `prefix`. */
uint32_t router_send(struct router *r, const struct request *q);

/* The same among the nodes of one tier, as if there were no others. */
uint32_t router_send_tier(struct router *r, const struct request *q, enum model_tier tier);
bool router_fits(const struct router *r, const struct request *q, enum model_tier tier); /* ever */

/* The prefill node that the request was sent to is done with it: the decode node
 * that goes on, where it now counts. Requests of one token are answered instead. */
uint32_t router_hand_over(struct router *r, uint32_t from, const struct request *q);

/* The request was answered by the node at which it counts. */
void router_answered(struct router *r, uint32_t node, const struct request *q);

double router_outstanding_tokens(const struct router *r, uint32_t node);
uint32_t router_outstanding_requests(const struct router *r, uint32_t node);

#endif
