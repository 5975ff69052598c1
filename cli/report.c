/* hearth report RESULTS|DIR */
#include <stdlib.h>

#include "analysis/report.h"
#include "analysis/results.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/compare.h"
#include "cli/input.h"
#include "cli/report_study.h"

enum { OUTPUT, BASELINE, DIFFER };

static const struct option_row options[] = {
	[OUTPUT] = { "output", 'o', "FILE.html",
	    "the results' name with .html; of a study report.html in its folder",
	    "where to write the page" },
	[BASELINE] = { "baseline", 0, "FILE.h5", NULL,
	    "show beside the run what hearth compare says of it against this one" },
	[DIFFER] = { "differ", 0, "XPATH", "one attribute",
	    "what may differ from the baseline, as hearth compare takes it; may be repeated", true,
	    .words = "any @paths" },
	{ NULL },
};

/* The run beside its baseline, if one is named. */
static bool compare(const struct options *o, struct compare_out *out, struct err_list *e)
{
	const char *baseline = options_text(o, BASELINE), *both[] = { baseline, o->operand };
	struct compare_ask ask = { .side = { { both, 2, 0 } }, .differ = &o->given[DIFFER] };
	return !baseline || compare_runs_of(&ask, out, e);
}

static bool would_replace(const char *results, const char *page, struct err_list *e)
{
	if (!results || !input_is_same(results, page)) return false;
	err_at(e, (struct err_pos){ 0 }, "the page would replace the results, '%s'", results);
	return true;
}

static int write_page(const struct options *o, const char *page, struct err_list *e)
{
	if (would_replace(o->operand, page, e) || would_replace(options_text(o, BASELINE), page, e))
		return STATUS_USAGE;
	if (!input_can_write(page, e)) return STATUS_IO;
	struct dataset *d = results_read(o->operand, e);
	struct compare_out out = { 0 };
	int status = STATUS_USAGE;
	if (d && compare(o, &out, e))
		status = report_write(d, out.view, page, e) ? STATUS_DONE : STATUS_IO;
	if (status == STATUS_DONE) printf("%s\n", page);
	compare_out_fini(&out);
	ds_free(d);
	return status;
}

static int run(const struct options *o)
{
	struct err_list *e = err_new();
	const char *named = options_text(o, OUTPUT);
	bool is_study = report_is_study(o->operand);
	char *page = named ? mem_text(named) :
	    is_study	   ? mem_print("%s/report.html", o->operand) :
			     input_with_extension(o->operand, ".h5", ".html");
	int status = STATUS_USAGE;
	if (is_study && options_text(o, BASELINE))
		err_at(e, (struct err_pos){ 0 },
		    "--baseline is for a run; hearth compare sets studies beside each other");
	else
		status = is_study ? report_study(o->operand, page, e) : write_page(o, page, e);
	err_print(e, stderr);
	free(page);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth run -o doorstep.h5", "results to report on" },
	{ "hearth report doorstep.h5", "one page with figures, doorstep.html" },
	{ "hearth run --set '//homes/@count=40' -o forty.h5", "another run" },
	{ "hearth report forty.h5 --baseline=doorstep.h5", "and what it changed" },
	{ NULL, NULL },
};

const struct command report_command = {
	.name = "report", .about = "write a page with figures from kept results",
	.text = "Writes one HTML page about a run: the answer in words, service, energy, carbon, "
		"cost, stress on the grid, self-checks; with a baseline, what changed. Of a study: "
		"which axes move its metrics, and how. The page loads nothing from elsewhere. Prints "
		"the name of the page.",
	.operand = { "RESULTS", true, NULL,
	    "a file written by hearth run -o, or the folder of a study that was collected",
	    .words = "@.h5" },
	.options = options, .examples = examples, .run = run,
};
