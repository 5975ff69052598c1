/* Service-level objectives: what a request must meet to count as good. */
#ifndef HEARTH_MODELS_WORK_SLO_H
#define HEARTH_MODELS_WORK_SLO_H

#include "models/class.h"

/* Limits; NAN where there is none. A request is good when it meets all. */
struct service_limits {
	double ttft_s, tpot_s, e2e_s;
};

extern const struct class slo_class; /* parameters: struct service_limits */

#endif
