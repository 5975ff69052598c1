#include "loader/scenario.h"

#include <assert.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/paths.h"
#include "loader/load.h"
#include "loader/set.h"

/* The documents that are being read: the scenario's first, then catalogues. */
struct docs {
	xmlDoc **doc;
	size_t count;
};

static struct docs *read_docs(struct scenario *s, const char *folder)
{
	size_t catalogues;
	xmlDoc *own = s->path ? xml_read(&s->xml, s->path, NULL) : NULL;
	xmlDoc **doc = catalogue_read(&s->xml, folder, &catalogues);
	struct docs *d = mem_new(1, sizeof *d);
	*d = (struct docs){ mem_new(catalogues + 1, sizeof *d->doc), catalogues + 1 };
	d->doc[0] = own;
	memcpy(d->doc + 1, doc, catalogues * sizeof *doc);
	free(doc);
	return d;
}

static void free_docs(struct docs *d)
{
	if (!d) return;
	for (size_t i = 0; i < d->count; i++) xmlFreeDoc(d->doc[i]);
	free(d->doc);
	free(d);
}

static void build(struct scenario *s, const struct docs *d)
{
	if (d->doc[0]) s->root = objects_build(s, xmlDocGetRootElement(d->doc[0]));
	for (size_t i = 1; i < d->count; i++) {
		*s->catalogue_end = objects_build(s, xmlDocGetRootElement(d->doc[i]));
		if (*s->catalogue_end) s->catalogue_end = &(*s->catalogue_end)->next;
	}
	if (s->root && s->root->cls == &catalogue_class) {
		err_at(s->xml.e, s->root->pos, "this is a catalogue; name a scenario");
		s->root = NULL;
	}
}

/* What needs the whole tree. References are looked at even when an element has
 * faults; checks between attributes only when each of them is right. */
static void finish(struct scenario *s)
{
	names_resolve(s);
	money_check(s);
	if (err_count(s->xml.e)) return;
	objects_check(s, s->root, s->xml.e);
	objects_check(s, s->catalogue, s->xml.e);
}

static struct scenario *open_with(const struct class *const *list, const char *folder,
    const char *path, struct err_list *e)
{
	struct scenario *s = mem_new(1, sizeof *s);
	s->classes = list;
	s->xml = (struct xml){ .keep = &s->keep, .e = e };
	s->catalogue_end = &s->catalogue;
	s->path = path ? keep_add(&s->keep, mem_text(path)) : NULL;
	s->docs = read_docs(s, folder);
	return s;
}

bool scenario_build(struct scenario *s, const char *const *set, size_t sets, struct err_list *e)
{
	assert(s->docs);
	s->xml.e = e;
	for (size_t i = 0; i < sets && s->docs->doc[0]; i++)
		set_apply(&s->xml, s->docs->doc, s->docs->count, set[i]);
	build(s, s->docs);
	free_docs(s->docs);
	s->docs = NULL;
	if (s->root || !s->path) finish(s);
	return err_count(e) == 0;
}

/* Faults of reading and of building are told together. */
struct scenario *scenario_load_with(const struct class *const *list, const char *folder,
    const char *path, const char *const *set, size_t sets, struct err_list *e)
{
	struct scenario *s = open_with(list, folder, path, e);
	if (scenario_build(s, set, sets, e)) return s;
	scenario_free(s);
	return NULL;
}

/* The folder of hearth's catalogues, which the caller frees; NULL with an entry in e. */
static char *catalogue_folder(struct err_list *e)
{
	if (paths_home()) return mem_print("%s/data", paths_home());
	err_at(e, (struct err_pos){ 0 }, PATHS_NO_HOME, paths_tried());
	return NULL;
}

struct scenario *scenario_open(const char *path, struct err_list *e)
{
	char *folder = catalogue_folder(e);
	if (!folder) return NULL;
	struct scenario *s = open_with(classes, folder, path, e);
	free(folder);
	if (err_count(e) == 0) return s;
	scenario_free(s);
	return NULL;
}

static struct scenario *load(const char *path, const char *const *set, size_t sets,
    struct err_list *e)
{
	char *folder = catalogue_folder(e);
	if (!folder) return NULL;
	struct scenario *s = scenario_load_with(classes, folder, path, set, sets, e);
	free(folder);
	return s;
}

struct scenario *scenario_load_classes(const char *path, const struct class *const *list,
    struct err_list *e)
{
	return scenario_load_with(list, NULL, path, NULL, 0, e);
}

struct scenario *scenario_load(const char *path, const char *const *set, size_t sets,
    struct err_list *e)
{
	return load(path, set, sets, e);
}

/* The classes, with one of them as a root in the place of itself. */
struct lone {
	struct class root;
	const struct class *list[];
};

static struct lone *list_lone(const char *element)
{
	size_t n = 0, k = 0;
	while (classes[n]) n++;
	struct lone *l = mem_new(1, sizeof *l + (n + 1) * sizeof l->list[0]);
	for (size_t i = 0; i < n; i++) {
		bool is_root = !strcmp(classes[i]->element, element);
		if (is_root) l->root = *classes[i];
		if (strcmp(classes[i]->element, "scenario"))
			l->list[k++] = is_root ? &l->root : classes[i];
	}
	l->root.parents = "";
	return l;
}

struct scenario *scenario_load_part(const char *path, const char *element, const char *const *set,
    size_t sets, struct err_list *e)
{
	struct lone *l = list_lone(element);
	struct scenario *s = scenario_load_with(l->list, NULL, path, set, sets, e);
	if (s) keep_add(&s->keep, l);
	else free(l);
	return s;
}

struct scenario *scenario_catalogues(struct err_list *e)
{
	return load(NULL, NULL, 0, e);
}

void scenario_free(struct scenario *s)
{
	if (!s) return;
	free_docs(s->docs);
	xml_fini(&s->xml);
	keep_fini(&s->keep);
	free(s->ref);
	free(s->money);
	free(s->row);
	free(s);
}

const struct object *scenario_root(const struct scenario *s)
{
	return s->root;
}

const struct object *scenario_catalogue(const struct scenario *s)
{
	return s->catalogue;
}

const char *scenario_currency(const struct scenario *s)
{
	return s->currency;
}

size_t scenario_files(const struct scenario *s)
{
	return s->xml.files;
}

const char *scenario_file(const struct scenario *s, size_t i)
{
	return s->xml.file[i];
}
