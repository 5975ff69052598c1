/* A table of measurements: a CSV file whose first row names the columns.
 *
 *     struct sheet t;
 *     if (sheet_open(&t, path, columns, e))
 *         while (sheet_next(&t)) use(sheet_number(&t, "m"));
 *     sheet_close(&t);
 *
 * Every fault, with line and column, goes to the list of sheet_open. */
#ifndef HEARTH_BASE_SHEET_H
#define HEARTH_BASE_SHEET_H

#include <stdbool.h>

#include "base/csv.h"
#include "base/digest.h"
#include "base/err.h"

struct sheet {
	const char *path; /* the caller's */
	char sha256[DIGEST_SIZE];
	char *text;
	struct csv csv;
	char *header[CSV_FIELDS_MAX];
	int columns;
	struct err_list *e;
};

/* Reads the file, which must have all of `needed` (NULL at the end) as columns.
 * False with an entry in e when it cannot be read or lacks one. Give the sheet to
 * sheet_close in either case. */
bool sheet_open(struct sheet *t, const char *path, const char *const *needed, struct err_list *e);
void sheet_close(struct sheet *t);

bool sheet_has(const struct sheet *t, const char *column);
bool sheet_require(const struct sheet *t, const char *const *columns); /* before any row */

/* The next row; one that cannot be split or lacks fields is reported and passed over. */
bool sheet_next(struct sheet *t);

/* Of the present row. A column that is not there is empty: "" and NAN. A text that is no number is reported, and NAN. */
const char *sheet_text(const struct sheet *t, const char *column);
double sheet_number(const struct sheet *t, const char *column);
bool sheet_is(const struct sheet *t, const char *column, const char *text);

/* The columns of `where`, as sheet_holds takes it, must be there. */
bool sheet_require_where(const struct sheet *t, const char *const *where);

/* Whether the present row has each of these: pairs of column and text, NULL at the
 * end, as { "gpu", "a100", NULL }. */
bool sheet_holds(const struct sheet *t, const char *const *where);

struct err_pos sheet_pos(const struct sheet *t); /* of the present row */

#endif
