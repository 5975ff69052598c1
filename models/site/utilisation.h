/* How well accelerators were used: their arithmetic, their memory, their time. */
#ifndef HEARTH_MODELS_SITE_UTILISATION_H
#define HEARTH_MODELS_SITE_UTILISATION_H

#include "base/dataset.h"
#include "models/site/pool.h"

/* The compute metrics of all nodes together, and their columns of group "nodes",
 * which pool_export has made. run_s: length of the run. */
void utilisation_export(const struct pool *p, double run_s, struct dataset *d);

#endif
