/* The summaries of a study's points, from their logs where those have them and from the
 * results files where not. */
#ifndef HEARTH_CLI_SWEEP_READ_H
#define HEARTH_CLI_SWEEP_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "sweep/folder.h"
#include "sweep/points.h"

/* A point's line of a log, and the line of names that holds for it (cli/sweep_log.h). */
struct summary {
	const char *names; /* NULL: the point has none; ends at '\n', as the next */
	const char *values; /* behind id and digest: each begins with a tab */
};

struct summaries {
	struct summary *point; /* in the plan's order */
	void **block;          /* what the texts lie in */
	size_t blocks, blocks_cap;
	size_t read;           /* results files that had to be read */
};

/* state[i]: only points that are done have a summary; one whose file is damaged becomes
 * missing, with an entry in e. jobs: processes that read files. */
void summaries_read(struct summaries *s, const char *folder, const struct points *p,
    enum point_state *state, int jobs, struct err_list *e);
void summaries_fini(struct summaries *s);

#endif
