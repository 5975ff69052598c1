/* A record from text. */
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "bench/suite/fields.h"
#include "bench/suite/record.h"

enum { FILE_MAX = 64 << 20 }; /* bytes: a hundred thousand samples */

struct reader {
	const char *name;
	struct err_list *e;
	const char *begin, *at, *end; /* the text, and how far entries were sought in it */
	int line;                     /* of `at`; later of the entry being read */
	struct bench_file *file;
	struct bench_sample *sample;  /* of the case whose median has not come yet */
	size_t samples, cap;
	json_t *run;                  /* their run_name, lent */
};

__attribute__((format(printf, 2, 3)))
static bool fault(struct reader *r, const char *fmt, ...)
{
	va_list ap;
	char why[400];
	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	err_at(r->e, (struct err_pos){ r->name, r->line, 0 }, "%s", why);
	return false;
}

/* ---- where entries are: jansson forgets it ---- */

static const char *after_string(const char *p, const char *end) /* p: behind the quote */
{
	while (p < end && *p != '"') p += *p == '\\' ? 2 : 1;
	return p < end ? p + 1 : end;
}

/* Goes on to the next '{' that is `depth` brackets deep, counting lines. */
static void next_entry(struct reader *r, int *depth, int wanted)
{
	const char *p = r->at;
	while (p < r->end) {
		const char *next = *p == '"' ? after_string(p + 1, r->end) : p + 1;
		bool found = *p == '{' && *depth == wanted;
		if (*p == '{' || *p == '[') ++*depth;
		if (*p == '}' || *p == ']') --*depth;
		r->line += *p == '\n';
		p = next;
		if (found) break;
	}
	r->at = p;
}

/* Behind the '[' of "benchmarks"; it is there, for jansson has read it. */
static void find_entries(struct reader *r)
{
	static const char key[] = "\"benchmarks\"";
	int depth = 0;
	const char *p = r->begin;
	for (r->line = 1; p < r->end; r->line += *p++ == '\n') {
		if (*p == '{' || *p == '[') depth++;
		if (*p == '}' || *p == ']') depth--;
		if (*p != '"') continue;
		bool found = depth == 1 && (size_t)(r->end - p) >= sizeof key - 1 &&
		    !memcmp(p, key, sizeof key - 1);
		p = after_string(p + 1, r->end) - 1;
		if (found) break;
	}
	while (p < r->end && *p != '[') r->line += *p++ == '\n';
	r->at = p < r->end ? p + 1 : r->end;
}

/* ---- fields ---- */

static bool read_text(struct reader *r, const struct field *f, const json_t *v, char *at)
{
	const char *text = json_string_value(v);
	if (!v && !f->required) return true;
	if (!text) return fault(r, "no \"%s\", or it is no text", f->name);
	if (f->kind == FIELD_WORD && strlen(text) >= f->size)
		return fault(r, "\"%s\" has more than %zu bytes", f->name, f->size - 1);
	if (f->kind == FIELD_WORD) {
		memset(at, 0, f->size);
		memcpy(at, text, strlen(text));
		return true;
	}
	char **to = (char **)(void *)at;
	free(*to);
	*to = mem_text(text);
	return true;
}

static bool read_number(struct reader *r, const struct field *f, const json_t *v, char *at)
{
	if (!v && !f->required) return true;
	bool whole = f->kind != FIELD_NUMBER;
	if (whole ? !json_is_integer(v) : !json_is_number(v))
		return fault(r, "no \"%s\", or it is no %snumber", f->name, whole ? "whole " : "");
	double x = json_number_value(v);
	if (!(x >= f->min && x <= f->max))
		return fault(r, "\"%s\" is %g; it can be %g to %g", f->name, x, f->min, f->max);
	if (f->kind == FIELD_NUMBER) *(double *)(void *)at = x;
	if (f->kind == FIELD_INT) *(int *)(void *)at = (int)json_integer_value(v);
	if (f->kind == FIELD_LONG) *(long *)(void *)at = (long)json_integer_value(v);
	return true;
}

static bool read_field(struct reader *r, const struct field *f, const json_t *o, void *record)
{
	const json_t *v = json_object_get(o, f->name);
	char *at = (char *)record + f->offset;
	switch (f->kind) {
	case FIELD_TEXT:
	case FIELD_WORD: return read_text(r, f, v, at);
	case FIELD_NUMBER:
	case FIELD_INT:
	case FIELD_LONG: return read_number(r, f, v, at);
	case FIELD_BOOL:
		if (!json_is_boolean(v)) return fault(r, "no \"%s\": true or false", f->name);
		*(bool *)(void *)at = json_is_true(v);
		return true;
	}
	return false;
}

static bool read_fields(struct reader *r, const struct field *f, const json_t *o, void *record)
{
	bool good = true;
	for (; f->name; f++) good &= read_field(r, f, o, record);
	return good;
}

/* ---- context ---- */

static bool read_caches(struct reader *r, const json_t *list, struct bench_context *c)
{
	size_t n = json_array_size(list); /* 0 of what is none */
	bool good = n <= BENCH_CACHES_MAX ||
	    fault(r, "%zu caches; at most %d can be told", n, BENCH_CACHES_MAX);
	for (size_t i = 0; good && i < n; i++)
		good = read_fields(r, cache_fields, json_array_get(list, i), &c->cache[c->caches++]);
	return good;
}

static bool read_context(struct reader *r, const json_t *o)
{
	struct bench_context *c = &r->file->context;
	const json_t *load = json_object_get(o, "load_avg");
	if (!json_object_get(o, "hearth_version"))
		return fault(r,
		    "results of another program: \"context\" has no \"hearth_version\"; write the file "
		    "with hearth bench -o FILE.json");
	for (size_t i = 0; i < 3 && i < json_array_size(load); i++)
		c->load_avg[i] = json_number_value(json_array_get(load, i));
	bool good = read_fields(r, context_fields, o, c);
	return read_caches(r, json_object_get(o, "caches"), c) && good;
}

/* ---- rows ---- */

static bool same_run(struct reader *r, const json_t *o)
{
	json_t *run = json_object_get(o, "run_name");
	if (!json_is_string(run)) return fault(r, "no \"run_name\"");
	if (r->run && strcmp(json_string_value(r->run), json_string_value(run)))
		return fault(r, "'%s' begins before the median of '%s'", json_string_value(run),
		    json_string_value(r->run));
	r->run = run;
	return true;
}

/* The time is there twice, for us and for others. */
static bool times_agree(struct reader *r, const json_t *o, double wall_s)
{
	double other_s = 1e-9 * json_number_value(json_object_get(o, "real_time"));
	if (fabs(other_s - wall_s) <= 1e-9 * wall_s) return true;
	return fault(r, "\"real_time\" is %g s and \"wall_s\" %g: the file was changed", other_s,
	    wall_s);
}

static void read_sample(struct reader *r, const json_t *o)
{
	struct bench_sample s;
	if (!same_run(r, o) || !read_fields(r, sample_fields, o, &s) ||
	    !times_agree(r, o, s.wall_s))
		return;
	r->sample = mem_grow(r->sample, r->samples, &r->cap, sizeof *r->sample);
	r->sample[r->samples++] = s;
}

static bool read_keys(struct reader *r, json_t *o, struct bench_row *row)
{
	const char *name;
	json_t *v;
	json_object_foreach(o, name, v) {
		if (row->keys == BENCH_KEYS_MAX)
			return fault(r, "more than %d keys", BENCH_KEYS_MAX);
		struct bench_row_key *k = &row->key[row->keys++];
		if (strlen(name) >= sizeof k->name || !json_is_number(v))
			return fault(r, "key \"%s\" is too long or no number", name);
		memcpy(k->name, name, strlen(name) + 1);
		k->value = json_number_value(v);
	}
	return true;
}

static void read_peers(struct reader *r, const json_t *list, struct bench_row *row)
{
	for (size_t i = 0; i < json_array_size(list); i++) /* 0 of what is none */
		read_fields(r, peer_fields, json_array_get(list, i), bench_row_peer_add(row));
}

/* The median ends a case: its samples came before. */
static void read_median(struct reader *r, const json_t *o)
{
	size_t wanted = (size_t)json_integer_value(json_object_get(o, "repetitions"));
	bool whole = same_run(r, o);
	if (whole && (!r->samples || r->samples != wanted))
		whole = fault(r, "%zu samples came before the median of %zu", r->samples, wanted);
	struct bench_row *row = bench_file_add(r->file);
	if (read_fields(r, row_fields, o, row) && whole) {
		read_fields(r, energy_fields, json_object_get(o, "energy"), &row->energy);
		read_keys(r, json_object_get(o, "keys"), row);
		read_peers(r, json_object_get(o, "peers"), row);
		for (size_t i = 0; i < r->samples; i++) bench_row_sample(row, r->sample[i]);
	}
	r->samples = 0;
	r->run = NULL;
}

static void read_entry(struct reader *r, const json_t *o)
{
	const char *type = json_string_value(json_object_get(o, "run_type"));
	const char *name = json_string_value(json_object_get(o, "aggregate_name"));
	if (type && !strcmp(type, "iteration"))
		read_sample(r, o);
	else if (type && name && !strcmp(name, "median"))
		read_median(r, o);
	else if (!type)
		fault(r, "the entry has no \"run_type\"");
}

static void read_rows(struct reader *r, const json_t *list)
{
	size_t n = json_array_size(list);
	int depth = 0;
	find_entries(r);
	for (size_t i = 0; i < n; i++) {
		next_entry(r, &depth, 0);
		read_entry(r, json_array_get(list, i));
	}
	if (r->samples) fault(r, "the file ends before the median of the last case");
	if (!r->file->rows) fault(r, "there are no results in it");
}

static void read_root(struct reader *r, const json_t *root)
{
	const json_t *context = json_object_get(root, "context");
	const json_t *rows = json_object_get(root, "benchmarks");
	if (!json_is_object(context) || !json_is_array(rows)) {
		fault(r,
		    "no results of a benchmark: no \"context\" and \"benchmarks\"; write the file with "
		    "hearth bench -o FILE.json");
		return;
	}
	if (read_context(r, context)) read_rows(r, rows);
}

bool bench_json_parse(const char *name, const char *text, size_t size, struct bench_file *f,
    struct err_list *e)
{
	json_error_t at;
	size_t faults = err_count(e);
	struct reader r = { .name = name, .e = e, .begin = text, .end = text + size, .file = f };
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &at);
	bench_file_init(f);
	digest_bytes(text, size, f->sha256);
	if (root)
		read_root(&r, root);
	else
		err_at(e, (struct err_pos){ name, at.line, at.column }, "no JSON: %s", at.text);
	free(r.sample);
	json_decref(root);
	return err_count(e) == faults;
}

bool bench_json_read(const char *path, struct bench_file *f, struct err_list *e)
{
	size_t size;
	char *text = file_read(path, FILE_MAX, &size, e);
	if (!text) {
		bench_file_init(f);
		return false;
	}
	bool good = bench_json_parse(path, text, size, f, e);
	free(text);
	return good;
}
