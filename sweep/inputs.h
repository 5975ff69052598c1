/* The files that decide a study's results, and their digests. */
#ifndef HEARTH_SWEEP_INPUTS_H
#define HEARTH_SWEEP_INPUTS_H

#include <stdbool.h>

#include "base/digest.h"
#include "base/err.h"
#include "loader/scenario.h"

struct input {
	char *path;
	char hex[DIGEST_SIZE]; /* SHA-256 of what it holds */
};

struct inputs {
	struct input *file;
	size_t files;
	char hex[DIGEST_SIZE]; /* of hearth's version and all of them in order */
};

/* Of all files that a scenario was made of. False with an entry in e when one cannot be
 * read again; inputs_fini is needed either way. */
bool inputs_read(struct inputs *in, const struct scenario *s, struct err_list *e);
void inputs_fini(struct inputs *in);

/* The digest of a file; NULL: it is none of them. `in` may be NULL: none is known. */
const char *inputs_find(const struct inputs *in, const char *path);

#endif
