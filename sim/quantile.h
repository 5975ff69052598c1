/* Quantiles of a sample and their confidence intervals, for any law.
 *
 * The number of n independent values below the true p-quantile is binomial
 * (n, p), so the interval between two order statistics covers the quantile with
 * a probability that does not depend on the law (David and Nagaraja 2003, "Order
 * Statistics", 3rd ed., section 7.1). Values that depend on each other, as the
 * latencies of neighbouring requests, make the true coverage lower. */
#ifndef HEARTH_SIM_QUANTILE_H
#define HEARTH_SIM_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The rank (1 to n) of the p-quantile, 0 <= p <= 1: the smallest value that at
 * least p n of the n values do not exceed. */
uint64_t quantile_rank(uint64_t n, double p);

/* Ranks (1 to n) of the two order statistics that enclose the p-quantile with
 * probability `level` at least (0 < p < 1). False when n is too small: 0.95 for
 * the 99.9 % quantile takes 3688 values. Exact up to n = 1e5; beyond that by the
 * Cornish-Fisher expansion of the binomial to its skewness, less than a rank off. */
bool quantile_ci_ranks(uint64_t n, double p, double level, uint64_t *lo, uint64_t *hi);

/* Of n > 0 ascending values. The interval is NAN to NAN when n is too small. */
double quantile_sorted(const double *x, size_t n, double p);
bool quantile_sorted_ci(const double *x, size_t n, double p, double level, double *lo, double *hi);

#endif
