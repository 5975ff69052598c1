#include "sim/tally.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

void tally_add(struct tally *t, double x)
{
	double before = x - t->mean;
	if (!t->count || x < t->min) t->min = x;
	if (!t->count || x > t->max) t->max = x;
	t->count++;
	t->mean += before / (double)t->count;
	t->squares += before * (x - t->mean);
}

void tally_merge(struct tally *into, const struct tally *from)
{
	if (!from->count) return;
	if (!into->count) {
		*into = *from;
		return;
	}
	double a = (double)into->count, b = (double)from->count, apart = from->mean - into->mean;
	into->squares += from->squares + apart * apart * (a * b / (a + b));
	into->mean += apart * (b / (a + b));
	into->count += from->count;
	if (from->min < into->min) into->min = from->min;
	if (from->max > into->max) into->max = from->max;
}

double tally_mean(const struct tally *t)
{
	return t->count ? t->mean : NAN;
}

double tally_min(const struct tally *t)
{
	return t->count ? t->min : NAN;
}

double tally_max(const struct tally *t)
{
	return t->count ? t->max : NAN;
}

double tally_variance(const struct tally *t)
{
	return t->count > 1 ? t->squares / (double)(t->count - 1) : NAN;
}

double tally_sd(const struct tally *t)
{
	return sqrt(tally_variance(t));
}

double student_t(double level, double degrees)
{
	return gsl_cdf_tdist_Pinv(0.5 + level / 2, degrees);
}

double tally_half_width(const struct tally *t, double level)
{
	if (t->count < 2) return NAN;
	double n = (double)t->count;
	return student_t(level, n - 1) * sqrt(tally_variance(t) / n);
}
