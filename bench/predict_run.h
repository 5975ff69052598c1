/* What a prediction is of, and the decoder that shows what is so. */
#ifndef HEARTH_BENCH_PREDICT_RUN_H
#define HEARTH_BENCH_PREDICT_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/kernels/format.h"
#include "models/compute/llm.h"

struct predict_cell {
	enum format format;
	bool prefill;
	size_t tokens;               /* of the prompt; or positions in the cache before a step */
	double time_s, low_s, high_s;
	double roofline_s;           /* bytes over bandwidth or flops over peak, the longer */
	double measured_s;           /* NAN: not yet */
};

/* Rates: of the prompt's tokens, or 1 / time. */
double predict_rate(const struct predict_cell *c, double time_s);

/* Runs the decoder and fills measured_s of cells [0, n) of one format: the middle of
 * several passes after a warm one. NULL, or why the decoder cannot compute that model. */
const char *predict_measure(struct predict_cell *cell, size_t n, const struct llm_par *model,
    int threads);

#endif
