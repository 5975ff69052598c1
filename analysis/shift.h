/* How far one number lies from another, with a 95 % interval.
 *
 * Every function is pure; those that draw are deterministic. Where no interval can be stated
 * it is NAN to NAN: none is ever made up. */
#ifndef HEARTH_ANALYSIS_SHIFT_H
#define HEARTH_ANALYSIS_SHIFT_H

#include <stddef.h>

#define SHIFT_LEVEL 0.95

enum {
	SHIFT_BLOCKS = 32,     /* that a run's requests are cut into, in order of sending */
	SHIFT_RESAMPLES = 1999,
	SHIFT_BEYOND = 10,     /* values that must lie beyond a quantile, on either side */
};

struct shift {
	double value;  /* after - before */
	double lo, hi; /* NAN: none to state */
	size_t n;      /* pairs behind it */
};

/* The mean of n differences that are independent, as those of n seeds are: Student's t with
 * n - 1 degrees of freedom (Student 1908). No interval below two. */
struct shift shift_mean(const double *difference, size_t n);

/* The same for differences in order that may depend on their neighbours, as those of requests
 * do: Student's t on the means of SHIFT_BLOCKS batches (Conway 1963, Management Science
 * 10(1)). No interval below two values a batch. */
struct shift shift_mean_in_order(const double *difference, size_t n);

/* The p-quantile of `after` less that of `before`, n pairs in order: both are drawn anew from
 * the same SHIFT_BLOCKS blocks (Carlstein 1986, Annals of Statistics 14(3)), the interval is
 * between percentiles of the differences, expanded for so few blocks (Hesterberg 2015, The
 * American Statistician 69(4), section 5.3). The quantile is the smallest value that at least
 * p n do not exceed. No interval with less than SHIFT_BEYOND values beyond it or two a block. */
struct shift shift_quantile(const double *before, const double *after, size_t n, double p);

struct ranged {
	double value, lo, hi; /* an estimate and its 95 % interval */
};

/* From the two estimates' own intervals, as if they were independent: MOVER (Zou and Donner
 * 2008, Statistics in Medicine 27(10), eq. 4). Wider than need be where both share their
 * causes. */
struct shift shift_of_intervals(struct ranged before, struct ranged after);

#endif
