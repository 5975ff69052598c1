/* -j N: how many threads a command works in. */
#ifndef HEARTH_CLI_JOBS_H
#define HEARTH_CLI_JOBS_H

#include "cli/options.h"

const char *jobs_refuse(const char *value); /* for a table's refuse column */

/* The value of that row, 1 when it is not given. Says on standard error when this build
 * cannot do it. */
int jobs_read(const struct options *o, int row);

#endif
