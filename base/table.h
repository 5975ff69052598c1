/* Tables, as every command prints them: aligned text, CSV, Markdown or JSON of the same cells.
 *
 *     static const struct table_column columns[] = {
 *             { "bus", "bus", TABLE_LEFT }, { "v_v", "voltage, V", TABLE_RIGHT }, { NULL } };
 *     struct table *t = table_new(columns);
 *     table_text(t, "671");
 *     table_number(t, 2401.9, "%.1f", 2401.9);
 *     table_print(t, TABLE_MARKDOWN, stdout);
 *     table_free(t);
 *
 * Cells are given row by row, from left to right; a row is whole when the next one begins.
 * Text and Markdown are for people: heads and rounded figures in units that fit. CSV
 * (RFC 4180) and JSON (an array of objects, one a row) are for programs: keys with their unit,
 * values in SI with the fewest digits that read back to the same number; what is not known is
 * empty or null. */
#ifndef HEARTH_BASE_TABLE_H
#define HEARTH_BASE_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum table_form { TABLE_TEXT, TABLE_CSV, TABLE_MARKDOWN, TABLE_JSON };

/* How text shows a column; the other forms know no difference but left and right. */
enum table_align {
	TABLE_LEFT,
	TABLE_RIGHT,
	TABLE_WRAPPED, /* the last one: lines break at 79 columns and go on below its beginning */
	TABLE_BELOW,   /* on lines of its own after the row, indented and broken; nothing if "" */
	TABLE_SECTION, /* on a line of its own before the row, when it is not as in the row before */
};

struct table_column {
	const char *key;  /* for programs, "in_w"; NULL: people's only */
	const char *head; /* for people, "kW in"; NULL: programs' only */
	enum table_align align;
};

/* The columns end with one that has neither key nor head, and stay the caller's. */
struct table *table_new(const struct table_column *columns);
void table_free(struct table *t);

/* Text then has no line of heads: a list that speaks for itself. */
void table_headless(struct table *t);

/* The next cell. NULL: nothing is known of it. */
void table_text(struct table *t, const char *text);

/* Whether it is so: "yes" or "no", true or false. */
void table_flag(struct table *t, bool yes);

void table_count(struct table *t, uint64_t n);

/* A figure: `si` for programs and the text for people, "-" for them when si is no number. */
void table_number(struct table *t, double si, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* One text for people, another for programs. */
void table_words(struct table *t, const char *data, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The rows must be whole. */
void table_print(const struct table *t, enum table_form form, FILE *out);

#endif
