#include "cli/command.h"

#include <string.h>

#include "base/near.h"
#include "cli/help.h"

const struct command *const commands[] = {
#define X(c) &c##_command,
	COMMAND_LIST(X)
#undef X
	NULL,
};

static bool looks_like_scenario(const char *word)
{
	size_t n = strlen(word);
	return n > 4 && !strcmp(word + n - 4, ".xml");
}

const struct command *command_find(const char *name, FILE *err)
{
	struct near n = near_to(name);
	for (const struct command *const *c = commands; *c; c++) {
		if (!strcmp((*c)->name, name)) return *c;
		near_try(&n, (*c)->name);
	}
	if (looks_like_scenario(name))
		fprintf(err, "hearth: error: '%s' is not a command; to run it: hearth run %s\n",
		    name, name);
	else if (near_best(&n))
		fprintf(err, "hearth: error: unknown command '%s' (did you mean '%s'?)\n", name,
		    near_best(&n));
	else
		fprintf(err, "hearth: error: unknown command '%s'\n", name);
	fputs("Try 'hearth --help'.\n", err);
	return NULL;
}

int command_run(const struct command *cmd, char *const *word)
{
	struct options o;
	int status = STATUS_USAGE;
	if (options_init(&o, cmd, word, stderr)) {
		if (o.help) help_of(cmd, stdout);
		status = o.help ? STATUS_DONE : cmd->run(&o);
	}
	options_fini(&o);
	return status;
}
