/* The largest value of something, where and when. */
#ifndef HEARTH_MODELS_GRID_WORST_H
#define HEARTH_MODELS_GRID_WORST_H

#include <stdint.h>

struct worst {
	double value;
	const char *name;  /* asset, owned by the feeder; NULL: a customer or, before the
	                      first step, nothing */
	uint32_t customer; /* from 1; 0: the asset is no customer */
	const char *limit; /* which limit, for the margin; static */
	int64_t t_ns;      /* begin of the step */
};

static inline void worst_keep(struct worst *w, struct worst seen)
{
	if (seen.value > w->value) *w = seen;
}

/* (value - limit) / limit of an upper limit. */
static inline double worst_above(double value, double limit)
{
	return (value - limit) / limit;
}

#endif
