/* Commands of several actions, of which the first operand names one. */
#ifndef HEARTH_CLI_ACTION_H
#define HEARTH_CLI_ACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cli/options.h"

struct action {
	const char *name;        /* NULL ends the table */
	size_t least, most;      /* operands after the name */
	const char *takes;       /* for messages: "one FILE" */
	unsigned options;        /* rows of the command's options that it takes, one bit each */
	/* Returns an enum status; faults are in e. */
	int (*run)(const struct options *o, struct err_list *e);
};

bool action_is(const struct action *all, const char *name); /* whether it names one */

/* Runs the action that the operand names, after a check of operands and options; what
 * is wrong with them is said on standard error. Returns an enum status. */
int action_run(const struct action *all, const struct options *o);

#endif
