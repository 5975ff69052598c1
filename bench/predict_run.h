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
	double *sample_s;            /* what the decoder took, in ascending order */
	int samples;
	double measured_s;           /* the middle of them; NAN: none yet */
};

/* Rates: of the prompt's tokens, or 1 / time. */
double predict_rate(const struct predict_cell *c, double time_s);

/* Runs the decoder on cells [0, n) of one format, one round of `rounds`: each cell gets
 * further samples after a pass that warms, fewer where there will be more rounds. NULL,
 * or why the decoder cannot compute that model. The samples are the caller's to free. */
const char *predict_measure(struct predict_cell *cell, size_t n, const struct llm_par *model,
    int threads, int rounds);

#endif
