/* A decoder's weights, drawn from a seed.
 *
 * Matrices are uniform with variance 1 / columns, so that a product keeps the size of what it
 * is given; the two that end on the residual stream have a 2 layers-th of that (Radford et al.
 * 2019, "Language Models are Unsupervised Multitask Learners", section 2.3). Gains lie within
 * a quarter of 1. Each row has a stream of its own: threads may draw them in any order.
 *
 * All matrices lie one after the other in one block, on huge pages where there are any: the
 * small ones of a layer, each on its own, would lie on small pages, and a token of a 110M
 * model took 10 to 50 % more in q8, 25 % more in q4. */
#ifndef HEARTH_BENCH_DECODER_WEIGHTS_H
#define HEARTH_BENCH_DECODER_WEIGHTS_H

#include "bench/decoder/shape.h"

struct layer_weights {
	float *attention_gain, *ffn_gain; /* hidden each */
	struct matrix qkv;  /* rows: the query heads, the key heads, the value heads */
	struct matrix out;
	struct matrix gate, up, down;
};

struct weights {
	struct decoder_shape shape;
	enum format format;
	void *memory;            /* of all matrices */
	struct layer_weights *layer;
	float *gain;             /* before the head */
	struct matrix embedding; /* vocabulary x hidden */
	struct matrix head;      /* all zero where tied: see weights_head */
};

struct weights weights_new(const struct decoder_shape *s, enum format f, uint64_t seed, int threads);
void weights_free(struct weights *w);

static inline const struct matrix *weights_head(const struct weights *w)
{
	return w->shape.tied ? &w->embedding : &w->head;
}

#endif
