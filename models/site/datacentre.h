/* A data centre: nodes behind one meter, with cooling and other overhead. */
#ifndef HEARTH_MODELS_SITE_DATACENTRE_H
#define HEARTH_MODELS_SITE_DATACENTRE_H

#include "models/class.h"
#include "models/site/ledger.h"

struct datacentre_par {
	const char *name;
	double pue_ratio; /* power usage effectiveness: site energy / node energy, >= 1 */
	double base_w;    /* overhead that does not follow the nodes */
	double kv_bytes_s, kv_latency_s; /* of each node's interface (models/site/handover.h) */
};

extern const struct class datacentre_class;

/* What a step cost the site, in joules. */
struct datacentre_flow {
	double compute_j, host_j, cooling_j;
	double import_j, export_j; /* at the meter */
	double conversion_j;       /* in inverters and storage of its plant */
};

/* The site's energy when its nodes used device_j on accelerator boards and
 * node_j at their power supplies' inlets during dt_s.
 * cooling = (PUE - 1) * node + base * dt (The Green Grid 2012, WP 49: PUE is
 * total facility energy over IT equipment energy). */
struct datacentre_flow datacentre_step(const struct datacentre_par *p, double device_j,
    double node_j, double dt_s);

/* Books use and meter; what a plant did books itself (models/site/plant.h). */
void datacentre_book(const struct datacentre_flow *f, struct ledger *l);

#endif
