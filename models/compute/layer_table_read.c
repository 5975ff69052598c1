#include "models/compute/layer_table_read.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

enum { COLUMNS_MAX = 6 };

/* One of the files while it is read: the rows of the wanted tp. */
struct sheet {
	const char *path;
	struct err_list *e;
	struct csv csv;
	const char *const *column; /* "layer" is a text, the last one a time */
	int columns, at[COLUMNS_MAX];
	double cell[COLUMNS_MAX]; /* of the present row; NAN for the text */
	const char *layer;
	size_t faults;
};

static void fault(struct sheet *s, int col, const char *what)
{
	s->faults++;
	err_at(s->e, (struct err_pos){ s->path, s->csv.line, col }, "%s", what);
}

static bool find_columns(struct sheet *s)
{
	size_t before = s->faults;
	for (int c = 0; c < s->columns; c++) {
		s->at[c] = csv_find(&s->csv, s->column[c]);
		if (s->at[c] >= 0) continue;
		s->faults++;
		err_at(s->e, (struct err_pos){ s->path, s->csv.line, 1 },
		    "layer-table: the header has no column '%s'", s->column[c]);
	}
	return s->faults == before;
}

static bool read_cells(struct sheet *s)
{
	for (int c = 0; c < s->columns; c++) {
		const struct csv_field *f = &s->csv.field[s->at[c]];
		if (s->at[c] >= s->csv.fields) {
			fault(s, 1, "layer-table: the row is too short; fill every column");
			return false;
		}
		s->cell[c] = NAN;
		if (!strcmp(s->column[c], "layer")) {
			s->layer = f->text;
		} else if (!text_to_number(f->text, &s->cell[c]) || s->cell[c] < 0) {
			fault(s, f->col, "layer-table: not a number of 0 or more");
			return false;
		}
	}
	s->cell[s->columns - 1] *= 1e-6; /* us */
	return true;
}

/* The next good row with that tp; false at the end. */
static bool sheet_next(struct sheet *s, double tp)
{
	enum csv_result got;
	while ((got = csv_next(&s->csv)) != CSV_END) {
		if (got == CSV_FAULT)
			fault(s, s->csv.col, s->csv.why);
		else if (s->column && s->at[0] < 0) { /* the header */
			if (!find_columns(s)) return false;
		} else if (read_cells(s) && s->cell[0] == tp) {
			return true;
		}
	}
	return false;
}

static char *sheet_open(
    struct sheet *s, const char *path, const char *const column[], int columns, struct err_list *e)
{
	size_t size;
	char *text = file_read(path, FILE_TABLE_MAX, &size, e);
	*s = (struct sheet){
		.path = path, .e = e, .column = column, .columns = columns, .at = { -1 }
	};
	if (text)
		csv_init(&s->csv, text, size);
	else
		s->faults = 1;
	return text;
}

/* ---- times by one number ---- */

static void curve_add(struct sheet *s, struct curve *v, double at, double time_s)
{
	if (v->axis.n > 0 && at <= v->axis.at[v->axis.n - 1]) {
		fault(
		    s, 1, "layer-table: not above the row before of the same layer; sort the rows");
		return;
	}
	v->s = mem_grow(v->s, v->axis.n, &v->cap, sizeof *v->s);
	v->s[v->axis.n] = time_s;
	axis_add(&v->axis, at);
}

static void read_curves(
    struct sheet *s, const char *const name[], int names, struct curve *v, double tp)
{
	while (sheet_next(s, tp)) {
		int i = 0;
		while (i < names && strcmp(s->layer, name[i]) != 0) i++;
		if (i == names) {
			s->faults++;
			err_at(s->e, (struct err_pos){ s->path, s->csv.line, 1 },
			    "layer-table: unknown layer '%s'; hearth-scenario(5) lists them",
			    s->layer);
			continue;
		}
		curve_add(s, &v[i], s->cell[2], s->cell[3]);
	}
	for (int i = 0; i < names && s->faults == 0; i++)
		if (v[i].axis.n == 0)
			err_at(s->e, (struct err_pos){ s->path, 0, 0 },
			    "layer-table: no row of layer '%s' with tp %g", name[i], tp);
}

static void read_dense(struct layer_table *t, const struct layer_table_par *p, struct err_list *e)
{
	static const char *const column[] = { "tp", "layer", "tokens", "time_us" };
	static const char *const name[] = {
#define X(name, layer, once) name,
		LAYER_DENSE_LIST(X)
#undef X
	};
	struct sheet s;
	char *text = sheet_open(&s, p->dense, column, 4, e);
	if (text) read_curves(&s, name, LAYER_DENSE, t->dense, (double)p->tensor_parallel);
	free(text);
}

static void read_rows(struct layer_table *t, const struct layer_table_par *p, struct err_list *e)
{
	static const char *const column[] = { "tp", "layer", "sequences", "time_us" };
	static const char *const name[] = {
#define X(name) name,
		LAYER_ROWS_LIST(X)
#undef X
	};
	struct sheet s;
	char *text = sheet_open(&s, p->sequence, column, 4, e);
	if (text) read_curves(&s, name, LAYER_ROWS, t->rows, (double)p->tensor_parallel);
	free(text);
}

/* ---- attention ---- */

struct point {
	double at[GRID_AXES], s;
};

struct points {
	struct point *p;
	size_t n, cap;
};

static bool ascends(const struct point *a, const struct point *b)
{
	for (int d = 0; d < GRID_AXES; d++)
		if (a->at[d] != b->at[d]) return a->at[d] < b->at[d];
	return false;
}

static void read_points(struct sheet *s, double tp, struct points *all)
{
	while (sheet_next(s, tp)) {
		struct point p = { .at = { s->cell[1], s->cell[2], s->cell[3], s->cell[4] },
			.s = s->cell[5] };
		if (all->n > 0 && !ascends(&all->p[all->n - 1], &p)) {
			fault(s, 1, "layer-table: not above the row before; sort the rows");
			continue;
		}
		if (p.at[BY_CHUNK] <= 0 && p.at[BY_REQUESTS] <= 0) {
			fault(s, 1, "layer-table: a row has prefill_chunk or n_decode above 0");
			continue;
		}
		all->p = mem_grow(all->p, all->n, &all->cap, sizeof *all->p);
		all->p[all->n++] = p;
	}
}

static bool is_decode(const struct point *p)
{
	return p->at[BY_CHUNK] <= 0;
}

static bool is_prefill(const struct point *p)
{
	return p->at[BY_REQUESTS] <= 0;
}

static bool is_mixed(const struct point *p)
{
	return !is_decode(p) && !is_prefill(p);
}

static void fill(struct grid *g, const struct points *all, bool (*wanted)(const struct point *),
    bool axis[GRID_AXES])
{
	for (size_t i = 0; i < all->n; i++)
		for (int d = 0; d < GRID_AXES; d++)
			if (wanted(&all->p[i]) && axis[d]) axis_add(&g->axis[d], all->p[i].at[d]);
	grid_open(g);
	for (size_t i = 0; i < all->n; i++) {
		double at[GRID_AXES];
		for (int d = 0; d < GRID_AXES; d++) at[d] = axis[d] ? all->p[i].at[d] : 0;
		if (wanted(&all->p[i])) grid_set(g, at, all->p[i].s);
	}
}

static void build(struct layer_table *t, struct points *all)
{
	static const int order[] = { BY_BEFORE, BY_CONTEXT, BY_CHUNK, BY_REQUESTS };
	fill(&t->decode, all, is_decode, (bool[]){ false, false, true, true });
	fill(&t->prefill, all, is_prefill, (bool[]){ true, true, false, false });
	grid_close(&t->decode, order);
	grid_close(&t->prefill, order);
	t->call_s = t->prefill.value[0];
	for (size_t i = 0; i < all->n; i++) {
		struct point *p = &all->p[i];
		const double *at = p->at;
		if (!is_mixed(p)) continue;
		p->s -= grid_at(&t->prefill, (double[]){ at[BY_CHUNK], at[BY_BEFORE], 0, 0 }) +
			grid_at(&t->decode, (double[]){ 0, 0, at[BY_REQUESTS], at[BY_CONTEXT] });
	}
	fill(&t->mixed, all, is_mixed, (bool[]){ true, true, true, true });
	grid_close(&t->mixed, order);
}

/* Axes of whatever lengths must not multiply to more than memory bears. */
static bool fits(const struct points *all)
{
	struct axis axis[GRID_AXES] = { { 0 } };
	double cells = 1;
	for (size_t i = 0; i < all->n; i++)
		for (int d = 0; d < GRID_AXES; d++) axis_add(&axis[d], all->p[i].at[d]);
	for (int d = 0; d < GRID_AXES; d++) {
		cells *= (double)axis[d].n;
		axis_fini(&axis[d]);
	}
	return cells <= 4e6;
}

static void read_attention(
    struct layer_table *t, const struct layer_table_par *p, struct err_list *e)
{
	static const char *const column[] = { "tp", "prefill_chunk", "kv_prefill", "n_decode",
		"kv_decode", "time_us" };
	struct sheet s;
	struct points all = { 0 };
	size_t decodes = 0, prefills = 0;
	char *text = sheet_open(&s, p->attention, column, 6, e);
	if (text) read_points(&s, (double)p->tensor_parallel, &all);
	for (size_t i = 0; i < all.n; i++) {
		decodes += is_decode(&all.p[i]);
		prefills += is_prefill(&all.p[i]);
	}
	if (s.faults == 0 && (decodes == 0 || prefills == 0))
		err_at(e, (struct err_pos){ p->attention, 0, 0 },
		    "layer-table: with tp %lld there must be rows that only decode and rows that "
		    "only prefill",
		    (long long)p->tensor_parallel);
	else if (s.faults == 0 && !fits(&all))
		err_at(e, (struct err_pos){ p->attention, 0, 0 },
		    "layer-table: the values of the columns make more than 4 million combinations; "
		    "measure fewer");
	else if (s.faults == 0)
		build(t, &all);
	free(all.p);
	free(text);
}

struct layer_table *layer_table_read(const struct layer_table_par *p, struct err_list *e)
{
	struct layer_table *t = mem_new(1, sizeof *t);
	size_t before = err_count(e);
	read_dense(t, p, e);
	read_rows(t, p, e);
	read_attention(t, p, e);
	if (err_count(e) == before) return t;
	layer_table_free(t);
	return NULL;
}
