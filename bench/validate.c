#include "bench/validate.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/validate_parts.h"

void validation_free(struct validation *v)
{
	for (size_t i = 0; i < v->rows; i++) {
		free((char *)v->row[i].what);
		free((char *)v->row[i].table);
	}
	free(v->row);
	*v = (struct validation){ 0 };
}

void validation_add(struct validation *v, struct validate_row row)
{
	v->row = mem_grow(v->row, v->rows, &v->cap, sizeof *v->row);
	row.what = mem_text(row.what);
	if (row.table) row.table = mem_text(row.table);
	v->row[v->rows++] = row;
}

bool validate_passes(const struct validate_row *r)
{
	return isnan(r->limit_frac) || fabs(r->error_frac) <= r->limit_frac;
}

size_t validation_failures(const struct validation *v)
{
	size_t n = 0;
	for (size_t i = 0; i < v->rows; i++) n += !validate_passes(&v->row[i]);
	return n;
}

char *validate_table(struct validate_job *j, const char *table)
{
	char *path = mem_print("%s/%s", j->folder, table);
	if (!access(path, R_OK)) return path;
	j->missing++;
	free(path);
	return NULL;
}

void validate_score(
    struct validate_job *j, struct validate_row row, struct fit_score *fitted, struct fit_score *plain)
{
	row.rows = fitted->count;
	row.error_frac = score_mean(fitted);
	row.plain_frac = score_mean(plain);
	if (fitted->count > 0) validation_add(j->v, row);
	score_free(fitted);
	score_free(plain);
}

void worst_add(struct worst *w, double error)
{
	w->rows++;
	if (!(fabs(error) <= w->error)) w->error = fabs(error); /* a NaN stays */
}

void validate_worst(struct validate_job *j, const char *what, const char *table, struct worst w,
    const char *unit, double limit)
{
	if (!w.rows) return;
	validation_add(j->v, (struct validate_row){ .what = what,
				 .table = table,
				 .measure = VALIDATE_LARGEST,
				 .rows = w.rows,
				 .error_frac = w.error,
				 .limit_frac = limit,
				 .plain_frac = NAN,
				 .unit = unit });
}

static void validate_tables(struct validate_job *j)
{
	validate_products(j);
	validate_attention(j);
	validate_runs(j);
	validate_closed(j);
	validate_replays(j);
	validate_tokens(j);
}

bool validate_serving(struct validation *v, const struct object *catalogue, const char *folder,
    int *missing, struct err_list *e)
{
	struct validate_job j = { v, catalogue, folder, 0, e };
	validate_points(&j);
	if (folder) validate_tables(&j);
	*missing = j.missing;
	return err_count(e) == 0;
}
