/* Command lines by table.
 *
 * A command owns one table of options and at most two operands. The
 * parser, --help and hearth(1) read the same rows, so that none of them can
 * know an option that the others do not. GNU conventions: --name=VALUE or
 * --name VALUE, any unambiguous beginning of a name, -n VALUE or -nVALUE,
 * flags in clusters (-qo FILE), options and operands in any order, `--` ends
 * the options (of most commands: see `parted`). Every command also takes -h and --help. */
#ifndef HEARTH_CLI_OPTIONS_H
#define HEARTH_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Words that shells complete are split by blanks. One that begins with @ stands for many:
 *
 *     @scenarios @examples @networks   what is shipped, the first also files
 *     @commands @metrics @groups       of hearth, of explain, of bench
 *     @kinds @rows                     of catalogues; rows of the kind that is the first operand
 *     @devices @models ...             rows of that kind
 *     @paths @folders @.h5             XPaths for --set, folders, files with that ending
 *
 * "solve:@networks" holds where the first operand is "solve". Without words, an argument called
 * FILE.h5 is such a file, DIR or FOLDER a folder, FILE, TABLE or INPUT any file. */
struct option_row {
	const char *name;  /* "seed"; NULL ends the table */
	char letter;       /* 0: has no short form */
	const char *arg;   /* "N"; NULL: a flag */
	const char *def;   /* what holds without it, in words; NULL: nothing to say */
	const char *about; /* sentence without final stop; NULL: not shown to users */
	bool repeats;      /* may be given several times; else the last one holds */
	/* Says why a value is refused ("is not a whole number"), or NULL. */
	const char *(*refuse)(const char *value);
	const char *words; /* what it may be, for shells to complete (below); NULL: by arg */
};

struct operand_row {
	const char *name;  /* "SCENARIO"; NULL: the command takes none */
	bool required;     /* of further operands: one at least */
	const char *def;   /* as above */
	const char *about;
	bool repeats;      /* of further operands: any number of them; else one */
	const char *words; /* as above; NULL: by the name */
};

struct example {
	const char *line;  /* as typed, without prompt; NULL ends the list */
	const char *about; /* sentence without final stop */
};

struct options;

struct command {
	const char *name;
	const char *about; /* one line, without final stop */
	const char *text;  /* a paragraph or more, split by empty lines */
	struct operand_row operand, further; /* those after the first */
	bool parted; /* the word "--" parts the operands, and options may follow it */
	const struct option_row *options;
	const struct example *examples;
	int (*run)(const struct options *o); /* returns an enum status */
};

struct words {
	const char **word;
	size_t count, cap;
};

struct options {
	const struct command *cmd;
	struct words *given; /* one list for each row of cmd->options */
	const char *operand; /* NULL: not given */
	struct words further;
	size_t dashed;       /* operands before the word "--"; 0: none, or it was not given */
	bool help;           /* --help was given: the rest was not read */
};

/* Reads the words after the command's name; they must outlive *o. On a fault
 * says on `err` what is wrong and what to write, and returns false. Give *o to
 * options_fini in either case. */
bool options_init(struct options *o, const struct command *cmd, char *const *word, FILE *err);
void options_fini(struct options *o);

bool options_flag(const struct options *o, int row);
const char *options_text(const struct options *o, int row); /* NULL: not given */

/* For a table's refuse column, and to read what has passed it. */
bool options_parse_u64(const char *text, uint64_t *value); /* "7" or "0x7" */
const char *options_refuse_u64(const char *value);

/* How the option with that row is written: "-o, --output=FILE". Returns buf. */
char *options_spelling(const struct option_row *row, char *buf, size_t size);

#endif
