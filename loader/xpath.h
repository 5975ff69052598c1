/* XPath over a scenario's document, as users type it. */
#ifndef HEARTH_LOADER_XPATH_H
#define HEARTH_LOADER_XPATH_H

#include <libxml/xpath.h>

/* The nodes that the path selects, none or more; free with xmlXPathFreeObject. NULL, with
 * a clause that says why in *fault ("it takes too long to evaluate"; the caller frees), for
 * what is no path, is a value instead of a place, or takes more than a second or so. */
xmlXPathObject *xpath_select(const char *path, xmlDoc *doc, char **fault);

#endif
