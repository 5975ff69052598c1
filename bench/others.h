/* What other simulators of serving need for the same hour of conversations. */
#ifndef HEARTH_BENCH_OTHERS_H
#define HEARTH_BENCH_OTHERS_H

#include <stdio.h>

/* The Azure conversation trace of 2023, 19 366 requests, Llama 2 70B in fp16, no
 * prefix cache, until all are answered. Whole processes on one core, start-up
 * included; measured in one go on a 2-core x86-64 (Zen 4) virtual machine,
 * Debian 12, Python 3.11, with nothing else running. splitwise-sim: token-wise
 * join-shortest-queue, mixed batching, 2048 tokens a batch, a stand-in for
 * hydra-core; prefill + decode: nodes of 8 x H100, caches at 200 GiB/s, fastest of
 * three runs. Vidur: Sarathi with chunks of 512, at most 128 a batch, round robin,
 * cached predictors, plots and trace off.
 *
 * X(simulator and work, processor s, requests a second, peak MB) */
#define OTHERS_FOUR(X) \
	X("splitwise-sim@8f99e7d, 4 x (4 x H100)", 12.2, 1680, 254) \
	X("Vidur@7d47513, Sarathi, 4 x (4 x H100)", 65.3, 340, 1950)
#define OTHERS_OVERLOAD(X) X("splitwise-sim@8f99e7d, 1 x (8 x H100), overload", 120.9, 161, 254)
#define OTHERS_SPLIT(X) X("splitwise-sim@8f99e7d, 2 prefill + 2 decode", 23.3, 857, 293)

#define OTHERS_ROW(name, cpu_s, requests_s, mb) \
	{ name, requests_s, "the process on one core took " #cpu_s " s and " #mb \
	    " MB, start-up included; 2-core Zen 4 virtual machine, quiet, Python 3.11" },

#define OTHERS_LINE(name, cpu_s, requests_s, mb) \
	printf("%-46s %10.1f %11.0f %9.0f\n", name, cpu_s, (double)requests_s, (double)mb);

static inline void others_print(void)
{
	printf("\n%-46s processor s  requests/s   peak MB\n", "others on the same hour");
	OTHERS_FOUR(OTHERS_LINE) OTHERS_OVERLOAD(OTHERS_LINE) OTHERS_SPLIT(OTHERS_LINE)
}

#endif
