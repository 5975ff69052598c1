/* Histogram with buckets of constant relative width: quantiles of latencies.
 *
 * Every octave from 2^-30 (9.3e-10) to 2^30 (1.07e9) is cut into 128 equal
 * buckets, so a bucket is 0.39 to 0.78 % wide and a quantile is known to less
 * than 0.8 %, at 61 KiB (the layout is that of Tene's HdrHistogram, with binary
 * floating point doing the arithmetic). Smaller values, zero among them, share
 * the first bucket, larger ones the last. Counts are integers: merging is exact
 * and free of order, so a result does not depend on the number of threads. */
#ifndef HEARTH_SIM_HIST_H
#define HEARTH_SIM_HIST_H

#include <stdbool.h>
#include <stdint.h>

enum {
	HIST_EXP_MIN = -30,
	HIST_EXP_MAX = 30,
	HIST_PER_OCTAVE = 128,
	HIST_BUCKETS = (HIST_EXP_MAX - HIST_EXP_MIN) * HIST_PER_OCTAVE + 2,
};

struct hist {
	int64_t count;
	double min, max; /* exact; NAN when empty */
	int64_t bucket[HIST_BUCKETS];
};

void hist_init(struct hist *h); /* empty */

/* x is finite and not negative. hist_add_n adds it n >= 0 times. */
void hist_add(struct hist *h, double x);
void hist_add_n(struct hist *h, double x, int64_t n);

void hist_merge(struct hist *into, const struct hist *from);

/* Which bucket takes x, and where bucket i begins: values in bucket i are from
 * hist_edge(i) to below hist_edge(i + 1). hist_edge(0) is 0 and
 * hist_edge(HIST_BUCKETS) is INFINITY. */
int hist_index(double x);
double hist_edge(int i);

/* The p-quantile, 0 <= p <= 1 (rank as quantile_rank; within a bucket by
 * interpolation, but the least value for all of the first one; never outside min and
 * max, which are exact). NAN when empty. */
double hist_quantile(const struct hist *h, double p);

/* Interval that encloses the p-quantile of the law with probability `level` at
 * least, 0 < p < 1 (quantile.h), reaching to the edges of the buckets. False,
 * and NAN, when the values are too few. */
bool hist_quantile_ci(const struct hist *h, double p, double level, double *lo, double *hi);

/* How many values are below x: exact at the edges of buckets, in between by
 * interpolation. */
double hist_below(const struct hist *h, double x);

#endif
