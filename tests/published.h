/* Published tables for tests, read from the folder that HEARTH_SHARED names. */
#ifndef HEARTH_TESTS_PUBLISHED_H
#define HEARTH_TESTS_PUBLISHED_H

#include <stdbool.h>

#include "base/csv.h"

struct table {
	char *text;
	struct csv csv;
	char *header[CSV_FIELDS_MAX]; /* own copies */
	int columns;
};

/* Opens data/NAME of HEARTH_SHARED and reads its header; skips the test, saying
 * so, when it is not there. */
void table_open(struct table *t, const char *name);
bool table_next(struct table *t);                           /* false: no more rows */
const char *table_text(const struct table *t, const char *column);
double table_number(const struct table *t, const char *column); /* NAN for an empty field */
void table_close(struct table *t);

#endif
