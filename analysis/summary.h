/* What came out of a run, in a page of text or as one JSON object. What the
 * dataset does not have is left out. */
#ifndef HEARTH_ANALYSIS_SUMMARY_H
#define HEARTH_ANALYSIS_SUMMARY_H

#include <stdio.h>

#include "base/dataset.h"
#include "base/table.h"

/* For people: rounded, with units that fit the size. */
void summary_print(const struct dataset *d, FILE *out);

/* For programs: {"validity": "VALID", "seed": "0x7", ..., "latency.ttft_s.p50":
 * 0.123, ..., "ledger": {"homes": {"import_j": 1.5e6, ...}, ...}}. Keys carry
 * their unit; numbers have the fewest digits that read back to the same value;
 * what is not a number is null. The order is that of the dataset. */
void summary_json(const struct dataset *d, FILE *out);

/* A line a metric, with its interval, how many observations it is of and what it means. */
void summary_table(const struct dataset *d, enum table_form form, FILE *out);

#endif
