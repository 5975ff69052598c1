/* What --help prints, written from the tables of the commands. */
#ifndef HEARTH_CLI_HELP_H
#define HEARTH_CLI_HELP_H

#include <stdio.h>

#include "cli/options.h"

void help_program(FILE *out);
void help_of(const struct command *cmd, FILE *out);

#endif
