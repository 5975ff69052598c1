#include "models/control/router.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/control/affinity.h"

/* A node's place in its group's heap, and what it has to do. */
struct load {
	double tokens;
	uint64_t asked; /* number of the last request sent to it; 0: none yet */
	uint32_t requests;
	uint32_t group, place;
};

/* Nodes of one capacity and kind, as a binary heap by load: the least loaded that
 * fits is the best of the tops of the groups that fit. */
struct group {
	double capacity_tokens;
	double decode_tokens; /* prefill: capacity of the largest decode node beside it */
	bool cloud;
	enum node_role role;
	enum model_tier tier;
	uint32_t centre;      /* prefill, decode; else 0, for `both` is one kind everywhere */
	uint32_t *heap;
	uint32_t count;
};

/* Nodes of one tier. */
struct crew {
	struct affinity *affinity; /* NULL: no prefixes, or not of interest */
	uint32_t takers;           /* nodes that are sent requests */
	uint64_t taken;            /* requests outstanding there */
	bool hosted;               /* some stand in homes */
};

struct router {
	struct policy_par par;
	struct router_node *node;
	struct load *load;
	uint32_t nodes;
	struct group *group;
	uint32_t groups;
	/* Homes that have nodes, ascending, and where the nodes of each begin in
	 * `hosted`: homes 3 and 8 with one and two nodes give host { 3, 8 },
	 * first { 0, 1, 3 }. */
	uint32_t *host, *first, *hosted;
	uint32_t hosts;
	uint64_t sent;
	struct crew crew[TIERS];
	const uint64_t *prefix;
};

static const struct attr attrs[] = {
	ATTR_ENUM(struct policy_par, routing, "routing", "least-loaded", ROUTING_WORDS,
	    "which node answers a request"),
	ATTR_ENUM(struct policy_par, dispatch, "dispatch", "self-consumption",
	    "none self-consumption",
	    "what batteries do where homes have no <dispatch>: nothing, or store surplus and serve "
	    "the home"),
	ATTR_INT(struct policy_par, spill_above, "spill-above", "8", 1, 1000000,
	    "requests outstanding at a home's node from which spill-to-cloud spills"),
	ATTR_QTY(struct policy_par, prefix_bound, "prefix-bound", DIM_NUMBER, "1.25", 1, 1000,
	    "times the mean of outstanding requests that a node may have and still be sent a "
	    "prompt for its prefix"),
	ATTR_BOOL(struct policy_par, compare_boundaries, "compare-boundaries", "no",
	    "put energies of chips that were counted around an operation, a core or the chip alone "
	    "beside those of whole boards, which favours the chip; else such verdicts are refused"),
	ATTR_END,
};

const struct class policy_class = {
	.element = "policy", .parents = "scenario",
	.about = "The rules: where requests go, and what batteries do.",
	.par_size = sizeof(struct policy_par), .attrs = attrs, .max = 1, .implied = true,
};

/* Less to do, then longer without a request, then the lower number. */
static bool before(const struct router *r, uint32_t a, uint32_t b)
{
	const struct load *x = &r->load[a], *y = &r->load[b];
	if (x->tokens != y->tokens) return x->tokens < y->tokens;
	if (x->asked != y->asked) return x->asked < y->asked;
	return a < b;
}

static void heap_put(struct router *r, struct group *g, uint32_t place, uint32_t node)
{
	g->heap[place] = node;
	r->load[node].place = place;
}

static void sift_up(struct router *r, struct group *g, uint32_t place, uint32_t node)
{
	while (place > 0) {
		uint32_t up = (place - 1) / 2;
		if (!before(r, node, g->heap[up])) break;
		heap_put(r, g, place, g->heap[up]);
		place = up;
	}
	heap_put(r, g, place, node);
}

static void sift_down(struct router *r, struct group *g, uint32_t place, uint32_t node)
{
	for (;;) {
		uint32_t child = 2 * place + 1;
		if (child >= g->count) break;
		if (child + 1 < g->count && before(r, g->heap[child + 1], g->heap[child])) child++;
		if (!before(r, g->heap[child], node)) break;
		heap_put(r, g, place, g->heap[child]);
		place = child;
	}
	heap_put(r, g, place, node);
}

static struct group *group_of(struct router *r, const struct router_node *n)
{
	bool cloud = n->home == ORIGIN_OUTSIDE;
	uint32_t centre = n->role == NODE_BOTH ? 0 : n->centre;
	for (uint32_t i = 0; i < r->groups; i++) {
		struct group *g = &r->group[i];
		if (g->cloud == cloud && g->role == n->role && g->tier == n->tier &&
		    g->centre == centre && g->capacity_tokens == n->capacity_tokens)
			return g;
	}
	r->group = mem_resize(r->group, r->groups + 1, sizeof *r->group);
	r->group[r->groups] = (struct group){ .capacity_tokens = n->capacity_tokens,
		.cloud = cloud, .role = n->role, .tier = n->tier, .centre = centre };
	return &r->group[r->groups++];
}

static void make_groups(struct router *r)
{
	for (uint32_t i = 0; i < r->nodes; i++) {
		struct group *g = group_of(r, &r->node[i]);
		g->heap = mem_resize(g->heap, g->count + 1, sizeof *g->heap);
		r->load[i].group = (uint32_t)(g - r->group);
		g->count++;
		sift_up(r, g, g->count - 1, i);
	}
}

static bool hands_over_to(const struct group *prefill, const struct group *decode)
{
	return prefill->role == NODE_PREFILL && decode->role == NODE_DECODE &&
	       prefill->centre == decode->centre && prefill->tier == decode->tier;
}

static void pair_groups(struct router *r)
{
	for (uint32_t i = 0; i < r->groups; i++)
		for (uint32_t k = 0; k < r->groups; k++)
			if (hands_over_to(&r->group[i], &r->group[k]))
				r->group[i].decode_tokens = fmax(r->group[i].decode_tokens,
				    r->group[k].capacity_tokens);
}

/* Nodes by home: a counting sort. */
static void make_hosts(struct router *r, uint32_t homes)
{
	uint32_t *count = mem_new((size_t)homes + 1, sizeof *count);
	for (uint32_t i = 0; i < r->nodes; i++)
		if (r->node[i].home != ORIGIN_OUTSIDE) count[r->node[i].home]++;
	for (uint32_t h = 0; h < homes; h++) r->hosts += count[h] > 0;
	r->host = mem_new(r->hosts, sizeof *r->host);
	r->first = mem_new((size_t)r->hosts + 1, sizeof *r->first);
	r->hosted = mem_new(r->nodes, sizeof *r->hosted);
	uint32_t next = 0, k = 0;
	for (uint32_t h = 0; h < homes; h++) {
		if (!count[h]) continue;
		r->host[k] = h;
		r->first[k++] = next;
		uint32_t begin = next;
		next += count[h];
		count[h] = begin; /* from here on: where the home's next node goes */
	}
	r->first[k] = next;
	for (uint32_t i = 0; i < r->nodes; i++)
		if (r->node[i].home != ORIGIN_OUTSIDE) r->hosted[count[r->node[i].home]++] = i;
	free(count);
}

struct router *router_new(const struct policy_par *p, const struct router_node *nodes,
    uint32_t count, uint32_t homes)
{
	struct router *r = mem_new(1, sizeof *r);
	r->par = *p;
	r->nodes = count;
	r->node = mem_new(count, sizeof *r->node);
	r->load = mem_new(count, sizeof *r->load);
	for (uint32_t i = 0; i < count; i++) {
		assert(nodes[i].home == ORIGIN_OUTSIDE || nodes[i].home < homes);
		r->node[i] = nodes[i];
		r->crew[nodes[i].tier].takers += nodes[i].role != NODE_DECODE;
		r->crew[nodes[i].tier].hosted |= nodes[i].home != ORIGIN_OUTSIDE;
	}
	make_groups(r);
	pair_groups(r);
	make_hosts(r, homes);
	return r;
}

void router_free(struct router *r)
{
	if (!r) return;
	for (uint32_t i = 0; i < r->groups; i++) free(r->group[i].heap);
	free(r->group);
	free(r->node);
	free(r->load);
	free(r->host);
	free(r->first);
	free(r->hosted);
	for (int t = 0; t < TIERS; t++) affinity_free(r->crew[t].affinity);
	free(r);
}

static double tokens_of(const struct request *q)
{
	return (double)q->prompt_tokens + (double)q->output_tokens;
}

/* What a node of that role computes of a request, the prompt included. */
static double part_tokens(enum node_role role, const struct request *q)
{
	switch (role) {
	case NODE_BOTH:
		break;
	case NODE_PREFILL:
		return (double)q->prompt_tokens + 1;
	case NODE_DECODE:
		return (double)q->output_tokens - 1;
	}
	return tokens_of(q);
}

/* Whether a group's nodes can be sent a request of that tier. */
static bool takes(const struct group *g, const struct request *q, enum model_tier tier)
{
	if (g->tier != tier) return false;
	switch (g->role) {
	case NODE_BOTH:
		break;
	case NODE_PREFILL:
		return g->capacity_tokens >= part_tokens(NODE_PREFILL, q) &&
		       (q->output_tokens == 1 || g->decode_tokens >= tokens_of(q));
	case NODE_DECODE:
		return false;
	}
	return g->capacity_tokens >= tokens_of(q);
}

static uint32_t least_loaded(
    const struct router *r, const struct request *q, enum model_tier tier, bool cloud_only)
{
	uint32_t best = ROUTER_NONE;
	for (uint32_t i = 0; i < r->groups; i++) {
		const struct group *g = &r->group[i];
		if (!takes(g, q, tier) || (cloud_only && !g->cloud)) continue;
		if (best == ROUTER_NONE || before(r, g->heap[0], best)) best = g->heap[0];
	}
	return best;
}

/* The least loaded node of the k-th host that fits. */
static uint32_t best_hosted(const struct router *r, uint32_t k, double tokens, enum model_tier tier)
{
	uint32_t best = ROUTER_NONE;
	for (uint32_t i = r->first[k]; i < r->first[k + 1]; i++) {
		uint32_t node = r->hosted[i];
		const struct router_node *n = &r->node[node];
		if (n->tier != tier || n->capacity_tokens < tokens) continue;
		if (best == ROUTER_NONE || before(r, node, best)) best = node;
	}
	return best;
}

/* Index of the first host at or after that home. */
static uint32_t host_from(const struct router *r, uint32_t home)
{
	uint32_t lo = 0, hi = r->hosts;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (r->host[mid] >= home)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* Walks outward from the asker's home, the nearer side first, the lower on ties. */
static uint32_t nearest(const struct router *r, uint32_t home, double tokens, enum model_tier tier)
{
	if (!r->crew[tier].hosted) return ROUTER_NONE;
	uint32_t right = host_from(r, home), left = right;
	while (left > 0 || right < r->hosts) {
		bool take_left = left > 0 && (right == r->hosts ||
		    home - r->host[left - 1] <= r->host[right] - home);
		uint32_t node = best_hosted(r, take_left ? --left : right++, tokens, tier);
		if (node != ROUTER_NONE) return node;
	}
	return ROUTER_NONE;
}

/* The node with the longest prefix, if it can take the request and is not busy. */
static uint32_t with_prefix(const struct router *r, const struct request *q, enum model_tier tier)
{
	const struct crew *c = &r->crew[tier];
	if (!c->affinity || !q->prefix_count) return ROUTER_NONE;
	uint32_t node = affinity_find(c->affinity, &r->prefix[q->prefix_first], q->prefix_count);
	if (node == AFFINITY_NONE || !takes(&r->group[r->load[node].group], q, tier))
		return ROUTER_NONE;
	double mean = (double)(c->taken + 1) / c->takers;
	return r->load[node].requests + 1 <= ceil(r->par.prefix_bound * mean) ? node : ROUTER_NONE;
}

static uint32_t pick(const struct router *r, const struct request *q, enum model_tier tier)
{
	uint32_t near = ROUTER_NONE;
	switch ((enum routing)r->par.routing) {
	case ROUTING_LEAST_LOADED:
		return least_loaded(r, q, tier, false);
	case ROUTING_NEAREST:
	case ROUTING_SPILL:
		if (q->origin != ORIGIN_OUTSIDE) near = nearest(r, q->origin, tokens_of(q), tier);
		break;
	case ROUTING_CLOUD:
		break;
	case ROUTING_PREFIX:
		near = with_prefix(r, q, tier);
		return near != ROUTER_NONE ? near : least_loaded(r, q, tier, false);
	}
	bool spill = near != ROUTER_NONE && r->par.routing == ROUTING_SPILL &&
	             r->load[near].requests >= r->par.spill_above;
	if (near != ROUTER_NONE && !spill) return near;
	uint32_t cloud = least_loaded(r, q, tier, true);
	if (cloud != ROUTER_NONE) return cloud;
	return near != ROUTER_NONE ? near : least_loaded(r, q, tier, false);
}

void router_share_prefixes(struct router *r, const uint64_t *prefix)
{
	if (r->par.routing != ROUTING_PREFIX || !prefix) return;
	r->prefix = prefix;
	for (int t = 0; t < TIERS; t++)
		if (r->crew[t].takers) r->crew[t].affinity = affinity_new(r->nodes);
	for (uint32_t i = 0; i < r->nodes; i++)
		affinity_capacity(r->crew[r->node[i].tier].affinity, i,
		    fmax(r->node[i].capacity_tokens, r->node[i].cache_tokens));
}

static void count_in(struct router *r, uint32_t node, const struct request *q)
{
	struct load *l = &r->load[node];
	l->tokens += part_tokens(r->node[node].role, q);
	l->requests++;
	r->crew[r->node[node].tier].taken += r->node[node].role != NODE_DECODE;
	l->asked = ++r->sent;
	sift_down(r, &r->group[l->group], l->place, node);
}

uint32_t router_send_tier(struct router *r, const struct request *q, enum model_tier tier)
{
	uint32_t node = pick(r, q, tier);
	if (node == ROUTER_NONE) return node;
	count_in(r, node, q);
	if (r->crew[tier].affinity)
		affinity_note(r->crew[tier].affinity, node, q->prompt_tokens,
		    &r->prefix[q->prefix_first], q->prefix_count);
	return node;
}

uint32_t router_send(struct router *r, const struct request *q)
{
	return router_send_tier(r, q, TIER_ONE);
}

bool router_fits(const struct router *r, const struct request *q, enum model_tier tier)
{
	for (uint32_t i = 0; i < r->groups; i++)
		if (takes(&r->group[i], q, tier)) return true;
	return false;
}

uint32_t router_hand_over(struct router *r, uint32_t from, const struct request *q)
{
	uint32_t best = ROUTER_NONE;
	const struct group *prefill = &r->group[r->load[from].group];
	router_answered(r, from, q);
	for (uint32_t i = 0; i < r->groups; i++) {
		const struct group *g = &r->group[i];
		if (!hands_over_to(prefill, g) || g->capacity_tokens < tokens_of(q)) continue;
		if (best == ROUTER_NONE || before(r, g->heap[0], best)) best = g->heap[0];
	}
	assert(best != ROUTER_NONE); /* or it would not have been sent to `from` */
	count_in(r, best, q);
	return best;
}

void router_answered(struct router *r, uint32_t node, const struct request *q)
{
	struct load *l = &r->load[node];
	assert(l->requests > 0);
	l->tokens -= part_tokens(r->node[node].role, q);
	l->requests--;
	r->crew[r->node[node].tier].taken -= r->node[node].role != NODE_DECODE;
	sift_up(r, &r->group[l->group], l->place, node);
}

double router_outstanding_tokens(const struct router *r, uint32_t node)
{
	return r->load[node].tokens;
}

uint32_t router_outstanding_requests(const struct router *r, uint32_t node)
{
	return r->load[node].requests;
}
