/* `--set 'XPATH=VALUE'`: overrides on the documents before they become objects,
 * so that a value from the command line passes the checks of a written one. */
#ifndef HEARTH_LOADER_SET_H
#define HEARTH_LOADER_SET_H

#include <libxml/tree.h>

#include "loader/xml.h"

/* Applies one override to the first document (the scenario) or, when the path
 * selects nothing there, to the others (catalogues; NULL entries are skipped).
 *
 * A path that ends in /@name gives every element before it that attribute,
 * written or not; any other path must select attributes, or elements that hold
 * nothing but text. Faults are reported at "--set '...'", which is also the
 * place that the changed nodes then have. */
void set_apply(struct xml *x, xmlDoc *const *doc, size_t docs, const char *override);

/* Where VALUE begins: behind the first '=' outside brackets and quotes; NULL:
 * there is none. */
const char *set_value(const char *override);

#endif
