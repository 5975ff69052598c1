/* What a replica does between requests: keep its model, unload it, load it again.
 *
 * Idle power has two levels, not a slope: a board whose model is loaded draws 26 to
 * 66 W more than a bare one, however much memory is used (arXiv 2605.23918). A
 * replica that has had nothing to do for `unload_after` unloads its model; the
 * request that finds it so, and those that come meanwhile, wait for the load. At
 * the start of a run the model is loaded. */
#ifndef HEARTH_MODELS_COMPUTE_REST_H
#define HEARTH_MODELS_COMPUTE_REST_H

#include "models/compute/node.h"

struct rest {
	double idle_w, unloaded_w, load_w; /* of one device: model loaded, unloaded, loading */
	double unload_after_s;             /* INFINITY: never */
	double load_s;                     /* the fixed time and the weights over the bandwidth */
};

struct rest rest_init(const struct node_par *p);

/* How long a model has been unloaded after gap_s without work; < 0: it is loaded. */
static inline double rest_unloaded_s(const struct rest *r, double gap_s)
{
	return gap_s - r->unload_after_s;
}

/* How long a model must stay unloaded to save energy: what a load takes more than
 * idling with the model for as long, devices and host, over the power that an
 * unloaded model saves. 0 where a load takes no more. */
double rest_break_even_s(const struct rest *r, const struct node_par *p);

/* Energy of a load, devices and host. Over the power saved it is the break-even time
 * of arXiv 2605.23918 (1 to 5 min), in which idling meanwhile does not count. */
double rest_load_j(const struct rest *r, const struct node_par *p);

#endif
