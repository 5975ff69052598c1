/* hearth sweep collect DIR: the points' numbers in one table. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/status.h"
#include "cli/sweep.h"
#include "cli/sweep_read.h"

/* A column for each metric that any point has, those that the study names first, the others as
 * they are met down the plan. */
struct columns {
	char **name;
	size_t count, cap;
};

/* What a line of names means: the column of each. */
struct names {
	const char *line;
	size_t *column;
	size_t count;
};

struct table {
	const struct points *p;
	const enum point_state *state;
	const struct summary *point;
	struct columns columns;
	struct names *names;
	size_t name_lines, names_cap;
};

static size_t column_of(struct columns *c, const char *name, size_t size)
{
	for (size_t i = 0; i < c->count; i++)
		if (strlen(c->name[i]) == size && !memcmp(c->name[i], name, size)) return i;
	c->name = mem_grow(c->name, c->count, &c->cap, sizeof *c->name);
	c->name[c->count] = mem_text_n(name, size);
	return c->count++;
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

static const struct names *names_of(struct table *t, const char *line)
{
	for (size_t i = t->name_lines; i-- > 0;)
		if (same_line(t->names[i].line, line)) return &t->names[i];
	t->names = mem_grow(t->names, t->name_lines, &t->names_cap, sizeof *t->names);
	struct names *n = &t->names[t->name_lines++];
	size_t size, cap = 0;
	*n = (struct names){ .line = line };
	for (const char *name; (name = next_field(&line, &size));) {
		n->column = mem_grow(n->column, n->count, &cap, sizeof *n->column);
		n->column[n->count++] = column_of(&t->columns, name, size);
	}
	return n;
}

static void make_columns(struct table *t)
{
	for (size_t i = 0; i < t->p->metrics; i++)
		column_of(&t->columns, t->p->metric[i], strlen(t->p->metric[i]));
	for (size_t i = 0; i < t->p->count; i++)
		if (t->point[i].names) names_of(t, t->point[i].names);
}

/* RFC 4180: quotes where a comma, a quote or an end of line stands in the text. */
static void put_cell(FILE *out, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"') fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

struct field {
	const char *text;
	size_t size;
};

static void put_row(FILE *out, struct table *t, size_t i, struct field *cell)
{
	static const char *const words[] = { [POINT_MISSING] = "missing", [POINT_FAILED] = "failed",
		[POINT_DONE] = "done" };
	const struct point *x = &t->p->point[i];
	fprintf(out, "%s,%" PRIu64 ",%" PRIu64, x->id, x->replication, x->seed);
	for (size_t k = 0; k < t->p->axes; k++) {
		fputc(',', out);
		put_cell(out, x->value[k]);
	}
	fprintf(out, ",%s", words[t->state[i]]);
	memset(cell, 0, t->columns.count * sizeof *cell);
	if (t->point[i].names) {
		const struct names *n = names_of(t, t->point[i].names);
		const char *line = t->point[i].values;
		for (size_t k = 0; k < n->count; k++) {
			struct field *f = &cell[n->column[k]];
			f->text = next_field(&line, &f->size);
			if (!f->text) break;
		}
	}
	for (size_t k = 0; k < t->columns.count; k++) {
		fputc(',', out);
		if (cell[k].size) fwrite(cell[k].text, 1, cell[k].size, out);
	}
	fputc('\n', out);
}

static bool write_csv(struct table *t, const char *folder, struct err_list *e)
{
	char *text = NULL, *path = folder_file(folder, FOLDER_TABLE);
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct field *cell = mem_new(t->columns.count, sizeof *cell);
	fputs("id,replication,seed", out);
	for (size_t k = 0; k < t->p->axes; k++) fprintf(out, ",%s", t->p->axis[k]);
	fputs(",status", out);
	for (size_t k = 0; k < t->columns.count; k++) {
		fputc(',', out);
		put_cell(out, t->columns.name[k]);
	}
	fputc('\n', out);
	for (size_t i = 0; i < t->p->count; i++) put_row(out, t, i, cell);
	fclose(out);
	bool written = file_write(path, text, size, e);
	free(cell);
	free(text);
	free(path);
	return written;
}

static void free_table(struct table *t)
{
	for (size_t i = 0; i < t->columns.count; i++) free(t->columns.name[i]);
	for (size_t i = 0; i < t->name_lines; i++) free(t->names[i].column);
	free(t->columns.name);
	free(t->names);
}

int sweep_collect(const struct options *o, struct err_list *e)
{
	const char *folder = o->further.word[0];
	struct points *p = sweep_points(folder, e);
	if (!p) return STATUS_USAGE;
	enum point_state *state = folder_states(folder, p);
	struct summaries s;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	summaries_read(&s, folder, p, state, cores > 0 ? (int)cores : 1, e);
	struct table t = { .p = p, .state = state, .point = s.point };
	make_columns(&t);
	bool written = write_csv(&t, folder, e);
	size_t done = 0;
	for (size_t i = 0; i < p->count; i++) done += state[i] == POINT_DONE;
	if (written)
		printf("%s: %zu of %zu points in %s/" FOLDER_TABLE "\n", p->study, done, p->count,
		    folder);
	free_table(&t);
	summaries_fini(&s);
	free(state);
	points_free(p);
	return written ? STATUS_DONE : STATUS_IO;
}
