/* hearth explain [METRIC] */
#include <string.h>

#include "base/near.h"
#include "cli/command.h"
#include "cli/wrap.h"
#include "models/metric.h"

enum { INDENT = 12 };

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

/* Prints one line for each metric whose key begins with `beginning` and a dot;
 * with "" for all. Returns how many. */
static int print_list(const char *beginning)
{
	size_t length = strlen(beginning);
	int printed = 0;
	for (const struct metric *const *t = metric_tables; *t; t++)
		for (const struct metric *m = *t; m->key; m++) {
			if (length && (strncmp(m->key, beginning, length) || m->key[length] != '.'))
				continue;
			printf("%s\n", m->key);
			wrap_text(m->about, 0, 4, stdout);
			printed++;
		}
	return printed;
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
	if (!o->operand) {
		print_list("");
		return STATUS_DONE;
	}
	const struct metric *m = metric_of(o->operand);
	if (m) print_metric(m);
	return m || print_list(o->operand) ? STATUS_DONE : refuse(o->operand);
}

static const struct example examples[] = {
	{ "hearth explain", "every metric with its meaning" },
	{ "hearth explain latency.ttft_s.p90", "what the ninetieth percentile is taken of" },
	{ "hearth explain energy", "every metric whose name begins with energy" },
	{ NULL, NULL },
};

const struct command explain_command = {
	.name = "explain", .about = "what a number of the summary means",
	.text = "Prints the definition of a metric: what it means, its unit, its formula, "
		"where the definition comes from, and which direction is better, if one is.",
	.operand = { "METRIC", false, "all, one line each",
	    "a metric, one of its statistics, or the beginning of several names" },
	.examples = examples, .run = run,
};
