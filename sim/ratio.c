#include "sim/ratio.h"

#include <assert.h>
#include <math.h>

#include "sim/tally.h"

void ratio_add(struct ratio *r, double s, double n)
{
	assert(r->k < RATIO_MAX);
	r->s[r->k] = s;
	r->n[r->k++] = n;
}

static double sum(const double *v, int k)
{
	double sum = 0;
	for (int i = 0; i < k; i++) sum += v[i];
	return sum;
}

double ratio_value(const struct ratio *r)
{
	return sum(r->s, r->k) / sum(r->n, r->k);
}

double ratio_half(const struct ratio *r, double level)
{
	if (r->k < 2) return NAN;
	double k = r->k, value = ratio_value(r), squares = 0;
	for (int i = 0; i < r->k; i++) {
		double off = r->s[i] - value * r->n[i];
		squares += off * off;
	}
	return student_t(level, k - 1) * sqrt(k / (k - 1) * squares) / sum(r->n, r->k);
}
