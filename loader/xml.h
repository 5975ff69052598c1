/* Scenario text -> xmlDoc whose every element and attribute knows its place.
 *
 * Refused, with the place: DOCTYPE (and with it every entity, which is where
 * XML bombs and reading of foreign files come from), namespaces other than
 * xsi:... (which editors need and hearth ignores), XInclude, and whatever
 * exceeds the limits. libxml2 is used as a SAX2 push parser over memory; it
 * opens no file and no connection. */
#ifndef HEARTH_LOADER_XML_H
#define HEARTH_LOADER_XML_H

#include <libxml/tree.h>

#include "base/err.h"
#include "loader/keep.h"
#include "loader/source.h"

enum {
	XML_ELEMENTS_MAX = 1000000, /* in all files together */
	XML_INCLUDES_MAX = 1000,
	XML_FAULTS_MAX = 200,       /* reading ends after so many: 20 are shown */
};

/* Where an element or attribute stands; every node's _private points to one. */
struct mark {
	struct err_pos name;  /* the tag's '<'; the attribute's name */
	struct err_pos value; /* attributes: behind the opening quote */
};

/* What one scenario or catalogue is read with. */
struct xml {
	struct keep *keep; /* owns marks and paths */
	struct err_list *e;
	size_t elements, includes;
	size_t bytes;      /* of all files together */
	const char **file; /* that were read, in order; the keep owns the texts */
	size_t files, files_cap;
};

void xml_fini(struct xml *x); /* frees the list of files */

/* Reads one file with all that it includes. NULL when it is not well-formed, or
 * when its first element is not `root` (NULL: any will do), which is no fault;
 * lesser faults are on the list and leave a document. Free with xmlFreeDoc. */
xmlDoc *xml_read(struct xml *x, const char *path, const char *root);

/* The same for one source without its includes, which is what it is built on. */
xmlDoc *xml_parse(struct xml *x, const struct source *s);

/* Puts included files in the place of every <include> of doc, which was read
 * from `path`. Their paths end below the folder of `path`. */
void xml_include(struct xml *x, xmlDoc *doc, const char *path);

const struct mark *xml_mark(const xmlNode *n);
const struct mark *xml_attr_mark(const xmlAttr *a);

/* A file was read (also one that only an attribute names). Copies path. */
const char *xml_note_file(struct xml *x, const char *path);

#endif
