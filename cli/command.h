/* The subcommands of hearth. A new one is a file and one word in the list. */
#ifndef HEARTH_CLI_COMMAND_H
#define HEARTH_CLI_COMMAND_H

#include <stdio.h>

#include "cli/options.h"
#include "cli/status.h"

#define COMMAND_LIST(X) \
	X(init) \
	X(run) \
	X(check) \
	X(report) \
	X(plot) \
	X(sweep) \
	X(compare) \
	X(sensitivity) \
	X(validate) \
	X(bench) \
	X(calibrate) \
	X(explain) \
	X(catalog) \
	X(examples) \
	X(schema) \
	X(doctor) \
	X(completion) \
	X(trace) \
	X(grid) \
	X(help) \
	X(version)

#define X(c) extern const struct command c##_command;
COMMAND_LIST(X)
#undef X

extern const struct command *const commands[]; /* NULL at the end */

/* NULL when there is none; then says so on `err`, and what was probably meant. */
const struct command *command_find(const char *name, FILE *err);

/* Runs a command on the words after its name and returns an enum status. */
int command_run(const struct command *cmd, char *const *word);

#endif
