#include "cli/sweep_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What a line of names means: the column of each. */
struct table_names {
	const char *line;
	size_t *column;
	size_t count;
};

static size_t column_of(struct table *t, const char *name, size_t size)
{
	for (size_t i = 0; i < t->columns; i++)
		if (strlen(t->column[i]) == size && !memcmp(t->column[i], name, size)) return i;
	t->column = mem_grow(t->column, t->columns, &t->columns_cap, sizeof *t->column);
	t->column[t->columns] = mem_text_n(name, size);
	return t->columns++;
}

static bool same_line(const char *a, const char *b)
{
	size_t n = strcspn(a, "\n");
	return a == b || (strcspn(b, "\n") == n && !memcmp(a, b, n));
}

/* Goes through the fields of a line, each behind a tab. */
static const char *next_field(const char **p, size_t *size)
{
	if (**p != '\t') return NULL;
	const char *field = *p + 1;
	*size = strcspn(field, "\t\n");
	*p = field + *size;
	return field;
}

/* Neighbours mostly have the same names: the last ones are tried first. */
static const struct table_names *names_of(struct table *t, const char *line)
{
	for (size_t i = t->name_lines; i-- > 0;)
		if (same_line(t->names[i].line, line)) return &t->names[i];
	t->names = mem_grow(t->names, t->name_lines, &t->names_cap, sizeof *t->names);
	struct table_names *n = &t->names[t->name_lines++];
	size_t size, cap = 0;
	*n = (struct table_names){ .line = line };
	for (const char *name; (name = next_field(&line, &size));) {
		n->column = mem_grow(n->column, n->count, &cap, sizeof *n->column);
		n->column[n->count++] = column_of(t, name, size);
	}
	return n;
}

void table_init(struct table *t, const char *folder, const struct points *p,
    const enum point_state *state, const struct summary *point)
{
	*t = (struct table){ .folder = folder, .p = p, .state = state, .point = point };
	for (size_t i = 0; i < p->metrics; i++) column_of(t, p->metric[i], strlen(p->metric[i]));
	for (size_t i = 0; i < p->count; i++)
		if (point[i].names) names_of(t, point[i].names);
}

void table_fini(struct table *t)
{
	for (size_t i = 0; i < t->columns; i++) free(t->column[i]);
	for (size_t i = 0; i < t->name_lines; i++) free(t->names[i].column);
	free(t->column);
	free(t->names);
}

void table_row(struct table *t, size_t point, struct cell *cell)
{
	memset(cell, 0, t->columns * sizeof *cell);
	if (!t->point[point].names) return;
	const struct table_names *n = names_of(t, t->point[point].names);
	const char *line = t->point[point].values;
	for (size_t k = 0; k < n->count; k++) {
		struct cell *c = &cell[n->column[k]];
		c->text = next_field(&line, &c->size);
		if (!c->text) return;
	}
}

const char *table_state_word(enum point_state state)
{
	static const char *const words[] = { [POINT_MISSING] = "missing", [POINT_FAILED] = "failed",
		[POINT_DONE] = "done" };
	return words[state];
}
