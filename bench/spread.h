/* The middle and the spread of what several cases measured.
 *
 * Every case counts alike, however many samples it has: a sample weighs one over its
 * case's number of them. Quantiles are order statistics of the weighted samples, the
 * first value at which the weights below and at it reach the share. */
#ifndef HEARTH_BENCH_SPREAD_H
#define HEARTH_BENCH_SPREAD_H

#include "bench/suite/record.h"

struct spread {
	struct spread_sample {
		double value, weight;
	} *sample;
	size_t samples, cap, rows;
	bool sorted;
};

/* Adds work / time (bench_sample_s) of each sample of a row; and work over the time without
 * fixed_s, of samples that are longer. */
void spread_add(struct spread *s, const struct bench_row *r, double work);
void spread_add_beyond(struct spread *s, const struct bench_row *r, double work, double fixed_s);

/* Adds a case that is known by one value alone. */
void spread_put(struct spread *s, double value);

double spread_quantile(struct spread *s, double share); /* NAN when empty */
void spread_free(struct spread *s);

#endif
