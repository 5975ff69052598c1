/* Estimates with a 95 % confidence interval, and the ranks that these leave possible. */
#ifndef HEARTH_ANALYSIS_INTERVAL_H
#define HEARTH_ANALYSIS_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

#define INTERVAL_LEVEL 0.95

struct interval {
	double value, lo, hi; /* no interval: both ends NAN */
};

/* The mean of n values and Student's t interval; no interval below two values. */
struct interval interval_mean(const double *x, size_t n);

/* A value and what it came to in n resamples of its data, of which it sorts the finite ones: the
 * interval between their percentiles (Efron and Tibshirani 1993, "An Introduction to the
 * Bootstrap", section 13.3). None when fewer than 39 are finite: the percentiles are not met. */
struct interval interval_resampled(double value, double *resampled, size_t n);

bool interval_known(const struct interval *e);

/* Ranks from 1 on. */
struct interval_rank {
	size_t first, last; /* the same: no interval overlaps with another's */
};

/* What rank each of n estimates may have, the largest value being first: those whose intervals
 * lie wholly above come before it, those wholly below after it. An estimate without interval
 * is its value. NAN comes last. */
void interval_ranks(const struct interval *e, size_t n, struct interval_rank *rank);

/* The indices of n estimates from the largest value to the smallest, NAN last; equal ones in
 * their order. */
void interval_order(const struct interval *e, size_t n, size_t *order);

#endif
