/* Running text for a terminal. */
#ifndef HEARTH_BASE_WRAP_H
#define HEARTH_BASE_WRAP_H

#include <stdio.h>

/* Writes text in lines of at most 79 columns, every one after `indent` spaces;
 * the first is taken to stand at column `at` already. Blanks and single
 * newlines are one blank; an empty line in the text stays one. */
void wrap_text(const char *text, int at, int indent, FILE *out);

#endif
