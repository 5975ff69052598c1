#include "cli/options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"

static const struct option_row help_row = { "help", 'h', NULL, NULL, "show this text" };

struct reader {
	struct options *o;
	char *const *next; /* words not yet read */
	FILE *err;
};

__attribute__((format(printf, 2, 3))) static bool fault(const struct reader *r, const char *fmt,
    ...)
{
	va_list ap;
	va_start(ap, fmt);
	fprintf(r->err, "hearth %s: error: ", r->o->cmd->name);
	vfprintf(r->err, fmt, ap);
	fprintf(r->err, "\nTry 'hearth %s --help'.\n", r->o->cmd->name);
	va_end(ap);
	return false;
}

static bool is_row(const struct option_row *row)
{
	return row && row->name;
}

static bool unknown(const struct reader *r, const char *name)
{
	struct near n = near_to(name);
	for (const struct option_row *row = r->o->cmd->options; is_row(row); row++)
		if (row->about) near_try(&n, row->name);
	near_try(&n, help_row.name);
	if (near_best(&n))
		return fault(r, "unknown option '--%s' (did you mean '--%s'?)", name,
		    near_best(&n));
	return fault(r, "unknown option '--%s'", name);
}

/* Row of that full name, or the only one that begins so; *twins counts the
 * rows that begin so. */
static const struct option_row *row_named(const struct command *cmd, const char *name,
    size_t length, int *twins)
{
	const struct option_row *found = NULL;
	*twins = 0;
	for (const struct option_row *row = cmd->options; is_row(row); row++) {
		if (strncmp(row->name, name, length)) continue;
		if (!row->name[length]) return *twins = 1, row;
		if (!row->about) continue;
		found = row;
		++*twins;
	}
	if (length && !strncmp(help_row.name, name, length)) {
		if (length == strlen(help_row.name)) return *twins = 1, &help_row;
		found = &help_row;
		++*twins;
	}
	return *twins == 1 ? found : NULL;
}

static const struct option_row *row_lettered(const struct command *cmd, char letter)
{
	for (const struct option_row *row = cmd->options; is_row(row); row++)
		if (row->letter == letter) return row;
	return letter == help_row.letter ? &help_row : NULL;
}

static void add_word(struct words *w, const char *word)
{
	w->word = mem_grow(w->word, w->count, &w->cap, sizeof *w->word);
	w->word[w->count++] = word;
}

static bool keep(const struct reader *r, const struct option_row *row, const char *value)
{
	if (row == &help_row) return r->o->help = true;
	const char *why = row->refuse ? row->refuse(value) : NULL;
	if (why) return fault(r, "--%s: '%s' %s", row->name, value, why);
	struct words *w = &r->o->given[row - r->o->cmd->options];
	if (!row->repeats) w->count = 0;
	add_word(w, value);
	return true;
}

/* The value of an option stands in the next word. A word that looks like an
 * option is far more often a forgotten value than a file of that name. */
static bool keep_next(struct reader *r, const struct option_row *row)
{
	const char *value = *r->next;
	const char *name = row->name;
	if (!value) return fault(r, "--%s needs a value: --%s=%s", name, name, row->arg);
	if (value[0] == '-' && value[1])
		return fault(r,
		    "--%s needs a value before '%s'; if that is the value, write --%s=%s", name,
		    value, name, value);
	r->next++;
	return keep(r, row, value);
}

static bool read_long(struct reader *r, const char *text)
{
	size_t length = strcspn(text, "=");
	int twins;
	const struct option_row *row = row_named(r->o->cmd, text, length, &twins);
	if (!row) {
		char *name = mem_text_n(text, length);
		if (twins > 1) fault(r, "'--%s' may mean several options; write it out", name);
		else unknown(r, name);
		free(name);
		return false;
	}
	const char *value = text[length] ? text + length + 1 : NULL;
	if (!row->arg && value) return fault(r, "--%s takes no value", row->name);
	return row->arg && !value ? keep_next(r, row) : keep(r, row, value);
}

static bool read_short(struct reader *r, const char *letters)
{
	for (; *letters; letters++) {
		const struct option_row *row = row_lettered(r->o->cmd, *letters);
		if (!row) return fault(r, "unknown option '-%c'", *letters);
		if (row->arg) return letters[1] ? keep(r, row, letters + 1) : keep_next(r, row);
		if (!keep(r, row, NULL)) return false;
	}
	return true;
}

static bool read_operand(struct reader *r, const char *word)
{
	struct options *o = r->o;
	const struct operand_row *row = &o->cmd->operand, *further = &o->cmd->further;
	if (!row->name) return fault(r, "takes no operand, but got '%s'", word);
	if (o->further.count && !further->repeats)
		return fault(r, "takes one %s and one %s, but got '%s' besides", row->name,
		    further->name, word);
	if (o->operand && !further->name)
		return fault(r, "takes one %s, but got '%s' and '%s'", row->name, o->operand, word);
	if (!*word) return fault(r, "%s is empty", o->operand ? further->name : row->name);
	if (o->operand) add_word(&o->further, word);
	else o->operand = word;
	return true;
}

static bool read_words(struct reader *r)
{
	bool options = true;
	while (*r->next && !r->o->help) {
		const char *word = *r->next++;
		if (!options || word[0] != '-' || !word[1]) {
			if (!read_operand(r, word)) return false;
		} else if (!strcmp(word, "--")) {
			options = r->o->cmd->parted;
			r->o->dashed = r->o->further.count + (r->o->operand != NULL);
		} else if (!(word[1] == '-' ? read_long(r, word + 2) : read_short(r, word + 1))) {
			return false;
		}
	}
	const struct operand_row *row = &r->o->cmd->operand, *further = &r->o->cmd->further;
	if (r->o->help) return true;
	if (row->required && !r->o->operand)
		return fault(r, "needs a%s %s", strchr("AEIO", row->name[0]) ? "n" : "", row->name);
	bool missing = further->required && !r->o->further.count;
	return !missing || fault(r, "needs a %s after '%s'", further->name, r->o->operand);
}

static size_t rows(const struct command *cmd)
{
	size_t n = 0;
	while (cmd->options && cmd->options[n].name) n++;
	return n;
}

bool options_init(struct options *o, const struct command *cmd, char *const *word, FILE *err)
{
	*o = (struct options){ .cmd = cmd, .given = mem_new(rows(cmd), sizeof *o->given) };
	struct reader r = { o, word, err };
	return read_words(&r);
}

void options_fini(struct options *o)
{
	for (size_t i = 0; i < rows(o->cmd); i++) free(o->given[i].word);
	free(o->given);
	free(o->further.word);
}

bool options_flag(const struct options *o, int row)
{
	return o->given[row].count > 0;
}

const char *options_text(const struct options *o, int row)
{
	const struct words *w = &o->given[row];
	return w->count ? w->word[w->count - 1] : NULL;
}

bool options_parse_u64(const char *text, uint64_t *value)
{
	if (*text < '0' || *text > '9') return false; /* strtoull would take "-1" and " 1" */
	char *end;
	errno = 0;
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	*value = strtoull(text, &end, hex ? 16 : 10);
	return !errno && !*end;
}

const char *options_refuse_u64(const char *value)
{
	uint64_t n;
	if (options_parse_u64(value, &n)) return NULL;
	return "is not a whole number from 0 to 2^64 - 1, such as 7 or 0x7";
}

char *options_spelling(const struct option_row *row, char *buf, size_t size)
{
	char letter[8] = "    ";
	if (row->letter) snprintf(letter, sizeof letter, "-%c, ", row->letter);
	snprintf(buf, size, "%s--%s%s%s", letter, row->name, row->arg ? "=" : "",
	    row->arg ? row->arg : "");
	return buf;
}
