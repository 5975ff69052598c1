/* Groups of benchmarks, and how they are timed.
 *
 * A group adds cases; the cases of a group live together and are timed in turns, so
 * that a drift of the machine meets all of them. A case declares its work and says how
 * far its result is from a plain reference, else it is no case. */
#ifndef HEARTH_BENCH_SUITE_SUITE_H
#define HEARTH_BENCH_SUITE_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A backslash-newline and X(name) for each; in the order in which they run. */
#define BENCH_GROUP_LIST(X) \
	X(memory) \
	X(gemv) \
	X(gemm) \
	X(attention) \
	X(rest) \
	X(decoder) \
	X(spiking) \
	X(digits) \
	X(opencl) \
	X(cuda) \
	X(queue) \
	X(serving) \
	X(grid) \
	X(homes)

struct suite;
struct bench_file;

struct bench_group {
	const char *name, *about;         /* "gemv"; sentence without final stop */
	void (*add)(struct suite *s);     /* calls suite_add for each of its cases */
	double weight;                    /* share of the suite's time beside others'; 0: 1 */
	void (*conclude)(const struct bench_file *f, FILE *out); /* NULL, or prints below the
	                                     table what follows from the rows of a run */
};

#define X(g) extern const struct bench_group bench_##g;
BENCH_GROUP_LIST(X)
#undef X

extern const struct bench_group *const bench_groups[]; /* NULL at the end */

/* A number that tells cases of a kernel apart, for files and for calibration:
 * "cols" 4096, "context" 2048, "tokens" 128. */
struct bench_key {
	const char *name;
	double value;
};
enum { BENCH_KEYS_MAX = 20 };

/* What others reach on the same work, with the conditions it was measured in. */
struct bench_peer {
	const char *name;
	double items_s;
	const char *conditions;
};

struct bench_case {
	const char *kernel;     /* "gemv_q8" */
	char shape[48];         /* for people: "4096 x 4096" */
	struct bench_key key[BENCH_KEYS_MAX];
	size_t keys;
	int threads;
	const char *pages;      /* "4k", "huge", "file", or "" where it does not matter */
	double flops, bytes;    /* of a call; bytes are compulsory ones */
	double items;           /* of a call, 0: none */
	const char *item;       /* "weight", "synaptic operation", "event" */
	void *ctx;              /* given to the functions below */
	void (*run)(void *ctx); /* one call; the suite repeats it to fill a sample, one or
	                           many; it lets no thread work on after its return */
	double (*error)(void *ctx); /* of the last call's result, relative, against plain C */
	double error_max;
	void (*free)(void *ctx);
	const struct bench_peer *peer; /* NULL, or ended by a row without a name */

	/* Of work done elsewhere while the processor waits: where ("NVIDIA H100 80GB HBM3"), and
	 * how long the last call took on that device's own clock, which then is the row's time
	 * and is not judged by the share of the processor. Both NULL: the processor's own work. */
	const char *device;
	double (*device_s)(void *ctx);
};

/* What a group must respect. */
bool suite_quick(const struct suite *s);   /* a tenth of the time: fewer shapes */
bool suite_long(const struct suite *s);    /* also what takes minutes and gigabytes */
int suite_threads(const struct suite *s);  /* the most threads to measure with, from 1 */
const char *suite_device(const struct suite *s); /* of --device, part of a name; NULL: not said */

const char *suite_digits(const struct suite *s); /* file of --digits; NULL: the usual one */

/* A line for people, on the standard error output: why a group has no cases, what it
 * chose. */
void suite_note(struct suite *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void suite_add(struct suite *s, const struct bench_case *c); /* copies c; ctx is the suite's */

#endif
