#include "sim/hist.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "sim/quantile.h"

_Static_assert(HIST_PER_OCTAVE == 128, "a bucket is the exponent and 7 bits of the fraction");

enum {
	SHIFT = 52 - 7,                                  /* bits of a double below a bucket's */
	FIRST = (1023 + HIST_EXP_MIN) * HIST_PER_OCTAVE, /* what is above SHIFT in 2^EXP_MIN */
};

void hist_init(struct hist *h)
{
	memset(h, 0, sizeof *h);
	h->min = h->max = NAN;
}

int hist_index(double x)
{
	uint64_t bits;
	memcpy(&bits, &x, sizeof bits);
	int64_t i = (int64_t)(bits >> SHIFT) - FIRST + 1; /* monotone in x >= 0 */
	return i < 0 ? 0 : i >= HIST_BUCKETS ? HIST_BUCKETS - 1 : (int)i;
}

double hist_edge(int i)
{
	assert(i >= 0 && i <= HIST_BUCKETS);
	if (i == 0) return 0;
	if (i == HIST_BUCKETS) return INFINITY;
	uint64_t bits = (uint64_t)(i - 1 + FIRST) << SHIFT;
	double x;
	memcpy(&x, &bits, sizeof x);
	return x;
}

void hist_add_n(struct hist *h, double x, int64_t n)
{
	assert(x >= 0 && isfinite(x) && n >= 0);
	if (!n) return;
	x = fabs(x); /* -0 has the bits of a large number */
	h->bucket[hist_index(x)] += n;
	if (!h->count || x < h->min) h->min = x;
	if (!h->count || x > h->max) h->max = x;
	h->count += n;
}

void hist_add(struct hist *h, double x)
{
	hist_add_n(h, x, 1);
}

void hist_merge(struct hist *into, const struct hist *from)
{
	if (!from->count) return;
	if (!into->count || from->min < into->min) into->min = from->min;
	if (!into->count || from->max > into->max) into->max = from->max;
	into->count += from->count;
	for (int i = 0; i < HIST_BUCKETS; i++) into->bucket[i] += from->bucket[i];
}

/* The part of bucket i where values were seen. */
static double low_end(const struct hist *h, int i)
{
	return fmax(hist_edge(i), h->min);
}

static double high_end(const struct hist *h, int i)
{
	return fmin(hist_edge(i + 1), h->max);
}

/* The bucket that holds the value of a rank (1 to count), and how many values
 * lie in the buckets before it. */
static int bucket_of(const struct hist *h, int64_t rank, int64_t *before)
{
	int i = 0;
	*before = 0;
	while (*before + h->bucket[i] < rank) *before += h->bucket[i++];
	return i;
}

double hist_quantile(const struct hist *h, double p)
{
	if (!h->count) return NAN;
	int64_t rank = (int64_t)quantile_rank((uint64_t)h->count, p), before;
	if (rank == 1) return h->min;
	if (rank == h->count) return h->max;
	int i = bucket_of(h, rank, &before);
	if (i == 0) return h->min;
	double part = ((double)(rank - before) - 0.5) / (double)h->bucket[i];
	return low_end(h, i) + part * (high_end(h, i) - low_end(h, i));
}

bool hist_quantile_ci(const struct hist *h, double p, double level, double *lo, double *hi)
{
	uint64_t l, u;
	int64_t before;
	*lo = *hi = NAN;
	if (!quantile_ci_ranks((uint64_t)h->count, p, level, &l, &u)) return false;
	*lo = low_end(h, bucket_of(h, (int64_t)l, &before));
	*hi = high_end(h, bucket_of(h, (int64_t)u, &before));
	return true;
}

double hist_below(const struct hist *h, double x)
{
	if (!h->count || !(x > h->min)) return 0;
	if (x > h->max) return (double)h->count;
	int64_t before = 0;
	int i = hist_index(x);
	for (int k = 0; k < i; k++) before += h->bucket[k];
	double lo = low_end(h, i), hi = high_end(h, i);
	if (!(hi > lo) || x <= lo) return (double)before;
	return (double)before + (double)h->bucket[i] * (x - lo) / (hi - lo);
}
