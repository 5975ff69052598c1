/* A run for people. */
#ifndef HEARTH_BENCH_SUITE_TABLE_H
#define HEARTH_BENCH_SUITE_TABLE_H

#include <stdio.h>

#include "base/table.h"
#include "bench/suite/record.h"

/* One row a case, with its peers' figures below it; then, for people, what the groups conclude,
 * energy, the machine and the verdict on its noise. */
void bench_table_print(const struct bench_file *f, enum table_form form, FILE *out);

#endif
