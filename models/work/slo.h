/* Service-level objectives: what a request must meet to count as good. */
#ifndef HEARTH_MODELS_WORK_SLO_H
#define HEARTH_MODELS_WORK_SLO_H

#include <stddef.h>

#include "models/class.h"

/* Limits; NAN where there is none. A request is good when it meets all. Time per
 * output token is the mean over a request's tokens after the first; a request of
 * one token meets any limit on it. */
struct service_limits {
	const char *name; /* of lower-case letters, digits and '-'; NULL: the unnamed one */
	double ttft_s, tpot_s, e2e_s;
};

extern const struct class slo_class; /* parameters: struct service_limits */

/* The objectives of a <workload>, in order of the file, *n of them; the caller
 * frees. Their names belong to the scenario. */
struct service_limits *slo_list(const struct object *workload, size_t *n);

#endif
