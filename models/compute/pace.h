/* The tokens that decoding requests gain with the iterations.
 *
 * Without speculation one token each. With g draft tokens and the chance alpha
 * that one of them is accepted, an iteration gives
 *     a = (1 - alpha^(g + 1)) / (1 - alpha)
 * tokens in the mean (Leviathan, Kalman, Matias 2023, "Fast inference from
 * transformers via speculative decoding", eq. 1). Acceptance is not drawn: all
 * requests of a replica gain by one clock that shows floor(a c) tokens after c
 * iterations, so that over many iterations each has the mean, and how tokens
 * scatter around it is not modelled. The clock counts in 2^-20 tokens. */
#ifndef HEARTH_MODELS_COMPUTE_PACE_H
#define HEARTH_MODELS_COMPUTE_PACE_H

#include <stdint.h>

enum { PACE_BITS = 20 };

struct pace {
	int64_t drafts; /* g; 0: no speculation */
	int64_t step;   /* a 2^20 */
};

/* drafts >= 0, 0 <= acceptance < 1; without drafts the acceptance does not matter. */
static inline struct pace pace_init(int64_t drafts, double acceptance)
{
	double mean = 1, accepted = 1;
	for (int64_t i = 0; i < drafts; i++) mean += accepted *= acceptance;
	return (struct pace){ drafts, (int64_t)(mean * 0x1p20 + 0.5) };
}

static inline int64_t pace_tokens(const struct pace *p, int64_t iterations)
{
	return iterations * p->step >> PACE_BITS;
}

/* What the clock hides at that time: a c - floor(a c). */
static inline double pace_part(const struct pace *p, int64_t iterations)
{
	return (double)(iterations * p->step & (((int64_t)1 << PACE_BITS) - 1)) * 0x1p-20;
}

/* The first iteration count at which the clock shows at least so many tokens. */
static inline int64_t pace_reaches(const struct pace *p, int64_t tokens)
{
	return ((tokens << PACE_BITS) + p->step - 1) / p->step;
}

/* The last one at which it shows no more. */
static inline int64_t pace_leaves(const struct pace *p, int64_t tokens)
{
	return (((tokens + 1) << PACE_BITS) - 1) / p->step;
}

static inline double pace_mean(const struct pace *p)
{
	return (double)p->step * 0x1p-20;
}

#endif
