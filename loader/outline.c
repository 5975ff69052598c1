#include "loader/outline.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/paths.h"
#include "loader/xml.h"
#include "models/class.h"

static const char *value_of(const xmlAttr *a)
{
	return a->children && a->children->content ? (const char *)a->children->content : "";
}

static void add(struct outline_files *f, const char *path)
{
	for (size_t i = 0; i < f->count; i++)
		if (!strcmp(f->path[i], path)) return;
	f->path = mem_grow(f->path, f->count, &f->cap, sizeof *f->path);
	f->path[f->count++] = mem_text(path);
}

/* The length of the folder part of a path, with its slash. */
static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Runs of blanks and line ends become one blank, none stands at either end. */
static char *folded(const char *text)
{
	char *all = mem_new(strlen(text) + 1, 1), *to = all;
	for (const char *p = text; *p;) {
		size_t word = strcspn(p, " \t\r\n");
		if (word && to > all) *to++ = ' ';
		memcpy(to, p, word);
		to += word;
		p += word;
		p += strspn(p, " \t\r\n");
	}
	*to = 0;
	return all;
}

static char *about_of(const xmlNode *root)
{
	for (const xmlNode *n = root->children; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, "about")) continue;
		xmlChar *text = xmlNodeGetContent(n);
		char *about = folded(text ? (const char *)text : "");
		xmlFree(text);
		return about;
	}
	return mem_text("");
}

/* Whether the tables say that it names a file. */
static bool names_file(const char *element, const char *attribute)
{
	for (const struct class *const *c = classes; *c; c++) {
		if (strcmp((*c)->element, element)) continue;
		for (const struct attr *a = (*c)->attrs; a && a->about; a++)
			if (a->kind == ATTR_KIND_FILE && !strcmp(a->name, attribute)) return true;
	}
	return false;
}

static void note_absent(struct outline *o, const xmlNode *n, const char *path)
{
	for (; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE) continue;
		for (const xmlAttr *a = n->properties; a; a = a->next) {
			if (!names_file((const char *)n->name, (const char *)a->name)) continue;
			char *found = paths_find(value_of(a), path);
			if (!found && *value_of(a)) add(&o->absent, value_of(a));
			free(found);
		}
		note_absent(o, n->children, path);
	}
}

/* The scenario of a study that stands beside it, with or without its ending; NULL: it is one
 * that is found elsewhere. The caller frees. */
static char *scenario_beside(const xmlNode *study, const char *path)
{
	static const char *const endings[] = { "", ".xml" };
	for (const xmlAttr *a = study->properties; a; a = a->next) {
		if (strcmp((const char *)a->name, "scenario")) continue;
		for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
			char *name = mem_print("%s%s", value_of(a), endings[i]);
			char *all = mem_print("%.*s%s", (int)folder_length(path), path, name);
			char *found = paths_here(all);
			bool here = found && *value_of(a) != '/';
			free(found);
			free(name);
			if (here) return all;
			free(all);
		}
	}
	return NULL;
}

static bool read_parts(struct outline *o, const char *path, size_t folder, struct err_list *e)
{
	struct keep keep = { 0 };
	struct xml x = { .keep = &keep, .e = e };
	xmlDoc *doc = xml_read(&x, path, NULL);
	char *further = NULL;
	if (doc) {
		const xmlNode *root = xmlDocGetRootElement(doc);
		bool first = !o->root;
		if (first) o->root = mem_text((const char *)root->name);
		if (first) o->about = about_of(root);
		for (size_t i = 0; i < x.files; i++) add(&o->parts, x.file[i] + folder);
		note_absent(o, root, path);
		if (first && !strcmp(o->root, "study")) further = scenario_beside(root, path);
	}
	bool good = doc != NULL;
	xmlFreeDoc(doc);
	xml_fini(&x);
	keep_fini(&keep);
	if (further) good = read_parts(o, further, folder, e);
	free(further);
	return good;
}

bool outline_read(struct outline *o, const char *path, struct err_list *e)
{
	size_t before = err_count(e);
	*o = (struct outline){ 0 };
	return read_parts(o, path, folder_length(path), e) && err_count(e) == before;
}

static void files_fini(struct outline_files *f)
{
	for (size_t i = 0; i < f->count; i++) free(f->path[i]);
	free(f->path);
}

void outline_fini(struct outline *o)
{
	files_fini(&o->parts);
	files_fini(&o->absent);
	free(o->root);
	free(o->about);
}

char *outline_sentence(const struct outline *o)
{
	const char *p = o->about ? o->about : "";
	size_t n = 0;
	while (p[n] && !(strchr(".:;?", p[n]) && (p[n + 1] == ' ' || !p[n + 1]))) n++;
	return mem_text_n(p, n);
}
