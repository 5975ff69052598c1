/* <include href="street.xml"/>: hearth's own, for XInclude reads any file. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "loader/scenario.h"
#include "loader/xml.h"

/* The files that are being read, innermost first. */
struct chain {
	const char *path; /* as messages show it */
	const char *real;
	const struct chain *up;
};

struct includer {
	struct xml *x;
	const char *folder; /* real path that included files lie below, with '/' at its end */
};

static void resolve(struct includer *in, xmlNode *n, const struct chain *chain);

static bool is_blank(const xmlNode *n)
{
	return n->type != XML_TEXT_NODE || !n->content ||
	    !n->content[strspn((const char *)n->content, " \t\r\n")];
}

/* NULL, or why the path may not be included. */
static const char *refusal(const char *href)
{
	if (!*href) return "it is empty; name a file";
	if (*href == '/') return "it is absolute; write it relative to this file";
	for (const char *p = href; *p;) {
		size_t n = strcspn(p, "/");
		if (n == 2 && !strncmp(p, "..", 2))
			return "'..' leaves the scenario's folder; put the file below it";
		p += n + strspn(p + n, "/");
	}
	return NULL;
}

/* DIR(path)/href, owned by the keep. */
static char *beside(struct xml *x, const char *path, const char *href)
{
	const char *slash = strrchr(path, '/');
	int n = slash ? (int)(slash + 1 - path) : 0;
	return keep_add(x->keep, mem_print("%.*s%s", n, path, href));
}

/* The included file's real path, or NULL after a report. The caller frees. */
static char *real_file(struct includer *in, const char *path, struct err_pos at,
    const struct chain *chain)
{
	int depth = 0;
	char *real = realpath(path, NULL);
	if (!real) {
		err_at(in->x->e, at, "include: cannot find '%s'", path);
		return NULL;
	}
	const char *why = NULL;
	if (strncmp(real, in->folder, strlen(in->folder)) != 0)
		why = "it lies outside the scenario's folder";
	for (const struct chain *c = chain; c && !why; c = c->up) {
		if (!strcmp(c->real, real)) why = "it includes itself";
		if (++depth > SCENARIO_INCLUDE_DEPTH_MAX) why = "includes are nested too deep (16 at most)";
	}
	if (!why) return real;
	err_at(in->x->e, at, "include: '%s': %s", path, why);
	free(real);
	return NULL;
}

/* The root element of the file, includes resolved, out of its document; NULL
 * after a report. */
static xmlNode *read_root(struct includer *in, const char *path, struct err_pos at,
    const struct chain *chain)
{
	struct xml *x = in->x;
	struct source s;
	xmlDoc *doc = NULL;
	char *real = real_file(in, path, at, chain);
	if (!real) return NULL;
	path = xml_note_file(x, path);
	if (source_read(&s, path, at, x->e)) {
		x->bytes += s.size;
		if (x->bytes <= SCENARIO_BYTES_MAX) doc = xml_parse(x, &s);
		else err_at(x->e, at, "include: the files together are larger than 64 MiB");
	}
	source_fini(&s);
	xmlNode *root = NULL;
	if (doc) {
		struct chain link = { path, real, chain };
		resolve(in, xmlDocGetRootElement(doc), &link);
		root = xmlDocGetRootElement(doc);
		xmlUnlinkNode(root);
		xmlFreeDoc(doc);
	}
	free(real);
	return root;
}

/* Puts what was read before `include`: the root, or a fragment's elements. */
static void put(struct includer *in, xmlNode *include, xmlNode *root)
{
	if (strcmp((const char *)root->name, "fragment") != 0) {
		xmlAddPrevSibling(include, root);
		return;
	}
	for (xmlAttr *a = root->properties; a; a = a->next)
		err_at(in->x->e, xml_attr_mark(a)->name, "fragment: it takes no attributes");
	for (xmlNode *next, *c = root->children; c; c = next) {
		next = c->next;
		if (!is_blank(c)) err_at(in->x->e, xml_mark(root)->name, "fragment: text between its elements");
		if (c->type == XML_ELEMENT_NODE) xmlAddPrevSibling(include, c);
	}
	xmlFreeNode(root);
}

/* The path that <include> asks for, owned by the keep; NULL after a report. */
static const char *wanted(struct includer *in, xmlNode *include, const struct chain *chain,
    struct err_pos *at)
{
	struct err_list *e = in->x->e;
	const xmlAttr *found = NULL;
	const char *path = NULL;
	*at = xml_mark(include)->name;
	for (const xmlAttr *a = include->properties; a; a = a->next) {
		if (!strcmp((const char *)a->name, "href")) found = a;
		else err_at(e, xml_attr_mark(a)->name, "include: unknown attribute '%s'; it takes href only",
		    a->name);
	}
	for (const xmlNode *c = include->children; c; c = c->next)
		if (!is_blank(c) || c->type == XML_ELEMENT_NODE)
			err_at(e, *at, "include: it must be empty");
	if (!found) {
		err_at(e, *at, "include: attribute 'href' is missing; write href=\"FILE.xml\"");
		return NULL;
	}
	*at = xml_attr_mark(found)->value;
	char *href = (char *)xmlNodeListGetString(include->doc, found->children, 1);
	const char *why = refusal(href ? href : "");
	if (why) err_at(e, *at, "include: href=\"%s\": %s", href ? href : "", why);
	else path = beside(in->x, chain->path, href);
	xmlFree(href);
	return path;
}

static void replace(struct includer *in, xmlNode *include, const struct chain *chain)
{
	struct err_pos at;
	if (++in->x->includes > XML_INCLUDES_MAX) {
		err_at(in->x->e, xml_mark(include)->name, "include: more than %d of them", XML_INCLUDES_MAX);
		return;
	}
	const char *path = wanted(in, include, chain, &at);
	xmlNode *root = path ? read_root(in, path, at, chain) : NULL;
	if (root) put(in, include, root);
	xmlUnlinkNode(include);
	xmlFreeNode(include);
}

static void resolve(struct includer *in, xmlNode *n, const struct chain *chain)
{
	for (xmlNode *next, *c = n->children; c; c = next) {
		next = c->next;
		if (c->type != XML_ELEMENT_NODE || in->x->includes > XML_INCLUDES_MAX) continue;
		if (!strcmp((const char *)c->name, "include")) replace(in, c, chain);
		else resolve(in, c, chain);
	}
}

/* The real folder of a real path, with '/' at its end. */
static char *folder_of(const char *real)
{
	return mem_text_n(real, (size_t)(strrchr(real, '/') + 1 - real));
}

void xml_include(struct xml *x, xmlDoc *doc, const char *path)
{
	char *real = realpath(path, NULL);
	if (!real) {
		err_at(x->e, (struct err_pos){ .file = path }, "it vanished while it was read");
		return;
	}
	char *folder = folder_of(real);
	struct includer in = { x, folder };
	struct chain chain = { path, real, NULL };
	resolve(&in, xmlDocGetRootElement(doc), &chain);
	free(folder);
	free(real);
}
