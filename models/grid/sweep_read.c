#include "models/grid/sweep_read.h"

#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/sweep_state.h"

uint32_t sweep_place(const struct sweep *s, uint32_t node)
{
	uint32_t place = sweep_plan_place(s->plan, node), block = place / PLACE_BLOCK;
	if (block < s->plan->blocks && s->plan->block[block].through) return NET_NONE;
	return sweep_plan_kept(s->plan, place);
}

double complex sweep_place_v(const struct sweep *s, uint32_t place)
{
	return sweep_read_at(s->v, place);
}

uint32_t *sweep_element_blocks(const struct sweep *s)
{
	uint32_t *block = mem_new(s->n->elements, sizeof *block);
	for (size_t i = 0; i < s->n->elements; i++) {
		uint32_t f = s->plan->behind[i];
		block[i] = f == NET_NONE ? NET_NONE : s->plan->block[f].kept;
	}
	return block;
}

const struct lanes *sweep_block_v(const struct sweep *s, uint32_t block)
{
	return &s->v[block];
}

const struct lanes *sweep_block_a(const struct sweep *s, uint32_t block)
{
	return &s->i[block];
}

bool sweep_is_series(const struct sweep *s, uint32_t block)
{
	return s->other[block] == NET_NONE;
}

void sweep_near(const struct sweep *s, uint32_t block, struct lanes *v, struct lanes *a)
{
	struct lanes room;
	*v = *sweep_near_of(s, s->v, block, &room);
	*a = s->other[block] == NET_NONE ? s->i[block] : sweep_near_a(s, block);
}

double complex lanes_va(const struct lanes *v, const struct lanes *a)
{
	double w = 0, var = 0;
	for (int k = 0; k < NET_PHASES; k++) {
		w += v->re[k] * a->re[k] + v->im[k] * a->im[k];
		var += v->im[k] * a->re[k] - v->re[k] * a->im[k];
	}
	return w + I * var;
}

/* Re(own) sum |I|^2 + Re(sum) |sum I|^2 */
static double even_w(const struct even *e, const struct lanes *a)
{
	double re = a->re[0] + a->re[1] + a->re[2], im = a->im[0] + a->im[1] + a->im[2];
	return e->own_re * creal(lanes_va(a, a)) + e->sum_re * (re * re + im * im);
}

double sweep_loss_w(const struct sweep *s, uint32_t block)
{
	const struct lanes *a = &s->i[block];
	if (s->other[block] != NET_NONE) {
		struct lanes near_v, near_a;
		sweep_near(s, block, &near_v, &near_a);
		return creal(lanes_va(&near_v, &near_a)) - creal(lanes_va(&s->v[block], a));
	}
	if (s->is_even[block]) return even_w(&s->even[block], a);
	struct lanes fall = matrix_times(&s->z[block], a);
	return creal(lanes_va(&fall, a));
}
