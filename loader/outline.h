/* What a scenario or study file is, told without building what it describes: for listing
 * files and taking them along. Nothing in it is checked but that it is XML. */
#ifndef HEARTH_LOADER_OUTLINE_H
#define HEARTH_LOADER_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct outline_files {
	char **path;
	size_t count, cap;
};

struct outline {
	char *root;  /* "scenario", "study", "fragment" */
	char *about; /* the text of its <about> with single blanks; "" when it has none */
	/* Files that it is made of, itself first, then includes and, of a study, its scenario, in
	 * the order of reading: as paths below its own folder. */
	struct outline_files parts;
	struct outline_files absent; /* data files that it names and nobody has here */
};

/* False with entries in e when the file or one that it includes cannot be read as XML. Give
 * *o to outline_fini in either case. */
bool outline_read(struct outline *o, const char *path, struct err_list *e);
void outline_fini(struct outline *o);

/* The first sentence of the about: up to a full stop, colon or semicolon before a blank. The
 * caller frees. */
char *outline_sentence(const struct outline *o);

#endif
