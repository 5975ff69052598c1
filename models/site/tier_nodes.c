#include "models/site/tier_nodes.h"

#include <math.h>

#include "models/site/datacentre.h"
#include "models/site/homes.h"

/* The first <node> in that site or those after it. */
static const struct object *node_in(const struct object *site)
{
	for (; site; site = site->next) {
		if (site->cls != &homes_class && site->cls != &datacentre_class) continue;
		const struct object *n = object_child(site, &node_class);
		if (n) return n;
	}
	return NULL;
}

static const struct object *first_node(const struct object *scenario)
{
	return node_in(scenario->child);
}

static const struct object *next_node(const struct object *n)
{
	const struct object *next = object_next(n);
	return next ? next : node_in(n->parent->next);
}

/* NAN: a network that is no model. */
static double parameters_of(const struct node_par *n)
{
	const struct llm_par *m = node_model(n);
	return m ? m->parameters : NAN;
}

struct tier_span tier_span_of(const struct object *scenario)
{
	struct tier_span s = { INFINITY, 0 };
	for (const struct object *n = first_node(scenario); n; n = next_node(n)) {
		double parameters = parameters_of(n->par);
		s.fewest = fmin(s.fewest, parameters);
		s.most = fmax(s.most, parameters);
	}
	return s;
}

enum model_tier tier_of_node(const struct tier_span *s, const struct node_par *n)
{
	double parameters = parameters_of(n);
	switch ((enum node_tier)n->tier) {
	case NODE_TIER_SMALL:
		return TIER_SMALL;
	case NODE_TIER_LARGE:
		return TIER_LARGE;
	case NODE_TIER_AUTO:
		break;
	}
	if (s->fewest == s->most) return TIER_ONE;
	if (parameters == s->fewest) return TIER_SMALL;
	return parameters == s->most ? TIER_LARGE : TIER_ONE;
}

/* Whether its KV caches cannot go to, or come from, the first of the other role. */
static bool parts_differ(const struct tier_span *s, const struct object *n)
{
	const struct node_par *p = n->par;
	const struct object *other = object_child(n->parent, &node_class);
	for (; p->role != NODE_BOTH && other; other = object_next(other)) {
		const struct node_par *q = other->par;
		if (q->role != NODE_BOTH && tier_of_node(s, q) != tier_of_node(s, p)) return true;
	}
	return false;
}

static void check_node(const struct tier_span *s, const struct object *n, struct err_list *e)
{
	const struct llm_par *m = node_model(n->par);
	if (tier_of_node(s, n->par) == TIER_ONE)
		err_at(e, n->pos,
		    "node: is %s a small or a large model here? write tier=\"small\" or "
		    "tier=\"large\"",
		    m ? m->name : "its network");
	else if (parts_differ(s, n))
		err_at(e, n->pos,
		    "node: prefill and decode nodes of a <datacentre> must be of one tier; write "
		    "the same tier= at all of them");
}

void tier_nodes_check(const struct object *scenario, const struct object *tiers,
    const uint32_t *nodes, struct err_list *e)
{
	struct tier_span s = tier_span_of(scenario);
	bool small = nodes[TIER_SMALL] > 0, large = nodes[TIER_LARGE] > 0;
	if (s.fewest == s.most && !small && !large) {
		err_at(e, tiers->pos,
		    "tiers: all nodes serve models of one size; let some serve another, or write "
		    "tier=\"small\" and tier=\"large\" at the nodes");
		return;
	}
	for (const struct object *n = first_node(scenario); n; n = next_node(n))
		check_node(&s, n, e);
	if (!small || !large)
		err_at(e, tiers->pos,
		    "tiers: no node is of the %s tier; add one with a %s model, or write "
		    "tier=\"%s\" at some",
		    small ? "large" : "small", small ? "larger" : "smaller",
		    small ? "large" : "small");
}
