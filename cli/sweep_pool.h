/* Work in children of this process, a few at a time: what kills one costs nothing else.
 *
 * A child writes what it has computed to a pipe and closes it; from then on it only waits for
 * the disk, and another child takes its place on the processor. What it says on standard
 * error is caught. When this process dies its children are told to end. */
#ifndef HEARTH_CLI_SWEEP_POOL_H
#define HEARTH_CLI_SWEEP_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

enum { POOL_SAID_MAX = 4096 }; /* bytes kept of what a child says, the last ones */

/* How a child ended. */
struct pool_end {
	size_t task;
	int status;           /* of waitpid */
	struct rusage usage;
	double wall_s;
	const char *text;     /* what came through the pipe */
	size_t text_size;
	const char *said;     /* on standard error */
	bool told;            /* to end, for the pool is interrupted */
};

struct pool {
	void *user;
	int jobs; /* children that compute at a time */
	/* The next task; false: there is none for now. */
	bool (*next)(void *user, size_t *task);
	/* In the child: does it, writes to fd and closes it; returns the exit status. */
	int (*work)(void *user, size_t task, int fd);
	void (*ended)(void *user, const struct pool_end *end);
};

enum pool_result {
	POOL_DONE,        /* nothing is left */
	POOL_INTERRUPTED, /* by SIGINT, SIGTERM, SIGHUP, SIGXCPU or SIGUSR1: all children have ended */
	POOL_NO_CHILD,    /* errno says why none could be made; those that were have ended */
};

enum pool_result pool_run(const struct pool *p);

#endif
