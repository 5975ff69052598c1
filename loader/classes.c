/* What may stand where, by the classes' lists of parents. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "loader/load.h"
#include "loader/value.h"

const struct class *classes_find(const struct class *const *list, const char *element)
{
	if (!strcmp(element, catalogue_class.element)) return &catalogue_class;
	for (; *list; list++)
		if (!strcmp((*list)->element, element)) return *list;
	return NULL;
}

static bool has(const struct class *const *list, const struct class *cls)
{
	while (*list && *list != cls) list++;
	return *list != NULL;
}

const struct class **classes_join(const struct class *const *a, const struct class *const *b)
{
	size_t n = 0, more = 0, k = 0;
	while (a[n]) n++;
	while (b[more]) more++;
	const struct class **list = mem_new(n + more + 1, sizeof *list);
	for (; *a; a++) list[k++] = *a;
	for (; *b; b++)
		if (!has((const struct class *const *)list, *b)) list[k++] = *b;
	return list;
}

char *class_parent(const struct class *cls, int i)
{
	size_t size;
	const char *word = value_word(cls->parents, i, &size);
	return size ? mem_text_n(word, size) : NULL;
}

static bool lists(const struct class *cls, const char *parent)
{
	size_t size, length = strlen(parent);
	for (int i = 0;; i++) {
		const char *word = value_word(cls->parents, i, &size);
		if (!size) return false;
		if (size == length && !memcmp(word, parent, size)) return true;
	}
}

bool class_fits(const struct class *cls, const char *parent)
{
	return lists(cls, parent) || (!strcmp(parent, "scenario") && lists(cls, "catalogue"));
}
