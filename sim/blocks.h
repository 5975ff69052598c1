/* Values that come in bunches over a run, with intervals for their mean and their
 * quantiles: the gaps between tokens, of which one iteration gives a batchful.
 *
 * Such values depend on each other, within a bunch and from one to the next, so
 * neither their number nor their variance says how well their mean is known. The
 * run is cut into blocks of equal time, each with the sum and the histogram of the
 * values that came in it, and blocks are the independent observations. When the
 * run outgrows BLOCKS_MAX of them, neighbours are joined and the width doubles, so
 * that its length need not be known (as sim/batch.h does with values one by one).
 *
 * The mean is the ratio of the blocks' sums to their counts (sim/ratio.h). With how
 * many of a block do not exceed the p-quantile in place of its sum, the ratio is a
 * share near p, and the quantiles at p minus and plus its half width enclose the
 * true one (Woodruff 1952, JASA 47, 635-646). */
#ifndef HEARTH_SIM_BLOCKS_H
#define HEARTH_SIM_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/hist.h"
#include "sim/ratio.h"

enum { BLOCKS_MAX = RATIO_MAX, BLOCKS_MIN = 10 }; /* MIN: with fewer, no interval */

struct block {
	struct hist hist;
	double sum;
};

struct blocks {
	struct block *block; /* [BLOCKS_MAX] */
	int count;           /* up to the last that was asked for */
	int64_t width_ns;
};

void blocks_init(struct blocks *b);
void blocks_fini(struct blocks *b);

/* The block of time t_ns >= 0, to add values to, to its histogram and its sum; good
 * until the next call. Allocates nothing. */
struct block *blocks_at(struct blocks *b, int64_t t_ns);

/* All blocks as one. */
void blocks_total(const struct blocks *b, struct block *all);

/* Half the width of the interval of the mean at `level` (0.95); NAN when values
 * came in fewer than BLOCKS_MIN blocks. */
double blocks_mean_half(const struct blocks *b, double level);

/* The interval of the p-quantile, 0 < p < 1, and no narrower than hist_quantile_ci's
 * for independent values; false, and NAN, when there are too few blocks, or values
 * too few for a quantile so far out. */
bool blocks_quantile_ci(const struct blocks *b, const struct block *all, double p, double level,
    double *lo, double *hi);

#endif
