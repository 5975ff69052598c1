/* hearth explain [METRIC] */
#include <string.h>

#include "base/near.h"
#include "base/wrap.h"
#include "cli/command.h"
#include "cli/form.h"
#include "models/metric.h"

enum { INDENT = 12 };
enum { JSON, CSV, MD };

static const struct option_row options[] = {
	[JSON] = FORM_JSON_OPTION,
	[CSV] = FORM_CSV_OPTION,
	[MD] = FORM_MD_OPTION,
	{ NULL },
};

static void print_field(const char *head, const char *text)
{
	if (!text || !*text) return;
	wrap_text(text, printf("  %s", head), INDENT, stdout);
}

static void print_metric(const struct metric *m)
{
	printf("%s\n", m->key);
	print_field("meaning", m->about);
	print_field("unit", m->unit);
	print_field("formula", m->formula);
	print_field("source", m->source);
	print_field("better", metric_better(m));
}

static const struct table_column columns[] = {
	{ "metric", "metric", TABLE_LEFT },
	{ "unit", NULL, TABLE_LEFT },
	{ "meaning", "meaning", TABLE_BELOW },
	{ "formula", NULL, TABLE_LEFT },
	{ "source", NULL, TABLE_LEFT },
	{ "better", NULL, TABLE_LEFT },
	{ NULL },
};

static void add_metric(struct table *t, const struct metric *m)
{
	table_text(t, m->key);
	table_text(t, m->unit);
	table_text(t, m->about);
	table_text(t, m->formula);
	table_text(t, m->source);
	table_text(t, metric_better(m));
}

/* Adds each metric whose key begins with `beginning` and a dot; with "" all. Returns how many. */
static int add_all(struct table *t, const char *beginning)
{
	size_t length = strlen(beginning);
	int added = 0;
	for (const struct metric *const *list = metric_tables; *list; list++)
		for (const struct metric *m = *list; m->key; m++) {
			if (length && (strncmp(m->key, beginning, length) || m->key[length] != '.'))
				continue;
			add_metric(t, m);
			added++;
		}
	return added;
}

static int refuse(const char *key)
{
	struct near n = near_to(key);
	for (const struct metric *const *t = metric_tables; *t; t++)
		for (const struct metric *m = *t; m->key; m++) near_try(&n, m->key);
	if (near_best(&n))
		fprintf(stderr, "hearth explain: error: unknown metric '%s' (did you mean '%s'?)\n",
		    key, near_best(&n));
	else
		fprintf(stderr,
		    "hearth explain: error: unknown metric '%s'; 'hearth explain' lists them\n",
		    key);
	return STATUS_USAGE;
}

static int run(const struct options *o)
{
	enum table_form form;
	if (!form_of(o, JSON, &form)) return STATUS_USAGE;
	const struct metric *m = o->operand ? metric_of(o->operand) : NULL;
	if (m && form == TABLE_TEXT) {
		print_metric(m);
		return STATUS_DONE;
	}
	struct table *t = table_new(columns);
	int found = m ? 1 : add_all(t, o->operand ? o->operand : "");
	if (m) add_metric(t, m);
	table_headless(t);
	if (found) table_print(t, form, stdout);
	table_free(t);
	return found ? STATUS_DONE : refuse(o->operand);
}

static const struct example examples[] = {
	{ "hearth explain", "every metric with its meaning" },
	{ "hearth explain latency.ttft_s.p90", "what the ninetieth percentile is taken of" },
	{ "hearth explain energy", "every metric whose name begins with energy" },
	{ "hearth explain --csv >metrics.csv", "all definitions, for a spreadsheet" },
	{ NULL, NULL },
};

const struct command explain_command = {
	.name = "explain", .about = "what a number of the summary means",
	.text = "Prints the definition of a metric: what it means, its unit, its formula, "
		"where the definition comes from, and which direction is better, if one is.",
	.operand = { "METRIC", false, "all, one line each",
	    "a metric, one of its statistics, or the beginning of several names",
	    .words = "@metrics" },
	.options = options, .examples = examples, .run = run,
};
