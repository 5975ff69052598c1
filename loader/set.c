#include "loader/set.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "loader/xpath.h"

/* One override while it is being applied. */
struct set {
	struct xml *x;
	struct err_pos at;
	char *path;        /* the XPath */
	char *attr;        /* the name after the final /@, or NULL; path ends before it */
	const char *value;
	char *fault;       /* why the path cannot be used, or NULL */
};

/* The next character of `s` that is outside brackets and quotes and in `any`. */
static const char *outside(const char *s, const char *any)
{
	int depth = 0;
	for (; *s; s++) {
		if (*s == '"' || *s == '\'') {
			const char *end = strchr(s + 1, *s);
			if (!end) return NULL;
			s = end;
		} else if (depth == 0 && strchr(any, *s)) {
			return s;
		} else if (*s == '[' || *s == '(') {
			depth++;
		} else if (*s == ']' || *s == ')') {
			depth--;
		}
	}
	return NULL;
}

const char *set_value(const char *override)
{
	const char *eq = outside(override, "=");
	return eq ? eq + 1 : NULL;
}

/* Cuts "//solar/@share" into "//solar" and "share". */
static void cut_attr(struct set *s)
{
	const char *at = outside(s->path, "@");
	if (!at || at < s->path + 2 || at[-1] != '/' || at[-2] == '/') return;
	if (!at[1] || at[1 + strcspn(at + 1, "/[]()*@:|+=<> \t\"'")]) return;
	s->attr = mem_text(at + 1);
	s->path[at - 1 - s->path] = '\0';
}

static struct mark *new_mark(struct set *s)
{
	struct mark *m = keep_new(s->x->keep, 1, sizeof *m);
	*m = (struct mark){ s->at, s->at };
	return m;
}

static bool has_elements(const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE) return true;
	return false;
}

static void set_attr(struct set *s, xmlNode *element, const char *name)
{
	xmlAttr *a = xmlSetProp(element, (const xmlChar *)name, (const xmlChar *)s->value);
	a->_private = new_mark(s);
}

static void set_text(struct set *s, xmlNode *element)
{
	xmlChar *escaped = xmlEncodeSpecialChars(element->doc, (const xmlChar *)s->value);
	xmlNodeSetContent(element, escaped);
	xmlFree(escaped);
	element->_private = new_mark(s);
}

static bool is_value(const struct set *s, const xmlNode *n)
{
	if (n->type == XML_ATTRIBUTE_NODE) return !s->attr;
	return n->type == XML_ELEMENT_NODE && (s->attr || !has_elements(n));
}

static void change(struct set *s, xmlNode *n)
{
	if (n->type == XML_ATTRIBUTE_NODE) set_attr(s, n->parent, (const char *)n->name);
	else if (s->attr) set_attr(s, n, s->attr);
	else set_text(s, n);
}

/* Changes what is selected in doc; returns how many nodes. All are looked at
 * before the first is changed, which may free a text that is selected too. */
static int change_in(struct set *s, xmlDoc *doc)
{
	xmlXPathObject *found = doc ? xpath_select(s->path, doc, &s->fault) : NULL;
	xmlNodeSet *nodes = found ? found->nodesetval : NULL;
	int count = nodes ? nodes->nodeNr : 0, values = 0;
	while (values < count && is_value(s, nodes->nodeTab[values])) values++;
	if (values < count)
		err_at(s->x->e, s->at, "the path selects more than a value; end it in /@ATTRIBUTE");
	else
		for (int i = 0; i < count; i++) change(s, nodes->nodeTab[i]);
	xmlXPathFreeObject(found);
	return count;
}

static bool doc_has(const xmlNode *n, const char *name)
{
	for (; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE &&
		    (!strcmp((const char *)n->name, name) || doc_has(n->children, name)))
			return true;
	return false;
}

static void try_names(const xmlNode *n, struct near *near)
{
	for (; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE) continue;
		near_try(near, (const char *)n->name);
		try_names(n->children, near);
	}
}

/* Says which step of the path names no element of the scenario. */
static bool explain_step(struct set *s, const xmlDoc *doc, const char *step)
{
	size_t n = strcspn(step, "/[");
	char *name = mem_text_n(step, n);
	struct near near = near_to(name);
	bool odd = n > 0 && !strpbrk(name, "*@.:()|+ ") && !doc_has(doc->children, name);
	if (odd) {
		try_names(doc->children, &near);
		if (near_best(&near))
			err_at(s->x->e, s->at, "the scenario has no <%s> (did you mean '%s'?)", name,
			    near_best(&near));
		else
			err_at(s->x->e, s->at, "the scenario has no <%s>; name an element that it has", name);
	}
	free(name);
	return odd;
}

static void explain_nothing(struct set *s, const xmlDoc *doc)
{
	for (const char *p = s->path; p; p = outside(p, "/")) {
		while (*p == '/') p++;
		if (explain_step(s, doc, p)) return;
	}
	err_at(s->x->e, s->at, "the path selects nothing; the names are right, the place is not");
}

static void apply(struct set *s, xmlDoc *const *doc, size_t docs)
{
	int changed = 0;
	cut_attr(s);
	changed = change_in(s, doc[0]);
	for (size_t i = 1; i < docs && !s->fault && changed == 0; i++) changed = change_in(s, doc[i]);
	if (s->fault) err_at(s->x->e, s->at, "the path cannot be used: %s", s->fault);
	else if (changed == 0) explain_nothing(s, doc[0]);
}

void set_apply(struct xml *x, xmlDoc *const *doc, size_t docs, const char *override)
{
	char *place = keep_add(x->keep, mem_print("--set '%s'", override));
	const char *value = set_value(override);
	struct set s = { .x = x, .at = { .file = place }, .value = value };
	if (!value || value == override + 1) {
		err_at(x->e, s.at, "write XPATH=VALUE, as in --set '//solar/@share=0.7'");
		return;
	}
	if (!xmlCheckUTF8((const unsigned char *)override)) {
		err_at(x->e, s.at, "it is not UTF-8");
		return;
	}
	s.path = mem_text_n(override, (size_t)(value - 1 - override));
	apply(&s, doc, docs);
	free(s.path);
	free(s.attr);
	free(s.fault);
}
