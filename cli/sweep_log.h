/* The summaries of points, apart from their results files.
 *
 * A hundred thousand results files take minutes to read, and a table wants little of
 * each. So a run keeps a log beside the points, D/summaries/NAME.tsv, with a line a point:
 * its id, the digest that its results file is sealed with, and the numbers of its summary. A
 * line that begins with '#' names those of the lines behind it. The log is a copy and may
 * be lost, cut short or deleted at any time: a line whose digest is not its file's is not
 * used, and what has no line is read from its file. */
#ifndef HEARTH_CLI_SWEEP_LOG_H
#define HEARTH_CLI_SWEEP_LOG_H

#include <stddef.h>

#include "base/dataset.h"

/* Writes to fd the line of names and the line of the point whose results file is `image`. */
void sweep_log_tell(int fd, const char *id, const struct dataset *d, const unsigned char *image,
    size_t size);

/* The same as text; the caller frees. */
char *sweep_log_lines(const char *id, const struct dataset *d, const char *digest);

void sweep_log_send(int fd, const char *lines);

struct sweep_log;

/* A log of its own in the folder of a study; NULL when none can be made, which costs
 * nothing but time later. */
struct sweep_log *sweep_log_new(const char *folder);
void sweep_log_free(struct sweep_log *l); /* takes NULL */

/* Adds what sweep_log_tell wrote. l may be NULL. */
void sweep_log_add(struct sweep_log *l, const char *lines, size_t size);

#endif
