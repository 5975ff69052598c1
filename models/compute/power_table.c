#include "models/compute/power_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/text.h"

static const char *const phase_word[PHASES] = { "prompt", "token" };

struct reader {
	struct csv csv;
	struct err_list *e;
	const char *path;
	struct levels *level; /* [PHASES] */
	bool headed, faulty;
};

static void fault(struct reader *r, int line, int col, const char *what)
{
	r->faulty = true;
	err_at(r->e, (struct err_pos){ r->path, line, col }, "%s", what);
}

/* False: another file than this form, of which no row is worth a message. */
static bool read_header(struct reader *r)
{
	const struct csv *c = &r->csv;
	r->headed = c->fields == 3 && csv_find(c, "phase") == 0 && csv_find(c, "tokens") == 1 &&
	    csv_find(c, "power_w") == 2;
	if (!r->headed)
		fault(r, c->line, 1, "the header must be phase,tokens,power_w");
	return r->headed;
}

static struct levels *level_of(struct reader *r, const char *word)
{
	for (int i = 0; i < PHASES; i++)
		if (!strcmp(word, phase_word[i])) return &r->level[i];
	return NULL;
}

static void read_row(struct reader *r)
{
	const struct csv *c = &r->csv;
	double tokens, w;
	if (c->fields != 3) {
		fault(r, c->line, 1, "a row has three fields: phase, tokens and power in watts");
		return;
	}
	struct levels *l = level_of(r, c->field[0].text);
	if (!l) {
		fault(r, c->line, c->field[0].col, "the phase is prompt or token");
		return;
	}
	if (!text_to_number(c->field[1].text, &tokens) || tokens < 1 ||
	    (l->n > 0 && tokens <= l->tokens[l->n - 1])) {
		fault(r, c->line, c->field[1].col, "tokens are 1 or more and grow within a phase");
		return;
	}
	if (!text_to_number(c->field[2].text, &w) || w <= 0 || w > 1e6) {
		fault(r, c->line, c->field[2].col, "not a power in watts, above 0 and at most 1e6");
		return;
	}
	if (l->n == LEVELS_MAX) {
		fault(r, c->line, 1, "more than 64 rows of a phase; leave some out");
		return;
	}
	l->tokens[l->n] = tokens;
	l->power_w[l->n++] = w;
}

bool power_table_parse(const char *path, char *text, size_t size, struct levels level[PHASES],
    struct err_list *e)
{
	struct reader r = { .e = e, .path = path, .level = level };
	enum csv_result got;
	level[PHASE_PROMPT].n = level[PHASE_TOKEN].n = 0;
	csv_init(&r.csv, text, size);
	while ((got = csv_next(&r.csv)) != CSV_END) {
		if (got == CSV_FAULT)
			fault(&r, r.csv.line, r.csv.col, r.csv.why);
		else if (r.headed)
			read_row(&r);
		else if (!read_header(&r))
			break;
	}
	if (!r.faulty && (level[PHASE_PROMPT].n == 0 || level[PHASE_TOKEN].n == 0))
		fault(&r, 0, 0, "the table needs at least one row of each phase, prompt and token");
	return !r.faulty;
}

bool power_table_read(const char *path, struct levels level[PHASES], struct err_list *e)
{
	size_t size;
	char *text = file_read(path, FILE_TABLE_MAX, &size, e);
	bool good = text && power_table_parse(path, text, size, level, e);
	free(text);
	return good;
}

double levels_w(const struct levels *l, double tokens)
{
	if (tokens <= l->tokens[0]) return l->power_w[0];
	for (int i = 1; i < l->n; i++) {
		double span = l->tokens[i] - l->tokens[i - 1];
		double part = (tokens - l->tokens[i - 1]) / span;
		if (part <= 1)
			return l->power_w[i - 1] + part * (l->power_w[i] - l->power_w[i - 1]);
	}
	return l->power_w[l->n - 1];
}
