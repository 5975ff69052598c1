/* hearth compare RUN... */
#include "cli/compare.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "cli/command.h"
#include "cli/form.h"
#include "cli/input.h"
#include "models/metric.h"

enum { METRIC, ALL, BY, DIFFER, FAIL_IF, OUTPUT, JSON, CSV, MD };

static const char *refuse_gate(const char *value)
{
	struct gate g;
	return gate_read(&g, value);
}

static const struct option_row options[] = {
	[METRIC] = { "metric", 'm', "NAME", "the usual ones",
	    "a metric, or the beginning of several names; may be repeated", true,
	    .words = "@metrics" },
	[ALL] = { "all", 'a', NULL, NULL, "every metric" },
	[BY] = { "by", 0, "AXIS", NULL,
	    "of one study: compare each level of the axis with the first" },
	[DIFFER] = { "differ", 0, "XPATH", "one attribute",
	    "what may differ between the scenarios besides the seed, as --set names it; 'any': "
	    "whatever does; may be repeated", true, .words = "any @paths" },
	[FAIL_IF] = { "fail-if", 0, "GATE", NULL,
	    "exit with 1 when the change is shown to be beyond it: 'METRIC > +2 %', 'METRIC < "
	    "-0.5 s'; may be repeated", true, refuse_gate },
	[OUTPUT] = { "output", 'o', "FILE.html", NULL, "also write a page" },
	[JSON] = { "json", 0, NULL, NULL,
	    "print one JSON object: comparisons, gates, and rows with SI units" },
	[CSV] = FORM_CSV_OPTION,
	[MD] = FORM_MD_OPTION,
	{ NULL },
};

static const struct err_pos nowhere;

void compare_add_word(struct words *w, const char *word)
{
	w->word = mem_grow(w->word, w->count, &w->cap, sizeof *w->word);
	w->word[w->count++] = word;
}

/* ---- what was asked ---- */

static void say_no_file(const char *word, struct err_list *e)
{
	struct near n = near_to(word);
	for (const struct metric *const *t = metric_tables; *t; t++)
		for (const struct metric *m = *t; m->key; m++) near_try(&n, m->key);
	if (near_best(&n))
		err_at(e, nowhere, "there is no file and no metric '%s' (did you mean the metric '%s'?)",
		    word, near_best(&n));
	else
		err_at(e, nowhere, "there is no file and no metric '%s'; files are written by hearth "
				   "run -o", word);
}

static bool is_metric(const char *word)
{
	size_t n = strlen(word);
	if (metric_of(word)) return true;
	for (const struct metric *const *t = metric_tables; *t; t++)
		for (const struct metric *m = *t; m->key; m++)
			if (!strncmp(m->key, word, n) && m->key[n] == '.') return true;
	return false;
}

/* The i-th operand. */
static const char *operand(const struct options *o, size_t i)
{
	return i ? o->further.word[i - 1] : o->operand;
}

/* A file comes before a metric of that name. */
static bool sort_operands(const struct options *o, struct compare_ask *ask, struct err_list *e)
{
	bool known = true;
	for (size_t i = 0; i < 1 + o->further.count; i++) {
		const char *word = operand(o, i);
		struct stat s;
		bool behind = o->dashed && i >= o->dashed;
		if (!stat(word, &s)) {
			compare_add_word(&ask->side[behind], word);
		} else if (is_metric(word)) {
			compare_add_word(&ask->name, word);
		} else {
			say_no_file(word, e);
			known = false;
		}
	}
	return known;
}

static bool ask_init(struct compare_ask *ask, const struct options *o, struct err_list *e)
{
	const struct words *gates = &o->given[FAIL_IF], *names = &o->given[METRIC];
	*ask = (struct compare_ask){
		.all = options_flag(o, ALL), .by = options_text(o, BY), .differ = &o->given[DIFFER], .gates = gates->count,
		.gate = mem_new(gates->count, sizeof *ask->gate),
	};
	for (size_t i = 0; i < gates->count; i++) gate_read(&ask->gate[i], gates->word[i]);
	bool known = sort_operands(o, ask, e);
	for (size_t i = 0; i < names->count; i++) compare_add_word(&ask->name, names->word[i]);
	size_t files = ask->side[0].count;
	bool enough = o->dashed ? files && ask->side[1].count : ask->by ? files == 1 : files > 1;
	if (known && !enough)
		err_at(e, nowhere, "%s", o->dashed ? "a side of the '--' has no run" :
			ask->by ? "--by takes the folder of one study" :
				  "needs two runs at least, the baseline first; or one study, and --by");
	return known && enough;
}

static bool is_folder(const char *path)
{
	struct stat s;
	return !stat(path, &s) && S_ISDIR(s.st_mode);
}

/* All are studies or all are runs. */
static bool is_of_studies(const struct compare_ask *ask, bool *studies, struct err_list *e)
{
	size_t folders = 0, all = ask->side[0].count + ask->side[1].count;
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < ask->side[side].count; i++)
			folders += is_folder(ask->side[side].word[i]);
	*studies = folders > 0;
	if (folders && folders < all)
		err_at(e, nowhere, "runs and studies cannot be compared with each other; name files, or "
				   "folders of hearth sweep");
	else if (folders && ask->side[1].count)
		err_at(e, nowhere, "'--' is between runs; studies are compared without it");
	else if (!folders && ask->by)
		err_at(e, nowhere, "--by takes the folder of one study");
	else
		return true;
	return false;
}

static void ask_fini(struct compare_ask *ask)
{
	for (int i = 0; i < 2; i++) free(ask->side[i].word);
	free(ask->name.word);
	free(ask->gate);
}

/* ---- */

static bool write_page(const struct compare_out *out, const char *path, struct err_list *e)
{
	char *text;
	size_t size;
	FILE *html = open_memstream(&text, &size);
	compare_view_page(out->view, out->views, html);
	fclose(html);
	bool written = file_write(path, text, size, e);
	free(text);
	return written;
}

static bool is_invalid(const struct compare_out *out)
{
	for (size_t i = 0; i < out->views; i++)
		if (out->view[i].invalid) return true;
	return false;
}

static bool would_replace(const struct compare_ask *ask, const char *page, struct err_list *e)
{
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < ask->side[side].count; i++) {
			if (!input_is_same(ask->side[side].word[i], page)) continue;
			err_at(e, nowhere, "the page would replace the results, '%s'", page);
			return true;
		}
	return false;
}

static int compare(const struct compare_ask *ask, const char *page, enum table_form form,
    struct compare_out *out, struct err_list *e)
{
	bool judged, studies;
	if (!is_of_studies(ask, &studies, e)) return STATUS_USAGE;
	if (page && would_replace(ask, page, e)) return STATUS_USAGE;
	if (page && !input_can_write(page, e)) return STATUS_IO;
	if (!(studies ? compare_studies_of(ask, out, e) : compare_runs_of(ask, out, e)))
		return STATUS_USAGE;
	size_t failed = compare_print(ask, out, form, &judged, e);
	if (page && !write_page(out, page, e)) return STATUS_IO;
	if (!judged) return STATUS_USAGE;
	return failed || is_invalid(out) ? STATUS_INVALID : STATUS_DONE;
}

static int run(const struct options *o)
{
	struct err_list *e = err_new();
	struct compare_ask ask;
	struct compare_out out = { 0 };
	enum table_form form;
	int status = STATUS_USAGE;
	if (ask_init(&ask, o, e) && form_of(o, JSON, &form))
		status = compare(&ask, options_text(o, OUTPUT), form, &out, e);
	err_print(e, stderr);
	compare_out_fini(&out);
	ask_fini(&ask);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth run --seed=7 -o street.h5", "the baseline" },
	{ "hearth run --seed=7 --set '//homes/node/@share=0.4' -o more.h5", "one attribute changed" },
	{ "hearth compare street.h5 more.h5", "what that changed, and whether it is shown" },
	{ "hearth compare street.h5 more.h5 latency energy.grid_j_per_token",
	    "every statistic of latencies, and one more metric" },
	{ "hearth compare street.h5 more.h5 --fail-if='cost.total > +50 %'",
	    "a gate for scripts: exits with 1 when it is passed" },
	{ "hearth compare --by=hosts doorstep-study",
	    "a study that was run and collected: each share of hosts with the first" },
	{ NULL, NULL },
};

const struct command compare_command = {
	.name = "compare", .about = "what changed between runs, and whether that is shown",
	.text = "Compares runs by the metrics that matter: before, after, the change with its 95 % "
		"interval, and a word: better, worse, higher, lower, same, or no difference shown, "
		"where the interval holds 0. The first run is the baseline of all others. With '--' "
		"between them, two groups of runs are compared, paired by seed. Folders of studies "
		"(hearth sweep, collected) pair their points by the values of axes and seed; one "
		"study is compared along an axis, --by."
		"\n\n"
		"Runs whose scenarios differ in more than one attribute, besides the seed, are "
		"refused with a list of what differs, unless --differ says what may."
		"\n\n"
		"A gate fails when the whole interval lies beyond its threshold, so that what is not "
		"shown fails none; a change without interval is judged itself.",
	.operand = { "RUN", true, NULL, "a file written by hearth run -o, or a study's folder: "
	    "the baseline", .words = "@.h5 @folders" },
	.further = { "RUN|METRIC", false, NULL,
	    "more runs; '--' between two groups; metrics to show", true,
	    .words = "@.h5 @folders @metrics" },
	.parted = true, .options = options, .examples = examples, .run = run,
};
