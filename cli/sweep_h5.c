/* D/sweep.h5: the columns of sweep.csv with units and words, and links to the points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/sweep_table.h"

/* Unit and sentence of each metric, as the results file of a point has them. */
struct words {
	char **unit, **about; /* [columns]; NULL: not known */
};

static void take_words(const struct table *t, struct words *w, const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "summary");
	for (size_t k = 0; k < t->columns; k++) {
		if (w->unit[k] || !g || !ds_var(g, t->column[k])) continue;
		const char *unit = ds_text(g, t->column[k], "units");
		const char *about = ds_text(g, t->column[k], "long_name");
		w->unit[k] = mem_text(unit ? unit : "");
		w->about[k] = mem_text(about ? about : "");
	}
}

/* Points with the same names have the same words: one file is read for each line of names. */
static void read_words(const struct table *t, struct words *w, struct err_list *e)
{
	w->unit = mem_new(t->columns, sizeof *w->unit);
	w->about = mem_new(t->columns, sizeof *w->about);
	const char *last = NULL;
	for (size_t i = 0, left = t->name_lines; i < t->p->count && left; i++) {
		const char *names = t->point[i].names;
		if (!names || (last && !strncmp(last, names, strcspn(names, "\n") + 1))) continue;
		char *path = folder_point(t->folder, t->p->point[i].id, FOLDER_RESULTS);
		struct dataset *d = results_read(path, e);
		if (d) take_words(t, w, d);
		ds_free(d);
		free(path);
		last = names;
		left--;
	}
}

static void free_words(const struct table *t, struct words *w)
{
	for (size_t k = 0; k < t->columns; k++) {
		free(w->unit[k]);
		free(w->about[k]);
	}
	free(w->unit);
	free(w->about);
}

static void put_plan(const struct table *t, struct ds_group *g, const struct ds_dim *point)
{
	size_t n = t->p->count;
	char **id = ds_column(g, "point", DS_TEXT, point, NULL, "", "id of the point");
	int64_t *replication =
	    ds_column(g, "replication", DS_I64, point, NULL, "1", "replication, from 1 on");
	int64_t *seed =
	    ds_column(g, "seed", DS_I64, point, NULL, "1", "seed of every random stream");
	for (size_t i = 0; i < n; i++) {
		id[i] = mem_text(t->p->point[i].id);
		replication[i] = (int64_t)t->p->point[i].replication;
		seed[i] = (int64_t)t->p->point[i].seed;
	}
}

/* The number that a value begins with; false: it is a word. */
static bool is_number(const char *value)
{
	return text_number_end(value) != value;
}

/* A column of numbers where all values are, of one unit; of texts where not. */
static void put_axis(const struct table *t, struct ds_group *g, const struct ds_dim *point, size_t k)
{
	const char *first = t->p->count ? t->p->point[0].value[k] : "";
	const char *unit = text_number_end(first);
	bool numbers = is_number(first);
	for (size_t i = 0; numbers && i < t->p->count; i++) {
		const char *value = t->p->point[i].value[k];
		numbers = is_number(value) && !strcmp(text_number_end(value), unit);
	}
	unit += strspn(unit, " ");
	void *column = ds_column(g, t->p->axis[k], numbers ? DS_F64 : DS_TEXT, point, NULL,
	    numbers ? *unit ? unit : "1" : "", t->p->path[k]);
	for (size_t i = 0; i < t->p->count; i++) {
		const char *value = t->p->point[i].value[k];
		if (numbers) ((double *)column)[i] = text_number(value, NULL);
		else ((char **)column)[i] = mem_text(value);
	}
}

static void put_state(const struct table *t, struct ds_group *g, const struct ds_dim *point)
{
	static const int8_t values[] = { POINT_MISSING, POINT_FAILED, POINT_DONE };
	int8_t *status = ds_column(g, "status", DS_I8, point, NULL, "1", "what became of the point");
	ds_attr_i8s(g, "status", "flag_values", values, 3);
	ds_attr_text(g, "status", "flag_meanings", "missing failed done");
	for (size_t i = 0; i < t->p->count; i++) status[i] = (int8_t)t->state[i];
}

static void put_metrics(struct table *t, struct ds_group *g, const struct ds_dim *point,
    const struct words *w)
{
	double **column = mem_new(t->columns, sizeof *column);
	struct cell *cell = mem_new(t->columns, sizeof *cell);
	for (size_t k = 0; k < t->columns; k++)
		column[k] = ds_column(g, t->column[k], DS_F64, point, NULL,
		    w->unit[k] ? w->unit[k] : "", w->about[k] ? w->about[k] : "");
	for (size_t i = 0; i < t->p->count; i++) {
		table_row(t, i, cell);
		for (size_t k = 0; k < t->columns; k++)
			column[k][i] = cell[k].size ? text_number(cell[k].text, NULL) : NAN;
	}
	free(cell);
	free(column);
}

/* "points/5f/5f0c61a79ff3e1d2.h5", of the points that are done, each once. */
static void make_links(const struct table *t, struct results_links *l, const char **name, char **file)
{
	struct results_links links = { .group = "points", .name = name,
		.file = (const char *const *)file };
	size_t *order = points_by_id(t->p);
	for (size_t i = 0; i < t->p->count; i++) {
		const char *id = t->p->point[order[i]].id;
		if (t->state[order[i]] != POINT_DONE) continue;
		if (links.count && !strcmp(name[links.count - 1], id)) continue;
		name[links.count] = id;
		file[links.count++] = folder_point(".", id, FOLDER_RESULTS);
	}
	free(order);
	*l = links;
}

static bool write_all(struct table *t, const struct dataset *d, struct err_list *e)
{
	const char **name = mem_new(t->p->count, sizeof *name);
	char **file = mem_new(t->p->count, sizeof *file), *path;
	struct results_links links;
	make_links(t, &links, name, file);
	path = folder_file(t->folder, FOLDER_TABLE_H5);
	bool written = results_write_linked(d, &links, path, e);
	for (size_t i = 0; i < links.count; i++) free(file[i]);
	free(file);
	free(name);
	free(path);
	return written;
}

bool table_write_h5(struct table *t, struct err_list *e)
{
	struct words w;
	struct dataset *d = ds_new();
	struct ds_group *g = ds_group(d, "");
	const struct ds_dim *point = ds_dim(g, "point", t->p->count);
	read_words(t, &w, e);
	ds_attr_text(g, NULL, "title", t->p->study);
	ds_attr_text(g, NULL, "source", PACKAGE_STRING);
	ds_attr_text(g, NULL, "design", t->p->design);
	put_plan(t, g, point);
	for (size_t k = 0; k < t->p->axes; k++) put_axis(t, g, point, k);
	put_state(t, g, point);
	put_metrics(t, g, point, &w);
	bool written = write_all(t, d, e);
	free_words(t, &w);
	ds_free(d);
	return written;
}
