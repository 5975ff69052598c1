#include "analysis/summary.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/balance.h"
#include "analysis/pick.h"
#include "analysis/show.h"
#include "base/mem.h"

/* Bytes are not columns: "°C" is four bytes and three columns wide. */
static int width_for(const char *s, int columns)
{
	int extra = 0;
	for (; *s; s++) extra += ((unsigned char)*s & 0xc0) == 0x80;
	return columns + extra;
}

static void print_cell(const char *s, int columns, FILE *out)
{
	fprintf(out, "%*s", width_for(s, columns), s);
}

static bool value_of(const struct dataset *d, const char *key, char buf[SHOW_SIZE])
{
	struct ds_metric m;
	if (!ds_metric_find(d, key, &m)) return false;
	show_metric(&m, buf);
	return true;
}

static void print_head(const struct dataset *d, FILE *out)
{
	const struct ds_group *g = ds_find(d, "");
	const char *title = ds_text(g, NULL, "title"), *validity = ds_text(g, NULL, "validity");
	const char *seed = ds_text(g, NULL, "seed"), *source = ds_text(g, NULL, "source");
	fprintf(out, "%s: %s", title ? title : "(no title)", validity ? validity : "not checked");
	if (seed) fprintf(out, ", seed %s", seed);
	if (source) fprintf(out, ", %s", source);
	fputc('\n', out);
}

/* ---- service ---- */

/* One sentence of counts: "4,211 requests, 4,205 answered". */
static void print_counts(
    const struct dataset *d, const char *keys[][2], const char *lead, FILE *out)
{
	char value[SHOW_SIZE];
	struct ds_metric m;
	const char *before = lead;
	for (int i = 0; keys[i][0]; i++) {
		if (!ds_metric_find(d, keys[i][0], &m)) continue;
		if (!strcmp(m.unit, "token")) m.unit = "1"; /* the words say it */
		fprintf(out, "%s%s %s", before, show_metric(&m, value), keys[i][1]);
		before = ", ";
	}
	if (before != lead) fputc('\n', out);
}

static void print_service(const struct dataset *d, FILE *out)
{
	static const char *requests[][2] = {
		{ "service.requests", "requests" },  { "service.done", "answered" },
		{ "service.pending", "unfinished" }, { "service.rejected", "rejected" },
		{ "service.goodput_frac", "of them within the limits" },
		{ NULL },
	};
	static const char *tokens[][2] = {
		{ "service.prompt_tokens", "prompt tokens" },
		{ "service.output_tokens", "output tokens" },
		{ "service.output_token_rate_per_s", "of output" },
		{ NULL },
	};
	print_counts(d, requests, "\nService: ", out);
	print_counts(d, tokens, "         ", out);
}

static const char *const statistics[] = { "mean", "p50", "p90", "p99" };

static bool print_latency(const struct dataset *d, const char *key, const char *label, bool head,
    FILE *out)
{
	char name[64], value[SHOW_SIZE];
	struct ds_metric m;
	snprintf(name, sizeof name, "%s.mean", key);
	if (!ds_metric_find(d, name, &m)) return false;
	if (head) fprintf(out, "%32s%11s%11s%11s%11s\n", "mean", "p50", "p90", "p99", "n");
	fprintf(out, "  %-19s", label);
	for (int i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "%s.%s", key, statistics[i]);
		print_cell(value_of(d, name, value) ? value : "-", 11, out);
	}
	print_cell(show_value((double)m.n, "1", value), 11, out);
	fputc('\n', out);
	return true;
}

static void print_latencies(const struct dataset *d, FILE *out)
{
	static const struct { const char *key, *label; } rows[] = {
		{ "latency.ttft_s", "first token" },
		{ "latency.tpot_s", "per output token" },
		{ "latency.itl_s", "between tokens" },
		{ "latency.e2e_s", "whole request" },
	};
	bool head = true;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (print_latency(d, rows[i].key, rows[i].label, head, out)) head = false;
}

/* ---- energy ---- */

static void print_boundaries(const struct dataset *d, FILE *out)
{
	static const struct { const char *name, *about; } rows[] = {
		{ "device", "accelerator boards" },
		{ "node", "and hosts, memory, fans, power supplies" },
		{ "site", "and cooling, inverters, storage" },
		{ "grid", "and lines, transformers, transmission" },
	};
	char key[64], joule[SHOW_SIZE], token[SHOW_SIZE];
	bool head = true;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(key, sizeof key, "energy.%s_j", rows[i].name);
		if (!value_of(d, key, joule)) continue;
		snprintf(key, sizeof key, "energy.%s_j_per_token", rows[i].name);
		if (!value_of(d, key, token)) snprintf(token, sizeof token, "-");
		if (head)
			fprintf(out,
			    "\nEnergy of inference, by boundary, in all and per output token\n");
		head = false;
		fprintf(out, "  %-8s", rows[i].name);
		print_cell(joule, 12, out);
		print_cell(token, 18, out);
		fprintf(out, "   %s\n", rows[i].about);
	}
}

static void print_side(
    const struct balance *b, enum balance_side side, const char *label, FILE *out)
{
	enum { LINE_COLUMNS = 88 };
	char value[SHOW_SIZE];
	int at = fprintf(out, "  %-8s", label);
	for (int i = 0; i < b->n; i++) {
		const struct balance_item *x = &b->item[i];
		if (x->side != side || !(x->joule > 0)) continue;
		char *text = mem_print(" %s %s;", x->label, show_value(x->joule, "J", value));
		if (at + (int)strlen(text) > LINE_COLUMNS) at = fprintf(out, "\n%10s", "") - 1;
		at += fprintf(out, "%s", text);
		free(text);
	}
	fputc('\n', out);
}

static void print_balance(const struct dataset *d, FILE *out)
{
	struct balance b;
	char value[SHOW_SIZE];
	if (!balance_of(d, &b)) return;
	fprintf(out, "\nEnergy of all sites\n");
	print_side(&b, BALANCE_SOURCE, "sources", out);
	print_side(&b, BALANCE_SINK, "uses", out);
	if (value_of(d, "check.ledger_residual", value))
		fprintf(out, "  sources less uses: %s of the throughput\n", value);
}

/* ---- whatever else the run measured ---- */

static void print_metrics(const struct dataset *d, const char *prefix, const char *head, FILE *out)
{
	char value[SHOW_SIZE];
	struct ds_metric m;
	for (size_t i = 0; (i = pick_next(d, prefix, PICK_FIRST, i, &m));) {
		if (head) fprintf(out, "\n%s\n", head);
		head = NULL;
		print_cell(show_metric(&m, value), 16, out);
		char *about = show_about(d, &m);
		fprintf(out, "  %s\n", about);
		free(about);
	}
}

static void print_failures(const struct dataset *d, FILE *out)
{
	const struct ds_group *g = ds_find(d, "checks");
	char *const *name = ds_data(g, "check", DS_TEXT), *const *about =
							      ds_data(g, "about", DS_TEXT);
	const double *value = ds_data(g, "value", DS_F64), *limit = ds_data(g, "tolerance", DS_F64);
	const int8_t *pass = ds_data(g, "pass", DS_I8);
	if (!name || !value || !limit || !pass) return;
	for (size_t i = 0; i < ds_rows(g, "check"); i++)
		if (!pass[i])
			fprintf(out, "\nCheck failed: %s is %g, allowed is %g%s%s\n", name[i],
			    value[i], limit[i], about ? ": " : "", about ? about[i] : "");
}

void summary_print(const struct dataset *d, FILE *out)
{
	print_head(d, out);
	print_failures(d, out);
	print_service(d, out);
	print_latencies(d, out);
	print_boundaries(d, out);
	print_balance(d, out);
	print_metrics(d, "homes.", "Homes", out);
	print_metrics(d, "grid.", "Stress on the grid", out);
	print_metrics(d, "cost.", "Cost", out);
	print_metrics(d, "carbon.", "Carbon dioxide", out);
	fprintf(out, "\nAll numbers: --json. What one means: hearth explain latency.ttft_s\n");
}
