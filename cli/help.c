#include "cli/help.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/wrap.h"
#include "cli/command.h"
#include "cli/prose.h"

enum { OPTION_COLUMN = 26 };

static void print_row(const char *head, const char *about, const char *def, FILE *out)
{
	int at = fprintf(out, "  %s", head);
	if (at > OPTION_COLUMN - 2) at = 0, fputc('\n', out);
	char *text = def ? mem_print("%s (default: %s)", about, def) : mem_text(about);
	wrap_text(text, at, OPTION_COLUMN, out);
	free(text);
}

static void print_examples(const struct example *x, FILE *out)
{
	if (!x || !x->line) return;
	fputs("\nExamples:\n", out);
	for (; x->line; x++) {
		fprintf(out, "  %s\n", x->line);
		wrap_text(x->about, 0, 6, out);
	}
}

void help_of(const struct command *cmd, FILE *out)
{
	const struct operand_row *p = &cmd->operand, *further = &cmd->further;
	fprintf(out, "Usage: hearth %s [OPTION]...", cmd->name);
	if (p->name) fprintf(out, p->required ? " %s" : " [%s", p->name);
	if (further->name)
		fprintf(out, further->required ? " %s%s" : " [%s]%s", further->name,
		    further->repeats ? "..." : "");
	if (p->name && !p->required) fputc(']', out);
	fputs("\n\n", out);
	wrap_text(cmd->text, 0, 0, out);
	fputc('\n', out);
	if (p->name) print_row(p->name, p->about, p->def, out);
	if (further->name) print_row(further->name, further->about, further->def, out);
	char head[80];
	for (const struct option_row *row = cmd->options; row && row->name; row++) {
		if (!row->about) continue;
		options_spelling(row, head, sizeof head);
		print_row(head, row->about, row->def, out);
	}
	print_row("-h, --help", "show this text", NULL, out);
	print_examples(cmd->examples, out);
}

void help_program(FILE *out)
{
	fputs("Usage: hearth COMMAND [OPTION]... [OPERAND]\n\n", out);
	wrap_text(prose_question, 0, 0, out);
	fputs("\nCommands:\n", out);
	for (const struct command *const *c = commands; *c; c++)
		print_row((*c)->name, (*c)->about, NULL, out);
	fputs("\n'hearth COMMAND --help' says what a command takes and gives examples.\n", out);
	print_examples(prose_examples, out);
	fputs("\nExit status:\n", out);
#define X(id, number, about) print_row(#number, about, NULL, out);
	STATUS_LIST(X)
#undef X
	fputs("\nEnvironment:\n", out);
	for (const struct prose_item *i = prose_environment; i->name; i++)
		print_row(i->name, i->about, NULL, out);
	fputs("\nManual pages: hearth(1), hearth-scenario(5).\n", out);
}
