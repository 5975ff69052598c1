/* Interruptions of customers, as IEEE Std 1366-2012 counts them: a customer without any voltage
 * is interrupted; for at most five minutes momentarily, for longer sustained (clause 3). One
 * that lasts at the run's end counts as long as it was seen. Major event days are not left
 * out: a run is no year. */
#ifndef HEARTH_MODELS_GRID_INTERRUPTION_H
#define HEARTH_MODELS_GRID_INTERRUPTION_H

#include <stdint.h>

#include "base/dataset.h"
#include "models/metric.h"

#define INTERRUPTION_MOMENTARY_S 300.0 /* IEEE Std 1366-2012, clause 3.12: five minutes */

struct interruptions {
	uint32_t customers;
	double *since_s; /* [customers] for how long without voltage; 0: supplied */
	double time_s;
	uint64_t momentary, sustained;
	double sustained_s; /* customer-seconds of the latter */
};

void interruptions_init(struct interruptions *x, uint32_t customers);
void interruptions_fini(struct interruptions *x);

/* v_pu[customers] hold for dt_s; 0 is none. */
void interruptions_add(struct interruptions *x, const double *v_pu, double dt_s);

void interruptions_export(const struct interruptions *x, struct dataset *d);

extern const struct metric interruption_metrics[];

#endif
