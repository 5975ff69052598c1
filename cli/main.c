/* hearth: language-model inference on the grid. See hearth(1). */
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/streams.h"

static char *const no_words[] = { NULL };

static int dispatch(char *const *word)
{
	if (!word[0]) {
		help_program(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(word[0], "--help") || !strcmp(word[0], "-h"))
		return command_run(&help_command, no_words);
	if (!strcmp(word[0], "--version") || !strcmp(word[0], "-V"))
		return command_run(&version_command, no_words);
	if (word[0][0] == '-') {
		fprintf(stderr,
		    "hearth: error: expected a command before '%s'\nTry 'hearth --help'.\n",
		    word[0]);
		return STATUS_USAGE;
	}
	const struct command *cmd = command_find(word[0], stderr);
	return cmd ? command_run(cmd, word + 1) : STATUS_USAGE;
}

int main(int argc, char **argv)
{
	streams_init();
	return streams_fini(dispatch(argc ? argv + 1 : no_words));
}
