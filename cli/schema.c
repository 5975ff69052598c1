/* hearth schema --xsd|--man */
#include "cli/command.h"
#include "cli/manual.h"
#include "loader/scenario.h"
#include "sweep/study.h"

enum { XSD, MAN, MAN_COMMANDS };

static const struct option_row options[] = {
	[XSD] = { "xsd", 0, NULL, NULL, "the XML schema that editors check scenarios and studies with" },
	[MAN] = { "man", 0, NULL, NULL, "the manual page hearth-scenario(5), in mdoc" },
	[MAN_COMMANDS] = { "man-commands", 0, NULL, NULL, NULL }, /* for `make docs' */
	{ NULL },
};

static int run(const struct options *o)
{
	if (options_flag(o, XSD) + options_flag(o, MAN) + options_flag(o, MAN_COMMANDS) != 1) {
		fputs("hearth schema: error: say which one: --xsd or --man\n"
		      "Try 'hearth schema --help'.\n",
		    stderr);
		return STATUS_USAGE;
	}
	if (options_flag(o, XSD)) schema_xsd(study_classes, stdout);
	else if (options_flag(o, MAN)) schema_man(study_classes, stdout);
	else manual_write(stdout);
	return STATUS_DONE;
}

static const struct example examples[] = {
	{ "hearth schema --xsd >hearth.xsd", "the schema, for an editor's settings" },
	{ NULL, NULL },
};

const struct command schema_command = {
	.name = "schema", .about = "the format of scenarios and studies, for editors and people",
	.text = "Prints the format of scenario files, from the tables that the reader itself "
		"checks them with.",
	.options = options, .examples = examples, .run = run,
};
