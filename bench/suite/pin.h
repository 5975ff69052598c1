/* Where threads may run. A case of one thread is held to one processor, the last that this
 * process may use (the first is where most interrupts go), so that it keeps its caches. A
 * case of several has all of them, and the kernel deals them out, or the OpenMP runtime
 * where OMP_PROC_BIND or OMP_PLACES says so. */
#ifndef HEARTH_BENCH_SUITE_PIN_H
#define HEARTH_BENCH_SUITE_PIN_H

#include <sched.h>
#include <stdbool.h>

struct pin {
	cpu_set_t all, one;
	bool works; /* false: the kernel did not say where we may run */
	int chosen; /* the processor of `one` */
};

void pin_init(struct pin *p);

/* Of the calling thread. Threads that it creates inherit the choice, so cases of several
 * threads must not be begun while it is held to one. */
void pin_hold(const struct pin *p);
void pin_release(const struct pin *p);

/* What was done, in words; the caller frees. */
char *pin_words(const struct pin *p);

#endif
