/* hearth run [SCENARIO] */
#include <inttypes.h>

#include "analysis/results.h"
#include "analysis/summary.h"
#include "cli/command.h"
#include "cli/form.h"
#include "cli/input.h"
#include "cli/interrupt.h"
#include "cli/jobs.h"
#include "cli/session.h"
#include "cli/set.h"

enum { OUTPUT, SEED, SET, JOBS, JSON, CSV, MD, QUIET, FINGERPRINT };

static const struct option_row options[] = {
	[OUTPUT] = { "output", 'o', "FILE.h5", "results are not kept",
	    "where to keep the results" },
	[SEED] = { "seed", 0, "N", "the scenario's", "seed of every random stream",
	    .refuse = options_refuse_u64 },
	[SET] = SET_OPTION,
	[JOBS] = { "jobs", 'j', "N", "1",
	    "threads that solve feeders side by side; the results are the same bytes",
	    .refuse = jobs_refuse },
	[JSON] = { "json", 0, NULL, NULL,
	    "print the summary as one JSON object, with units in its keys" },
	[CSV] = { "csv", 0, NULL, NULL, "print every number of the summary, one a line, in SI units" },
	[MD] = { "md", 0, NULL, NULL, "print the same as a table in Markdown" },
	[QUIET] = { "quiet", 'q', NULL, NULL, "print no summary" },
	[FINGERPRINT] = { "fingerprint", 0, NULL, NULL,
	    "also print a hash of the order of all events below the summary, but not into JSON, "
	    "CSV or Markdown; equal hashes mean equal histories" },
	{ NULL },
};

static void print_summary(const struct dataset *d, enum table_form form)
{
	switch (form) {
	case TABLE_TEXT: summary_print(d, stdout); break;
	case TABLE_JSON: summary_json(d, stdout); break;
	case TABLE_CSV:
	case TABLE_MARKDOWN: summary_table(d, form, stdout); break;
	}
}

static void print(const struct options *o, const struct session *s, const struct dataset *d)
{
	const char *output = options_text(o, OUTPUT);
	enum table_form form = TABLE_TEXT;
	bool quiet = options_flag(o, QUIET);
	form_of(o, JSON, &form); /* it was found right before the run */
	if (form != TABLE_TEXT || !quiet) print_summary(d, form);
	if (form != TABLE_TEXT) return;
	if (options_flag(o, FINGERPRINT))
		printf("event order 0x%016" PRIx64 "\n", world_fingerprint(s->world));
	if (quiet) return;
	fflush(stdout); /* where both are one pipe, the advice comes last */
	if (output)
		fprintf(stderr, "Results are in %s; for figures: hearth report %s\n", output, output);
	else
		fputs("Results were not kept; to keep them: hearth run -o FILE.h5\n", stderr);
}

/* Moves the results into their file, if one is wanted, and shows them. */
static int finish(const struct options *o, const struct session *s, struct err_list *e)
{
	const char *output = options_text(o, OUTPUT);
	struct dataset *d = session_export(s, &o->given[SET], NULL, e);
	if (!d) return STATUS_IO;
	if (output) interrupt_hold();
	bool written = !output || results_write(d, output, e);
	if (written) print(o, s, d);
	ds_free(d);
	if (!written) return STATUS_IO;
	return world_validity(s->world) == VALIDITY_INVALID ? STATUS_INVALID : STATUS_DONE;
}

static int run(const struct options *o)
{
	enum table_form form;
	if (!form_of(o, JSON, &form)) return STATUS_USAGE;
	struct err_list *e = err_new();
	struct session s = { 0 };
	struct session_options want = {
		.name = o->operand ? o->operand : INPUT_BUILT_IN, .set = &o->given[SET],
		.seed = options_text(o, SEED), .fingerprint = options_flag(o, FINGERPRINT),
		.threads = jobs_read(o, JOBS),
	};
	const char *output = options_text(o, OUTPUT);
	int status = STATUS_USAGE;
	interrupt_init();
	if (output && !input_can_write(output, e)) {
		status = STATUS_IO;
	} else if (session_init(&s, &want, e)) {
		world_run(s.world);
		status = finish(o, &s, e);
	}
	err_print(e, stderr);
	session_fini(&s);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth run",
	    "the built-in scenario: a day on a street where every fifth home has a GPU" },
	{ "hearth run --seed=7 -o doorstep.h5", "the same with other dice, results kept" },
	{ "hearth run doorstep --set '//homes/@count=40' --json",
	    "with forty homes, the summary for a program" },
	{ NULL, NULL },
};

const struct command run_command = {
	.name = "run", .about = "run a scenario and print what came out",
	.text = "Runs a scenario and prints the summary. Results are kept only when -o names a "
		"file, which is complete or not there at all. The same scenario and seed give the "
		"same bytes.",
	.operand = { "SCENARIO", false, INPUT_BUILT_IN,
		"a file, or the name of a shipped scenario", .words = "@scenarios" },
	.options = options, .examples = examples, .run = run,
};
