#include "base/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"

static int column_of(const struct sheet *t, const char *name)
{
	for (int i = 0; i < t->columns; i++)
		if (!strcmp(t->header[i], name)) return i;
	return -1;
}

bool sheet_has(const struct sheet *t, const char *column)
{
	return column_of(t, column) >= 0;
}

struct err_pos sheet_pos(const struct sheet *t)
{
	return (struct err_pos){ t->path, t->csv.line, 1 };
}

static void refuse_missing(const struct sheet *t, const char *column)
{
	struct near n = near_to(column);
	for (int i = 0; i < t->columns; i++) near_try(&n, t->header[i]);
	if (near_best(&n))
		err_at(t->e, sheet_pos(t), "no column '%s'; rename '%s' or choose another table",
		    column, near_best(&n));
	else
		err_at(
		    t->e, sheet_pos(t), "no column '%s'; add it or choose another table", column);
}

static bool read_header(struct sheet *t)
{
	if (csv_next(&t->csv) != CSV_ROW) {
		err_at(t->e, (struct err_pos){ t->path, 1, 1 },
		    "the first row must name the columns, separated by commas");
		return false;
	}
	t->columns = t->csv.fields;
	for (int i = 0; i < t->columns; i++) t->header[i] = mem_text(t->csv.field[i].text);
	return true;
}

bool sheet_require(const struct sheet *t, const char *const *columns)
{
	size_t before = err_count(t->e);
	for (; *columns; columns++)
		if (!sheet_has(t, *columns)) refuse_missing(t, *columns);
	return err_count(t->e) == before;
}

bool sheet_require_where(const struct sheet *t, const char *const *where)
{
	size_t before = err_count(t->e);
	for (; *where; where += 2)
		if (!sheet_has(t, where[0])) refuse_missing(t, where[0]);
	return err_count(t->e) == before;
}

bool sheet_open(struct sheet *t, const char *path, const char *const *needed, struct err_list *e)
{
	size_t size;
	*t = (struct sheet){ .path = path, .e = e };
	t->text = file_read(path, FILE_TABLE_MAX, &size, e);
	if (!t->text) return false;
	digest_bytes(t->text, size, t->sha256);
	csv_init(&t->csv, t->text, size);
	return read_header(t) && sheet_require(t, needed);
}

void sheet_close(struct sheet *t)
{
	for (int i = 0; i < t->columns; i++) free(t->header[i]);
	free(t->text);
	*t = (struct sheet){ 0 };
}

bool sheet_next(struct sheet *t)
{
	enum csv_result r;
	while ((r = csv_next(&t->csv)) != CSV_END) {
		if (r == CSV_FAULT)
			err_at(t->e, (struct err_pos){ t->path, t->csv.line, t->csv.col }, "%s",
			    t->csv.why);
		else if (t->csv.fields < t->columns)
			err_at(t->e, sheet_pos(t),
			    "%d of %d fields; fill the row up with commas, or get the file again "
			    "if "
			    "it was cut off",
			    t->csv.fields, t->columns);
		else
			return true;
	}
	return false;
}

const char *sheet_text(const struct sheet *t, const char *column)
{
	int i = column_of(t, column);
	return i >= 0 && i < t->csv.fields ? t->csv.field[i].text : "";
}

double sheet_number(const struct sheet *t, const char *column)
{
	const char *text = sheet_text(t, column);
	double value;
	if (!*text) return NAN;
	if (text_to_number(text, &value)) return value;
	int col = t->csv.field[column_of(t, column)].col;
	err_at(t->e, (struct err_pos){ t->path, t->csv.line, col },
	    "%s: '%s' is not a number; write one like 1.5e-3 or leave it empty", column, text);
	return NAN;
}

bool sheet_is(const struct sheet *t, const char *column, const char *text)
{
	return !strcmp(sheet_text(t, column), text);
}

bool sheet_holds(const struct sheet *t, const char *const *where)
{
	for (; *where; where += 2)
		if (!sheet_is(t, where[0], where[1])) return false;
	return true;
}
