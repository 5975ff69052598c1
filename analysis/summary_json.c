#include "analysis/summary.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

/* jansson writes every real of a document with one precision; here each has the
 * fewest digits that it needs, so the values are handed over one by one. */

struct json_out {
	FILE *f;
	int depth;
	bool first; /* nothing yet in the open object */
};

static void put(struct json_out *j, json_t *value, size_t flags)
{
	json_dumpf(value, j->f, JSON_ENCODE_ANY | flags);
	json_decref(value);
}

static void put_text(struct json_out *j, const char *s)
{
	char *clean = utf8_repair(s);
	put(j, json_string(clean), 0);
	free(clean);
}

static void put_key(struct json_out *j, const char *key)
{
	fprintf(j->f, "%s\n%*s", j->first ? "" : ",", 2 * j->depth, "");
	j->first = false;
	put_text(j, key);
	fputs(": ", j->f);
}

static void open_object(struct json_out *j)
{
	fputc('{', j->f);
	j->depth++;
	j->first = true;
}

static void close_object(struct json_out *j)
{
	j->depth--;
	if (!j->first) fprintf(j->f, "\n%*s", 2 * j->depth, "");
	fputc('}', j->f);
	j->first = false;
}

static void put_number(struct json_out *j, const char *key, double v)
{
	put_key(j, key);
	if (isfinite(v)) put(j, json_real(v), JSON_REAL_PRECISION((size_t)text_digits(v)));
	else put(j, json_null(), 0);
}

static void put_root(struct json_out *j, const struct dataset *d)
{
	static const char *const names[] = { "title", "validity", "seed", "scenario_sha256",
		"source" };
	const struct ds_group *g = ds_find(d, "");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = ds_text(g, NULL, names[i]);
		if (!text) continue;
		put_key(j, names[i]);
		put_text(j, text);
	}
}

static void put_metrics(struct json_out *j, const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "summary");
	struct ds_metric m;
	for (size_t i = 0; g && i < g->vars; i++)
		if (ds_metric_find(d, g->var[i]->name, &m)) put_number(j, m.key, m.value);
}

/* A site's row of the ledger: every column of numbers, joules with "_j". */
static void put_site(struct json_out *j, const struct ds_group *g, size_t row)
{
	open_object(j);
	for (size_t i = 0; i < g->vars; i++) {
		const struct ds_var *v = g->var[i];
		if (v->type != DS_F64 || !v->rows || v->rows->size <= row || v->cols) continue;
		const char *unit = ds_text(g, v->name, "units");
		char *key = mem_print("%s%s", v->name, unit && !strcmp(unit, "J") ? "_j" : "");
		put_number(j, key, ((const double *)v->data)[row]);
		free(key);
	}
	close_object(j);
}

static void put_ledger(struct json_out *j, const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "ledger");
	char *const *site = ds_data(g, "site", DS_TEXT);
	if (!site) return;
	put_key(j, "ledger");
	open_object(j);
	for (size_t i = 0; i < ds_rows(g, "site"); i++) {
		put_key(j, site[i]);
		put_site(j, g, i);
	}
	close_object(j);
}

void summary_json(const struct dataset *d, FILE *out)
{
	struct json_out j = { .f = out };
	open_object(&j);
	put_root(&j, d);
	put_metrics(&j, d);
	put_ledger(&j, d);
	close_object(&j);
	fputc('\n', out);
}
