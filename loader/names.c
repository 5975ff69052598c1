/* References by name: <node device="rtx-4090"> -> the <device> of that name. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "loader/load.h"
#include "loader/value.h"

/* All named objects, ordered by class, then name, then the scenario's before
 * the catalogues', then as read. */
struct entry {
	const struct object *object;
	bool in_scenario;
	size_t seq;
};

struct index {
	struct entry *entry;
	size_t count, cap;
};

static void add_all(struct index *x, const struct object *o, bool in_scenario)
{
	for (; o; o = o->next) {
		if (o->name) {
			x->entry = mem_grow(x->entry, x->count, &x->cap, sizeof *x->entry);
			x->entry[x->count] = (struct entry){ o, in_scenario, x->count };
			x->count++;
		}
		add_all(x, o->child, in_scenario);
	}
}

static int compare_key(const struct entry *a, const char *element, const char *name)
{
	int order = strcmp(a->object->cls->element, element);
	return order ? order : strcmp(a->object->name, name);
}

static int compare(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int order = compare_key(a, b->object->cls->element, b->object->name);
	if (order) return order;
	if (a->in_scenario != b->in_scenario) return a->in_scenario ? -1 : 1;
	return a->seq < b->seq ? -1 : 1;
}

/* The first entry of that class and name; x->count when there is none. */
static size_t find(const struct index *x, const char *element, const char *name)
{
	size_t low = 0, high = x->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (compare_key(&x->entry[mid], element, name) < 0) low = mid + 1;
		else high = mid;
	}
	bool found = low < x->count && !compare_key(&x->entry[low], element, name);
	return found ? low : x->count;
}

/* Two entries are the same thing twice: same class, name and parent. Roots of
 * several catalogues count as one parent. */
static bool same_place(const struct entry *a, const struct entry *b)
{
	if (a->in_scenario != b->in_scenario) return false;
	const struct object *p = a->object->parent, *q = b->object->parent;
	return p == q || (p && q && p->cls == &catalogue_class && q->cls == &catalogue_class);
}

static void report_twins(const struct scenario *s, const struct index *x)
{
	for (size_t i = 1; i < x->count; i++) {
		const struct entry *a = &x->entry[i - 1], *b = &x->entry[i];
		if (compare_key(a, b->object->cls->element, b->object->name) || !same_place(a, b)) continue;
		struct value_quote name = value_quote(b->object->name);
		struct err_pos first = a->object->pos;
		err_at(s->xml.e, object_attr_pos(b->object, "name"),
		    "%s: name=\"%s\" is taken by the one at %s:%d", b->object->cls->element, name.text,
		    first.file, first.line);
	}
}

static void refuse_unknown(const struct scenario *s, const struct index *x, const struct ref *r)
{
	struct near near = near_to(r->name);
	struct value_quote name = value_quote(r->name);
	const char *element = r->row->words, *from = r->from->cls->element;
	bool any = false;
	for (size_t i = 0; i < x->count; i++) {
		if (strcmp(x->entry[i].object->cls->element, element) != 0) continue;
		near_try(&near, x->entry[i].object->name);
		any = true;
	}
	if (near_best(&near))
		err_at(s->xml.e, r->at, "%s: %s=\"%s\": there is no such <%s> (did you mean '%s'?)", from,
		    r->row->name, name.text, element, near_best(&near));
	else
		err_at(s->xml.e, r->at, "%s: %s=\"%s\": there is no such <%s>; %s", from, r->row->name,
		    name.text, element, any ? "hearth catalog lists them" : "none is defined");
}

static void resolve_one(const struct scenario *s, const struct index *x, const struct ref *r)
{
	size_t i = find(x, r->row->words, r->name);
	if (i == x->count) {
		refuse_unknown(s, x, r);
		return;
	}
	bool twin = i + 1 < x->count && x->entry[i + 1].in_scenario == x->entry[i].in_scenario &&
	    !compare_key(&x->entry[i + 1], r->row->words, r->name);
	if (twin && !same_place(&x->entry[i], &x->entry[i + 1]))
		err_at(s->xml.e, r->at, "%s: %s=\"%s\": several <%s> have this name",
		    r->from->cls->element, r->row->name, value_quote(r->name).text, r->row->words);
	const struct object **member = value_member(r->row, r->from->par);
	*member = x->entry[i].object;
}

/* The child of a root that an object stands in, itself included; NULL for a root. */
static const struct object *top_of(const struct object *o)
{
	while (o->parent && o->parent->parent) o = o->parent;
	return o->parent ? o : NULL;
}

static bool is_row(const struct scenario *s, const struct object *o)
{
	for (size_t i = 0; i < s->rows; i++)
		if (s->row[i] == o) return true;
	return false;
}

static bool is_used(const struct scenario *s, const struct object *o)
{
	const struct object *top = top_of(o);
	return !top || top->parent == s->root || is_row(s, top);
}

/* A row that is used uses what it refers to: repeated until nothing is added. */
static void list_rows(struct scenario *s)
{
	for (size_t before = s->rows + 1; before != s->rows;) {
		before = s->rows;
		for (size_t i = 0; i < s->refs; i++) {
			const struct ref *r = &s->ref[i];
			const struct object *const *member = value_at(r->row, r->from->par), *to = *member;
			const struct object *top = to ? top_of(to) : NULL;
			if (!top || !is_used(s, r->from) || is_used(s, top)) continue;
			s->row = mem_grow(s->row, s->rows, &s->rows_cap, sizeof *s->row);
			s->row[s->rows++] = top;
		}
	}
}

void names_resolve(struct scenario *s)
{
	struct index x = { 0 };
	add_all(&x, s->root, true);
	add_all(&x, s->catalogue, false);
	if (x.count) qsort(x.entry, x.count, sizeof *x.entry, compare);
	report_twins(s, &x);
	for (size_t i = 0; i < s->refs; i++) resolve_one(s, &x, &s->ref[i]);
	if (s->root) list_rows(s);
	free(x.entry);
}
