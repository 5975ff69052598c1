/* A comparison as people and programs read it: as rows of a table, or as a section of a page. */
#ifndef HEARTH_ANALYSIS_COMPARE_VIEW_H
#define HEARTH_ANALYSIS_COMPARE_VIEW_H

#include <stdio.h>

#include "analysis/compare.h"
#include "base/table.h"

enum { COMPARE_VIEW_LINES = 32 }; /* of differences and of notes; more are counted */

struct compare_view {
	char *name;          /* "b.h5 against a.h5" */
	char *before, *after; /* what stands on either side: "a.h5: doorstep, seed 0x7, VALID" */
	char *line[COMPARE_VIEW_LINES]; /* what differs, and what else must be known */
	size_t lines;
	bool invalid;        /* a run failed a self-check: said wherever the comparison is */
	struct compare c;
};

void compare_view_fini(struct compare_view *v);

/* Adds a line, which the view then owns; from COMPARE_VIEW_LINES on none. */
void compare_view_line(struct compare_view *v, char *line);

/* The rows of all views in one table; the caller prints it and frees it. */
struct table *compare_view_table(const struct compare_view *v, size_t views);

/* The sentences that the marks (a), (b)... of the intervals stand for, of those that are used,
 * one by one: begin with *from = 0; NULL: no more. The caller frees each. */
char *compare_view_method(const struct compare_view *v, size_t views, size_t *from);

/* The view as a section with heading and table, for a page in analysis/report.css. */
void compare_view_html(const struct compare_view *v, FILE *html);

/* A page of its own that loads nothing from elsewhere. */
void compare_view_page(const struct compare_view *v, size_t views, FILE *html);

#endif
