/* How the members of a record are called in its file: one table for writer and reader. */
#ifndef HEARTH_BENCH_SUITE_FIELDS_H
#define HEARTH_BENCH_SUITE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum field_kind {
	FIELD_TEXT,   /* char *, owned */
	FIELD_WORD,   /* char [size] */
	FIELD_NUMBER, /* double; NAN: no key in the file */
	FIELD_INT,
	FIELD_LONG,
	FIELD_BOOL,
};

struct field {
	const char *name;    /* NULL ends the table */
	enum field_kind kind;
	size_t offset, size; /* of the member */
	double min, max;     /* of numbers */
	bool required;       /* in the file; truth values always are */
};

extern const struct field context_fields[];
extern const struct field cache_fields[];
extern const struct field row_fields[];
extern const struct field peer_fields[];
extern const struct field energy_fields[];
extern const struct field sample_fields[];

#endif
