/* Which requests met their service-level objectives. */
#ifndef HEARTH_MODELS_SITE_GOODPUT_H
#define HEARTH_MODELS_SITE_GOODPUT_H

#include "base/dataset.h"
#include "models/site/service.h"

/* Metrics of every objective of s: for the unnamed one under the metrics' own keys,
 * for others with their name as the last part ("service.goodput_frac.interactive").
 * Nothing when there is no objective, or no request. */
void goodput_export(const struct service *s, struct dataset *d);

#endif
