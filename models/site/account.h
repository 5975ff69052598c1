/* What inference costs in energy and carbon, counted at four boundaries.
 *
 *     device  accelerator boards
 *     node    plus host, memory, fans and power supplies
 *     site    plus cooling and overhead, and the share of the site's inverter
 *             and storage losses
 *     grid    plus the share of line, transformer and transmission losses
 *
 * What serves several uses is shared among them by their energy in the same step:
 * what cannot be told apart is split in proportion. A car's charger serves the
 * car alone. What a site gives to the bulk grid bears its part of the losses of
 * inverters, storage and lines, for it passes them too; it has none of what the
 * site draws. */
#ifndef HEARTH_MODELS_SITE_ACCOUNT_H
#define HEARTH_MODELS_SITE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"
#include "models/site/cost.h"
#include "models/site/score.h"

struct account {
	double device_j, node_j, site_j, grid_j;
	double cooling_j; /* of site_j, with other overhead */
	double carbon_kg; /* of what the bulk grid generated for the nodes: the rest is solar */
	double marginal_kg; /* the same by marginal intensity */
};

/* One site's step, all in joules. */
struct account_step {
	double device_j, node_j; /* of its compute nodes */
	double overhead_j;       /* cooling: all of it is the nodes' */
	double shared_loss_j;    /* inverters and stationary storage */
	double other_use_j;      /* what else the site used: households, cars */
	double given_j;          /* what it gave to the bulk grid beyond what it drew */
	double line_loss_j;      /* lines and transformer above the site's meters */
	double import_loss_j;    /* transmission: on the way of what the site drew */
	double generated_j;      /* what the bulk grid generated for the site */
	struct cost_carbon carbon; /* of generated_j */
};

void account_add(struct account *a, const struct account_step *s);

/* What was served for it. */
struct account_served {
	int64_t requests;                      /* finished */
	int64_t prompt_tokens, output_tokens;  /* of those */
	double run_s;                          /* length of the run */
	struct score score;                    /* models/site/score.h */
};

/* Whether the scenario says what the grid emits, and what a little less demand would save. */
struct account_knows {
	bool carbon, marginal;
};

/* Energy metrics, in all and for what was served (none for what was not); the carbon
 * ones only where that is known. */
void account_export(const struct account *a, const struct account_served *s,
    struct account_knows knows, struct dataset *d);

#endif
