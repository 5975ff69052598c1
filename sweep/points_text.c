/* plan.tsv: the point list as text, and read back. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "sweep/points_parts.h"

#define FIRST_LINE "# hearth study plan 1"

/* ---- writing ---- */

static void put_head(const struct points *p, FILE *out)
{
	fprintf(out, FIRST_LINE "\n# design %s\n# study %s\n# metrics", p->design, p->study);
	for (size_t i = 0; i < p->metrics; i++) fprintf(out, " %s", p->metric[i]);
	fprintf(out, "\n# inputs %s\n", p->inputs);
	for (size_t i = 0; i < p->axes; i++)
		fprintf(out, "# axis %s %s\n", p->axis[i], p->path[i]);
	fputs("id\treplication\tseed", out);
	for (size_t i = 0; i < p->axes; i++) fprintf(out, "\t%s", p->axis[i]);
	fputc('\n', out);
}

char *points_text(const struct points *p, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);
	if (!out) return mem_text(""); /* not reached: it fails for lack of memory only */
	put_head(p, out);
	for (size_t i = 0; i < p->count; i++) {
		const struct point *x = &p->point[i];
		fprintf(out, "%s\t%" PRIu64 "\t%" PRIu64, x->id, x->replication, x->seed);
		for (size_t k = 0; k < p->axes; k++) {
			fputc('\t', out);
			fputs(x->value[k], out);
		}
		fputc('\n', out);
	}
	fclose(out);
	return text;
}

/* ---- reading ---- */

struct reader {
	struct points *p;
	struct err_pos at;
	struct err_list *e;
	char *next; /* line */
	size_t cap;
	const char **value; /* [p->cap * axes] */
	size_t values, values_cap;
};

static bool refuse(struct reader *r, const char *what)
{
	err_at(r->e, r->at, "%s; write the plan again with: hearth sweep plan", what);
	return false;
}

/* The next line without its end; NULL: there is none. */
static char *next_line(struct reader *r)
{
	char *line = r->next, *end = strchr(line, '\n');
	if (!*line) return NULL;
	r->at.line++;
	r->next = end ? end + 1 : line + strlen(line);
	if (end) *end = '\0';
	return line;
}

static char *behind(char *line, const char *head)
{
	size_t n = strlen(head);
	return strncmp(line, head, n) ? NULL : line + n;
}

static void take_words(const char ***list, size_t *count, char *words)
{
	for (char *word; (word = strtok_r(words, " ", &words));) {
		*list = mem_resize(*list, *count + 1, sizeof **list);
		(*list)[(*count)++] = word;
	}
}

static void take_axis(struct points *p, char *words)
{
	char *path = strchr(words, ' ');
	p->axis = mem_resize(p->axis, p->axes + 1, sizeof *p->axis);
	p->path = mem_resize(p->path, p->axes + 1, sizeof *p->path);
	if (path) *path++ = '\0';
	p->axis[p->axes] = words;
	p->path[p->axes++] = path ? path : words + strlen(words);
}

static void take_comment(struct points *p, char *line)
{
	char *rest;
	if ((rest = behind(line, "# design "))) p->design = rest;
	else if ((rest = behind(line, "# study "))) p->study = rest;
	else if ((rest = behind(line, "# metrics "))) take_words(&p->metric, &p->metrics, rest);
	else if ((rest = behind(line, "# inputs "))) p->inputs = rest;
	else if ((rest = behind(line, "# axis "))) take_axis(p, rest);
}

/* Cuts a line at its tabs; false when there are not as many fields. */
static bool cut(char *line, char **field, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		field[i] = line;
		line = strchr(line, '\t');
		if (!line) return i + 1 == n;
		if (i + 1 < n) *line++ = '\0';
	}
	return false;
}

static bool take_whole(const char *text, uint64_t *v)
{
	char *end;
	if (*text < '0' || *text > '9') return false;
	*v = strtoull(text, &end, 10);
	return !*end;
}

static bool is_id(const char *text)
{
	return strspn(text, "0123456789abcdef") == POINT_ID_SIZE - 1 && !text[POINT_ID_SIZE - 1];
}

static bool take_point(struct reader *r, char *line, char **field)
{
	struct points *p = r->p;
	p->point = mem_grow(p->point, p->count, &r->cap, sizeof *p->point);
	struct point *x = &p->point[p->count];
	if (!cut(line, field, p->axes + 3) || !is_id(field[0]) ||
	    !take_whole(field[1], &x->replication) || !take_whole(field[2], &x->seed))
		return refuse(r, "this is no line of a plan");
	memcpy(x->id, field[0], sizeof x->id);
	for (size_t k = 0; k < p->axes; k++) {
		r->value = mem_grow(r->value, r->values, &r->values_cap, sizeof *r->value);
		r->value[r->values++] = field[3 + k];
	}
	p->count++;
	return true;
}

static bool take_lines(struct reader *r)
{
	char *line = next_line(r);
	if (!line || strcmp(line, FIRST_LINE) != 0)
		return refuse(r, "this is no plan of a study that this version knows");
	while ((line = next_line(r)) && *line == '#') take_comment(r->p, line);
	if (!line || !r->p->axes || !r->p->inputs || !r->p->design || !r->p->study)
		return refuse(r, "the plan's head is incomplete");
	char **field = mem_new(r->p->axes + 3, sizeof *field);
	bool good = true;
	while (good && (line = next_line(r))) good = take_point(r, line, field);
	free(field);
	return good;
}

struct points *points_read(const char *path, struct err_list *e)
{
	size_t size;
	char *text = file_read(path, SIZE_MAX, &size, e);
	if (!text) return NULL;
	struct reader r = { .p = mem_new(1, sizeof *r.p), .at = { .file = path }, .e = e };
	r.next = points_keep(r.p, text);
	bool good = take_lines(&r);
	points_keep(r.p, r.value);
	for (size_t i = 0; good && i < r.p->count; i++)
		r.p->point[i].value = r.value + i * r.p->axes;
	if (good) return r.p;
	points_free(r.p);
	return NULL;
}
