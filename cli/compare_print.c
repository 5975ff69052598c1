/* Comparisons on the standard output. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/show.h"
#include "base/mem.h"
#include "base/wrap.h"
#include "cli/compare.h"

/* ---- gates ---- */

struct judgement {
	const struct compare_view *view;
	const struct gate *gate;
	const struct compare_row *row;
	enum gate_verdict verdict;
};

static const struct compare_row *row_of(const struct compare_view *v, const char *key)
{
	for (size_t i = 0; i < v->c.rows; i++)
		if (!strcmp(v->c.row[i].key, key)) return &v->c.row[i];
	return NULL;
}

/* Every gate for every view; the caller frees. */
static struct judgement *judge(const struct compare_ask *ask, const struct compare_out *out,
    bool *judged, struct err_list *e)
{
	struct judgement *j = mem_new(ask->gates * out->views, sizeof *j);
	*judged = true;
	for (size_t i = 0; i < ask->gates * out->views; i++) {
		char why[256];
		j[i].view = &out->view[i / ask->gates];
		j[i].gate = &ask->gate[i % ask->gates];
		j[i].row = row_of(j[i].view, j[i].gate->key);
		j[i].verdict = gate_judge(j[i].gate, j[i].row, why, sizeof why);
		if (j[i].verdict != GATE_UNKNOWN) continue;
		err_at(e, (struct err_pos){ 0 }, "the gate '%s' cannot be judged: %s",
		    j[i].gate->text, why);
		*judged = false;
	}
	return j;
}

static void show_percent(double x, char buf[32])
{
	snprintf(buf, 32, "%+.3g %%", 100 * x);
}

/* "+3.1 % (+2.5 % to +3.7 %)", in the gate's kind of number. */
static char *change_text(const struct judgement *j)
{
	const struct compare_row *r = j->row;
	const double v[] = { r->change.value, r->change.lo, r->change.hi };
	char text[3][SHOW_SIZE];
	for (int i = 0; i < 3; i++) {
		if (j->gate->relative) show_percent(compare_relative(r, v[i]), text[i]);
		else show_change(r->key, r->unit, v[i], text[i]);
	}
	if (r->method == COMPARE_NONE) return mem_print("%s, no interval", text[0]);
	return mem_print("%s (%s to %s)", text[0], text[1], text[2]);
}

static void print_gates(const struct judgement *j, size_t n, FILE *out)
{
	for (size_t i = 0; i < n; i++) {
		if (j[i].verdict == GATE_UNKNOWN) continue;
		char *change = change_text(&j[i]);
		fprintf(out, "gate %s: %s: %s, %s\n",
		    j[i].verdict == GATE_FAILED ? "FAILED" : "held", j[i].gate->text, change,
		    j[i].view->name);
		free(change);
	}
}

/* ---- for people ---- */

static void print_head(const struct compare_view *v, FILE *out)
{
	if (v->invalid)
		fputs("INVALID: a run failed a self-check; do not trust what follows.\n", out);
	fprintf(out, "before   %s\nafter    %s\n", v->before, v->after);
	for (size_t i = 0; i < v->lines; i++) fprintf(out, "         %s\n", v->line[i]);
}

static void print_methods(const struct compare_out *out)
{
	size_t from = 0;
	for (char *m; (m = compare_view_method(out->view, out->views, &from)); free(m))
		wrap_text(m, 4, 4, stdout);
}

static bool in_colour(void)
{
	const char *term = getenv("TERM");
	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
}

static bool ends(const char *line, size_t n, const char *word)
{
	size_t size = strlen(word);
	return n > size && !memcmp(line + n - size, word, size);
}

/* The verdict is the last word of a row. */
static void print_line(const char *line, size_t n)
{
	const char *word = ends(line, n, "  better") ? "better" : ends(line, n, "  worse") ? "worse" : "";
	const char *colour = *word == 'b' ? "\033[32m" : "\033[31m";
	if (*word) printf("%.*s%s%s\033[0m\n", (int)(n - strlen(word)), line, colour, word);
	else printf("%.*s\n", (int)n, line);
}

static void print_coloured(const struct table *t)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	table_print(t, TABLE_TEXT, out);
	fclose(out);
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		print_line(line, strcspn(line, "\n"));
	free(text);
}

static void print_text(const struct compare_out *out, const struct table *t, enum table_form form)
{
	for (size_t i = 0; i < out->views; i++) {
		print_head(&out->view[i], stdout);
		fputc('\n', stdout);
	}
	if (form == TABLE_TEXT && in_colour()) print_coloured(t);
	else table_print(t, form, stdout);
	fputc('\n', stdout);
	print_methods(out);
}

/* ---- for programs ---- */

static void put_json(const char *head, json_t *value, const char *tail)
{
	fputs(head, stdout);
	json_dumpf(value, stdout, JSON_INDENT(2));
	fputs(tail, stdout);
	json_decref(value);
}

static json_t *json_of_view(const struct compare_view *v)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < v->lines; i++) json_array_append_new(lines, json_string(v->line[i]));
	return json_pack("{s:s, s:s, s:s, s:b, s:o}", "name", v->name, "before", v->before, "after",
	    v->after, "invalid", v->invalid, "notes", lines);
}

static void print_json(const struct compare_out *out, const struct table *t,
    const struct judgement *j, size_t n)
{
	json_t *views = json_array(), *gates = json_array();
	for (size_t i = 0; i < out->views; i++)
		json_array_append_new(views, json_of_view(&out->view[i]));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(gates,
		    json_pack("{s:s, s:s, s:b}", "gate", j[i].gate->text, "comparison",
			j[i].view->name, "failed", j[i].verdict == GATE_FAILED));
	put_json("{\n\"comparisons\": ", views, ",\n");
	put_json("\"gates\": ", gates, ",\n\"rows\": ");
	table_print(t, TABLE_JSON, stdout);
	fputs("}\n", stdout);
}

size_t compare_print(const struct compare_ask *ask, const struct compare_out *out,
    enum table_form form, bool *judged, struct err_list *e)
{
	size_t n = ask->gates * out->views, failed = 0;
	struct judgement *j = judge(ask, out, judged, e);
	struct table *t = compare_view_table(out->view, out->views);
	bool alone = form == TABLE_CSV || form == TABLE_JSON; /* what is read by programs */
	if (form == TABLE_JSON) print_json(out, t, j, n);
	else if (form == TABLE_CSV) table_print(t, form, stdout);
	else print_text(out, t, form);
	print_gates(j, n, alone ? stderr : stdout);
	for (size_t i = 0; i < out->views && alone; i++)
		if (out->view[i].invalid) print_head(&out->view[i], stderr);
	for (size_t i = 0; i < n; i++) failed += j[i].verdict == GATE_FAILED;
	table_free(t);
	free(j);
	return failed;
}
