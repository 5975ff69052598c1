/* The energy of a run's cases, for people. */
#ifndef HEARTH_BENCH_SUITE_ENERGY_TABLE_H
#define HEARTH_BENCH_SUITE_ENERGY_TABLE_H

#include <stdio.h>

#include "base/table.h"
#include "bench/suite/record.h"

/* One row for each case of which there is a figure, for one call: what was measured, with
 * and without the machine's idle power, and apart from it what was estimated, with its
 * interval, after an empty line. Nothing when there is no such case. */
void energy_table_print(const struct bench_file *f, enum table_form form, FILE *out);

#endif
