/* What nodes did for their power and work: unloaded models, felt power caps, prompts
 * that their prefix caches knew. */
#ifndef HEARTH_MODELS_SITE_NODE_METRICS_H
#define HEARTH_MODELS_SITE_NODE_METRICS_H

#include "base/dataset.h"
#include "models/compute/replica.h"

/* What a replica used while requests ran; the rest of its energy is idle time's, with or
 * without its model, and that of loading it. */
struct node_busy {
	double device_j; /* accelerators */
	double node_j;   /* plus host, behind the power supply */
};
struct node_busy node_busy_of(const struct node_par *p, const struct replica_total *t,
    double run_s);

/* Sums over replicas; begin with zeros. */
struct node_sum {
	double idle_device_j, idle_node_j;
	int64_t unloading; /* replicas that may unload their model */
	int64_t capped;    /* replicas with a power cap */
	int64_t loads;
	double unloaded_s, load_j, break_even_s;
	double slowed_s, busy_s; /* of capped ones */
	int64_t prefix_looked, prefix_hit; /* prompt tokens */
};

/* capped: it has a power cap, at times at least. */
void node_sum_add(struct node_sum *sum, const struct node_par *p, bool capped,
    const struct replica_total *t, double run_s);

/* Puts the metrics of a run of run_s > 0 seconds: idle energy, and the others where a
 * replica may unload its model, has a cap or a prefix cache. */
void node_sum_put(const struct node_sum *sum, double run_s, struct dataset *d);

#endif
