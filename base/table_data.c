/* Tables for programs: CSV and JSON. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/table_cells.h"
#include "base/text.h"
#include "base/utf8.h"

static const char *words_of(const struct cell *c)
{
	return c->data ? c->data : c->text;
}

/* ---- CSV ---- */

/* A field of RFC 4180. */
static void put_field(const char *text, FILE *out)
{
	bool plain = !strpbrk(text, ",\"\r\n");
	if (!plain) fputc('"', out);
	for (; *text; text++) {
		if (*text == '"') fputc('"', out);
		fputc(*text, out);
	}
	if (!plain) fputc('"', out);
}

static void put_csv_cell(const struct cell *c, FILE *out)
{
	char number[TEXT_NUMBER_SIZE];
	switch (c->kind) {
	case CELL_NONE: break;
	case CELL_TEXT: put_field(words_of(c), out); break;
	case CELL_FLAG: fputs(c->count ? "true" : "false", out); break;
	case CELL_COUNT: fprintf(out, "%llu", (unsigned long long)c->count); break;
	case CELL_NUMBER: fputs(text_shortest(c->number, number), out); break;
	}
}

/* The heads (row NULL) or a row's cells. */
static void print_csv_line(const struct table *t, const struct cell *row, FILE *out)
{
	bool first = true;
	for (size_t i = 0; i < t->columns; i++) {
		if (!t->column[i].key) continue;
		if (!first) fputc(',', out);
		first = false;
		if (row) put_csv_cell(&row[i], out);
		else put_field(t->column[i].key, out);
	}
	fputc('\n', out);
}

void table_print_csv(const struct table *t, FILE *out)
{
	print_csv_line(t, NULL, out);
	for (size_t i = 0; i < t->cells; i += t->columns) print_csv_line(t, &t->cell[i], out);
}

/* ---- JSON ---- */

static void put_string(const char *text, FILE *out)
{
	char *clean = utf8_repair(text);
	json_t *s = json_string(clean);
	json_dumpf(s, out, JSON_ENCODE_ANY);
	json_decref(s);
	free(clean);
}

static void put_json_cell(const struct cell *c, FILE *out)
{
	char number[TEXT_NUMBER_SIZE];
	switch (c->kind) {
	case CELL_NONE: fputs("null", out); break;
	case CELL_TEXT: put_string(words_of(c), out); break;
	case CELL_FLAG: fputs(c->count ? "true" : "false", out); break;
	case CELL_COUNT: fprintf(out, "%llu", (unsigned long long)c->count); break;
	case CELL_NUMBER: /* infinity is no number of JSON */
		fputs(isfinite(c->number) ? text_shortest(c->number, number) : "null", out);
		break;
	}
}

static void print_object(const struct table *t, const struct cell *row, FILE *out)
{
	bool first = true;
	fputs("  {", out);
	for (size_t i = 0; i < t->columns; i++) {
		if (!t->column[i].key) continue;
		if (!first) fputs(", ", out);
		first = false;
		put_string(t->column[i].key, out);
		fputs(": ", out);
		put_json_cell(&row[i], out);
	}
	fputc('}', out);
}

void table_print_json(const struct table *t, FILE *out)
{
	fputc('[', out);
	for (size_t i = 0; i < t->cells; i += t->columns) {
		fputs(i ? ",\n" : "\n", out);
		print_object(t, &t->cell[i], out);
	}
	fputs(t->cells ? "\n]\n" : "]\n", out);
}
