#include "models/grid/sparse.h"

#include <stdlib.h>
#include <suitesparse/klu.h>

#include "base/mem.h"

/* Columns, as KLU takes them; int32 is its short form. */
struct sparse {
	int n;
	int *begin, *row;
	double complex *value;
	size_t entries;
	int *at; /* [entries] the value that each is added to */
	klu_common common;
	klu_symbolic *symbolic;
	klu_numeric *numeric;
};

struct place {
	uint32_t row, col;
	size_t entry;
};

static int by_place(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;
	if (a->col != b->col) return a->col < b->col ? -1 : 1;
	if (a->row != b->row) return a->row < b->row ? -1 : 1;
	return (a->entry > b->entry) - (a->entry < b->entry);
}

static struct place *sorted_places(const struct sparse_entry *entry, size_t entries)
{
	struct place *p = mem_new(entries, sizeof *p);
	for (size_t i = 0; i < entries; i++) p[i] = (struct place){ entry[i].row, entry[i].col, i };
	qsort(p, entries, sizeof *p, by_place);
	return p;
}

void sparse_fill(struct sparse *s, const struct sparse_entry *entry)
{
	for (int i = 0; i < s->begin[s->n]; i++) s->value[i] = 0;
	for (size_t i = 0; i < s->entries; i++) s->value[s->at[i]] += entry[i].value;
}

struct sparse *sparse_new(uint32_t n, const struct sparse_entry *entry, size_t entries)
{
	struct sparse *s = mem_new(1, sizeof *s);
	struct place *p = sorted_places(entry, entries);
	s->n = (int)n;
	s->entries = entries;
	s->begin = mem_new((size_t)n + 1, sizeof *s->begin);
	s->row = mem_new(entries, sizeof *s->row);
	s->value = mem_new(entries, sizeof *s->value);
	s->at = mem_new(entries, sizeof *s->at);
	int kept = 0;
	for (size_t i = 0; i < entries; i++) {
		bool again = i > 0 && p[i].row == p[i - 1].row && p[i].col == p[i - 1].col;
		if (!again) s->row[kept++] = (int)p[i].row;
		s->at[p[i].entry] = kept - 1;
		s->begin[p[i].col + 1] = kept;
	}
	for (int col = 0; col < s->n; col++) /* columns without an entry */
		if (s->begin[col + 1] < s->begin[col]) s->begin[col + 1] = s->begin[col];
	free(p);
	sparse_fill(s, entry);
	klu_defaults(&s->common);
	if (n > 0) s->symbolic = klu_analyze(s->n, s->begin, s->row, &s->common);
	return s;
}

void sparse_free(struct sparse *s)
{
	if (!s) return;
	klu_z_free_numeric(&s->numeric, &s->common);
	klu_free_symbolic(&s->symbolic, &s->common);
	free(s->begin);
	free(s->row);
	free(s->value);
	free(s->at);
	free(s);
}

bool sparse_factor(struct sparse *s)
{
	if (s->n == 0) return true;
	if (!s->symbolic) return false;
	double *value = (double *)s->value;
	if (s->numeric &&
	    klu_z_refactor(s->begin, s->row, value, s->symbolic, s->numeric, &s->common))
		return true;
	klu_z_free_numeric(&s->numeric, &s->common); /* other pivots */
	s->numeric = klu_z_factor(s->begin, s->row, value, s->symbolic, &s->common);
	return s->numeric != NULL;
}

void sparse_solve(const struct sparse *s, double complex *b)
{
	klu_common common = s->common; /* which a solve only writes its status to */
	if (s->n > 0) klu_z_solve(s->symbolic, s->numeric, s->n, 1, (double *)b, &common);
}
