/* What machine this is, as its kernel tells it. */
#ifndef HEARTH_BENCH_SUITE_MACHINE_H
#define HEARTH_BENCH_SUITE_MACHINE_H

#include <stdbool.h>

#include "bench/suite/record.h"

/* Fills all of the context that holds before anything is measured: date, names, caches,
 * pages, load, compiler, instruction set of the kernels. Files are sought below `root` ("" for the machine's own /proc and
 * /sys); what cannot be read is "unknown" or NAN. */
void machine_read(struct bench_context *c, const char *root);

/* Processor time of the whole machine since it was started, and of this process. */
struct machine_load {
	double total_s; /* of all processors, idle or not */
	double busy_s;  /* used by somebody, this process among them */
	double steal_s; /* taken by the hypervisor */
	double own_s;
};

/* False where the kernel does not tell. */
bool machine_load_read(struct machine_load *l, const char *root);

/* Additions a second, each of which needs the result of the one before: one a cycle on
 * every processor that hearth knows of, hence nearly the frequency in Hz. Takes 50 ms of
 * processor time; other work on the machine hardly matters. */
double machine_clock_hz(void);

#endif
