/* How far a sweep is, on one line of the terminal that is written over; nothing where
 * standard error is no terminal. */
#ifndef HEARTH_CLI_SWEEP_PROGRESS_H
#define HEARTH_CLI_SWEEP_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
	bool shown;
	size_t total;
	struct timespec begin, last; /* of the work, of the line */
};

void progress_begin(struct progress *p, size_t total);
void progress_skip(struct progress *p); /* one less to do */

/* Points done and failed since the beginning; at most ten lines a second. */
void progress_step(struct progress *p, size_t done, size_t failed);
void progress_clear(const struct progress *p); /* an empty line, for something else */

/* "1 h 20 min", of what is left; returns buf. */
char *progress_time(double seconds, char *buf, size_t size);

#endif
