/* What became of a point that has no results: points/AB/ID.fail.json. */
#ifndef HEARTH_CLI_SWEEP_FAILURE_H
#define HEARTH_CLI_SWEEP_FAILURE_H

#include <stdbool.h>

#include "cli/sweep_pool.h"

/* Writes the record and says on standard error which point failed and why. False when the
 * record could not be written, which is said too. */
bool failure_write(const char *folder, const char *id, const struct pool_end *end, unsigned tries);

/* The point has results now. */
void failure_remove(const char *folder, const char *id);

#endif
