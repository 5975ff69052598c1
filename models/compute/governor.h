/* What keeps a board below its power cap: it slows the iterations down.
 *
 * A board that would draw P_dem above its cap lowers its clock until it draws
 * P_cap. Its throughput falls to
 *     thr = ((P_cap - P_s) / (P_dem - P_s))^g,
 * and an iteration takes 1/thr of its time as a whole, for the form was fitted to
 * throughput: the 123 training jobs of the Zeus traces (You et al. 2023, "Zeus",
 * NSDI; github.com/ml-energy/zeus@75a8b93) on an A40, V100, RTX 6000 and P100 give
 * P_s of 0.32, 0.23, 0.33 and 0.36 of the highest cap and g of 0.38, 0.28, 0.21
 * and 0.10, with an RMSE of 0.085, 0.058, 0.067 and 0.012 of throughput. Below its
 * cap a board is as if it had none. Decoding, which memory bounds, loses less than
 * training: for LLaMA 65B under 175 W in place of 250 W (Samsi et al. 2023) +24 % of
 * time are predicted and 6.7 % were measured.
 *
 * The setting follows the demand of an iteration that is about to begin: when its
 * batch is not that of the iteration before (a request joins or leaves, or a prompt
 * is computed in either), when the cap has changed, and when the replica's count of
 * iterations is a multiple of 64. Between, it stays, and demand that grows beyond
 * the cap is cut off at the cap. (Real governors act every 10 to 100 ms.) So it
 * does not matter where spans end. */
#ifndef HEARTH_MODELS_COMPUTE_GOVERNOR_H
#define HEARTH_MODELS_COMPUTE_GOVERNOR_H

#include <stdbool.h>
#include <stdint.h>

#include "models/compute/meter.h"

enum { GOVERNOR_ITERATIONS = 64 };

struct governor {
	double cap_w; /* of each board; INFINITY: none */
	double slow;  /* iterations take so many times as long; >= 1 */
	bool due;     /* the batch or the cap has changed since it was set */
};

struct governor governor_init(double cap_w);

/* Before the run r of at most `length` iterations, the first of them number
 * `counter`: sets what is due, slows the run and limits its power. Returns for how
 * many iterations this holds. */
int64_t governor_apply(struct governor *g, const struct meter *m, int64_t counter, struct run *r,
    int64_t length);

#endif
