/* A node whose model is computed with less (variant.h): what it then is. */
#ifndef HEARTH_MODELS_COMPUTE_NODE_VARIANT_H
#define HEARTH_MODELS_COMPUTE_NODE_VARIANT_H

#include "models/compute/node.h"
#include "models/compute/variant.h"

const struct variant_par *node_variant(const struct node_par *p); /* NULL: none */

/* Of a weight as stored, none left out; and what its variant leaves of the layers. */
double node_value_bytes(const struct node_par *p);
struct variant_work node_layer_work(const struct node_par *p);
double node_left_out_bytes(const struct node_par *p); /* of the whole model's weights */

/* Reports a variant that contradicts the rest of the node. */
void node_variant_check(const struct object *o, struct err_list *e);

#endif
