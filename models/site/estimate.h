/* Estimates from a list of observations: values with 95 % intervals. */
#ifndef HEARTH_MODELS_SITE_ESTIMATE_H
#define HEARTH_MODELS_SITE_ESTIMATE_H

#include <stddef.h>

#include "models/metric.h"

void estimate_sort(double *v, size_t n); /* ascending */

/* Mean of n >= 1 values in order of time, with an interval by batch means
 * (sim/batch.h), for neighbours in time are alike. */
struct estimate estimate_mean(const double *v, size_t n);

/* Quantile p of n >= 1 sorted values (sim/quantile.h), its interval
 * distribution-free; NAN where the sample is too small. */
struct estimate estimate_quantile(const double *sorted, size_t n, double p);

/* A share of n with Wilson's interval (Wilson 1927, JASA 22, 209-212). */
struct estimate estimate_share(int64_t hits, int64_t n);

#endif
