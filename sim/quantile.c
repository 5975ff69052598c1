#include "sim/quantile.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

/* From here on GSL's continued fraction for the binomial may not converge. */
static const uint64_t exact_max = 100000;

uint64_t quantile_rank(uint64_t n, double p)
{
	assert(n && p >= 0 && p <= 1);
	double rank = ceil(p * (double)n * (1 - 0x1p-50)); /* 0.07 * 100 is 7, not 8 */
	if (rank < 1) return 1;
	return rank >= (double)n ? n : (uint64_t)rank;
}

/* The least k with P(B <= k) >= q for B binomial (n, p). */
static uint64_t binomial_exact(uint64_t n, double p, double q)
{
	uint64_t lo = 0, hi = n; /* P(B <= n) = 1 */
	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;
		if (gsl_cdf_binomial_P((unsigned)mid, p, (unsigned)n) >= q)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* np + z sd + (z^2 - 1) (1 - 2p) / 6, and 1/2 for the continuity; rounded up. */
static uint64_t binomial_expansion(uint64_t n, double p, double q)
{
	double z = gsl_cdf_ugaussian_Pinv(q), m = (double)n;
	double k = ceil(m * p + z * sqrt(m * p * (1 - p)) + (z * z - 1) * (1 - 2 * p) / 6 - 0.5);
	if (k < 0) return 0;
	return k >= m ? n : (uint64_t)k;
}

static uint64_t binomial_quantile(uint64_t n, double p, double q)
{
	return n <= exact_max ? binomial_exact(n, p, q) : binomial_expansion(n, p, q);
}

/* Coverage of [x_l, x_u] is P(l <= B <= u - 1). The largest l with
 * P(B < l) <= a is the a-quantile of B (or one more, on a tie of probability 0);
 * the least u with P(B <= u - 1) >= 1 - a is the (1 - a)-quantile plus one. */
bool quantile_ci_ranks(uint64_t n, double p, double level, uint64_t *lo, uint64_t *hi)
{
	assert(p > 0 && p < 1 && level > 0 && level < 1);
	double a = (1 - level) / 2;
	uint64_t l = binomial_quantile(n, p, a), u = binomial_quantile(n, p, 1 - a) + 1;
	if (l < 1 || u > n) return false;
	*lo = l;
	*hi = u;
	return true;
}

double quantile_sorted(const double *x, size_t n, double p)
{
	return x[quantile_rank(n, p) - 1];
}

bool quantile_sorted_ci(const double *x, size_t n, double p, double level, double *lo, double *hi)
{
	uint64_t l, u;
	*lo = *hi = NAN;
	if (!quantile_ci_ranks(n, p, level, &l, &u)) return false;
	*lo = x[l - 1];
	*hi = x[u - 1];
	return true;
}
