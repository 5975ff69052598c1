/* gnuplot as a painter of pictures: an own process a picture, which gets a
 * script on its standard input and gives SVG on its standard output. */
#ifndef HEARTH_ANALYSIS_GNUPLOT_H
#define HEARTH_ANALYSIS_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

/* Writes text as a constant of gnuplot's language, in single quotes: there it
 * runs no commands in back-ticks. Control characters become spaces. */
void gnuplot_quote(FILE *script, const char *text);

/* Writes text as a cell of a $data block, in double quotes; those, backslashes,
 * back-ticks and control characters become spaces. */
void gnuplot_label(FILE *script, const char *text);

/* Runs the script; the caller frees what it wrote. NULL when there is no gnuplot or it
 * failed. Its locale is C, and it reads no settings of the user. */
char *gnuplot_run(const char *script);

/* The drawing inside an SVG of gnuplot, ready to stand within the page: without
 * prolog, frame, titles and scripts, its ink being the page's. Of its identifiers
 * those that begin with `name` and _ stay, the terminal's `name` (a page has several
 * figures). NULL when `svg` is none. The caller frees. */
char *gnuplot_drawing(const char *svg, const char *name);

/* Where the axes are in an SVG of a terminal with `mouse`, and what they show. */
struct gnuplot_axes {
	double left, right, top, bottom; /* pixels */
	double x0, x1, y0, y1;           /* values at left, right, bottom, top */
	bool log_x, log_y;
};

/* False: the SVG does not tell, or an axis has no numbers. */
bool gnuplot_axes_of(const char *svg, struct gnuplot_axes *axes);

#endif
