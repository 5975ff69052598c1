/* What a run leaves behind, in memory: named groups of named columns.
 *
 * The one contract between a run and its analysis. Models fill it; the results
 * file is written from it and read back into it (analysis/results.h); summary,
 * JSON and report read nothing else. Columns are flat arrays with one or two
 * dimensions, a unit and a sentence; a metric is a column without dimensions.
 * Order of creation is kept everywhere.
 *
 *     struct ds_group *g = ds_group(d, "grid");
 *     struct ds_dim *time = ds_dim(g, "time", n);
 *     double *w = ds_column(g, "transformer_load", DS_F64, time, NULL, "W", "apparent ...");
 */
#ifndef HEARTH_BASE_DATASET_H
#define HEARTH_BASE_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ds_type { DS_F64, DS_F32, DS_I64, DS_I32, DS_I8, DS_TEXT };

struct dataset;
struct ds_group;
struct ds_dim;
struct ds_var;

struct dataset *ds_new(void);
void ds_free(struct dataset *d); /* takes NULL; frees all it holds */

/* The group of that name, made when it is not there. "" is the root. */
struct ds_group *ds_group(struct dataset *d, const char *name);

/* A dimension of a group. Its coordinate is the column of the same name, if any. */
struct ds_dim *ds_dim(struct ds_group *g, const char *name, size_t size);

/* Adds a column of dimensions (rows), (rows, cols), or none (both NULL: one
 * value). Returns its zeroed storage, owned by the dataset: double, float,
 * int64_t, int32_t, int8_t or char * (each text allocated by mem_text, owned by
 * the dataset) by type. unit is the CF text: "s", "W", "J", "1", "". */
void *ds_column(struct ds_group *g, const char *name, enum ds_type type,
    const struct ds_dim *rows, const struct ds_dim *cols, const char *unit, const char *about);

/* Attributes of a group (var NULL) or of a column of it. Text is copied. */
void ds_attr_text(struct ds_group *g, const char *var, const char *name, const char *text);
void ds_attr_f64(struct ds_group *g, const char *var, const char *name, double value);
void ds_attr_i64(struct ds_group *g, const char *var, const char *name, int64_t value);
/* A list of int8 values, as CF's flag_values wants. */
void ds_attr_i8s(struct ds_group *g, const char *var, const char *name, const int8_t *v, int n);

/* One number of the summary: value with its interval, as a column without
 * dimensions of group "summary". n is how many observations stand behind it;
 * lo and hi the 95 % interval, NAN when there is none to state. */
struct ds_metric {
	const char *key;   /* "latency.ttft_s.p50": what --json prints, unit included */
	double value, lo, hi;
	int64_t n;
	const char *unit;  /* "s" */
	const char *about; /* one sentence */
};
void ds_metric(struct dataset *d, const struct ds_metric *m);

/* Reading. A group or column that is not there gives NULL. */
const struct ds_group *ds_find(const struct dataset *d, const char *group);
const struct ds_var *ds_var(const struct ds_group *g, const char *name);
const void *ds_data(const struct ds_group *g, const char *name, enum ds_type type); /* NULL: absent or of another type */
size_t ds_rows(const struct ds_group *g, const char *name); /* 1 for no dimension; 0: absent */
size_t ds_cols(const struct ds_group *g, const char *name); /* 1 when there is one dimension */
const char *ds_text(const struct ds_group *g, const char *var, const char *attr); /* NULL: absent */
double ds_number(const struct ds_group *g, const char *var, const char *attr);    /* NAN: absent */

/* The metric of that key; false when the dataset has none. */
bool ds_metric_find(const struct dataset *d, const char *key, struct ds_metric *m);

/* Walking in order of creation, for writers. */
struct ds_attr {
	char *name;
	enum ds_type type; /* DS_TEXT, DS_F64, DS_I64, or DS_I8 (a list) */
	char *text;
	double f64;
	int64_t i64;
	int8_t *list;
	int n;
};
struct ds_dim {
	char *name;
	size_t size;
};
struct ds_var {
	char *name;
	enum ds_type type;
	const struct ds_dim *rows, *cols; /* NULL: none */
	void *data;
	struct ds_attr *attr; /* includes units and long_name, first */
	size_t attrs, attrs_cap;
};
struct ds_group {
	char *name;
	struct ds_dim **dim;
	struct ds_var **var;
	struct ds_attr *attr;
	size_t dims, dims_cap, vars, vars_cap, attrs, attrs_cap;
};
struct dataset {
	struct ds_group **group;
	size_t groups, groups_cap;
};

#endif
