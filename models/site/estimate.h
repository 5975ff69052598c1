/* Estimates from a list of observations: values with 95 % intervals. */
#ifndef HEARTH_MODELS_SITE_ESTIMATE_H
#define HEARTH_MODELS_SITE_ESTIMATE_H

#include <stddef.h>

#include "models/metric.h"
#include "sim/blocks.h"
#include "sim/ratio.h"

/* Values in order of time are cut into batches of almost equal size: the b-th, b from
 * 0, ends before the value of index estimate_batch_end(n, b). With fewer than
 * ESTIMATE_BATCHED values, batches say nothing. */
enum { ESTIMATE_BATCHES = 32, ESTIMATE_BATCHED = 10 * ESTIMATE_BATCHES };
size_t estimate_batch_end(size_t n, int b);

/* Mean of n >= 1 values in order of time, with an interval by batch means
 * (sim/batch.h), for neighbours in time are alike. */
struct estimate estimate_mean(const double *v, size_t n);

/* Quantile p of n >= 1 values, given in order of time and sorted. Its interval is
 * the wider of two: that of independent values for any law (sim/quantile.h), and,
 * from ESTIMATE_BATCHED values on, one for values that depend on their neighbours,
 * from the shares of the batches that do not exceed the quantile (Woodruff 1952,
 * JASA 47, 635-646; sim/ratio.h). NAN where the sample is too small. */
struct estimate estimate_quantile(const double *v, const double *sorted, size_t n, double p);

/* Of values pooled in blocks of time (sim/blocks.h); all: their total, of which
 * there is one value at least. */
struct estimate estimate_blocks_mean(const struct blocks *b, const struct block *all);
struct estimate estimate_blocks_quantile(const struct blocks *b, const struct block *all, double p);

/* A share, from the hits (s) and sizes (n) of its ESTIMATE_BATCHES batches. Its
 * interval is the wider of two: Wilson's (1927, JASA 22, 209-212), for independent
 * values, and, from ESTIMATE_BATCHED values on, that of the batches. NAN of none. */
struct estimate estimate_share_batched(const struct ratio *batch);

/* A share of n with Wilson's interval. */
struct estimate estimate_share(int64_t hits, int64_t n);

#endif
