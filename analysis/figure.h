/* A figure of the report: a table of numbers, drawn by gnuplot, with a caption,
 * a sentence for those who cannot see it, and its numbers as CSV. */
#ifndef HEARTH_ANALYSIS_FIGURE_H
#define HEARTH_ANALYSIS_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum figure_kind {
	FIGURE_SERIES, /* lines over the first column */
	FIGURE_SHARE,  /* lines under the first column, which is a share in per cent */
	FIGURE_BARS,   /* rows of x0, x1 and colour, each with a label and a value as text */
	FIGURE_FLOW,   /* rows of number, x0, x1 and 0 or 1, for what comes and what goes, each with a
	                  label and a value as text; analysis/flow.h draws it, without gnuplot */
	FIGURE_MAP,    /* of each row, at equal distances, a picture's column of colours about 100 */
};

enum { FIGURE_COLUMNS = 12, FIGURE_WIDTH = 640 };

struct figure {
	enum figure_kind kind;
	const char *name;    /* of the CSV file, and of its parts in the page: lower-case
	                        letters and _; no other figure of the page has it */
	const char *caption; /* what it is; borrowed, as all texts here but `alt` */
	char *alt;           /* what it shows, with numbers; owned; set by figure_say */
	const char *xname, *yname; /* axes, with their units; BARS and SHARE: xname only */
	const char *head[FIGURE_COLUMNS]; /* of the columns; of lines also their keys; MAP: of
	                                     the first, and of all others before their number */
	const int32_t *place; /* MAP: number of each column after the first, along the y axis */
	int cols, limits;    /* the last `limits` columns of SERIES are limits */
	bool from_zero;      /* the y axis of SERIES begins at 0 */
	int height;          /* pixels; the width is FIGURE_WIDTH */
	double *cell;        /* rows x cols; NAN: a gap */
	char **text;         /* label and value of each row; owned; NULL but for BARS and FLOW */
	size_t rows, cap;
};

/* Appends a row; label and value are copied, NULL but for BARS and FLOW. */
void figure_row(struct figure *f, const double cell[], const char *label, const char *value);
void figure_say(struct figure *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void figure_fini(struct figure *f);

/* Writes <figure>; without gnuplot, a note in place of the drawing: then false. */
bool figure_write(const struct figure *f, FILE *html);

/* A figure of kind SERIES by characters, for a terminal so wide and high. The caller frees;
 * NULL: gnuplot is not installed or failed. */
char *figure_characters(const struct figure *f, int columns, int rows);

#endif
