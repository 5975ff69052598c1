#include "models/grid/capacitor.h"

#include <math.h>

#include "models/grid/delay.h"

static const double day_s = 86400;

void capacitor_begin(struct capacitor_state *s, bool closed)
{
	*s = (struct capacitor_state){ .closed = closed, .left_s = INFINITY };
}

/* From `from` on to `to`, round the clock: at least 0, less than a day. */
static double until(double from, double to)
{
	double s = fmod(to - from, day_s);
	return s < 0 ? s + day_s : s;
}

/* A switching time that is a microsecond away has come: see delay.h. */
static void see_clock(const struct capacitor_par *p, struct capacitor_state *s, double now_s)
{
	double at_s = now_s + delay_now_s;
	bool should = until(p->on, at_s) < until(p->on, p->off);
	s->wants = true;
	s->left_s = should == s->closed ? until(now_s, s->closed ? p->off : p->on) : 0;
}

static bool wanted(const struct capacitor_par *p, const struct capacitor_state *s, double measured)
{
	bool below = p->by == CAPACITOR_BY_VOLTAGE; /* closes below its limit, not above */
	if (below && measured == 0) return false;
	if (s->closed) return below ? measured > p->off : measured < p->off;
	return below ? measured < p->on : measured > p->on;
}

void capacitor_see(const struct capacitor_par *p, struct capacitor_state *s, double measured)
{
	s->seen = measured;
	if (p->by == CAPACITOR_BY_TIME) {
		see_clock(p, s, measured);
		return;
	}
	bool wants = wanted(p, s, measured);
	if (wants == s->wants) return;
	s->wants = wants;
	s->left_s = !wants ? INFINITY : s->closed ? p->off_delay_s : p->on_delay_s;
}

double capacitor_due_s(const struct capacitor_state *s)
{
	return fmax(s->left_s, s->rest_left_s);
}

void capacitor_pass(struct capacitor_state *s, double dt_s)
{
	s->left_s = delay_pass(s->left_s, dt_s);
	s->rest_left_s = delay_pass(s->rest_left_s, dt_s);
}

bool capacitor_act(const struct capacitor_par *p, struct capacitor_state *s)
{
	if (!s->wants || !delay_over(capacitor_due_s(s))) return false;
	s->closed = !s->closed;
	s->wants = false;
	s->left_s = INFINITY;
	s->rest_left_s = p->rest_s;
	s->operations++;
	return true;
}
