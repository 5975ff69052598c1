/* hearth report of the folder of a study. */
#ifndef HEARTH_CLI_REPORT_STUDY_H
#define HEARTH_CLI_REPORT_STUDY_H

#include <stdbool.h>

#include "base/err.h"

/* Whether it is a folder. */
bool report_is_study(const char *path);

/* Writes the page and prints its name. Returns an enum status. */
int report_study(const char *folder, const char *page, struct err_list *e);

#endif
