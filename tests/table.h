/* Reading a CSV of numbers from the reference data that lie outside the tree.
 * A test that needs one is skipped, and says so, when HEARTH_SHARED has none. */
#ifndef HEARTH_TESTS_TABLE_H
#define HEARTH_TESTS_TABLE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit.h"

enum { TABLE_COLUMNS = 128, TABLE_LINE = 1 << 14 };

struct table {
	char head[TABLE_LINE];
	char *name[TABLE_COLUMNS];
	int columns;
	size_t rows;
	double *cell; /* rows x columns; NAN where the text is no number */
};

static inline int table_column(const struct table *t, const char *name)
{
	for (int c = 0; c < t->columns; c++)
		if (!strcmp(t->name[c], name)) return c;
	cr_fatal("no column %s", name);
	return -1;
}

static inline double table_at(const struct table *t, size_t row, const char *name)
{
	return t->cell[row * (size_t)t->columns + (size_t)table_column(t, name)];
}

static inline void table_row(struct table *t, char *line)
{
	t->cell = realloc(t->cell, (t->rows + 1) * (size_t)t->columns * sizeof *t->cell);
	char *next = line;
	for (int c = 0; c < t->columns; c++) {
		char *text = strsep(&next, ","), *end = text;
		double v = text ? strtod(text, &end) : NAN;
		t->cell[t->rows * (size_t)t->columns + (size_t)c] = end == text || *end ? NAN : v;
	}
	t->rows++;
}

/* Reads $HEARTH_SHARED/data/FILE; skips the test when it is not there. */
static inline struct table *table_read(const char *file)
{
	char path[4096], line[TABLE_LINE];
	const char *root = getenv("HEARTH_SHARED");
	snprintf(path, sizeof path, "%s/data/%s", root ? root : "", file);
	FILE *f = root ? fopen(path, "r") : NULL;
	if (!f) {
		fprintf(stderr, "skipped: no HEARTH_SHARED/data/%s\n", file);
		cr_skip_test("no reference data");
		return NULL;
	}
	struct table *t = calloc(1, sizeof *t);
	cr_assert(fgets(t->head, sizeof t->head, f) != NULL);
	t->head[strcspn(t->head, "\r\n")] = 0;
	for (char *next = t->head; next && t->columns < TABLE_COLUMNS;)
		t->name[t->columns++] = strsep(&next, ",");
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "\r\n")] = 0;
		table_row(t, line);
	}
	fclose(f);
	return t;
}

static inline void table_free(struct table *t)
{
	free(t->cell);
	free(t);
}

#endif
