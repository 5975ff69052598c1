#include "base/table.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table_cells.h"
#include "base/wrap.h"

enum { GAP = 2, BELOW = 4 };

struct table *table_new(const struct table_column *columns)
{
	struct table *t = mem_new(1, sizeof *t);
	t->column = columns;
	while (columns[t->columns].key || columns[t->columns].head) t->columns++;
	return t;
}

void table_free(struct table *t)
{
	if (!t) return;
	for (size_t i = 0; i < t->cells; i++) {
		free(t->cell[i].text);
		free(t->cell[i].data);
	}
	free(t->cell);
	free(t);
}

void table_headless(struct table *t)
{
	t->headless = true;
}

/* ---- cells ---- */

static void add(struct table *t, struct cell c)
{
	t->cell = mem_grow(t->cell, t->cells, &t->cap, sizeof *t->cell);
	t->cell[t->cells++] = c;
}

__attribute__((format(printf, 1, 0))) static char *print_text(
    const char *fmt, va_list ap)
{
	char *text;
	va_list again;
	va_copy(again, ap);
	int size = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(size >= 0);
	text = mem_new((size_t)size + 1, 1);
	vsnprintf(text, (size_t)size + 1, fmt, ap);
	return text;
}

void table_text(struct table *t, const char *text)
{
	add(t, (struct cell){ .kind = text ? CELL_TEXT : CELL_NONE, .text = mem_text(text ? text : "") });
}

void table_flag(struct table *t, bool yes)
{
	add(t, (struct cell){ .kind = CELL_FLAG, .text = mem_text(yes ? "yes" : "no"), .count = yes });
}

void table_count(struct table *t, uint64_t n)
{
	add(t, (struct cell){
	    .kind = CELL_COUNT, .text = mem_print("%llu", (unsigned long long)n), .count = n });
}

void table_number(struct table *t, double si, const char *fmt, ...)
{
	struct cell c = { .kind = isnan(si) ? CELL_NONE : CELL_NUMBER, .number = si };
	va_list ap;
	va_start(ap, fmt);
	c.text = isnan(si) ? mem_text("-") : print_text(fmt, ap);
	va_end(ap);
	add(t, c);
}

void table_words(struct table *t, const char *data, const char *fmt, ...)
{
	struct cell c = { .kind = CELL_TEXT, .data = mem_text(data) };
	va_list ap;
	va_start(ap, fmt);
	c.text = print_text(fmt, ap);
	va_end(ap);
	add(t, c);
}

/* ---- text ---- */

/* Columns on the screen: a character of UTF-8 is one, all its later bytes are none. */
static int shown(const char *text)
{
	int n = 0;
	for (; *text; text++) n += (*text & 0xc0) != 0x80;
	return n;
}

static bool in_line(const struct table *t, size_t column)
{
	const struct table_column *c = &t->column[column];
	return c->head && c->align != TABLE_BELOW && c->align != TABLE_SECTION;
}

static int width_of(const struct table *t, size_t column)
{
	int width = t->headless ? 0 : shown(t->column[column].head);
	for (size_t i = column; i < t->cells; i += t->columns)
		if (shown(t->cell[i].text) > width) width = shown(t->cell[i].text);
	return width;
}

/* A line under way: blanks are written only before something. */
struct line {
	FILE *out;
	int at, blanks;
};

static void put(struct line *l, const char *text, int width, enum table_align align)
{
	int room = width - shown(text);
	if (align == TABLE_RIGHT) l->blanks += room;
	if (*text) {
		fprintf(l->out, "%*s%s", l->blanks, "", text);
		l->at += l->blanks + shown(text);
		l->blanks = 0;
	}
	if (align != TABLE_RIGHT) l->blanks += room;
}

static void put_wrapped(struct line *l, const char *text)
{
	if (!*text) return;
	fprintf(l->out, "%*s", l->blanks, "");
	wrap_text(text, l->at + l->blanks, l->at + l->blanks, l->out);
}

/* The heads (row NULL) or a row's cells. */
static void print_line(const struct table *t, const struct cell *row, const int *width, FILE *out)
{
	struct line l = { .out = out };
	bool first = true;
	for (size_t i = 0; i < t->columns; i++) {
		if (!in_line(t, i)) continue;
		const char *text = row ? row[i].text : t->column[i].head;
		if (!first) l.blanks += GAP;
		first = false;
		if (row && t->column[i].align == TABLE_WRAPPED && *text) {
			put_wrapped(&l, text);
			return;
		}
		put(&l, text, width[i], t->column[i].align);
	}
	fputc('\n', out);
}

/* Each line of the text by itself. */
static void print_below(const char *text, FILE *out)
{
	for (size_t n; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		char *line = mem_text_n(text, n);
		wrap_text(line, 0, BELOW, out);
		free(line);
	}
}

static void print_around(const struct table *t, const struct cell *row, enum table_align where,
    FILE *out)
{
	for (size_t i = 0; i < t->columns; i++) {
		if (!t->column[i].head || t->column[i].align != where || !*row[i].text) continue;
		if (where == TABLE_BELOW) print_below(row[i].text, out);
		else if (row == t->cell || strcmp(row[i].text, row[i - t->columns].text))
			fprintf(out, "%s\n", row[i].text);
	}
}

static void print_text_form(const struct table *t, FILE *out)
{
	int *width = mem_new(t->columns, sizeof *width);
	for (size_t i = 0; i < t->columns; i++)
		if (in_line(t, i)) width[i] = width_of(t, i);
	if (!t->headless) print_line(t, NULL, width, out);
	for (size_t i = 0; i < t->cells; i += t->columns) {
		print_around(t, &t->cell[i], TABLE_SECTION, out);
		print_line(t, &t->cell[i], width, out);
		print_around(t, &t->cell[i], TABLE_BELOW, out);
	}
	free(width);
}

/* ---- Markdown ---- */

/* What would begin markup is escaped; a line break would end the row. */
static void put_markdown(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (strchr("\\`*<|", *text)) fputc('\\', out);
		fputc(*text == '\n' || *text == '\r' ? ' ' : *text, out);
	}
}

static void print_markdown_line(const struct table *t, const struct cell *row, FILE *out)
{
	for (size_t i = 0; i < t->columns; i++) {
		if (!t->column[i].head) continue;
		fputs("| ", out);
		put_markdown(row ? row[i].text : t->column[i].head, out);
		fputc(' ', out);
	}
	fputs("|\n", out);
}

static void print_markdown(const struct table *t, FILE *out)
{
	print_markdown_line(t, NULL, out);
	for (size_t i = 0; i < t->columns; i++)
		if (t->column[i].head)
			fputs(t->column[i].align == TABLE_RIGHT ? "|---:" : "|---", out);
	fputs("|\n", out);
	for (size_t i = 0; i < t->cells; i += t->columns) print_markdown_line(t, &t->cell[i], out);
}

void table_print(const struct table *t, enum table_form form, FILE *out)
{
	assert(t->cells % t->columns == 0);
	switch (form) {
	case TABLE_TEXT: print_text_form(t, out); break;
	case TABLE_CSV: table_print_csv(t, out); break;
	case TABLE_MARKDOWN: print_markdown(t, out); break;
	case TABLE_JSON: table_print_json(t, out); break;
	}
}
