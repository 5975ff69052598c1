/* Rotary positions (Su et al. 2021, "RoFormer", section 3.4): value i of a head and value
 * i + head_dim / 2 turn together by position / 10000^(2 i / head_dim). */
#ifndef HEARTH_BENCH_DECODER_ROTARY_H
#define HEARTH_BENCH_DECODER_ROTARY_H

#include <stddef.h>

struct rotary {
	size_t head_dim;
	float *turn; /* of a position: head_dim / 2 cosines, as many sines */
};

struct rotary rotary_new(size_t head_dim, size_t positions);
void rotary_free(struct rotary *r);

/* Turns `heads` heads that lie one after the other; `to` may be `from`. */
void rotary_turn(const struct rotary *r, float *to, const float *from, size_t heads,
    size_t position);

#endif
