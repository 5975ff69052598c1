/* Which tier the nodes of a scenario are of, where its policy has <tiers>. */
#ifndef HEARTH_MODELS_SITE_TIER_NODES_H
#define HEARTH_MODELS_SITE_TIER_NODES_H

#include "models/class.h"
#include "models/compute/node.h"
#include "models/control/tiers.h"

/* Parameters of the models that the nodes of a scenario serve; a spiking network that is no
 * model has none. */
struct tier_span {
	double fewest, most;
};

struct tier_span tier_span_of(const struct object *scenario);

/* By its tier= or else by its model; TIER_ONE where that does not tell: a model between the
 * others, the only one, or none. */
enum model_tier tier_of_node(const struct tier_span *s, const struct node_par *n);

/* Adds a fault for each <node> whose tier cannot be told, for prefill and decode nodes of a
 * data centre that differ in it, and for a tier without nodes. nodes: [TIERS], how many there
 * are. */
void tier_nodes_check(const struct object *scenario, const struct object *tiers,
    const uint32_t *nodes, struct err_list *e);

#endif
