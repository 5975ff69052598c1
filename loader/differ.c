#include "loader/differ.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "loader/xpath.h"

/* Two documents while they are compared. */
struct pair {
	struct differ *d;
	xmlDoc *doc[2];
	xmlXPathObject **allowed; /* [2 * paths]: of either document */
	size_t paths;
	const xmlNode **lone; /* of each difference: the root's child that it is about, or NULL */
	size_t lone_cap;
	struct err_list *e;
};

static const struct err_pos nowhere;

/* ---- names ---- */

static const char *text_of(const xmlChar *s)
{
	return (const char *)s;
}

static bool is_tag(const xmlNode *n, const char *tag)
{
	return !strcmp(text_of(n->name), tag);
}

/* The attribute's value; NULL: none. The documents have neither entities nor a DTD. */
static const char *value_of(const xmlAttr *a)
{
	if (!a) return NULL;
	return a->children && a->children->content ? text_of(a->children->content) : "";
}

static const xmlAttr *attr_of(const xmlNode *n, const char *name)
{
	for (const xmlAttr *a = n->properties; a; a = a->next)
		if (!strcmp(text_of(a->name), name)) return a;
	return NULL;
}

static const char *name_of(const xmlNode *n)
{
	return value_of(attr_of(n, "name"));
}

static bool is_same_kind(const xmlNode *a, const xmlNode *b)
{
	const char *x = name_of(a), *y = name_of(b);
	return is_tag(a, text_of(b->name)) && (x && y ? !strcmp(x, y) : !x && !y);
}

static const xmlNode *next_element(const xmlNode *n)
{
	while (n && n->type != XML_ELEMENT_NODE) n = n->next;
	return n;
}

static const xmlNode *first_child(const xmlNode *n)
{
	return next_element(n->children);
}

/* Which of its kind n is among its parent's, from 1. */
static int order_of(const xmlNode *n)
{
	int order = 1;
	for (const xmlNode *p = n->prev; p; p = p->prev)
		if (p->type == XML_ELEMENT_NODE && is_same_kind(p, n)) order++;
	return order;
}

/* The child of `parent` that is what n is among its own parent's. */
static const xmlNode *twin_of(const xmlNode *n, const xmlNode *parent)
{
	int order = order_of(n);
	for (const xmlNode *c = first_child(parent); c; c = next_element(c->next))
		if (is_same_kind(c, n) && --order == 0) return c;
	return NULL;
}

/* ---- places ---- */

static int order_of_tag(const xmlNode *n)
{
	int order = 1;
	for (const xmlNode *p = n->prev; p; p = p->prev)
		if (p->type == XML_ELEMENT_NODE && is_tag(p, text_of(n->name))) order++;
	return order;
}

/* XPath knows no escapes: a name with both quotes is told by its order. */
static char *step_of(const xmlNode *n)
{
	const char *name = name_of(n), *tag = text_of(n->name);
	if (!n->parent || n->parent->type != XML_ELEMENT_NODE) return mem_text(tag);
	if (name && !strchr(name, '\'')) return mem_print("%s[@name='%s']", tag, name);
	if (name && !strchr(name, '"')) return mem_print("%s[@name=\"%s\"]", tag, name);
	return mem_print("%s[%d]", tag, order_of_tag(n));
}

static char *place_of(const xmlNode *n)
{
	char *step = step_of(n);
	bool below = n->parent && n->parent->type == XML_ELEMENT_NODE;
	char *parent = below ? place_of(n->parent) : mem_text("");
	char *place = mem_print("%s/%s", parent, step);
	free(step);
	free(parent);
	return place;
}

/* ---- what is allowed ---- */

static bool selects(const xmlXPathObject *found, const xmlNode *n)
{
	const xmlNodeSet *set = found->nodesetval;
	for (int i = 0; set && i < set->nodeNr; i++)
		if (set->nodeTab[i] == n) return true;
	return false;
}

static bool is_allowed(const struct pair *p, const xmlNode *n)
{
	for (; n; n = n->parent)
		for (size_t i = 0; i < 2 * p->paths; i++)
			if (selects(p->allowed[i], n)) return true;
	return false;
}

static bool select_paths(struct pair *p, const char *const *allow)
{
	for (size_t i = 0; i < p->paths; i++) {
		char *fault = NULL;
		int count = 0;
		for (size_t side = 0; side < 2; side++) {
			xmlXPathObject *found = xpath_select(allow[i], p->doc[side], &fault);
			if (!found) break;
			p->allowed[2 * i + side] = found;
			if (found->nodesetval) count += found->nodesetval->nodeNr;
		}
		if (fault)
			err_at(p->e, nowhere, "the path '%s' cannot be used: %s", allow[i], fault);
		else if (!count)
			err_at(p->e, nowhere, "the path '%s' selects nothing in either scenario",
			    allow[i]);
		free(fault);
		if (fault || !count) return false;
	}
	return true;
}

/* ---- differences ---- */

static void add(struct pair *p, const xmlNode *element, const char *attr, const char *before,
    const char *after, bool allowed)
{
	struct differ *d = p->d;
	char *place = place_of(element);
	const char *tag = text_of(element->name);
	bool of_root = element->parent == xmlDocGetRootElement(element->doc);
	p->lone = mem_grow(p->lone, d->rows, &p->lone_cap, sizeof *p->lone);
	p->lone[d->rows] = !attr && of_root ? element : NULL;
	d->row = mem_grow(d->row, d->rows, &d->cap, sizeof *d->row);
	d->row[d->rows++] = (struct difference){
		.place = attr ? mem_print("%s/@%s", place, attr) : mem_text(place),
		.kind = attr ? mem_print("%s/@%s", tag, attr) : mem_text(tag),
		.before = mem_text(before),
		.after = mem_text(after),
		.allowed = allowed,
	};
	free(place);
}

/* What decides no number. */
static bool is_prose(const xmlNode *n, const char *attr)
{
	bool root = !n->parent || n->parent->type != XML_ELEMENT_NODE;
	if (root) return !strcmp(attr, "name") || !strcmp(attr, "seed");
	if (!strcmp(attr, "verify")) return true;
	return !strcmp(attr, "source") && attr_of(n, "verify");
}

static bool is_prose_element(const xmlNode *n)
{
	return is_tag(n, "about") || (is_tag(n, "source") && attr_of(n, "verify"));
}

static void compare_attrs(struct pair *p, const xmlNode *a, const xmlNode *b)
{
	for (const xmlAttr *x = a->properties; x; x = x->next) {
		const char *name = text_of(x->name);
		const xmlAttr *y = attr_of(b, name);
		if (is_prose(a, name) || (y && !strcmp(value_of(x), value_of(y)))) continue;
		bool allowed = is_allowed(p, (const xmlNode *)x) ||
		    (y && is_allowed(p, (const xmlNode *)y));
		add(p, a, name, value_of(x), value_of(y), allowed);
	}
	for (const xmlAttr *y = b->properties; y; y = y->next)
		if (!attr_of(a, text_of(y->name)) && !is_prose(b, text_of(y->name)))
			add(p, b, text_of(y->name), NULL, value_of(y),
			    is_allowed(p, (const xmlNode *)y));
}

/* Children stand in the same order as a rule: then they are found without a search. */
static void compare_elements(struct pair *p, const xmlNode *a, const xmlNode *b)
{
	const xmlNode *beside = first_child(b);
	bool in_step = true;
	compare_attrs(p, a, b);
	for (const xmlNode *c = first_child(a); c; c = next_element(c->next)) {
		in_step = in_step && beside && is_same_kind(c, beside);
		const xmlNode *twin = in_step ? beside : twin_of(c, b);
		if (in_step) beside = next_element(beside->next);
		if (is_prose_element(c)) continue;
		if (twin) compare_elements(p, c, twin);
		else add(p, c, NULL, "", NULL, is_allowed(p, c));
	}
	for (const xmlNode *c = in_step ? beside : first_child(b); c; c = next_element(c->next))
		if (!is_prose_element(c) && !twin_of(c, a))
			add(p, c, NULL, NULL, "", is_allowed(p, c));
}

/* ---- rows of catalogues ---- */

static bool has_value(const xmlNode *n, const char *value)
{
	for (const xmlAttr *a = n->properties; a; a = a->next)
		if (strcmp(text_of(a->name), "name") != 0 && !strcmp(value_of(a), value)) return true;
	for (const xmlNode *c = first_child(n); c; c = next_element(c->next))
		if (has_value(c, value)) return true;
	return false;
}

/* Whether difference k, on that side, names the row. */
static bool names_row(const struct pair *p, size_t k, bool after, const char *name)
{
	const struct difference *r = &p->d->row[k];
	const char *value = after ? r->after : r->before;
	if (!value) return false;
	return p->lone[k] ? has_value(p->lone[k], name) : !strcmp(value, name);
}

static void mark_implied(const struct pair *p)
{
	struct differ *d = p->d;
	for (size_t i = 0; i < d->rows; i++) {
		const char *name = p->lone[i] ? name_of(p->lone[i]) : NULL;
		bool after = d->row[i].after;
		for (size_t k = 0; name && k < d->rows && !d->row[i].implied; k++)
			if (k != i) d->row[i].implied = names_row(p, k, after, name);
	}
}

/* ---- */

/* A resolved scenario has no DOCTYPE, and each '<' of a value is escaped. */
static xmlDoc *parse(const char *text, struct err_list *e)
{
	int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOENT;
	xmlDoc *doc = strstr(text, "<!DOCTYPE") ? NULL :
	    xmlReadMemory(text, (int)strlen(text), NULL, NULL, options);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (root && is_tag(root, "scenario")) return doc;
	err_at(e, nowhere, "the scenario that the results keep cannot be read; run it again");
	xmlFreeDoc(doc);
	return NULL;
}

bool differ_init(struct differ *d, const char *before, const char *after, const char *const *allow,
    size_t allows, struct err_list *e)
{
	struct pair p = { .d = d, .doc = { parse(before, e), parse(after, e) }, .paths = allows, .e = e };
	*d = (struct differ){ 0 };
	p.allowed = mem_new(2 * allows, sizeof *p.allowed);
	bool done = p.doc[0] && p.doc[1] && select_paths(&p, allow);
	if (done) {
		compare_elements(&p, xmlDocGetRootElement(p.doc[0]), xmlDocGetRootElement(p.doc[1]));
		mark_implied(&p);
	}
	for (size_t i = 0; i < 2 * allows; i++) xmlXPathFreeObject(p.allowed[i]);
	free(p.allowed);
	free(p.lone);
	xmlFreeDoc(p.doc[0]);
	xmlFreeDoc(p.doc[1]);
	return done;
}

void differ_fini(struct differ *d)
{
	for (size_t i = 0; i < d->rows; i++) {
		free(d->row[i].place);
		free(d->row[i].kind);
		free(d->row[i].before);
		free(d->row[i].after);
	}
	free(d->row);
	*d = (struct differ){ 0 };
}

static bool counts(const struct difference *r)
{
	return !r->allowed && !r->implied;
}

size_t differ_kinds(const struct differ *d)
{
	size_t kinds = 0;
	for (size_t i = 0; i < d->rows; i++) {
		bool first = counts(&d->row[i]);
		for (size_t k = 0; k < i && first; k++)
			first = !counts(&d->row[k]) || strcmp(d->row[k].kind, d->row[i].kind) != 0;
		kinds += first;
	}
	return kinds;
}
