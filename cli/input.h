/* Files that the user names on the command line. */
#ifndef HEARTH_CLI_INPUT_H
#define HEARTH_CLI_INPUT_H

#include <stdbool.h>

#include "base/err.h"

/* The scenario that is run when none is named. */
#define INPUT_BUILT_IN "doorstep"

/* The path of a scenario: the file of that name, or, for a bare name
 * ("doorstep" or "doorstep.xml"), the one that is shipped. NULL with an entry
 * in e that says what to write instead; the caller frees. */
char *input_scenario(const char *name, struct err_list *e);

/* The path of a trace: the file of that name, or, for a bare name, the one that is
 * shipped; the name itself when there is neither. The caller frees. */
char *input_trace(const char *name);

/* Whether a file can be written under that name, asked before the work whose
 * result it is to hold. */
bool input_can_write(const char *path, struct err_list *e);

/* Whether both names lead to one file that is there. */
bool input_is_same(const char *a, const char *b);

/* `path` with its extension (if it is `from`) replaced: "a/b.h5" -> "a/b.html".
 * The caller frees. */
char *input_with_extension(const char *path, const char *from, const char *to);

#endif
