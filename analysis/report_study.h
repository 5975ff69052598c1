/* The report of a study: one HTML page about all its points, as that of a run (report.h). */
#ifndef HEARTH_ANALYSIS_REPORT_STUDY_H
#define HEARTH_ANALYSIS_REPORT_STUDY_H

#include "analysis/influence.h"
#include "base/err.h"

/* What is asked of the study: one figure of its points. */
struct study_metric {
	const char *name;
	double *y;                  /* [settings * replications]; NAN: the run gave none */
	struct influence influence; /* axis NULL: none is known */
	const char *why;            /* there is none; NULL: there is */
};

struct study_page {
	const char *name, *folder;
	const char *plan; /* "saltelli points 64 seed 1" */
	size_t settings, replications, axes, metrics;
	size_t done, failed, missing;          /* points */
	const char *const *axis, *const *path; /* [axes] */
	const char *const *value;              /* [settings * axes] */
	struct study_metric *metric;           /* [metrics] */
};

/* False with an entry in e, and no page, when it cannot be written. A missing gnuplot is a
 * warning in e. */
bool report_study_write(const struct study_page *s, const char *html_path, struct err_list *e);

#endif
