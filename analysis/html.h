/* Pieces of an HTML page. Every text goes through html_text: nothing that a
 * scenario says can become markup. */
#ifndef HEARTH_ANALYSIS_HTML_H
#define HEARTH_ANALYSIS_HTML_H

#include <stdio.h>

/* Writes text as text, also within an attribute in double quotes: markup
 * characters escaped, bytes that are no UTF-8 and control characters replaced. */
void html_text(FILE *out, const char *text);

/* <tag>text</tag> and a newline; tag may carry attributes: "p class=\"note\"". */
void html_element(FILE *out, const char *tag, const char *text);

/* A row of a table, its first cell a header. head: all of them are. */
void html_row(FILE *out, int cells, const char *const cell[]);
void html_head_row(FILE *out, int cells, const char *const cell[]);

/* Text in a URL: all but letters, digits and a few marks as %XX. */
void html_url(FILE *out, const char *text);

#endif
