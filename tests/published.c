#include "tests/published.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit.h"

static char *read_all(FILE *f, size_t *size)
{
	char *text = NULL;
	size_t got;
	*size = 0;
	do {
		text = mem_resize(text, *size + (1 << 16), 1);
		got = fread(text + *size, 1, (1 << 16) - 1, f);
		*size += got;
	} while (got > 0);
	text[*size] = '\0';
	return text;
}

void table_open(struct table *t, const char *name)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *path = mem_print("%s/data/%s", shared ? shared : ".", name);
	FILE *f = fopen(path, "r");
	size_t size;
	if (!f) cr_skip_test("needs %s: set HEARTH_SHARED to the folder with data/", path);
	free(path);
	t->text = read_all(f, &size);
	fclose(f);
	csv_init(&t->csv, t->text, size);
	cr_assert_eq(csv_next(&t->csv), CSV_ROW);
	t->columns = t->csv.fields;
	for (int i = 0; i < t->columns; i++) t->header[i] = mem_text(t->csv.field[i].text);
}

bool table_next(struct table *t)
{
	return csv_next(&t->csv) == CSV_ROW;
}

const char *table_text(const struct table *t, const char *column)
{
	for (int i = 0; i < t->columns && i < t->csv.fields; i++)
		if (!strcmp(t->header[i], column)) return t->csv.field[i].text;
	cr_fatal("no column %s", column);
	return "";
}

double table_number(const struct table *t, const char *column)
{
	const char *s = table_text(t, column);
	return *s ? strtod(s, NULL) : NAN;
}

void table_close(struct table *t)
{
	for (int i = 0; i < t->columns; i++) free(t->header[i]);
	free(t->text);
}
