/* The row of a catalogue that a calibration gives. */
#ifndef HEARTH_CLI_CALIBRATE_ROW_H
#define HEARTH_CLI_CALIBRATE_ROW_H

#include <stdio.h>

#include "base/table.h"
#include "bench/calibrate.h"
#include "bench/host.h"
#include "models/class.h"

/* The row as it was, with the constants that were fitted in place of its own, and a
 * <source> for these which names the table, its hash and the errors: an element that
 * a scenario includes, where it hides the catalogue's. The caller frees. */
char *calibrate_row(const struct calibration *c, const struct object *row, const char *table);

/* A number as rows have it, "17.69 us", and an attribute of it on a line of its own. */
void calibrate_row_quantity(double si, enum dim dim, FILE *out);
void calibrate_row_attr(const char *name, double si, enum dim dim, FILE *out);

/* A table of fitted constants with how many cases stand behind each, and a row of it. */
extern const struct table_column calibrate_constant_columns[];
void calibrate_add_constant(struct table *t, const char *name, const struct host_constant *k,
    enum dim dim);

#endif
