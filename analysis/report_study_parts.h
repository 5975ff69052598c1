/* Sections of a study's report with figures. */
#ifndef HEARTH_ANALYSIS_REPORT_STUDY_PARTS_H
#define HEARTH_ANALYSIS_REPORT_STUDY_PARTS_H

#include "analysis/report_parts.h"
#include "analysis/report_study.h"

/* A figure and a table a metric: the assumptions that matter most. */
void report_study_influence(struct page *p, const struct study_page *s);

/* A figure for each metric and each of the axes that move it most: its mean along the axis. */
void report_study_effects(struct page *p, const struct study_page *s);

#endif
