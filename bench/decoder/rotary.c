#include "bench/decoder/rotary.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

struct rotary rotary_new(size_t head_dim, size_t positions)
{
	struct rotary r = { head_dim, mem_lines(positions * head_dim, sizeof *r.turn) };
	size_t half = head_dim / 2;
	for (size_t i = 0; i < half; i++) {
		double per = pow(10000, -2 * (double)i / (double)head_dim);
		for (size_t p = 0; p < positions; p++) {
			r.turn[p * head_dim + i] = (float)cos((double)p * per);
			r.turn[p * head_dim + half + i] = (float)sin((double)p * per);
		}
	}
	return r;
}

void rotary_free(struct rotary *r)
{
	free(r->turn);
	r->turn = NULL;
}

void rotary_turn(const struct rotary *r, float *to, const float *from, size_t heads,
    size_t position)
{
	size_t half = r->head_dim / 2;
	const float *c = r->turn + position * r->head_dim, *s = c + half;
	for (size_t h = 0; h < heads; h++, to += r->head_dim, from += r->head_dim)
		for (size_t i = 0; i < half; i++) {
			float x = from[i], y = from[half + i];
			to[i] = x * c[i] - y * s[i];
			to[half + i] = x * s[i] + y * c[i];
		}
}
