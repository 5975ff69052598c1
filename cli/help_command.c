/* hearth help [COMMAND] */
#include "cli/command.h"
#include "cli/help.h"

static int run(const struct options *o)
{
	if (!o->operand) {
		help_program(stdout);
		return STATUS_DONE;
	}
	const struct command *cmd = command_find(o->operand, stderr);
	if (!cmd) return STATUS_USAGE;
	help_of(cmd, stdout);
	return STATUS_DONE;
}

static const struct example examples[] = {
	{ "hearth help run", "the same as hearth run --help" },
	{ NULL, NULL },
};

const struct command help_command = {
	.name = "help", .about = "what hearth, or one of its commands, can do",
	.text = "Shows what hearth can do, or what one of its commands takes.",
	.operand = { "COMMAND", false, NULL, "the command to explain",
	    .words = "@commands" },
	.examples = examples, .run = run,
};
