/* hearth completion SHELL */
#include <stdlib.h>
#include <string.h>

#include "analysis/embedded.h"
#include "base/near.h"
#include "cli/command.h"
#include "cli/complete.h"

static const struct shell {
	const char *name, *script;
} shells[] = {
	{ "bash", embedded_hearth },
	{ "zsh", embedded__hearth },
	{ "fish", embedded_hearth_fish },
};
enum { SHELLS = sizeof shells / sizeof *shells };

static int refuse(const char *name)
{
	struct near n = near_to(name);
	for (int i = 0; i < SHELLS; i++) near_try(&n, shells[i].name);
	fprintf(stderr, "hearth completion: error: no script for '%s'", name);
	if (near_best(&n)) fprintf(stderr, " (did you mean '%s'?)\n", near_best(&n));
	else fputs("; write bash, zsh or fish\n", stderr);
	fputs("Try 'hearth completion --help'.\n", stderr);
	return STATUS_USAGE;
}

/* What the scripts ask: each word comes after a '=', so that none is empty or an option. */
static int answer(const struct options *o)
{
	for (size_t i = 0; i < o->further.count; i++)
		if (*o->further.word[i] == '=') o->further.word[i]++;
	complete_words(o->further.word, o->further.count, stdout);
	return STATUS_DONE;
}

static int run(const struct options *o)
{
	if (!strcmp(o->operand, "words")) return answer(o);
	if (o->further.count) {
		fprintf(stderr,
		    "hearth completion: error: takes one SHELL, but got '%s' besides\n"
		    "Try 'hearth completion --help'.\n", o->further.word[0]);
		return STATUS_USAGE;
	}
	for (int i = 0; i < SHELLS; i++)
		if (!strcmp(shells[i].name, o->operand)) {
			fputs(shells[i].script, stdout);
			return STATUS_DONE;
		}
	return refuse(o->operand);
}

static const struct example examples[] = {
	{ "hearth completion bash >hearth.bash", "a script for ~/.bashrc to read: . hearth.bash" },
	{ "hearth completion zsh >_hearth", "a file for a folder of zsh's fpath" },
	{ "hearth completion fish >hearth.fish", "a file for ~/.config/fish/completions" },
	{ "hearth completion words =explain =latency.t", "what the scripts ask: how that may go on" },
	{ NULL, NULL },
};

const struct command completion_command = {
	.name = "completion", .about = "let the shell complete commands, options and names",
	.text = "Prints a script that makes a shell complete hearth's commands, options, their "
		"values, scenarios, names of the catalogues, metrics, and the paths of --set. 'make "
		"install' puts the scripts where bash, zsh and fish look for them; without that, read "
		"it in the shell's start file, such as ~/.bashrc: . <(hearth completion bash).\n\n"
		"The scripts know nothing: they ask the program, by 'hearth completion words' and the "
		"words of the line after hearth, each behind a '='. Names are those of the data folder "
		"in use.",
	.operand = { "SHELL", true, NULL, "bash, zsh or fish; or words", .words = "bash zsh fish" },
	.further = { "WORD", false, NULL, "words: what was typed", true },
	.examples = examples, .run = run,
};
