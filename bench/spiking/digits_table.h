/* What the rows of group "digits" say of spiking networks beside the perceptron that they were
 * made from. */
#ifndef HEARTH_BENCH_SPIKING_DIGITS_TABLE_H
#define HEARTH_BENCH_SPIKING_DIGITS_TABLE_H

#include <stdio.h>

#include "bench/suite/record.h"

#define DIGITS_ANN "digits_ann"
#define DIGITS_SNN "digits_snn"
extern const char *const digits_rate_key[]; /* by layer, the inputs' first */

/* Accuracy, spike rates and times by steps; energy by k and what others published of it; and
 * NeuroBench's metrics. Nothing where there are no such rows. */
void digits_print(const struct bench_file *f, FILE *out);

/* Spikes for each synapse and inference, of a spiking network's row. */
double digits_k(const struct bench_row *r);

/* What the perceptron does, and what is counted. */
struct digits_rival {
	bool fetches; /* weights come from 32 KB of SRAM, for both; else memory is left out */
	bool skips;   /* it passes over zeros among its inputs and outputs */
	double reuse; /* images for which it fetches a weight once */
};

/* The k below which a spiking network's row takes less energy at 45 nm (op_energy.h), both with
 * weights of the row's width, f32 or int8; with the additions of its membranes. */
double digits_break_even(const struct bench_row *r, const struct digits_rival *rival);

#endif
