#include "models/site/estimate.h"

#include <math.h>
#include <stdbool.h>

#include "sim/batch.h"
#include "sim/quantile.h"

static const double level = 0.95;

size_t estimate_batch_end(size_t n, int b)
{
	size_t next = (size_t)b + 1;
	return n / ESTIMATE_BATCHES * next + n % ESTIMATE_BATCHES * next / ESTIMATE_BATCHES;
}

struct estimate estimate_mean(const double *v, size_t n)
{
	struct batch b;
	double sum = 0;
	batch_init(&b);
	for (size_t i = 0; i < n; i++) {
		batch_add(&b, v[i]);
		sum += v[i];
	}
	double mean = sum / (double)n;
	double half = batch_interval(&b, level).half_width;
	return (struct estimate){ mean, mean - half, mean + half, (int64_t)n };
}

/* Half the width of the interval of the share of values that do not exceed x. */
static double share_half(const double *v, size_t n, double x)
{
	struct ratio r = { .k = 0 };
	size_t from = 0;
	for (int b = 0; b < ESTIMATE_BATCHES; b++) {
		size_t to = estimate_batch_end(n, b), below = 0;
		for (size_t i = from; i < to; i++) below += v[i] <= x;
		ratio_add(&r, (double)below, (double)(to - from));
		from = to;
	}
	return ratio_half(&r, level);
}

/* Widens [*lo, *hi] to what dependence asks for; NAN when it leaves the sample. */
static void widen(const double *v, const double *sorted, size_t n, double p, struct estimate *e)
{
	double half = share_half(v, n, e->value);
	if (!(p - half > 0) || !(p + half < 1)) {
		e->lo = e->hi = NAN;
		return;
	}
	e->lo = fmin(e->lo, quantile_sorted(sorted, n, p - half));
	e->hi = fmax(e->hi, quantile_sorted(sorted, n, p + half));
}

struct estimate estimate_quantile(const double *v, const double *sorted, size_t n, double p)
{
	struct estimate e = { .value = quantile_sorted(sorted, n, p), .n = (int64_t)n };
	bool known = quantile_sorted_ci(sorted, n, p, level, &e.lo, &e.hi);
	if (known && n >= ESTIMATE_BATCHED) widen(v, sorted, n, p, &e);
	return e;
}

struct estimate estimate_blocks_mean(const struct blocks *b, const struct block *all)
{
	double mean = all->sum / (double)all->hist.count, half = blocks_mean_half(b, level);
	return (struct estimate){ mean, mean - half, mean + half, all->hist.count };
}

struct estimate estimate_blocks_quantile(const struct blocks *b, const struct block *all, double p)
{
	struct estimate e = { .value = hist_quantile(&all->hist, p), .n = all->hist.count };
	blocks_quantile_ci(b, all, p, level, &e.lo, &e.hi);
	return e;
}

struct estimate estimate_share(int64_t hits, int64_t n)
{
	if (!n) return (struct estimate){ NAN, NAN, NAN, 0 };
	const double z = 1.959963984540054; /* 0.975 quantile of the normal law */
	double m = (double)n, p = (double)hits / m, zz = z * z;
	double mid = (p + zz / (2 * m)) / (1 + zz / m);
	double half = z / (1 + zz / m) * sqrt(p * (1 - p) / m + zz / (4 * m * m));
	return (struct estimate){ p, mid - half, mid + half, n };
}


struct estimate estimate_share_batched(const struct ratio *batch)
{
	double hits = 0, n = 0;
	for (int b = 0; b < batch->k; b++) {
		hits += batch->s[b];
		n += batch->n[b];
	}
	struct estimate e = estimate_share((int64_t)hits, (int64_t)n);
	if (n < ESTIMATE_BATCHED) return e;
	double half = ratio_half(batch, level);
	e.lo = fmax(0, fmin(e.lo, e.value - half));
	e.hi = fmin(1, fmax(e.hi, e.value + half));
	return e;
}
