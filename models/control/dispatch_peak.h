/* Peak shaving without a given target: the lowest that held so far.
 *
 * No battery holds a meter below the mean of its net power for long, so the target begins
 * there, as a running mean over a day; where the battery could not keep the meter at the
 * target, what the meter read is the target from then on. As demand charges are by the
 * month, so is the target. */
#ifndef HEARTH_MODELS_CONTROL_DISPATCH_PEAK_H
#define HEARTH_MODELS_CONTROL_DISPATCH_PEAK_H

#include <stdbool.h>

struct peak_state {
	double mean_w;   /* of net power without the battery */
	double held_w;   /* highest import that was not prevented */
	double target_w; /* the larger of the two, >= 0 */
	bool begun;
};

/* Before the step's order. share: 1 - exp(-dt / 1 d). */
static inline void peak_see(struct peak_state *s, double net_w, double share, bool new_month)
{
	s->mean_w += (net_w - s->mean_w) * (s->begun ? share : 1);
	s->begun = true;
	if (new_month) s->held_w = 0;
	s->target_w = s->mean_w > s->held_w ? s->mean_w : s->held_w;
	if (s->target_w < 0) s->target_w = 0;
}

/* After it: what the meter read. */
static inline void peak_learn(struct peak_state *s, double meter_w)
{
	if (meter_w > s->target_w * (1 + 1e-9) && meter_w > s->held_w) s->held_w = meter_w;
}

#endif
