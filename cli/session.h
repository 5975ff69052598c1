/* A scenario that was read and put together, ready to run. */
#ifndef HEARTH_CLI_SESSION_H
#define HEARTH_CLI_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cli/options.h"
#include "loader/scenario.h"
#include "models/site/world.h"
#include "sweep/inputs.h"

struct session {
	char *path; /* of the scenario */
	struct scenario *scenario;
	struct world *world;
	uint64_t seed; /* the one in use */
};

struct session_options {
	const char *name;        /* a file, or the name of a shipped scenario */
	const struct words *set; /* overrides */
	const char *seed;        /* as typed; NULL: the scenario's */
	bool fingerprint;        /* hash the order of events */
	bool nodes_full;         /* those in homes draw their full power (world.h) */
	int threads;             /* 0: one */
};

/* False with entries in e for everything that is wrong; what was reached stays
 * in *s (the rest is NULL). Give *s to session_fini in either case. */
bool session_init(struct session *s, const struct session_options *o, struct err_list *e);
void session_fini(struct session *s);

/* The same in two steps, the files read once and the rest in each child of the process:
 * session_open takes the name, session_build all else (it looks at no name). */
bool session_open(struct session *s, const char *name, struct err_list *e);
bool session_build(struct session *s, const struct session_options *o, struct err_list *e);

/* All that a finished run leaves, with its manifest: what the results file holds. Digests
 * that `known` has are not taken again; NULL: none is known. The caller frees; NULL with
 * an entry in e. */
struct dataset *session_export(const struct session *s, const struct words *set,
    const struct inputs *known, struct err_list *e);

#endif
