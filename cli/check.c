/* hearth check SCENARIO */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/session.h"
#include "cli/set.h"

enum { SET, RESOLVED };

static const struct option_row options[] = {
	[SET] = SET_OPTION,
	[RESOLVED] = { "resolved", 0, NULL, NULL,
	    "print the scenario as it would be run: every attribute written, includes and "
	    "overrides applied, in SI units" },
	{ NULL },
};

static size_t count(const struct object *o)
{
	size_t n = 0;
	for (; o; o = o->next) n += 1 + count(o->child);
	return n;
}

static void print_ok(const char *path, const struct scenario *s)
{
	printf("%s: ok (%zu elements, %zu files)\n", path, count(scenario_root(s)),
	    scenario_files(s));
}

static void print_resolved(const struct scenario *s)
{
	char *text = scenario_resolved(s);
	fputs(text, stdout);
	free(text);
}

static int run(const struct options *o)
{
	struct err_list *e = err_new();
	struct session s;
	struct session_options want = { .name = o->operand, .set = &o->given[SET] };
	bool good = session_init(&s, &want, e);
	err_print(e, stderr);
	if (good && options_flag(o, RESOLVED)) print_resolved(s.scenario);
	else if (good) print_ok(s.path, s.scenario);
	session_fini(&s);
	err_free(e);
	return good ? STATUS_DONE : STATUS_USAGE;
}

static const struct example examples[] = {
	{ "hearth check doorstep", "whether the shipped scenario of that name is right" },
	{ "hearth check doorstep --set '//homes/@count=40' --resolved",
	    "what would be run with forty homes" },
	{ NULL, NULL },
};

const struct command check_command = {
	.name = "check", .about = "say what is wrong with a scenario, without running it",
	.text = "Reads a scenario and everything it names, and shows all faults at once as "
		"FILE:LINE:COLUMN, each with what to write instead.",
	.operand = { "SCENARIO", true, NULL, "a file, or the name of a shipped scenario",
	    .words = "@scenarios" },
	.options = options, .examples = examples, .run = run,
};
