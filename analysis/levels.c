#include "analysis/levels.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

struct value {
	const char *text;
	double number;
	size_t first_row, row;
};

static int by_text(const void *a, const void *b)
{
	const struct value *x = a, *y = b;
	int order = strcmp(x->text, y->text);
	return order ? order : (x->row > y->row) - (x->row < y->row);
}

static int by_first_row(const void *a, const void *b)
{
	const struct value *x = a, *y = b;
	return (x->first_row > y->first_row) - (x->first_row < y->first_row);
}

static int by_number(const void *a, const void *b)
{
	const struct value *x = a, *y = b;
	int order = (x->number > y->number) - (x->number < y->number);
	return order ? order : by_first_row(a, b);
}

/* One of each text, with the row in which it is first met; returns how many. */
static size_t keep_different(struct value *v, size_t rows)
{
	size_t n = 0;
	qsort(v, rows, sizeof *v, by_text);
	for (size_t i = 0; i < rows; i++)
		if (i == 0 || strcmp(v[i].text, v[n - 1].text) != 0) {
			v[n] = v[i];
			v[n].first_row = v[n].row;
			n++;
		}
	return n;
}

static bool read_numbers(struct value *v, size_t n)
{
	const char *unit = n ? text_number_end(v[0].text) : "";
	for (size_t i = 0; i < n; i++) {
		const char *end = text_number_end(v[i].text);
		if (end == v[i].text || strcmp(end, unit) != 0) return false;
		v[i].number = text_number(v[i].text, NULL);
	}
	return true;
}

/* v: of all rows, by text; level: by text too, with its place in the order as first_row. */
static void number_rows(const struct value *v, size_t rows, const struct value *level, size_t *of)
{
	size_t k = 0;
	for (size_t i = 0; i < rows; i++) {
		if (strcmp(v[i].text, level[k].text) != 0) k++;
		of[v[i].row] = level[k].first_row;
	}
}

struct levels levels_of(const char *const *values, size_t rows, size_t stride)
{
	struct value *v = mem_new(rows, sizeof *v), *level = mem_new(rows, sizeof *level);
	for (size_t i = 0; i < rows; i++)
		v[i] = (struct value){ .text = values[i * stride], .row = i };
	memcpy(level, v, rows * sizeof *v);
	struct levels l = { .count = keep_different(level, rows),
		.of = mem_new(rows, sizeof *l.of) };
	l.are_numbers = read_numbers(level, l.count);
	qsort(level, l.count, sizeof *level, l.are_numbers ? by_number : by_first_row);
	l.name = mem_new(l.count, sizeof *l.name);
	for (size_t k = 0; k < l.count; k++) {
		l.name[k] = level[k].text;
		level[k].first_row = k;
	}
	qsort(level, l.count, sizeof *level, by_text);
	qsort(v, rows, sizeof *v, by_text);
	number_rows(v, rows, level, l.of);
	free(level);
	free(v);
	return l;
}

void levels_fini(struct levels *l)
{
	free(l->name);
	free(l->of);
}
