/* The networks of a <feeder>. */
#ifndef HEARTH_MODELS_GRID_FEEDER_NETWORK_H
#define HEARTH_MODELS_GRID_FEEDER_NETWORK_H

#include "models/grid/feeder.h"

/* One that is fed at a busbar through the transformer as written, or directly (NULL). */
struct network *feeder_network(const struct feeder_par *par,
    const struct transformer_par *written, const char *busbar);

/* One of a <feeder>, its street or its tables, with as many of the *customers as it has service
 * points for, by which *customers is made less. NULL with entries in e. */
struct network *feeder_network_of(const struct object *o, uint32_t *customers, struct err_list *e);

#endif
