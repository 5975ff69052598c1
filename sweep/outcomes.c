#include "sweep/outcomes.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"

enum { PLAN_COLUMNS = 3 }; /* id, replication, seed */

/* ---- whether the table is newer than what it was made of ---- */

static bool is_older(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

/* A file that comes into a folder, or leaves it, sets the folder's time. */
static bool has_newer_points(const char *points, struct timespec table)
{
	bool newer = false;
	DIR *d = opendir(points);
	for (struct dirent *entry; d && !newer && (entry = readdir(d));) {
		struct stat s;
		char *path = mem_print("%s/%s", points, entry->d_name);
		newer = strcmp(entry->d_name, "..") != 0 && !stat(path, &s) && S_ISDIR(s.st_mode) &&
			is_older(table, s.st_mtim);
		free(path);
	}
	if (d) closedir(d);
	return newer;
}

static bool is_collected(const char *folder, const char *table, struct err_list *e)
{
	struct stat s;
	bool is_there = !stat(table, &s);
	char *points = folder_file(folder, "points");
	bool is_new = is_there && !has_newer_points(points, s.st_mtim);
	free(points);
	if (!is_new)
		err_at(e, (struct err_pos){ .file = table }, "%s; run: hearth sweep collect %s",
		    is_there ? "points were run after it was made" : "the points are not collected",
		    folder);
	return is_new;
}

/* ---- plan ---- */

static bool same_values(const struct points *p, size_t i, size_t j)
{
	for (size_t k = 0; k < p->axes; k++)
		if (strcmp(p->point[i].value[k], p->point[j].value[k]) != 0) return false;
	return true;
}

/* All settings of one replication, then the same of the next. */
static bool split_replications(struct outcomes *o, const char *path, struct err_list *e)
{
	const struct points *p = o->plan;
	o->replications = p->count ? p->point[p->count - 1].replication : 0;
	bool good = o->replications > 0 && p->count % o->replications == 0;
	o->settings = good ? p->count / o->replications : 0;
	for (size_t i = 0; i < p->count && good; i++)
		good = p->point[i].replication == 1 + i / o->settings &&
		       same_values(p, i, i % o->settings);
	if (!good)
		err_at(e, (struct err_pos){ .file = path },
		    "replications do not repeat the same settings in the same order; write the "
		    "plan again with: hearth sweep plan");
	return good;
}

static bool read_plan(struct outcomes *o, const char *folder, struct err_list *e)
{
	char *path = folder_file(folder, FOLDER_PLAN);
	struct stat s;
	bool good = !stat(path, &s);
	if (!good)
		err_at(e, (struct err_pos){ .file = path },
		    "%s; '%s' is no folder of a study: make one with: hearth sweep plan",
		    strerror(errno), folder);
	o->plan = good ? points_read(path, e) : NULL;
	if (o->plan) o->design = mem_text_n(o->plan->design, strcspn(o->plan->design, " "));
	good = o->plan && split_replications(o, path, e);
	free(path);
	return good;
}

/* ---- table ---- */

static bool refuse(const char *table, int line, struct err_list *e)
{
	err_at(e, (struct err_pos){ .file = table, .line = line },
	    "this is not the table of the plan beside it; run: hearth sweep collect");
	return false;
}

static bool read_head(struct outcomes *o, struct csv *c, const char *table, struct err_list *e)
{
	size_t first = PLAN_COLUMNS + o->plan->axes + 1;
	bool good = csv_next(c) == CSV_ROW && (size_t)c->fields >= first &&
		    !strcmp(c->field[first - 1].text, "status");
	for (size_t k = 0; k < o->plan->axes && good; k++)
		good = !strcmp(c->field[PLAN_COLUMNS + k].text, o->plan->axis[k]);
	if (!good) return refuse(table, 1, e);
	o->metrics = (size_t)c->fields - first;
	o->metric = mem_new(o->metrics, sizeof *o->metric);
	for (size_t m = 0; m < o->metrics; m++) o->metric[m] = mem_text(c->field[first + m].text);
	return true;
}

static bool take_state(const char *word, enum point_state *state)
{
	static const char *const words[] = {
		[POINT_MISSING] = "missing", [POINT_FAILED] = "failed", [POINT_DONE] = "done"
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(word, words[i])) {
			*state = (enum point_state)i;
			return true;
		}
	return false;
}

static bool read_row(struct outcomes *o, const struct csv *c, size_t i)
{
	size_t first = PLAN_COLUMNS + o->plan->axes + 1;
	if ((size_t)c->fields != first + o->metrics ||
	    strcmp(c->field[0].text, o->plan->point[i].id) != 0 ||
	    !take_state(c->field[first - 1].text, &o->state[i]))
		return false;
	for (size_t m = 0; m < o->metrics; m++) {
		double *figure = &o->figure[i * o->metrics + m];
		if (!text_to_number(c->field[first + m].text, figure)) *figure = NAN;
	}
	return true;
}

static bool read_rows(struct outcomes *o, struct csv *c, const char *table, struct err_list *e)
{
	size_t count = o->plan->count, i = 0;
	o->state = mem_new(count, sizeof *o->state);
	o->figure = mem_new(count * o->metrics, sizeof *o->figure);
	for (enum csv_result r; (r = csv_next(c)) != CSV_END; i++)
		if (r != CSV_ROW || i == count || !read_row(o, c, i))
			return refuse(table, c->line, e);
	return i == count || refuse(table, c->line, e);
}

static bool read_table(struct outcomes *o, const char *folder, struct err_list *e)
{
	char *table = folder_file(folder, FOLDER_TABLE);
	size_t size;
	char *text = is_collected(folder, table, e) ? file_read(table, SIZE_MAX, &size, e) : NULL;
	bool good = false;
	if (text) {
		struct csv *c =
		    mem_new(1, sizeof *c); /* of 24 kB: too big for a stack of threads */
		csv_init(c, text, size);
		good = read_head(o, c, table, e) && read_rows(o, c, table, e);
		free(c);
	}
	free(text);
	free(table);
	return good;
}

struct outcomes *outcomes_read(const char *folder, struct err_list *e)
{
	struct outcomes *o = mem_new(1, sizeof *o);
	if (read_plan(o, folder, e) && read_table(o, folder, e)) return o;
	outcomes_free(o);
	return NULL;
}

void outcomes_free(struct outcomes *o)
{
	if (!o) return;
	for (size_t m = 0; m < o->metrics; m++) free(o->metric[m]);
	free(o->metric);
	free(o->figure);
	free(o->state);
	free(o->design);
	points_free(o->plan);
	free(o);
}

/* ---- reading ---- */

size_t outcomes_metric(const struct outcomes *o, const char *name, struct err_list *e)
{
	struct near n = near_to(name);
	for (size_t m = 0; m < o->metrics; m++) {
		if (!strcmp(o->metric[m], name)) return m;
		near_try(&n, o->metric[m]);
	}
	if (near_best(&n))
		err_at(e, (struct err_pos){ 0 }, "no point has '%s' (did you mean '%s'?)", name,
		    near_best(&n));
	else
		err_at(e, (struct err_pos){ 0 },
		    "no point has '%s'; the columns of sweep.csv are the metrics", name);
	return SIZE_MAX;
}

void outcomes_figures(const struct outcomes *o, size_t metric, double *y)
{
	for (size_t i = 0; i < o->plan->count; i++) {
		size_t setting = i % o->settings, replication = i / o->settings;
		y[setting * o->replications + replication] = o->figure[i * o->metrics + metric];
	}
}

const char **outcomes_values(const struct outcomes *o)
{
	size_t axes = o->plan->axes;
	const char **value = mem_new(o->settings * axes, sizeof *value);
	for (size_t i = 0; i < o->settings; i++)
		for (size_t k = 0; k < axes; k++) value[i * axes + k] = o->plan->point[i].value[k];
	return value;
}

size_t outcomes_count(const struct outcomes *o, enum point_state state)
{
	size_t n = 0;
	for (size_t i = 0; i < o->plan->count; i++) n += o->state[i] == state;
	return n;
}
