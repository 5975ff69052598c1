/* What bench/decoder will do on this machine, by the simulator's own iteration model: a
 * node with the host's device, the model and the decoder's engine. Beside it the plain
 * roofline, and what the decoder then does.
 *
 * Kernels and decoder take turns (rounds), so that a machine that changes its pace changes
 * both; and with one thread both are timed by the processor time they use, so that neither
 * is longer for what others do on the processor. What remains of another's work are its
 * traces in caches and on the memory's bus.
 *
 * The interval adds squares: of how far each constant's low and high value move the time,
 * and of PREDICT_RESIDUAL, what kernels that are measured one by one do not show of an
 * engine that runs them in turn (each other's caches, the pace of several threads).
 *
 * That is as large as it was measured to be: 60 cells, four models of 15e6 to 1.1e9 parameters in
 * f32, q8 and q4, with three contexts and two prompts, one thread of a Zen 3, AVX2. The root mean
 * square of predicted over measured time less 1 was 8.6 %, the mean of its magnitude 7.0 %. It
 * holds the constants' own spread too, which counts twice therefore: the interval is on the
 * safe side. 59 of the cells lay within that of the constants alone. */
#ifndef HEARTH_BENCH_PREDICT_H
#define HEARTH_BENCH_PREDICT_H

#include "bench/host.h"
#include "bench/predict_run.h"

#define PREDICT_RESIDUAL 0.086

/* Fills the times but the measured one. format: f32, q8 or q4, with rates in the host. */
void predict_cell(struct predict_cell *c, const struct host *h, const struct llm_par *model);

/* Whether the host's file had the products of that format. */
bool predict_knows(const struct host *h, enum format f);

#endif
