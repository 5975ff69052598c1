/* The sentences that --help and hearth(1) share. */
#ifndef HEARTH_CLI_PROSE_H
#define HEARTH_CLI_PROSE_H

#include "cli/options.h"

struct prose_item {
	const char *name, *about; /* name NULL ends a list */
};

extern const char prose_question[];    /* what hearth is for */
extern const char prose_description[]; /* the manual's DESCRIPTION */
extern const struct example prose_examples[];
extern const struct prose_item prose_environment[];
extern const struct prose_item prose_files[];

#endif
