/* The bulk grid: what is generated for the sites' meters, its losses and carbon. */
#ifndef HEARTH_MODELS_SITE_BULK_H
#define HEARTH_MODELS_SITE_BULK_H

#include "models/site/ledger.h"
#include "models/site/supply.h"

/* Energy at the border between the sites and the transmission grid, one step. */
struct bulk_flow {
	double delivered_j; /* to meters that drew */
	double collected_j; /* from meters that gave back */
	double generated_j; /* negative: more was collected than delivered */
	double loss_j;
};

/* generated = net / (1 - loss) where the net flow goes to the sites; energy that
 * sites give back in excess stays on the distribution level and meets no
 * transmission loss. */
struct bulk_flow bulk_step(const struct supply_par *p, double delivered_j, double collected_j);

/* What stands behind a joule that a meter draws: of all that meters draw, the
 * part that is not other meters' surplus is generated, and loses on its way. */
struct bulk_share {
	double generated, loss; /* J/J */
};
struct bulk_share bulk_share(const struct bulk_flow *f);

void bulk_book(const struct bulk_flow *f, struct ledger *l);

#endif
