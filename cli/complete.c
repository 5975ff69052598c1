#include "cli/complete.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/paths.h"
#include "bench/suite/suite.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "models/metric.h"

/* What is being completed. */
struct typed {
	const struct command *cmd;
	const char *begin;   /* of the word under way, or of the value in it */
	const char *head;    /* what stands in front of that in the word: "--seed=" */
	const char *operand; /* the first one; NULL: none yet */
	size_t operands;     /* before the word under way */
	FILE *out;
};

static void offer(const struct typed *t, const char *word, const char *about)
{
	if (strncmp(word, t->begin, strlen(t->begin))) return;
	fprintf(t->out, "%s%s\t%s\n", t->head, word, about ? about : "");
}

static void ask_files(const struct typed *t, const char *ending)
{
	fprintf(t->out, *ending ? ":files\t%s\n" : ":files\n", ending);
}

/* ---- sources: words that the tables call by @name ---- */

static void offer_commands(const struct typed *t)
{
	for (const struct command *const *c = commands; *c; c++) offer(t, (*c)->name, (*c)->about);
}

static void offer_metrics(const struct typed *t)
{
	for (const struct metric *const *list = metric_tables; *list; list++)
		for (const struct metric *m = *list; m->key; m++) offer(t, m->key, m->about);
}

static void offer_groups(const struct typed *t)
{
	for (const struct bench_group *const *g = bench_groups; *g; g++)
		offer(t, (*g)->name, (*g)->about);
}

static void offer_kinds(const struct typed *t)
{
	for (const struct class *const *c = classes; *c; c++) {
		if (!catalog_is_kind(*c)) continue;
		char *plural = catalog_plural(*c);
		offer(t, plural, (*c)->about);
		free(plural);
	}
}

/* Rows of a kind of catalogue, or of the one that is the first operand. */
static void offer_rows(const struct typed *t, const char *kind)
{
	struct err_list *quiet = err_new();
	const struct class *cls = kind ? catalog_kind(kind) : NULL;
	struct scenario *s = cls ? scenario_catalogues(quiet) : NULL;
	if (s) {
		struct catalog_rows r = catalog_rows_of(s, cls);
		for (size_t i = 0; i < r.count; i++) offer(t, r.row[i]->name, cls->element);
		catalog_rows_fini(&r);
	}
	scenario_free(s);
	err_free(quiet);
}

/* Names in a folder of the data, less the ending; with "" folders. */
static void offer_folder(const struct typed *t, const char *dir, const char *below, const char *ending)
{
	struct dirent **entry = NULL;
	char *folder = paths_in(dir, below);
	int entries = folder ? scandir(folder, &entry, NULL, alphasort) : 0;
	for (int i = 0; i < entries; i++) {
		char *name = entry[i]->d_name;
		size_t n = strlen(name), m = strlen(ending);
		bool fits = *ending ? n > m && !strcmp(name + n - m, ending) : !strchr(name, '.');
		if (fits) name[n - m] = 0;
		if (fits) offer(t, name, "shipped");
		free(entry[i]);
	}
	free(entry);
	free(folder);
}

static void offer_scenarios(const struct typed *t)
{
	offer_folder(t, "scenarios", "", ".xml");
	ask_files(t, "xml");
}

/* XPaths of all attributes, as --set takes them. */
static void offer_paths(const struct typed *t)
{
	for (const struct class *const *c = classes; *c; c++)
		for (const struct attr *a = (*c)->attrs; a && a->about; a++) {
			if (a->kind == ATTR_KIND_BODY) continue;
			char *path = mem_print("//%s/@%s=", (*c)->element, a->name);
			offer(t, path, a->about);
			free(path);
		}
}

static void offer_source(const struct typed *t, const char *source)
{
	if (!strcmp(source, "@commands")) offer_commands(t);
	else if (!strcmp(source, "@metrics")) offer_metrics(t);
	else if (!strcmp(source, "@groups")) offer_groups(t);
	else if (!strcmp(source, "@kinds")) offer_kinds(t);
	else if (!strcmp(source, "@rows")) offer_rows(t, t->operand);
	else if (!strcmp(source, "@scenarios")) offer_scenarios(t);
	else if (!strcmp(source, "@examples")) offer_folder(t, "scenarios", "", ".xml");
	else if (!strcmp(source, "@networks")) offer_folder(t, "data", "networks", "");
	else if (!strcmp(source, "@paths")) offer_paths(t);
	else if (!strcmp(source, "@folders")) fputs(":folders\n", t->out);
	else if (source[1] == '.') ask_files(t, source + 2);
	else offer_rows(t, source + 1);
}

/* ---- words of a table ---- */

/* One word of a table: "full", "@scenarios", or either after "solve:", of that action only. */
static void offer_one(const struct typed *t, const char *word)
{
	const char *colon = strchr(word, ':');
	if (colon) {
		size_t n = (size_t)(colon - word);
		bool here = t->operand && strlen(t->operand) == n && !strncmp(t->operand, word, n);
		if (!here) return;
		word = colon + 1;
	}
	if (*word == '@') offer_source(t, word);
	else offer(t, word, "");
}

static void offer_words(const struct typed *t, const char *words)
{
	char *all = mem_text(words), *rest = all;
	for (char *word; (word = strtok_r(rest, " ", &rest));) offer_one(t, word);
	free(all);
}

/* Values of what is called "FILE.h5" or "DIR" and says no more. */
static void offer_by_name(const struct typed *t, const char *name)
{
	if (!strncmp(name, "FILE.", 5)) ask_files(t, name + 5);
	else if (!strncmp(name, "DIR", 3) || !strncmp(name, "FOLDER", 6)) fputs(":folders\n", t->out);
	else if (strstr(name, "FILE") || strstr(name, "TABLE") || strstr(name, "INPUT"))
		ask_files(t, "");
	else if (!strcmp(name, "XPATH=VALUE")) offer_paths(t);
}

static void offer_values(const struct typed *t, const char *words, const char *name)
{
	if (words) offer_words(t, words);
	else if (name) offer_by_name(t, name);
}

static void offer_options(const struct typed *t)
{
	for (const struct option_row *row = t->cmd->options; row && row->name; row++) {
		if (!row->about) continue;
		char *word = mem_print("--%s%s", row->name, row->arg ? "=" : "");
		offer(t, word, row->about);
		free(word);
	}
	offer(t, "--help", "show the options with examples");
}

static void offer_operand(const struct typed *t)
{
	const struct operand_row *row = t->operands ? &t->cmd->further : &t->cmd->operand;
	if (t->operands > 1 && !row->repeats) return;
	if (row->name) offer_values(t, row->words, row->name);
}

/* ---- what was typed before ---- */

static const struct option_row *row_of(const struct command *cmd, const char *name, size_t n)
{
	for (const struct option_row *row = cmd->options; row && row->name; row++)
		if (!strncmp(row->name, name, n) && !row->name[n]) return row;
	return NULL;
}

/* The option that takes the next word as its value: "--seed", "-o", "-qo"; else NULL. */
static const struct option_row *wants_next(const struct command *cmd, const char *word)
{
	const struct option_row *found = NULL;
	size_t n = strlen(word);
	if (n < 2 || word[0] != '-' || strchr(word, '=')) return NULL;
	if (word[1] == '-') found = row_of(cmd, word + 2, n - 2);
	else
		for (const struct option_row *row = cmd->options; row && row->name; row++)
			if (row->letter && row->letter == word[n - 1]) found = row;
	return found && found->arg ? found : NULL;
}

static const struct command *command_named(const char *name)
{
	for (const struct command *const *c = commands; *c; c++)
		if (!strcmp((*c)->name, name)) return *c;
	return NULL;
}

/* The word under way: an option, its value, or an operand. */
static void complete_last(struct typed *t, const struct option_row *before, const char *last,
    bool options)
{
	const char *equals = strchr(last, '=');
	const struct option_row *row = before;
	char *head = NULL;
	if (!row && options && !strncmp(last, "--", 2) && equals) {
		row = row_of(t->cmd, last + 2, (size_t)(equals - last) - 2);
		t->head = head = mem_text_n(last, (size_t)(equals - last) + 1);
		t->begin = equals + 1;
		if (row && row->arg) offer_values(t, row->words, row->arg);
	} else if (row) {
		offer_values(t, row->words, row->arg);
	} else if (options && *last == '-') {
		offer_options(t);
	} else {
		offer_operand(t);
	}
	free(head);
}

void complete_words(const char *const *word, size_t words, FILE *out)
{
	if (!words) return;
	struct typed t = { .begin = word[words - 1], .head = "", .out = out };
	if (words == 1) {
		offer_commands(&t);
		offer(&t, "--help", "what hearth can do");
		offer(&t, "--version", "which one it is");
		return;
	}
	t.cmd = command_named(word[0]);
	const struct option_row *wants = NULL;
	bool options = true;
	for (size_t i = 1; t.cmd && i + 1 < words; i++) {
		bool value = wants, option = options && word[i][0] == '-' && word[i][1];
		wants = !value && options ? wants_next(t.cmd, word[i]) : NULL;
		if (!value && options && !strcmp(word[i], "--")) options = false;
		else if (!value && !option && !t.operands++) t.operand = word[i];
	}
	if (t.cmd) complete_last(&t, wants, word[words - 1], options);
}
