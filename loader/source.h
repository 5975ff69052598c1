/* The text of one file, checked before any XML reader sees it.
 *
 * Guaranteed afterwards: a regular file of at most SCENARIO_BYTES_MAX, UTF-8
 * without NUL (a byte order mark is skipped), no other encoding declared, and
 * no start tag with more than SOURCE_ATTRS_MAX attributes. The places of all
 * start tags are known, in order: an XML reader tells lines at best, and only
 * where a tag ends. */
#ifndef HEARTH_LOADER_SOURCE_H
#define HEARTH_LOADER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { SOURCE_ATTRS_MAX = 256 };

struct source {
	const char *path; /* borrowed: how messages call the file */
	char *text;       /* ends with NUL */
	size_t size, begin; /* begin: 3 after a byte order mark, else 0 */
	size_t *tag;      /* offset of the '<' of every start tag */
	size_t tags, tags_cap;
	size_t doctype;   /* offset of its '<', where the list of tags ends; 0: none */
};

/* Reads and checks the file. A file that cannot be opened is reported at `at`
 * (at the file itself when at.file is NULL), a fault in its text at its place.
 * False when there was a fault; source_fini is needed either way. */
bool source_read(struct source *s, const char *path, struct err_pos at, struct err_list *e);

void source_fini(struct source *s);

/* Line and column (in characters) of ascending offsets, in one pass over the
 * text. Starts as { 0 }. */
struct source_cursor {
	size_t offset;
	int line, col; /* less one */
};
struct err_pos source_pos(const struct source *s, struct source_cursor *c, size_t offset);

struct source_attr {
	size_t name, name_size, value; /* offsets of the name and of what follows the quote */
};

/* Finds the attributes of the start tag at `offset`; returns how many. */
size_t source_attrs(const struct source *s, size_t offset,
    struct source_attr attr[SOURCE_ATTRS_MAX]);

#endif
