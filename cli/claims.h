/* What was claimed of spiking systems, for people who validate them. */
#ifndef HEARTH_CLI_CLAIMS_H
#define HEARTH_CLI_CLAIMS_H

#include "models/class.h"

/* The claims of catalogues that are linked by next, each with what it leaves out. */
void claims_print(const struct object *catalogue);

#endif
