#include "analysis/summary.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/balance.h"
#include "analysis/cells.h"
#include "analysis/marginal.h"
#include "analysis/objective.h"
#include "analysis/pick.h"
#include "analysis/show.h"
#include "analysis/summary_spikes.h"
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
		{ NULL },
	};
	static const char *tokens[][2] = {
		{ "service.prompt_tokens", "prompt tokens" },
		{ "service.output_tokens", "output tokens" },
		{ "service.output_token_rate_per_s", "of output" },
		{ "service.token_rate_per_s", "in all" },
		{ NULL },
	};
	print_counts(d, requests, "\nService: ", out);
	print_counts(d, tokens, "         ", out);
}

/* "  within the limits of chat 97 % of the requests sent: ttft 1 s 98 %, e2e 3 s 99 %" */
static void print_objective(const struct dataset *d, const struct objective *o, FILE *out)
{
	char key[OBJECTIVE_KEY], value[SHOW_SIZE], limit[SHOW_SIZE];
	const char *before = ": ";
	objective_key(o, "goodput_frac", key);
	value_of(d, key, value);
	fprintf(out, "  within the limits%s%s %s of the requests sent", *o->name ? " of " : "",
	    o->name, value);
	for (int k = 0; k < OBJECTIVE_LIMITS; k++) {
		objective_limit_key(o, k, key);
		if (isnan(o->limit_s[k]) || !value_of(d, key, value)) continue;
		fprintf(out, "%s%s %s %s", before, objective_limit[k],
		    show_value(o->limit_s[k], "s", limit), value);
		before = ", ";
	}
	fputc('\n', out);
}

static void print_objectives(const struct dataset *d, FILE *out)
{
	struct objective o;
	for (size_t i = 0; (i = objective_next(d, i, &o));) print_objective(d, &o, out);
}

/* Where the metric is there, `before`, its value and `after`. */
static bool print_value(const struct dataset *d, const char *before, const char *key,
    const char *after, FILE *out)
{
	char value[SHOW_SIZE];
	if (!value_of(d, key, value)) return false;
	fprintf(out, "%s%s%s", before, value, after);
	return true;
}

/* The latencies above are of the others. */
static void print_waiting(const struct dataset *d, FILE *out)
{
	if (!print_value(d, "  ", "deferral.requests", " requests could wait", out)) return;
	print_value(d, ", ", "deferral.held", " had to", out);
	print_value(d, ", ", "deferral.waiting", " still do", out);
	print_value(d, ", ", "deferral.missed", " missed their deadline", out);
	fputc('\n', out);
}

static void print_tiers(const struct dataset *d, FILE *out)
{
	if (!print_value(d, "  ", "tiers.small_requests", " answered by small models", out)) return;
	print_value(d, ", ", "tiers.large_requests", " by large ones at once", out);
	print_value(d, ", ", "tiers.escalated_requests", " after an insufficient answer", out);
	if (print_value(d, "\n  ", "tiers.insufficient_frac", " of the answers insufficient", out)) {
		print_value(d, ", ", "tiers.thrown_away_frac", " of their energy thrown away", out);
		print_value(d, "; break-even at most ", "tiers.break_even_frac", "", out);
	}
	fputc('\n', out);
}

static void print_flexible(const struct dataset *d, FILE *out)
{
	if (!print_value(d, "  ", "flexible.nodes", " flexible nodes", out)) return;
	print_value(d, " gave way ", "flexible.on_frac", " of the time", out);
	print_value(d, ", drew ", "flexible.power_on_w", " each then", out);
	print_value(d, ", ", "flexible.power_off_w", " else", out);
	fputc('\n', out);
}

static void print_use(const struct dataset *d, FILE *out)
{
	if (print_value(d, "  nodes busy ", "compute.busy_frac", " of the time", out)) {
		print_value(d, "; while busy mean batch ", "compute.batch", "", out);
		print_value(d, ", MFU ", "compute.busy_mfu_frac", "", out);
		print_value(d, ", MBU ", "compute.busy_mbu_frac", "", out);
		fputc('\n', out);
	}
	if (print_value(d, "  steady part, ", "steady.begin_s", "", out)) {
		print_value(d, " to ", "steady.end_s", "", out);
		print_value(d, ": ", "steady.output_token_rate_per_s", " of output", out);
		print_value(d, ", ", "steady.device_j_per_token", " at the accelerators", out);
		fputc('\n', out);
	}
}

static const char *const statistics[] = { "mean", "p50", "p90", "p99" };

static bool print_latency(const struct dataset *d, const char *key, const char *label, bool head,
    FILE *out)
{
	char name[64], value[SHOW_SIZE];
	struct ds_metric m;
	snprintf(name, sizeof name, "%s.mean", key);
	if (!ds_metric_find(d, name, &m)) return false;
	if (head) fprintf(out, "%32s%11s%11s%11s%15s\n", "mean", "p50", "p90", "p99", "n");
	fprintf(out, "  %-19s", label);
	for (int i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "%s.%s", key, statistics[i]);
		print_cell(value_of(d, name, value) ? value : "-", 11, out);
	}
	print_cell(show_value((double)m.n, "1", value), 15, out);
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
		{ "tiers.small_ttft_s", "  small: first" },
		{ "tiers.small_e2e_s", "  small: whole" },
		{ "tiers.large_ttft_s", "  large: first" },
		{ "tiers.large_e2e_s", "  large: whole" },
		{ "tiers.escalated_ttft_s", "  both: first" },
		{ "tiers.escalated_e2e_s", "  both: whole" },
		{ "deferral.delay_s", "held back" },
		{ "deferral.ttft_s", "  then first token" },
		{ "deferral.e2e_s", "  in all" },
	};
	bool head = true;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (print_latency(d, rows[i].key, rows[i].label, head, out)) head = false;
}

/* ---- energy ---- */

/* A number of a boundary in a column; its unit left out where the head names it. */
static void print_of(const struct dataset *d, const char *prefix, const char *boundary,
    const char *suffix, const char *unit, FILE *out)
{
	char key[64], value[SHOW_SIZE] = "-";
	struct ds_metric m;
	snprintf(key, sizeof key, "%s.%s_%s", prefix, boundary, suffix);
	if (ds_metric_find(d, key, &m)) show_value(m.value, unit ? unit : m.unit, value);
	print_cell(value, 13, out);
}

static void print_boundaries(const struct dataset *d, FILE *out)
{
	static const struct { const char *name, *about; } rows[] = {
		{ "device", "accelerator boards" },
		{ "node", "and hosts, power supplies" },
		{ "site", "and cooling, inverters" },
		{ "grid", "and lines, transformers" },
	};
	struct ds_metric m;
	bool scored = ds_metric_find(d, "score.device_correct_per_kj", &m);
	const char *benchmark = scored ? ds_text(ds_find(d, "summary"), m.key, "benchmark") : NULL;
	if (!ds_metric_find(d, "energy.device_j", &m)) return;
	fprintf(out, "\nInference%14s%13s%13s%13s%s\n", "energy", "output token", "any token",
	    "request", scored ? "   correct/kJ" : "");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		fprintf(out, "  %-8s", rows[i].name);
		print_of(d, "energy", rows[i].name, "j", NULL, out);
		print_of(d, "energy", rows[i].name, "j_per_token", "J", out);
		print_of(d, "energy", rows[i].name, "j_per_token_all", "J", out);
		print_of(d, "energy", rows[i].name, "j_per_request", "J", out);
		if (scored) print_of(d, "score", rows[i].name, "correct_per_kj", "1", out);
		fprintf(out, "   %s\n", rows[i].about);
	}
	if (scored && benchmark)
		fprintf(out, "  correct as the models are in %s; nobody has marked these answers\n",
		    benchmark);
}

static void print_marginal(const struct dataset *d, FILE *out)
{
	struct marginal_rows r = marginal_rows(d);
	for (size_t i = 0; i < r.n; i++) {
		if (!marginal_is_known(&r, i)) continue;
		char *text = marginal_sentence(&r, i);
		fprintf(out, "  %s\n", text);
		free(text);
	}
	if (r.unknown < r.n) fputs("  (" MARGINAL_NOTE ")\n", out);
	if (r.unknown) fprintf(out, "  %zu pairs of models of which one has no score\n", r.unknown);
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

static void print_cells(const struct dataset *d, FILE *out)
{
	struct cells_row r;
	for (size_t i = 0, rows = 0; (i = cells_next(d, i, &r)); rows++) {
		if (!rows) fputs("\nBatteries\n", out);
		fprintf(out, "  %s: %s full cycles, %s in a year; health %s, a year costs %s,\n"
		    "    80 %% left after %s\n",
		    r.where, r.cycles, r.cycles_a_year, r.health, r.first_year_loss, r.life);
		if (!rows) fputs("    (in brackets: the band over the cells of the chemistry, or of the assumption)\n", out);
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
	print_waiting(d, out);
	print_tiers(d, out);
	print_objectives(d, out);
	print_use(d, out);
	print_flexible(d, out);
	print_boundaries(d, out);
	print_marginal(d, out);
	summary_spikes(d, out);
	print_balance(d, out);
	print_metrics(d, "homes.", "Homes", out);
	print_metrics(d, "datacentre.", "Data centres with sun, wind or storage", out);
	print_cells(d, out);
	print_metrics(d, "grid.", "Stress on the grid", out);
	print_metrics(d, "bulk.", "Bulk system", out);
	print_metrics(d, "frequency.", "Its frequency", out);
	print_metrics(d, "cost.", "Cost", out);
	print_metrics(d, "carbon.", "Carbon dioxide", out);
	fprintf(out, "\nAll numbers: --json. What one means: hearth explain latency.ttft_s\n");
}
