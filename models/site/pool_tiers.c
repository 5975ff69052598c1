/* Small and large nodes of a pool, and which of them a request is sent to. */
#include "models/site/pool_state.h"
#include "models/site/tier_nodes.h"

void pool_make_tiers(
    struct pool *p, const struct object *scenario, uint64_t seed, struct err_list *e)
{
	const struct object *policy = object_child(scenario, &policy_class);
	const struct object *tiers = policy ? object_child(policy, &tiers_class) : NULL;
	if (!tiers) return;
	struct tier_span span = tier_span_of(scenario);
	uint32_t nodes[TIERS] = { 0 };
	for (size_t i = 0; i < p->places; i++) {
		struct place *at = &p->place[i];
		at->tier = tier_of_node(&span, at->object->par);
		nodes[at->tier]++;
	}
	tier_nodes_check(scenario, tiers, nodes, e);
	p->cascade = cascade_new(tiers, seed);
	p->on_escalate = sim_type(p->sim, "escalate", SIM_PHASE_REQUEST, pool_on_escalate, p);
}

const struct cascade *pool_cascade(const struct pool *p)
{
	return p->cascade;
}

enum model_tier pool_tier(const struct pool *p, uint32_t node)
{
	return p->place[node].tier;
}

uint32_t pool_route(struct pool *p, uint32_t i)
{
	if (!p->cascade) return router_send(p->router, &p->seen[i]);
	enum model_tier drawn = cascade_tier(p->cascade, i);
	cascade_enter(p->cascade, i, drawn);
	uint32_t node = router_send_tier(p->router, &p->seen[i], drawn);
	if (node == ROUTER_NONE) {
		enum model_tier other = drawn == TIER_SMALL ? TIER_LARGE : TIER_SMALL;
		cascade_enter(p->cascade, i, other);
		node = router_send_tier(p->router, &p->seen[i], other);
	}
	if (node != ROUTER_NONE) p->place[node].routing_j += cascade_par(p->cascade)->router_j;
	return node;
}

bool pool_throws_away(struct pool *p, uint32_t request)
{
	const struct outcome *o = &p->outcome[request];
	bool fits_large = router_fits(p->router, &p->request[request], TIER_LARGE);
	return cascade_judge(p->cascade, request, o->node, o->energy_j, fits_large);
}
