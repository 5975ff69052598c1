/* hearth calibrate bench FILE.json --anchor LINES.jsonl: an engine beside the device. */
#ifndef HEARTH_CLI_CALIBRATE_ANCHOR_H
#define HEARTH_CLI_CALIBRATE_ANCHOR_H

#include <stdio.h>

#include "bench/anchor.h"

/* Each line's measured rate beside the predicted ones, before and after; the constants; and
 * what the lines do not say. */
void calibrate_anchor_print(const struct anchor *a, FILE *out);

/* The <engine>. path: of the lines. */
void calibrate_anchor_row(const struct anchor *a, const char *path, FILE *out);

#endif
