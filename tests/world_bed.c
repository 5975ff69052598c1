#include "tests/world_bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/unit.h"

static char *write_file(const struct world_bed *b, const char *name, const char *text)
{
	char *path = mem_print("%s/%s", b->folder, name);
	FILE *f = fopen(path, "w");
	cr_assert_not_null(f, "%s", path);
	cr_assert_geq(fputs(text, f), 0);
	cr_assert_eq(fclose(f), 0);
	return path;
}

static void remove_file(char *path)
{
	cr_assert_eq(unlink(path), 0);
	free(path);
}

void world_bed_make(struct world_bed *b, const char *xml, const char *csv, uint64_t seed)
{
	*b = (struct world_bed){ .folder = "/tmp/hearth-world.XXXXXX", .faults = err_new() };
	cr_assert_not_null(mkdtemp(b->folder));
	char *trace = csv ? write_file(b, "t.csv", csv) : NULL, *path = write_file(b, "t.xml", xml);
	b->scenario = scenario_load(path, NULL, 0, b->faults);
	if (b->scenario)
		b->world = world_new(scenario_root(b->scenario),
		    &(struct world_options){ .seed = seed, .fingerprint = true,
			.currency = scenario_currency(b->scenario) },
		    b->faults);
	remove_file(path);
	if (trace) remove_file(trace);
	cr_assert_eq(rmdir(b->folder), 0);
}

static void finish(struct world_bed *b)
{
	if (!b->world) err_print(b->faults, stderr);
	cr_assert_not_null(b->world);
	world_run(b->world);
	b->d = ds_new();
	world_export(b->world, b->d);
}

void world_bed_run(struct world_bed *b, const char *xml, uint64_t seed)
{
	world_bed_make(b, xml, NULL, seed);
	finish(b);
}

void world_bed_run_trace(struct world_bed *b, const char *xml, const char *csv)
{
	world_bed_make(b, xml, csv, 1);
	finish(b);
}

void world_bed_free(struct world_bed *b)
{
	ds_free(b->d);
	world_free(b->world);
	scenario_free(b->scenario);
	err_free(b->faults);
}

double world_bed_metric(const struct world_bed *b, const char *key)
{
	struct ds_metric m;
	cr_assert(ds_metric_find(b->d, key, &m), "%s", key);
	return m.value;
}

bool world_bed_passed(const struct world_bed *b, const char *check)
{
	const struct ds_group *g = ds_find(b->d, "checks");
	char *const *name = (char *const *)ds_data(g, "check", DS_TEXT);
	const int8_t *pass = ds_data(g, "pass", DS_I8);
	for (size_t i = 0; i < ds_rows(g, "check"); i++)
		if (!strcmp(name[i], check)) return pass[i];
	cr_assert_not_null(NULL, "no check is called %s", check);
	return false;
}

const double *world_bed_f64(const struct world_bed *b, const char *group, const char *name,
    size_t *n)
{
	const struct ds_group *g = ds_find(b->d, group);
	const double *v = ds_data(g, name, DS_F64);
	cr_assert_not_null(v, "%s/%s", group, name);
	*n = ds_rows(g, name);
	return v;
}
