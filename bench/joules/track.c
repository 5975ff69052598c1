#include "bench/joules/track.h"

#include <math.h>

void track_begin(struct track *t, const struct joules_channel *c, struct joules_value v,
    double at_s)
{
	*t = (struct track){ .channel = c, .last = v, .last_s = at_s };
	if (isnan(v.power_w)) t->integrated_j = NAN;
}

/* Counts from one reading to the next; false when the counter went back. */
static bool advance(const struct joules_channel *c, uint64_t from, uint64_t to, uint64_t *counts)
{
	*counts = to - from;
	if (to >= from) return true;
	*counts = c->modulus - from + to; /* 0xfffffff0 to 0x10 of 2^32: 0x20 */
	return c->modulus > from;
}

void track_add(struct track *t, struct joules_value v, double at_s, double step_s)
{
	const struct joules_channel *c = t->channel;
	double dt_s = at_s - t->last_s;
	t->integrated_j += (t->last.power_w + v.power_w) / 2 * dt_s;
	if (c->counts) {
		uint64_t counts;
		bool forward = advance(c, t->last.count, v.count, &counts);
		double most_j = TRACK_MOST_W * (dt_s + step_s) + c->quantum_j;
		if (!forward || (double)counts * c->unit_j > most_j) t->lost = true;
		t->counts += counts;
	}
	t->last = v;
	t->last_s = at_s;
}

double track_counted_j(const struct track *t)
{
	if (!t->channel->counts || t->lost) return NAN;
	return (double)t->counts * t->channel->unit_j;
}

double track_interval_s(const struct joules_channel *c, double most_w)
{
	if (!c->counts || !c->modulus) return INFINITY;
	return (double)c->modulus * c->unit_j / (4 * most_w);
}
