/* A record as text. One entry a line, so that a fault has a line and a diff is short. */
#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "bench/suite/fields.h"
#include "bench/suite/record.h"

enum { DIGITS = 17 }; /* a double that is written with so many comes back the same */

static void put(json_t *o, const char *name, json_t *value)
{
	assert(value); /* texts are UTF-8, numbers finite */
	json_object_set_new(o, name, value);
}

static void put_number(json_t *o, const char *name, double v)
{
	if (!isnan(v)) put(o, name, json_real(v));
}

static void put_field(json_t *o, const struct field *f, const void *record)
{
	const char *at = (const char *)record + f->offset;
	const char *text = f->kind == FIELD_TEXT ? *(char *const *)(const void *)at : at;
	switch (f->kind) {
	case FIELD_TEXT:
		if (*text || f->required) put(o, f->name, json_string(text));
		return;
	case FIELD_WORD: put(o, f->name, json_string(text)); return;
	case FIELD_NUMBER: put_number(o, f->name, *(const double *)(const void *)at); return;
	case FIELD_INT: put(o, f->name, json_integer(*(const int *)(const void *)at)); return;
	case FIELD_LONG: put(o, f->name, json_integer(*(const long *)(const void *)at)); return;
	case FIELD_BOOL: put(o, f->name, json_boolean(*(const bool *)(const void *)at)); return;
	}
}

static void put_fields(json_t *o, const struct field *f, const void *record)
{
	for (; f->name; f++) put_field(o, f, record);
}

static json_t *context_object(const struct bench_context *c)
{
	json_t *o = json_object(), *caches = json_array(), *load = json_array();
	put_fields(o, context_fields, c);
	for (size_t i = 0; i < c->caches; i++) {
		json_t *cache = json_object();
		put_fields(cache, cache_fields, &c->cache[i]);
		json_array_append_new(caches, cache);
	}
	for (int i = 0; i < 3 && !isnan(c->load_avg[i]); i++)
		json_array_append_new(load, json_real(c->load_avg[i]));
	put(o, "caches", caches);
	put(o, "load_avg", load);
	return o;
}

/* What google-benchmark's readers look for in every entry. */
static json_t *entry(const struct bench_row *r, const char *suffix, const char *type)
{
	char *run = mem_print("%s/%s/threads:%d%s%s", r->kernel, r->shape, r->threads,
	    *r->pages ? "/" : "", r->pages);
	char *name = mem_print("%s%s", run, suffix);
	json_t *o = json_object();
	put(o, "name", json_string(name));
	put(o, "run_name", json_string(run));
	put(o, "run_type", json_string(type));
	put(o, "repetitions", json_integer((json_int_t)r->samples));
	put(o, "threads", json_integer(r->threads));
	free(name);
	free(run);
	return o;
}

static void put_times(json_t *o, double wall_s, double cpu_s)
{
	put_number(o, "real_time", 1e9 * wall_s);
	put_number(o, "cpu_time", 1e9 * cpu_s);
	put(o, "time_unit", json_string("ns"));
}

static void put_rates(json_t *o, const struct bench_row *r, double wall_s)
{
	if (r->bytes > 0) put_number(o, "bytes_per_second", r->bytes / wall_s);
	if (r->items > 0) put_number(o, "items_per_second", r->items / wall_s);
}

static json_t *sample_entry(const struct bench_row *r, size_t i)
{
	const struct bench_sample *s = &r->sample[i];
	json_t *o = entry(r, "", "iteration");
	put(o, "repetition_index", json_integer((json_int_t)i));
	put_times(o, s->wall_s, s->cpu_s);
	put_rates(o, r, s->wall_s);
	put_fields(o, sample_fields, s);
	return o;
}

static json_t *aggregate_entry(const struct bench_row *r, const char *name)
{
	char *suffix = mem_print("_%s", name);
	json_t *o = entry(r, suffix, "aggregate");
	put(o, "aggregate_name", json_string(name));
	put(o, "aggregate_unit", json_string("time"));
	put(o, "iterations", json_integer((json_int_t)r->samples));
	free(suffix);
	return o;
}

static json_t *peers_of(const struct bench_row *r)
{
	json_t *list = json_array();
	for (size_t i = 0; i < r->peers; i++) {
		json_t *o = json_object();
		put_fields(o, peer_fields, &r->peer[i]);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *median_entry(const struct bench_row *r)
{
	struct measure wall = bench_row_wall(r);
	json_t *o = aggregate_entry(r, "median"), *key = json_object(), *energy = json_object();
	put_times(o, wall.median, bench_row_cpu_s(r));
	put_rates(o, r, wall.median);
	put_number(o, "min_time", 1e9 * wall.best);
	put_number(o, "p10_time", 1e9 * wall.p10);
	put_number(o, "p90_time", 1e9 * wall.p90);
	put(o, "outliers", json_integer((json_int_t)bench_row_outliers(r)));
	put_fields(o, row_fields, r);
	for (size_t i = 0; i < r->keys; i++) put(key, r->key[i].name, json_real(r->key[i].value));
	put(o, "keys", key);
	put_fields(energy, energy_fields, &r->energy);
	put(o, "energy", energy);
	if (r->peers) put(o, "peers", peers_of(r));
	return o;
}

static json_t *mad_entry(const struct bench_row *r)
{
	json_t *o = aggregate_entry(r, "mad");
	put_times(o, bench_row_wall(r).mad, bench_row_cpu(r).mad);
	return o;
}

static void write_value(FILE *out, json_t *value, size_t flags)
{
	json_dumpf(value, out, JSON_REAL_PRECISION(DIGITS) | flags);
	json_decref(value);
}

static void write_entry(FILE *out, json_t *value, bool *first)
{
	fputs(*first ? "\n" : ",\n", out);
	*first = false;
	write_value(out, value, 0);
}

char *bench_json_text(const struct bench_file *f)
{
	char *text = NULL;
	size_t size;
	bool first = true;
	FILE *out = open_memstream(&text, &size);
	if (!out) abort(); /* memory, as in mem.h */
	fputs("{\n\"context\": ", out);
	write_value(out, context_object(&f->context), JSON_INDENT(2));
	fputs(",\n\"benchmarks\": [", out);
	for (size_t i = 0; i < f->rows; i++) {
		const struct bench_row *r = &f->row[i];
		for (size_t k = 0; k < r->samples; k++)
			write_entry(out, sample_entry(r, k), &first);
		write_entry(out, median_entry(r), &first);
		write_entry(out, mad_entry(r), &first);
	}
	fputs("\n]\n}\n", out);
	fclose(out);
	return text;
}

bool bench_json_write(const char *path, struct bench_file *f, struct err_list *e)
{
	char *text = bench_json_text(f);
	bool written = file_write(path, text, strlen(text), e);
	digest_bytes(text, strlen(text), f->sha256);
	free(text);
	return written;
}
