/* Comma-separated values (RFC 4180) in memory, one row at a time.
 *
 * Takes LF and CRLF, a byte order mark, quoted fields with doubled quotes and
 * line breaks in them, and a last line without its end. Lines that are empty or
 * begin with '#' are passed over. Spaces around an unquoted field are not part
 * of it. The text is changed in place: each field becomes a C string.
 *
 *     struct csv c;
 *     csv_init(&c, text, size);
 *     while ((r = csv_next(&c)) != CSV_END)
 *         if (r == CSV_ROW) use(c.field[0].text, c.fields, c.line);
 */
#ifndef HEARTH_BASE_CSV_H
#define HEARTH_BASE_CSV_H

#include <stddef.h>

enum { CSV_FIELDS_MAX = 1024 };

struct csv_field {
	char *text;
	size_t size; /* bytes; larger than strlen(text) when there is a NUL in it */
	int col;     /* of its first byte, in bytes from 1 */
};

struct csv {
	struct csv_field field[CSV_FIELDS_MAX];
	int fields;
	int line;                      /* where the row begins */
	const char *why;               /* after CSV_FAULT: what is wrong, with the remedy; static */
	int col;                       /* and where */
	char *next, *end, *line_begin; /* the reader's own */
	int next_line;
};

enum csv_result {
	CSV_ROW,
	CSV_FAULT, /* the row cannot be split; the next call goes on with the line after it */
	CSV_END,
};

/* text[size] must be there to be written to (a NUL is). The text stays owned by
 * the caller and must outlive the fields. */
void csv_init(struct csv *c, char *text, size_t size);

enum csv_result csv_next(struct csv *c);

/* The field of the present row with that text, or -1: finds columns by header. */
int csv_find(const struct csv *c, const char *name);

#endif
