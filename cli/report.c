/* hearth report RESULTS|DIR */
#include <stdlib.h>

#include "analysis/report.h"
#include "analysis/results.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/report_study.h"

enum { OUTPUT };

static const struct option_row options[] = {
	[OUTPUT] = { "output", 'o', "FILE.html",
	    "the results' name with .html; of a study report.html in its folder",
	    "where to write the page" },
	{ NULL },
};

static int write_page(const char *results, const char *page, struct err_list *e)
{
	if (input_is_same(results, page)) {
		err_at(e, (struct err_pos){ 0 }, "the page would replace the results, '%s'",
		    results);
		return STATUS_USAGE;
	}
	if (!input_can_write(page, e)) return STATUS_IO;
	struct dataset *d = results_read(results, e);
	if (!d) return STATUS_USAGE;
	bool written = report_write(d, page, e);
	ds_free(d);
	if (!written) return STATUS_IO;
	printf("%s\n", page);
	return STATUS_DONE;
}

static int run(const struct options *o)
{
	struct err_list *e = err_new();
	const char *named = options_text(o, OUTPUT);
	bool is_study = report_is_study(o->operand);
	char *page = named ? mem_text(named) :
	    is_study	   ? mem_print("%s/report.html", o->operand) :
			     input_with_extension(o->operand, ".h5", ".html");
	int status = is_study ? report_study(o->operand, page, e) : write_page(o->operand, page, e);
	err_print(e, stderr);
	free(page);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth run -o doorstep.h5", "results to report on" },
	{ "hearth report doorstep.h5", "one page with figures, doorstep.html" },
	{ NULL, NULL },
};

const struct command report_command = {
	.name = "report", .about = "write a page with figures from kept results",
	.text = "Writes one HTML page about a run: the answer in words, service, energy, carbon, "
		"cost, stress on the grid, self-checks. Of a study: which axes move its metrics, and "
		"how. The page loads nothing from elsewhere. Prints the name of the page.",
	.operand = { "RESULTS", true, NULL,
	    "a file written by hearth run -o, or the folder of a study that was collected",
	    .words = "@.h5" },
	.options = options, .examples = examples, .run = run,
};
