/* Branches of a sweep, taken out and put back in place. */
#include <assert.h>

#include "models/grid/sweep_one.h"
#include "models/grid/sweep_state.h"

/* That with the numbers of the merged branch that it is a part of: the last. */
static const struct plan_block *host_of(const struct sweep_plan *p, const struct plan_block *b)
{
	while (b->through) b = &p->block[b->child];
	return b;
}

/* What the sweep was made without is open already; no more than that is known of it. */
bool sweep_open(struct sweep *s, uint32_t element, bool open)
{
	assert(s->n->element[element].kind != NET_SHUNT);
	uint32_t f = s->plan->behind[element];
	if (f == NET_NONE) return open;
	struct plan_block *b = &s->plan->block[f];
	if (b->open == open) return true;
	if (!b->alone) return false;
	b->open = open;
	if (open)
		s->opens[b->kept]++;
	else
		s->opens[b->kept]--;
	sweep_fill_branch(s, host_of(s->plan, b));
	if (s->one) sweep_one_refill(s->one, s);
	sweep_restart(s);
	return true;
}
