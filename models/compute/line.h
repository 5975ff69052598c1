/* What changes evenly from one iteration to the next, for as long as it does. */
#ifndef HEARTH_MODELS_COMPUTE_LINE_H
#define HEARTH_MODELS_COMPUTE_LINE_H

#include <math.h>
#include <stdint.h>

/* Iteration j, from 0, has the value at + j step, for j < holds. */
struct line {
	double at, step;
	int64_t holds; /* at least 1; INT64_MAX: for ever */
};

static inline struct line line_even(double at)
{
	return (struct line){ .at = at, .holds = INT64_MAX };
}

static inline struct line line_add(struct line a, struct line b)
{
	return (struct line){ a.at + b.at, a.step + b.step, a.holds < b.holds ? a.holds : b.holds };
}

static inline struct line line_scale(struct line a, double factor)
{
	return (struct line){ factor * a.at, factor * a.step, a.holds };
}

/* Iterations j = 0, 1, ... for which at + j step <= limit; at <= limit. */
static inline int64_t line_below(double at, double step, double limit)
{
	if (step <= 0) return INT64_MAX;
	double n = floor((limit - at) / step) + 1;
	return n < 9e18 ? (int64_t)n : INT64_MAX;
}

/* The larger of two, until the other one overtakes it. */
static inline struct line line_max(struct line a, struct line b)
{
	struct line high = a.at < b.at ? b : a, low = a.at < b.at ? a : b;
	int64_t ends = line_below(low.at - high.at, low.step - high.step, 0);
	if (low.holds < ends) ends = low.holds;
	if (ends < high.holds) high.holds = ends;
	return high;
}

#endif
