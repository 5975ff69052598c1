/* What other simulators of serving need for the same hour of conversations. */
#ifndef HEARTH_BENCH_OTHERS_H
#define HEARTH_BENCH_OTHERS_H

/* The Azure conversation trace of 2023, 19 366 requests, Llama 2 70B in fp16, no
 * prefix cache, until all are answered. Whole processes on one core, start-up
 * included; measured in one go on a 2-core x86-64 (Zen 4) virtual machine,
 * Debian 12, Python 3.11, with nothing else running. splitwise-sim: token-wise
 * join-shortest-queue, mixed batching, 2048 tokens a batch, a stand-in for
 * hydra-core; prefill + decode: nodes of 8 x H100, caches at 200 GiB/s, fastest of
 * three runs. Vidur: Sarathi with chunks of 512, at most 128 a batch, round robin,
 * cached predictors, plots and trace off. */
#define OTHERS \
	"others on the same hour                      processor s  requests/s   peak MB\n" \
	"splitwise-sim@8f99e7d, 4 x (4 x H100)               12.2        1680       254\n" \
	"splitwise-sim@8f99e7d, 1 x (8 x H100), overload    120.9         161       254\n" \
	"splitwise-sim@8f99e7d, 2 prefill + 2 decode          23.3         857       293\n" \
	"Vidur@7d47513, Sarathi, 4 x (4 x H100)              65.3         340      1950\n"

#endif
