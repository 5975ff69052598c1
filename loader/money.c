/* One currency a scenario: hearth knows no rates of exchange. */
#include <string.h>

#include "loader/load.h"

/* The sums that the scenario and the rows it uses contain. */
static bool counts(const struct scenario *s, const struct money *m)
{
	const struct object *o = m->object;
	while (o->parent && o->parent->parent) o = o->parent;
	if (o == s->root || o->parent == s->root) return true;
	for (size_t i = 0; i < s->rows; i++)
		if (s->row[i] == o) return true;
	return false;
}

/* What the user wrote decides; else the first default. */
static const struct money *first_of(const struct scenario *s, bool is_default)
{
	for (size_t i = 0; i < s->moneys; i++)
		if (s->money[i].is_default == is_default && counts(s, &s->money[i])) return &s->money[i];
	return NULL;
}

static void refuse(const struct scenario *s, const struct money *m, const struct money *first)
{
	const char *element = m->object->cls->element, *name = m->row->name;
	if (m->is_default)
		err_at(s->xml.e, m->at, "%s: the default of '%s', %s, is in %s, the scenario in %s; write it",
		    element, name, m->row->def, m->currency, s->currency);
	else
		err_at(s->xml.e, m->at, "%s: %s is in %s, but %s:%d is in %s; use one currency", element,
		    name, m->currency, first->at.file, first->at.line, s->currency);
}

void money_check(struct scenario *s)
{
	const struct money *first = first_of(s, false);
	if (!first) first = first_of(s, true);
	if (!first) return;
	memcpy(s->currency, first->currency, sizeof s->currency);
	for (size_t i = 0; i < s->moneys; i++) {
		const struct money *m = &s->money[i];
		bool harmless = m->is_default && m->is_zero;
		if (!harmless && counts(s, m) && strcmp(m->currency, s->currency) != 0) refuse(s, m, first);
	}
}
