/* What an iteration of the slow twin takes and does (twin.h), by the plain formulas:
 * every micro-batch of a pipeline, every layer with and without a window. */
#ifndef HEARTH_TESTS_TWIN_TIME_H
#define HEARTH_TESTS_TWIN_TIME_H

#include "tests/twin.h"

/* What one model computes. */
struct step {
	int tokens, requests, rows;      /* rows: of the head */
	double context_sum, context_max; /* of those that decode */
	int decodes, each;               /* each: tokens of one of them */
	struct work prefill, prefill_windowed;  /* of a layer that sees all, of one that does not */
	double chunk_s, before_sum, chunk_sum;  /* with a table: of one layer */
};

/* Adds the attention of a chunk of a prompt of which `before` tokens are computed. */
void step_prefill(const struct twin *t, const struct llm_par *llm, struct step *s, int before,
    int chunk);

/* Micro-batches that the stages of a pipeline work on at once. */
int step_parts(const struct twin *t, const struct step *s);

/* Once through a model: its time; adds the work of one device. */
double step_s(struct twin *t, const struct llm_par *llm, const struct step *s, struct work *sum);

#endif
