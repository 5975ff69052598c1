/* hearth init [FILE] */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/paths.h"
#include "cli/command.h"
#include "loader/scenario.h"

enum { KIND };

/* The files of data/starters; tests/everyday.sh says when there is another. */
static const char *const kinds[] = { "street", "datacentre", "server" };
enum { KINDS = sizeof kinds / sizeof *kinds };

static const char *refuse_kind(const char *value)
{
	for (int i = 0; i < KINDS; i++)
		if (!strcmp(kinds[i], value)) return NULL;
	return "is no kind; write street, datacentre or server";
}

static const struct option_row options[] = {
	[KIND] = { "kind", 0, "KIND", "street",
	    "what it is of: street (homes with GPUs on a feeder), datacentre (with sun and a "
	    "battery) or server (a model and people who ask it, no grid)",
	    .refuse = refuse_kind, .words = "street datacentre server" },
	{ NULL },
};

static const struct err_pos nowhere;

/* The path of the kind's starter; NULL with an entry in e. The caller frees. */
static char *starter(const char *kind, struct err_list *e)
{
	char *name = mem_print("starters/%s.xml", kind), *path = paths_in("data", name);
	free(name);
	if (!path) err_at(e, nowhere, PATHS_NO_HOME, paths_tried());
	return path;
}

/* A kind's word, and a name that lacks its ending, are slips. */
static bool is_scenario_name(const char *file, struct err_list *e)
{
	size_t n = strlen(file);
	if (file[0] == '-') {
		err_at(e, nowhere, "'%s' is no name of a scenario; write such as my-street.xml", file);
		return false;
	}
	if (n > 4 && !strcmp(file + n - 4, ".xml")) return true;
	if (!refuse_kind(file))
		err_at(e, nowhere, "'%s' is a kind, not a file; write hearth init --kind=%s", file, file);
	else
		err_at(e, nowhere, "'%s' is no name of a scenario; write %s.xml", file, file);
	return false;
}

static int run(const struct options *o)
{
	struct err_list *e = err_new();
	const char *kind = options_text(o, KIND) ? options_text(o, KIND) : kinds[0];
	char *file = o->operand ? mem_text(o->operand) : mem_print("my-%s.xml", kind);
	char *from = is_scenario_name(file, e) ? starter(kind, e) : NULL, *text = NULL;
	size_t size;
	int status = STATUS_USAGE;
	if (from) text = file_read(from, SCENARIO_BYTES_MAX, &size, e);
	if (text) status = file_write_new(file, text, size, e) ? STATUS_DONE : STATUS_IO;
	if (status == STATUS_DONE) {
		printf("%s\n", file);
		fflush(stdout); /* where both are one pipe, the advice comes last */
		fprintf(stderr, "A scenario that runs: hearth run %s\n"
		    "After a change: hearth check %s\n", file, file);
	}
	err_print(e, stderr);
	err_free(e);
	free(text);
	free(from);
	free(file);
	return status;
}

static const struct example examples[] = {
	{ "hearth init", "my-street.xml, to be changed line by line" },
	{ "hearth init --kind=server chatbot.xml", "one model and the people who ask it" },
	{ NULL, NULL },
};

const struct command init_command = {
	.name = "init", .about = "write a scenario to start from",
	.text = "Writes a small scenario that runs, with a comment at every element, and overwrites "
		"nothing. 'hearth examples' has larger ones, which answer questions.",
	.operand = { "FILE", false, "my-KIND.xml", "the file to write, whose name ends in .xml" },
	.options = options, .examples = examples, .run = run,
};
