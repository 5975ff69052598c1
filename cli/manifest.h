/* What a results file says about where it came from.
 *
 * Everything that decides the numbers is in it, and nothing else: two runs of
 * one scenario and seed are the same bytes, whatever the folder they were
 * started in, the place hearth is installed in, or the name of the output. So
 * files are named relative to the scenario or to the data folder, and the
 * command line is the shortest that repeats the run. */
#ifndef HEARTH_CLI_MANIFEST_H
#define HEARTH_CLI_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"
#include "base/err.h"
#include "cli/options.h"
#include "loader/scenario.h"
#include "sweep/inputs.h"

struct manifest {
	const char *path;          /* of the scenario */
	const struct scenario *scenario;
	const struct words *set;   /* overrides, in order */
	uint64_t seed;             /* the one used */
	const char *validity;      /* "VALID" */
	const struct inputs *known; /* digests taken before; NULL: none */
};

/* Adds the root attributes title, source, seed, scenario_sha256 and validity,
 * and the group "manifest": command_line, scenario_xml (resolved), override,
 * file, file_sha256; and what loader/scenario.h calls assumptions. False with an entry in e when a file cannot be read any
 * more; the dataset is then incomplete. */
bool manifest_write(struct dataset *d, const struct manifest *m, struct err_list *e);

#endif
