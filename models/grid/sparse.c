#include "models/grid/sparse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

struct sorted {
	struct sparse_place at;
	size_t entry;
};

/* By row or by column, those alike in the order in which they stand: a counting sort. */
static void sort(struct sorted *to, const struct sorted *from, size_t entries, uint32_t n,
    bool by_column, size_t *first)
{
	memset(first, 0, ((size_t)n + 1) * sizeof *first);
	for (size_t i = 0; i < entries; i++)
		first[(by_column ? from[i].at.col : from[i].at.row) + 1]++;
	for (uint32_t k = 0; k < n; k++) first[k + 1] += first[k];
	for (size_t i = 0; i < entries; i++)
		to[first[by_column ? from[i].at.col : from[i].at.row]++] = from[i];
}

/* By columns, within them by rows, within those as given. */
static struct sorted *sorted_places(uint32_t n, const struct sparse_place *place, size_t entries)
{
	struct sorted *p = mem_new(entries, sizeof *p), *rows = mem_new(entries, sizeof *rows);
	size_t *first = mem_new((size_t)n + 1, sizeof *first);
	for (size_t i = 0; i < entries; i++) p[i] = (struct sorted){ place[i], i };
	sort(rows, p, entries, n, false, first);
	sort(p, rows, entries, n, true, first);
	free(first);
	free(rows);
	return p;
}

void sparse_fill(struct sparse *s, const double complex *value)
{
	for (int i = 0; i < s->begin[s->n]; i++) s->value[i] = 0;
	for (size_t i = 0; i < s->entries; i++) s->value[s->at[i]] += value[i];
}

struct sparse *sparse_new(uint32_t n, const struct sparse_place *place, size_t entries)
{
	struct sparse *s = mem_new(1, sizeof *s);
	struct sorted *p = sorted_places(n, place, entries);
	s->n = (int)n;
	s->entries = entries;
	s->begin = mem_new((size_t)n + 1, sizeof *s->begin);
	s->row = mem_new(entries, sizeof *s->row);
	s->value = mem_new(entries, sizeof *s->value);
	s->at = mem_new(entries, sizeof *s->at);
	int kept = 0;
	for (size_t i = 0; i < entries; i++) {
		bool again =
		    i > 0 && p[i].at.row == p[i - 1].at.row && p[i].at.col == p[i - 1].at.col;
		if (!again) s->row[kept++] = (int)p[i].at.row;
		s->at[p[i].entry] = kept - 1;
		s->begin[p[i].at.col + 1] = kept;
	}
	for (int col = 0; col < s->n; col++) /* columns without an entry */
		if (s->begin[col + 1] < s->begin[col]) s->begin[col + 1] = s->begin[col];
	free(p);
	klu_defaults(&s->common);
	s->common.scale = -1; /* as columns are: a third of a refactorisation goes into rows' */
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

char *sparse_version(char buf[64])
{
	snprintf(buf, 64, "%d.%d.%d", KLU_MAIN_VERSION, KLU_SUB_VERSION, KLU_SUBSUB_VERSION);
	return buf;
}
