#include "sim/timeweighted.h"

#include <assert.h>

static double seconds(int64_t from_ns, int64_t to_ns)
{
	return (double)(to_ns - from_ns) * 1e-9;
}

void timeweighted_init(struct timeweighted *w, int64_t now_ns, double level)
{
	*w = (struct timeweighted){ now_ns, now_ns, level, 0, level, level };
}

void timeweighted_set(struct timeweighted *w, int64_t now_ns, double level)
{
	w->integral = timeweighted_integral(w, now_ns);
	w->last_ns = now_ns;
	w->level = level;
	if (level < w->min) w->min = level;
	if (level > w->max) w->max = level;
}

void timeweighted_add(struct timeweighted *w, int64_t now_ns, double delta)
{
	timeweighted_set(w, now_ns, w->level + delta);
}

void timeweighted_reset(struct timeweighted *w, int64_t now_ns)
{
	timeweighted_init(w, now_ns, w->level);
}

double timeweighted_integral(const struct timeweighted *w, int64_t now_ns)
{
	assert(now_ns >= w->last_ns);
	return w->integral + w->level * seconds(w->last_ns, now_ns);
}

double timeweighted_mean(const struct timeweighted *w, int64_t now_ns)
{
	if (now_ns == w->begin_ns) return w->level;
	return timeweighted_integral(w, now_ns) / seconds(w->begin_ns, now_ns);
}
