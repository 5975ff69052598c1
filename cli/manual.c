#include "cli/manual.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/command.h"
#include "cli/prose.h"

enum { WIDTH = 78 };

static bool ends_sentence(const char *word, int length)
{
	return strchr(".?!", word[length - 1]) != NULL;
}

/* One word of running text; option dashes must not become hyphens. */
static void put_word(const char *word, int length, bool starts_line, FILE *out)
{
	if (starts_line && strchr(".'", word[0])) fputs("\\&", out);
	for (int i = 0; i < length; i++) {
		bool hyphen = i > 0 && islower((unsigned char)word[i - 1]);
		if (word[i] == '-' && !hyphen) fputs("\\-", out);
		else if (word[i] == '\\') fputs("\\e", out);
		else fputc(word[i], out);
	}
}

/* Running text as mdoc(7) wants it: one line a sentence, filled, .Pp between
 * paragraphs. `end` is put after the last word. */
static void put_text(const char *text, const char *end, FILE *out)
{
	int at = 0;
	while (*text) {
		int length = (int)strcspn(text, " \n");
		if (at && at + 1 + length > WIDTH) at = 0, fputc('\n', out);
		if (at) at += fprintf(out, " ");
		put_word(text, length, !at, out);
		at += length;
		bool sentence = ends_sentence(text, length);
		text += length;
		bool paragraph = text[0] == '\n' && text[1] == '\n';
		text += strspn(text, " \n");
		if (!*text) break;
		if (paragraph || sentence) at = 0, fputs(paragraph ? "\n.Pp\n" : "\n", out);
	}
	fprintf(out, "%s\n", end);
}

static void put_head(FILE *out)
{
	fputs(".\\\" Written by `make docs' from the tables of the commands: edit those.\n"
	      ".Dd November 21, 2026\n"
	      ".Dt HEARTH 1\n"
	      ".Os hearth " PACKAGE_VERSION "\n"
	      ".Sh NAME\n"
	      ".Nm hearth\n"
	      ".Nd simulate language-model inference on the power grid\n",
	    out);
}

static void put_option(const struct option_row *row, FILE *out)
{
	if (row->letter) fprintf(out, "Fl %c , ", row->letter);
	fprintf(out, "Fl \\-%s", row->name);
	if (row->arg) fprintf(out, " Ns = Ns Ar %s", row->arg);
}

static void put_synopsis(const struct command *c, FILE *out)
{
	fprintf(out, ".Nm\n.Cm %s\n", c->name);
	for (const struct option_row *row = c->options; row && row->name; row++) {
		if (!row->about) continue;
		fputs(".Op ", out);
		put_option(row, out);
		fputs(row->repeats ? " ...\n" : "\n", out);
	}
	if (c->operand.name)
		fprintf(out, c->operand.required ? ".Ar %s" : ".Op Ar %s", c->operand.name);
	if (c->further.name)
		fprintf(out, c->further.required ? " Ar %s%s" : " Op Ar %s%s", c->further.name,
		    c->further.repeats ? " ..." : "");
	if (c->operand.name) fputc('\n', out);
}

/* A row's sentence, which the tables have without capital and full stop. */
static void put_sentence(const char *about, const char *end, FILE *out)
{
	char *text = mem_text(about);
	if (text[0] >= 'a' && text[0] <= 'z') text[0] = (char)(text[0] - 'a' + 'A');
	put_text(text, end, out);
	free(text);
}

static void put_item(const char *about, const char *def, FILE *out)
{
	put_sentence(about, ".", out);
	if (!def) return;
	fputs("Default: ", out);
	put_text(def, ".", out);
}

static void put_operand(const struct operand_row *row, FILE *out)
{
	if (!row->name) return;
	fprintf(out, ".It Ar %s\n", row->name);
	put_item(row->about, row->def, out);
}

static void put_command(const struct command *c, FILE *out)
{
	fprintf(out, ".Ss hearth %s\n", c->name);
	put_text(c->text, "", out);
	fputs(".Bl -tag -width Ds\n", out);
	put_operand(&c->operand, out);
	put_operand(&c->further, out);
	for (const struct option_row *row = c->options; row && row->name; row++) {
		if (!row->about) continue;
		fputs(".It ", out);
		put_option(row, out);
		fputc('\n', out);
		put_item(row->about, row->def, out);
	}
	fputs(".It Fl h , Fl \\-help\nShow the options with examples.\n.El\n", out);
}

static void put_items(const char *section, const char *macro, const struct prose_item *i,
    FILE *out)
{
	fprintf(out, ".Sh %s\n.Bl -tag -width Ds\n", section);
	for (; i->name; i++) {
		fprintf(out, ".It %s %s\n", macro, i->name);
		put_sentence(i->about, ".", out);
	}
	fputs(".El\n", out);
}

static void put_status(FILE *out)
{
	fputs(".Sh EXIT STATUS\n.Bl -tag -width Ds\n", out);
#define X(id, number, about) \
	fputs(".It " #number "\n", out); \
	put_sentence(about, ".", out);
	STATUS_LIST(X)
#undef X
	fputs(".El\n", out);
}

static void put_examples(const struct command *const *c, FILE *out)
{
	bool first = true;
	for (; *c; c++)
		for (const struct example *x = (*c)->examples; x && x->line; x++) {
			if (!first) fputs(".Pp\n", out);
			first = false;
			put_sentence(x->about, ":", out);
			fputs(".Pp\n.Dl $ ", out);
			put_word(x->line, (int)strlen(x->line), false, out);
			fputc('\n', out);
		}
}

void manual_write(FILE *out)
{
	put_head(out);
	fputs(".Sh SYNOPSIS\n", out);
	for (const struct command *const *c = commands; *c; c++) put_synopsis(*c, out);
	fputs(".Sh DESCRIPTION\n", out);
	put_text(prose_question, "", out);
	fputs(".Pp\n", out);
	put_text(prose_description, "", out);
	for (const struct command *const *c = commands; *c; c++) put_command(*c, out);
	put_items("ENVIRONMENT", "Ev", prose_environment, out);
	put_items("FILES", "Pa", prose_files, out);
	put_status(out);
	fputs(".Sh EXAMPLES\n", out);
	put_examples(commands, out);
	fputs(".Sh SEE ALSO\n.Xr hearth-scenario 5\n", out);
}
