/* --json, --csv and --md: in which form a command prints its table. */
#ifndef HEARTH_CLI_FORM_H
#define HEARTH_CLI_FORM_H

#include "base/table.h"
#include "cli/options.h"

/* Rows of a command's table of options, to follow each other in this order. A command whose
 * JSON is more than the table has a row of its own in the first one's place. */
#define FORM_JSON_OPTION \
	{ "json", 0, NULL, NULL, "print an array with one object a row, with SI units in its keys" }
#define FORM_CSV_OPTION \
	{ "csv", 0, NULL, NULL, "print the table for a spreadsheet, in SI units" }
#define FORM_MD_OPTION { "md", 0, NULL, NULL, "print the table in Markdown" }

/* The form that was asked for; `json` is the first of the three rows. False, said on the
 * standard error output, when it was more than one. */
bool form_of(const struct options *o, int json, enum table_form *form);

#endif
