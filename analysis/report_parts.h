/* The report's sections. Each writes itself, heading included, or nothing when
 * the dataset has nothing for it. */
#ifndef HEARTH_ANALYSIS_REPORT_PARTS_H
#define HEARTH_ANALYSIS_REPORT_PARTS_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/figure.h"
#include "base/dataset.h"
#include "base/err.h"

struct page {
	const struct dataset *d;
	FILE *html;
	bool drawn, undrawn; /* a figure could be drawn; one could not */
};

/* What comes before the sections of any page, and after them. report.c, as the next two */
void report_begin(struct page *p, const char *title);
void report_end(struct page *p);

/* A warning when a figure could not be drawn. */
void report_warn_undrawn(const struct page *p, const char *html_path, struct err_list *e);

/* Writes the figure, if it has rows, and frees what it holds. */
void report_figure(struct page *p, struct figure *f); /* report.c */

/* report_answer.c */
void report_head(struct page *p);   /* title and stamp */
void report_answer(struct page *p); /* sentences and cards */

/* report_grid.c, report_service.c, report_energy.c */
void report_grid(struct page *p);
void report_bulk(struct page *p); /* report_bulk.c */
void report_service(struct page *p);
void report_energy(struct page *p);
void report_split(struct page *p); /* of an output token's energy: report_split.c */
void report_spikes(struct page *p); /* report_spikes.c */
void report_homes(struct page *p);
void report_plants(struct page *p); /* of data centres */
void report_cells(struct page *p);  /* of stationary batteries */
void report_money(struct page *p); /* cost and carbon */

/* Parts of the section on service: report_latency.c, report_tiers.c, report_nodes.c */
void report_latency(struct page *p);
void report_tiers(struct page *p);
void report_nodes(struct page *p);

void report_assumptions(struct page *p); /* report_assumptions.c */

/* report_limits.c */
void report_limits(struct page *p);    /* self-checks */
void report_reproduce(struct page *p);
void report_glossary(struct page *p);

/* A table of the metrics whose keys begin with prefix: what, value, interval;
 * those that few look for (pick.h) folded away. False, and nothing written, when
 * there are none. */
bool report_metrics(struct page *p, const char *prefix);

#endif
