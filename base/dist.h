/* Distributions in population attributes: `capacity="uniform(3, 6) kW"`.
 *
 *     4.2 kW                          the same for all
 *     uniform(3, 6) kW                between 3 and 6
 *     normal(4, 0.5) kW               mean, standard deviation; cut at the attribute's range
 *     lognormal(4, 0.5) kW            median, sigma of the logarithm
 *     choice(3, 5, 10) kW             equally likely; choice(3:0.5, 5:0.3, 10:0.2) with weights
 *     quantiles(0.05:2, 0.5:5, 1:13) kW
 *                                     measured: share of the population, value it stays below;
 *                                     straight lines in the logarithm of the value between
 *                                     them, the first and the last value beyond them
 *
 * Every member of the population draws once, from its own stream, by inversion
 * of one uniform number: common random numbers survive a change of the
 * parameters. */
#ifndef HEARTH_BASE_DIST_H
#define HEARTH_BASE_DIST_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/rng.h"
#include "base/units.h"

enum dist_kind {
	DIST_CONST,
	DIST_UNIFORM,
	DIST_NORMAL,
	DIST_LOGNORMAL,
	DIST_CHOICE,
	DIST_QUANTILES,
};
enum { DIST_CHOICES = 16 };

/* All values in SI. */
struct dist {
	enum dist_kind kind;
	double a, b;     /* const: a; uniform: a..b; normal: mean, sd; lognormal: median, sigma */
	double min, max; /* draws are clamped into this range (the attribute's) */
	int n;           /* choice, quantiles: how many */
	double value[DIST_CHOICES];
	double weight[DIST_CHOICES]; /* choice: adding up to 1; quantiles: shares, rising */
	char currency[4];
};

/* As units_parse; min and max are the attribute's range in SI and every
 * parameter that is a value must lie inside. */
bool dist_parse(const char *text, enum dim dim, double min, double max, struct dist *d,
    char *why, size_t why_size);

/* Without a text: the same for all; evenly between two. No range cuts them. */
static inline struct dist dist_just(double v)
{
	return (struct dist){ .kind = DIST_CONST, .a = v, .min = -INFINITY, .max = INFINITY };
}

static inline struct dist dist_between(double a, double b)
{
	return (struct dist){ .kind = DIST_UNIFORM, .a = a, .b = b, .min = -INFINITY,
		.max = INFINITY };
}

double dist_draw(const struct dist *d, struct pcg64 *g);
double dist_mean(const struct dist *d); /* of the law before clamping */

#endif
