/* gnuplot as a painter of pictures: an own process a picture, which gets a
 * script on its standard input and gives SVG on its standard output. */
#ifndef HEARTH_ANALYSIS_GNUPLOT_H
#define HEARTH_ANALYSIS_GNUPLOT_H

#include <stdio.h>

/* Writes text as a constant of gnuplot's language, in single quotes: there it
 * runs no commands in back-ticks. Control characters become spaces. */
void gnuplot_quote(FILE *script, const char *text);

/* Writes text as a cell of a $data block, in double quotes; those, backslashes,
 * back-ticks and control characters become spaces. */
void gnuplot_label(FILE *script, const char *text);

/* Runs the script; the caller frees the SVG. NULL when there is no gnuplot or it
 * failed. Its locale is C, and it reads no settings of the user. */
char *gnuplot_run(const char *script);

/* The drawing inside an SVG of gnuplot, ready to stand within the page: without
 * prolog, frame, titles and identifiers (a page has several figures), its ink
 * being the page's. NULL when `svg` is none. The caller frees. */
char *gnuplot_drawing(const char *svg);

#endif
