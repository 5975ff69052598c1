#include "models/compute/governor.h"

#include <math.h>

struct governor governor_init(double cap_w)
{
	return (struct governor){ .cap_w = cap_w, .slow = 1, .due = true };
}

static double slowdown(const struct governor *g, const struct meter *m, double demand_w)
{
	if (demand_w <= g->cap_w) return 1;
	double left = (g->cap_w - m->cap_floor_w) / (demand_w - m->cap_floor_w);
	return pow(left, -m->cap_exp);
}

static void slow_down(struct run *r, double slow, double cap_w)
{
	r->time_s *= slow;
	r->time_step_s *= slow;
	r->held_w = cap_w;
}

int64_t governor_apply(struct governor *g, const struct meter *m, int64_t counter, struct run *r,
    int64_t length)
{
	int64_t past = counter % GOVERNOR_ITERATIONS, left = GOVERNOR_ITERATIONS - past;
	if (isinf(g->cap_w)) {
		g->slow = 1;
		return length;
	}
	if (g->due || past == 0) g->slow = slowdown(g, m, run_demand_w(r, m));
	g->due = false;
	if (g->slow > 1)
		slow_down(r, g->slow, g->cap_w);
	else if (run_most_w(r, m, length) <= g->cap_w)
		return length; /* nothing to set in all this time */
	else
		r->most_w = g->cap_w;
	return left < length ? left : length;
}
