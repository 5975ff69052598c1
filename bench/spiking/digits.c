#include "bench/spiking/digits.h"

#include <stdlib.h>

#include "base/csv.h"
#include "base/mem.h"
#include "base/text.h"
#include "bench/spiking/gunzip.h"

enum {
	BYTES_MAX = 4 << 20,
	FAULTS_MAX = 20, /* lines that are told; a file of another kind has thousands */
	ROWS_MIN = 2 * DIGITS_TEST_EACH
};

/* Rows in the order of the file. */
struct table {
	double *pixel;
	uint8_t *label;
	size_t n, pixel_cap, label_cap;
};

/* A whole number from 0 to max, else -1. Files have them as "5" or "5.0". */
static int grey(const char *text, int max)
{
	double v;
	if (!text_to_number(text, &v) || !(v >= 0 && v <= max) || v != (int)v) return -1;
	return (int)v;
}

static void add_row(struct table *t, const struct csv *c, const char *path, struct err_list *e)
{
	if (c->fields != DIGITS_PIXELS + 1) {
		err_at(e, (struct err_pos){ path, c->line, 0 },
		    "%d fields; a digit is %d pixels and what it shows", c->fields, DIGITS_PIXELS);
		return;
	}
	for (int i = 0; i <= DIGITS_PIXELS; i++) {
		int max = i < DIGITS_PIXELS ? DIGITS_GREYS : DIGITS_CLASSES - 1;
		int v = grey(c->field[i].text, max);
		if (v < 0) {
			err_at(e, (struct err_pos){ path, c->line, c->field[i].col },
			    "'%s' is not a whole number from 0 to %d", c->field[i].text, max);
			return;
		}
		if (i == DIGITS_PIXELS) {
			t->label = mem_grow(t->label, t->n, &t->label_cap, sizeof *t->label);
			t->label[t->n++] = (uint8_t)v;
			return;
		}
		t->pixel =
		    mem_grow(t->pixel, t->n * DIGITS_PIXELS + i, &t->pixel_cap, sizeof *t->pixel);
		t->pixel[t->n * DIGITS_PIXELS + i] = (double)v / DIGITS_GREYS;
	}
}

static void read_rows(
    struct table *t, char *text, size_t size, const char *path, struct err_list *e)
{
	struct csv *c = mem_new(1, sizeof *c);
	enum csv_result r;
	size_t before = err_count(e);
	csv_init(c, text, size);
	while ((r = csv_next(c)) != CSV_END && err_count(e) < before + FAULTS_MAX)
		if (r == CSV_ROW)
			add_row(t, c, path, e);
		else
			err_at(e, (struct err_pos){ path, c->line, c->col }, "%s", c->why);
	if (err_count(e) == before && t->n < ROWS_MIN)
		err_at(e, (struct err_pos){ path, 0, 0 }, "%zu digits; at least %d are needed",
		    t->n, ROWS_MIN);
	free(c);
}

/* Those to learn from first, then the test, each in the file's order. */
static void part(struct digits *d, const struct table *t)
{
	size_t at = 0;
	d->pixel = mem_new(t->n * DIGITS_PIXELS, sizeof *d->pixel);
	d->label = mem_new(t->n, sizeof *d->label);
	d->test.n = t->n / DIGITS_TEST_EACH;
	d->train.n = t->n - d->test.n;
	for (int test = 0; test < 2; test++)
		for (size_t i = 0; i < t->n; i++) {
			if (((i + 1) % DIGITS_TEST_EACH == 0) != test) continue;
			for (size_t k = 0; k < DIGITS_PIXELS; k++)
				d->pixel[at * DIGITS_PIXELS + k] = t->pixel[i * DIGITS_PIXELS + k];
			d->label[at++] = t->label[i];
		}
	d->train.inputs = d->test.inputs = DIGITS_PIXELS;
	d->train.input = d->pixel;
	d->train.label = d->label;
	d->test.input = d->pixel + d->train.n * DIGITS_PIXELS;
	d->test.label = d->label + d->train.n;
}

bool digits_read(struct digits *d, const char *path, struct err_list *e)
{
	struct table t = { 0 };
	size_t size, before = err_count(e);
	*d = (struct digits){ 0 };
	char *text = gunzip_read(path, BYTES_MAX, &size, e);
	if (!text) return false;
	read_rows(&t, text, size, path, e);
	bool good = err_count(e) == before;
	if (good) part(d, &t);
	free(text);
	free(t.pixel);
	free(t.label);
	return good;
}

void digits_free(struct digits *d)
{
	free(d->pixel);
	free(d->label);
	*d = (struct digits){ 0 };
}
