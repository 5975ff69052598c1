#include "models/site/estimate.h"

#include <math.h>
#include <stdlib.h>

#include "sim/batch.h"
#include "sim/quantile.h"

static const double level = 0.95;

static int ascending(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;
	return (a > b) - (a < b);
}

void estimate_sort(double *v, size_t n)
{
	qsort(v, n, sizeof *v, ascending);
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

struct estimate estimate_quantile(const double *sorted, size_t n, double p)
{
	struct estimate e = { .value = quantile_sorted(sorted, n, p), .n = (int64_t)n };
	quantile_sorted_ci(sorted, n, p, level, &e.lo, &e.hi);
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

