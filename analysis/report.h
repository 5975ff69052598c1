/* The report of a run: one HTML page that an analyst can mail.
 *
 * It loads nothing from elsewhere, reads without scripts, prints, and follows a
 * dark screen. Figures are drawn by gnuplot, if there is one. What the dataset
 * does not have is left out. One dataset gives one page (up to the version of
 * gnuplot): no date, no folder stands in it. */
#ifndef HEARTH_ANALYSIS_REPORT_H
#define HEARTH_ANALYSIS_REPORT_H

#include <stdbool.h>

#include "analysis/compare_view.h"
#include "base/dataset.h"
#include "base/err.h"

/* against: the run beside its baseline, shown behind the answer; NULL: none. False with an entry in e, and no page, when it cannot be written. A missing
 * gnuplot is a warning in e. */
bool report_write(const struct dataset *d, const struct compare_view *against,
    const char *html_path, struct err_list *e);

#endif
