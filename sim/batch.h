/* Confidence interval of a mean from one long run: batch means.
 *
 * Neighbouring values of a run depend on each other, so their variance says
 * nothing about that of their mean. Means of long batches are nearly independent
 * (Conway 1963; Law, "Simulation Modeling and Analysis", section 9.5.3). The
 * length of a run need not be known: batches fill up one after the other, and
 * when BATCH_MAX are full, neighbours are joined and the size doubles, so there
 * are always 32 to 64 of equal size once 64 values have come. */
#ifndef HEARTH_SIM_BATCH_H
#define HEARTH_SIM_BATCH_H

#include <stdbool.h>
#include <stdint.h>

enum { BATCH_MAX = 64 };

struct batch {
	double mean[BATCH_MAX]; /* of full batches */
	int count;
	uint64_t size;   /* values in each */
	uint64_t filled; /* values in the one being filled */
	double sum;      /* of those */
};

struct batch_interval {
	double mean, half_width; /* of the full batches; NAN with fewer than two */
	int batches;
	uint64_t size;
	double lag1;      /* autocorrelation of neighbouring batches */
	double z;         /* von Neumann's ratio as a standard normal; large when
			     neighbours resemble each other */
	bool independent; /* z below its 95 % quantile: the interval can be trusted */
};

void batch_init(struct batch *b);
void batch_add(struct batch *b, double x);

/* Interval at `level` (0.95) by Student's t over the full batches; the values of
 * the batch being filled are not in it. z is sqrt((k^2 - 1) / (k - 2)) (1 - r/2)
 * with r the sum of squared differences of the k neighbours over the sum of
 * squared deviations (von Neumann 1941; Fishman 1978, Operations Research 26(6)). */
struct batch_interval batch_interval(const struct batch *b, double level);

#endif
