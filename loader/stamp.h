/* Time stamps of ISO 8601: 2024-06-20T00:00+05:30. */
#ifndef HEARTH_LOADER_STAMP_H
#define HEARTH_LOADER_STAMP_H

#include <stdbool.h>
#include <stddef.h>

#include "models/class.h"

enum { STAMP_SIZE = 40 };

/* Reads YYYY-MM-DDThh:mm[:ss[.fff]] with Z or a zone of +hh:mm; years 1900 to
 * 2199. The zone is mandatory: without it the same scenario would mean another
 * sun on another machine. On failure *s is untouched and why has the remedy. */
bool stamp_parse(const char *text, struct stamp *s, char *why, size_t why_size);

/* Writes the same form, which gives the same stamp when it is read. */
char *stamp_format(struct stamp s, char buf[STAMP_SIZE]);

#endif
