/* xmlDoc -> objects, by the tables of models/class.h. */
#include <assert.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/near.h"
#include "loader/load.h"
#include "loader/value.h"

static struct object *build(struct scenario *s, const xmlNode *n, struct object *parent, int depth);

static const char *element_of(const xmlNode *n)
{
	return (const char *)n->name;
}

static bool is_full(const struct scenario *s)
{
	return err_count(s->xml.e) >= XML_FAULTS_MAX;
}

static size_t row_count(const struct class *cls)
{
	size_t n = 0;
	for (const struct attr *a = cls->attrs; a && a->about; a++) n++;
	return n;
}

/* "<homes> or <datacentre>", at most as long as the buffer. */
static void list_parents(const struct class *cls, char *buf, size_t size)
{
	char *parent;
	buf[0] = '\0';
	for (int i = 0; (parent = class_parent(cls, i)); i++) {
		size_t used = strlen(buf);
		snprintf(buf + used, size - used, "%s<%s>", i ? " or " : "", parent);
		free(parent);
	}
}

static void refuse_place(const struct scenario *s, const struct class *cls, struct err_pos at,
    const char *parent)
{
	char where[200];
	list_parents(cls, where, sizeof where);
	if (!where[0]) err_at(s->xml.e, at, "<%s> does not stand in another element", cls->element);
	else err_at(s->xml.e, at, "<%s> does not belong in <%s>; it stands in %s", cls->element, parent,
	    where);
}

static void refuse_element(const struct scenario *s, const xmlNode *n, struct err_pos at,
    const char *parent)
{
	struct near here = near_to(element_of(n)), any = here;
	for (const struct class *const *c = s->classes; *c; c++) {
		near_try(&any, (*c)->element);
		if (class_fits(*c, parent)) near_try(&here, (*c)->element);
	}
	const char *meant = near_best(&here) ? near_best(&here) : near_best(&any);
	struct value_quote name = value_quote(element_of(n));
	if (meant) err_at(s->xml.e, at, "unknown element <%s> (did you mean <%s>?)", name.text, meant);
	else err_at(s->xml.e, at, "unknown element <%s>; hearth-scenario(5) lists what <%s> takes",
	    name.text, parent);
}

/* The class of a child element, or NULL after a report. */
static const struct class *class_of(const struct scenario *s, const xmlNode *n, const char *parent)
{
	struct err_pos at = xml_mark(n)->name;
	const struct class *cls = classes_find(s->classes, element_of(n));
	if (!cls) refuse_element(s, n, at, parent);
	else if (!class_fits(cls, parent)) refuse_place(s, cls, at, parent);
	else return cls;
	return NULL;
}

/* An attribute of class `cls`, or -1. */
static long row_of(const struct class *cls, const char *name)
{
	for (const struct attr *a = cls->attrs; a && a->about; a++)
		if (a->kind != ATTR_KIND_BODY && !strcmp(a->name, name)) return a - cls->attrs;
	return -1;
}

/* The first element that stands in `cls` and has such an attribute; NULL: none. */
static const char *inside_with(const struct scenario *s, const struct class *cls, const char *name)
{
	for (const struct class *const *c = s->classes; *c; c++)
		if (class_fits(*c, cls->element) && row_of(*c, name) >= 0) return (*c)->element;
	return NULL;
}

/* Reports an unknown attribute; returns the row that was probably meant, or -1. */
static long refuse_attr(const struct scenario *s, const struct class *cls, const xmlAttr *a)
{
	struct err_pos at = xml_attr_mark(a)->name;
	struct value_quote name = value_quote((const char *)a->name);
	struct near near = near_to((const char *)a->name);
	for (const struct attr *row = cls->attrs; row && row->about; row++)
		if (row->kind != ATTR_KIND_BODY) near_try(&near, row->name);
	const char *meant = near_best(&near), *inside = inside_with(s, cls, (const char *)a->name);
	if (!meant && inside)
		err_at(s->xml.e, at, "%s: unknown attribute '%s'; it is of <%s> inside <%s>",
		    cls->element, name.text, inside, cls->element);
	else if (!meant)
		err_at(s->xml.e, at, "%s: unknown attribute '%s'; hearth-scenario(5) lists them",
		    cls->element, name.text);
	if (!meant) return -1;
	err_at(s->xml.e, at, "%s: unknown attribute '%s' (did you mean '%s'?)", cls->element, name.text,
	    meant);
	return row_of(cls, meant);
}

static void note_ref(struct scenario *s, struct object *o, const struct attr *a, const char *name,
    struct err_pos at)
{
	s->ref = mem_grow(s->ref, s->refs, &s->refs_cap, sizeof *s->ref);
	s->ref[s->refs++] = (struct ref){ o, a, keep_add(&s->keep, mem_text(name)), at };
}

static void note_money(struct scenario *s, const struct object *o, const struct attr *a,
    const char currency[4], bool is_default)
{
	const void *member = value_at(a, o->par);
	double si = a->kind == ATTR_KIND_QTY ? *(const double *)member : dist_mean(member);
	struct money m = { .object = o, .row = a, .at = object_attr_pos(o, a->name),
		.is_default = is_default, .is_zero = si == 0 };
	memcpy(m.currency, currency, sizeof m.currency);
	s->money = mem_grow(s->money, s->moneys, &s->moneys_cap, sizeof *s->money);
	s->money[s->moneys++] = m;
}

/* The file that a relative name stands in. For --set, the element's. */
static const char *file_of(const struct object *o)
{
	for (; o; o = o->parent)
		if (o->pos.line) return o->pos.file;
	return NULL;
}

static int is_entry(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Tables of a folder and, `deep` levels down, of those in it. */
static void note_folder(struct xml *x, const char *folder, int deep)
{
	struct dirent **entry;
	int n = scandir(folder, &entry, is_entry, by_bytes);
	for (int i = 0; i < n; i++) {
		const char *dot = strrchr(entry[i]->d_name, '.');
		char *path = mem_print("%s/%s", folder, entry[i]->d_name);
		struct stat st;
		if (!stat(path, &st) && S_ISDIR(st.st_mode) && deep > 0)
			note_folder(x, path, deep - 1);
		else if (dot && !strcmp(dot, ".csv"))
			xml_note_file(x, path);
		free(path);
		free(entry[i]);
	}
	if (n >= 0) free(entry);
}

/* Stores one value, written or default. */
static void take(struct scenario *s, struct object *o, const struct attr *a, const char *text,
    bool is_default)
{
	struct err_pos at = is_default ? o->pos : o->attr_pos[a - o->cls->attrs];
	struct value_text t = { text, file_of(o), !is_default && at.line == 0, &s->keep };
	char why[VALUE_WHY_SIZE], currency[4];
	if (a->kind == ATTR_KIND_REF) {
		note_ref(s, o, a, text, at);
	} else if (!value_parse(a, &t, o->par, currency, why)) {
		struct value_quote q = value_quote(text);
		err_at(s->xml.e, at, "%s: %s=\"%s\"%s: %s", o->cls->element, a->name, q.text,
		    is_default ? " (the default)" : "", why);
	} else {
		if (currency[0]) note_money(s, o, a, currency, is_default);
		if (a->kind == ATTR_KIND_FILE)
			xml_note_file(&s->xml, *(const char *const *)value_at(a, o->par));
		if (a->kind == ATTR_KIND_FOLDER)
			note_folder(&s->xml, *(const char *const *)value_at(a, o->par), 1);
	}
}

/* What to write for a missing attribute: "power: W, kW, MW, GW". */
static void refuse_missing(const struct scenario *s, const struct object *o, const struct attr *a)
{
	char hint[200] = "";
	if (a->kind == ATTR_KIND_QTY || a->kind == ATTR_KIND_DIST)
		snprintf(hint, sizeof hint, " (%s: %s)", units_word(a->dim), units_taken(a->dim));
	else if (a->kind == ATTR_KIND_ENUM)
		snprintf(hint, sizeof hint, " (one of: %s)", a->words);
	else if (a->kind == ATTR_KIND_REF)
		snprintf(hint, sizeof hint, " (the name of a <%s>)", a->words);
	err_at(s->xml.e, o->pos, "%s: attribute '%s' is missing: %s%s", o->cls->element, a->name,
	    a->about, hint);
}

static void take_written(struct scenario *s, struct object *o, const xmlNode *n, bool *done)
{
	for (const xmlAttr *a = n->properties; a; a = a->next) {
		long row = row_of(o->cls, (const char *)a->name);
		if (row < 0) {
			row = refuse_attr(s, o->cls, a);
			if (row >= 0) done[row] = true; /* not also missing */
			continue;
		}
		xmlChar *text = xmlNodeListGetString(n->doc, a->children, 1);
		o->attr_pos[row] = xml_attr_mark(a)->value;
		take(s, o, o->cls->attrs + row, text ? (const char *)text : "", false);
		done[row] = true;
		xmlFree(text);
	}
}

static void take_defaults(struct scenario *s, struct object *o, const bool *done)
{
	for (const struct attr *a = o->cls->attrs; a && a->about; a++) {
		if (a->kind == ATTR_KIND_BODY || done[a - o->cls->attrs]) continue;
		if (a->def == REQUIRED) refuse_missing(s, o, a);
		else if (!a->def[0]) value_clear(a, o->par);
		else take(s, o, a, a->def, true);
	}
}

static const struct attr *body_row(const struct class *cls)
{
	const struct attr *a = cls->attrs;
	while (a && a->about && a->kind != ATTR_KIND_BODY) a++;
	return a && a->about ? a : NULL;
}

/* The text that stands directly in the element; the caller frees. */
static char *own_text(const xmlNode *n)
{
	size_t size = 0;
	for (const xmlNode *c = n->children; c; c = c->next)
		if (c->type == XML_TEXT_NODE) size += strlen((const char *)c->content);
	char *text = mem_new(size + 1, 1), *to = text;
	for (const xmlNode *c = n->children; c; c = c->next)
		if (c->type == XML_TEXT_NODE) to = stpcpy(to, (const char *)c->content);
	return text;
}

static void take_body(struct scenario *s, struct object *o, const xmlNode *n)
{
	const struct attr *row = body_row(o->cls);
	char *text = own_text(n), why[VALUE_WHY_SIZE], currency[4];
	struct value_text t = { .text = text, .keep = &s->keep };
	const char *word = text + strspn(text, " \t\r\n");
	if (row) {
		value_parse(row, &t, o->par, currency, why); /* any text will do */
		if (*word) o->attr_pos[row - o->cls->attrs] = o->pos;
	} else if (*word) {
		text[strlen(text) - strlen(word) + strcspn(word, "\r\n")] = '\0'; /* one line of it */
		struct value_quote q = value_quote(word);
		err_at(s->xml.e, o->pos, "%s: text does not belong in it: \"%s\"", o->cls->element, q.text);
	}
	free(text);
}

/* How many children of a class there are: at least min, at most max. */
static void check_counts(const struct scenario *s, const struct object *o)
{
	for (const struct class *const *c = s->classes; *c; c++) {
		unsigned count = 0;
		if (!class_fits(*c, o->cls->element)) continue;
		for (const struct object *k = object_child(o, *c); k; k = object_next(k))
			if (++count > (*c)->max && (*c)->max)
				err_at(s->xml.e, k->pos, "%s: at most %u <%s> may stand in it", o->cls->element,
				    (*c)->max, (*c)->element);
		if (count < (*c)->min)
			err_at(s->xml.e, o->pos, "%s: it needs %s<%s>: %s", o->cls->element,
			    (*c)->min > 1 ? "more of " : "a ", (*c)->element, (*c)->about);
	}
}

static void build_children(struct scenario *s, struct object *o, const xmlNode *n, int depth)
{
	struct object **end = &o->child;
	for (const xmlNode *c = n->children; c && !is_full(s); c = c->next) {
		if (c->type != XML_ELEMENT_NODE) continue;
		struct object *child = build(s, c, o, depth + 1);
		if (!child) continue;
		*end = child;
		end = &child->next;
	}
}

static struct object *object_new(struct scenario *s, const struct class *cls, struct object *parent,
    struct err_pos at)
{
	struct object *o = keep_new(&s->keep, 1, sizeof *o);
	o->cls = cls;
	o->par = keep_new(&s->keep, 1, cls->par_size);
	o->attr_pos = keep_new(&s->keep, row_count(cls), sizeof *o->attr_pos);
	o->parent = parent;
	o->pos = at;
	return o;
}

static void take_name(struct object *o)
{
	long row = row_of(o->cls, "name");
	if (row < 0 || o->cls->attrs[row].kind != ATTR_KIND_TEXT) return;
	o->name = *(const char *const *)value_at(&o->cls->attrs[row], o->par);
}

/* A class that is implied stands in every parent: with its defaults where the
 * file says nothing about it. */
static void build_implied(struct scenario *s, struct object *o)
{
	struct object **end = &o->child;
	while (*end) end = &(*end)->next;
	for (const struct class *const *c = s->classes; *c; c++) {
		if (!(*c)->implied || !class_fits(*c, o->cls->element) || object_child(o, *c)) continue;
		struct object *child = object_new(s, *c, o, o->pos);
		bool *done = mem_new(row_count(*c), sizeof *done);
		take_defaults(s, child, done);
		take_name(child);
		free(done);
		*end = child;
		end = &child->next;
	}
}

static struct object *build_as(struct scenario *s, const struct class *cls, const xmlNode *n,
    struct object *parent, int depth)
{
	struct object *o = object_new(s, cls, parent, xml_mark(n)->name);
	bool *done = mem_new(row_count(cls), sizeof *done);
	take_written(s, o, n, done);
	take_defaults(s, o, done);
	take_body(s, o, n);
	take_name(o);
	free(done);
	build_children(s, o, n, depth);
	build_implied(s, o);
	check_counts(s, o);
	return o;
}

static struct object *build(struct scenario *s, const xmlNode *n, struct object *parent, int depth)
{
	const struct class *cls = class_of(s, n, parent->cls->element);
	if (depth > SCENARIO_DEPTH_MAX) {
		err_at(s->xml.e, xml_mark(n)->name, "elements are nested deeper than %d",
		    SCENARIO_DEPTH_MAX);
		return NULL;
	}
	return cls ? build_as(s, cls, n, parent, depth) : NULL;
}

/* The element that a file must begin with. */
static const char *root_wanted(const struct class *const *list)
{
	while (*list && (*list)->parents[0]) list++;
	return *list ? (*list)->element : "scenario";
}

struct object *objects_build(struct scenario *s, const xmlNode *root)
{
	const struct class *cls = classes_find(s->classes, element_of(root));
	if (cls && !cls->parents[0]) return build_as(s, cls, root, NULL, 1);
	struct err_pos at = xml_mark(root)->name;
	struct value_quote name = value_quote(element_of(root));
	struct near near = near_to(name.text);
	const char *wanted = root_wanted(s->classes);
	bool part = strcmp(wanted, "scenario") != 0;
	near_try(&near, wanted);
	if (!cls && near_best(&near))
		err_at(s->xml.e, at, "unknown element <%s> (did you mean <%s>?)", name.text, wanted);
	else if (part)
		err_at(s->xml.e, at, "the first element is <%s>; here it must be <%s>", name.text, wanted);
	else
		err_at(s->xml.e, at, "the first element is <%s>; that of a scenario is <scenario>", name.text);
	return NULL;
}

void objects_check(const struct scenario *s, const struct object *o, struct err_list *e)
{
	for (; o; o = o->next) {
		if (o->cls->check) o->cls->check(o, e);
		objects_check(s, o->child, e);
	}
}
