/* hearth(1), written from the tables of the commands. */
#ifndef HEARTH_CLI_MANUAL_H
#define HEARTH_CLI_MANUAL_H

#include <stdio.h>

/* The whole page in mdoc(7); man/hearth.1 is this, committed. */
void manual_write(FILE *out);

#endif
