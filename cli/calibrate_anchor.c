#include "cli/calibrate_anchor.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "bench/score.h"
#include "cli/calibrate_row.h"
#include "loader/value.h"

static void put_run(const struct anchor *a, FILE *out)
{
	const struct anchor_run *r = &a->run;
	if (r->build > 0) fprintf(out, ", build %d", r->build);
	if (*r->commit) fputs(", commit ", out);
	value_escape(r->commit, out);
	if (*r->date) fputs(", ", out);
	value_escape(r->date, out);
}

/* ---- what is printed ---- */

static bool same_test(const struct single *a, const struct single *b)
{
	return a->line == b->line && (a->prompt > 0) == (b->prompt > 0);
}

/* Sums over the samples of a test, which stand one after the other. */
struct test {
	const struct single *first;
	double measured_s, before_s, after_s;
	size_t samples;
};

static size_t take_test(const struct anchor *a, size_t i, struct test *t)
{
	*t = (struct test){ .first = &a->singles.single[i] };
	for (; i < a->singles.count && same_test(t->first, &a->singles.single[i]); i++) {
		t->measured_s += a->singles.single[i].time_s;
		t->before_s += a->before_s[i];
		t->after_s += a->after_s[i];
		t->samples++;
	}
	return i;
}

static const struct table_column test_columns[] = {
	{ "line", "line", TABLE_RIGHT }, { "model", "model", TABLE_LEFT },
	{ NULL, "tokens/s of", TABLE_LEFT }, { "requests", "reqs", TABLE_RIGHT },
	{ "measured_per_s", "measured", TABLE_RIGHT }, { "kernels_per_s", "kernels", TABLE_RIGHT },
	{ "kernels_error_frac", "error", TABLE_RIGHT },
	{ "anchored_per_s", "anchored", TABLE_RIGHT },
	{ "anchored_error_frac", "error", TABLE_RIGHT }, { NULL },
};

static void add_prediction(struct table *t, double predicted, double measured)
{
	table_number(t, predicted, "%.4g", predicted);
	table_number(t, predicted / measured - 1, "%+.1f %%", 100 * (predicted / measured - 1));
}

static void add_test(struct table *out, const struct anchor *a, const struct test *t)
{
	const struct single *s = t->first;
	double n = (double)t->samples, measured = anchor_rate(s, t->measured_s / n);
	bool prompt = s->prompt > 0;
	table_number(out, s->line, "%d", s->line);
	table_text(out, a->singles.bed[s->bed]->model.name);
	table_words(out, NULL, prompt ? "prompt of %.0f" : "token after %.0f",
	    prompt ? s->prompt : s->context - 1);
	table_number(out, 1 + s->others, "%.0f", 1 + s->others);
	table_number(out, measured, "%.4g", measured);
	add_prediction(out, anchor_rate(s, t->before_s / n), measured);
	add_prediction(out, anchor_rate(s, t->after_s / n), measured);
}

static void print_tests(const struct anchor *a, FILE *out)
{
	struct fit_score before = { 0 }, after = { 0 };
	struct test t;
	struct table *table = table_new(test_columns);
	for (size_t i = 0; i < a->singles.count;) {
		i = take_test(a, i, &t);
		add_test(table, a, &t);
		score_add(&before, t.measured_s, t.before_s); /* rates: upside down */
		score_add(&after, t.measured_s, t.after_s);
	}
	table_print(table, TABLE_TEXT, out);
	table_free(table);
	fprintf(out, "mean error %.1f %% by the kernels, %.1f %% anchored\n",
	    100 * score_mean(&before), 100 * score_mean(&after));
	score_free(&before);
	score_free(&after);
}

static void print_constants(const struct anchor *a, FILE *out)
{
	struct table *t = table_new(calibrate_constant_columns);
	for (int i = 0; i < ANCHOR_CONSTANTS; i++)
		if (a->constant[i].rows)
			calibrate_add_constant(
			    t, anchor_kind[i].name, &a->constant[i], anchor_kind[i].dim);
	table_print(t, TABLE_TEXT, out);
	table_free(t);
}

void calibrate_anchor_print(const struct anchor *a, FILE *out)
{
	static const char *const unsaid[ANCHOR_CONSTANTS] = {
		[ANCHOR_DECODE] = "no line decodes: decoding stays uncalibrated (+-40 %); run "
				  "llama-bench -n 128 too",
		[ANCHOR_PROMPT] = "no line is of a prompt: prompts stay uncalibrated (+-40 %); run "
				  "llama-bench -p 512 too",
		[ANCHOR_LAYER] =
		    "layer-time stays the decoder's: lines of several models would tell it",
		[ANCHOR_SEQUENCE] =
		    "sequence-time stays 0: lines of llama-batched-bench with several "
		    "-npl would tell it",
	};
	fprintf(out, "\nengine %s: lines of llama-bench", a->name);
	put_run(a, out);
	fputs("\n\n", out);
	print_tests(a, out);
	fputc('\n', out);
	print_constants(a, out);
	for (int i = 0; i < ANCHOR_CONSTANTS; i++)
		if (!a->constant[i].rows) fprintf(out, "%s\n", unsaid[i]);
}

/* ---- the row ---- */

static void put_source(const struct anchor *a, enum anchor_id id, const char *file, FILE *out)
{
	const struct host_constant *k = &a->constant[id];
	enum dim dim = anchor_kind[id].dim;
	fprintf(out, "\n\t\t<source of=\"%s\" verify=\"derived\"", anchor_kind[id].name);
	if (!isnan(k->low)) {
		fputs(" low=\"", out);
		calibrate_row_quantity(k->low, dim, out);
		fputs("\" high=\"", out);
		calibrate_row_quantity(k->high, dim, out);
		putc('"', out);
	}
	fprintf(out, ">hearth calibrate bench: fitted to %zu samples of ", k->samples);
	value_escape(file, out);
	put_run(a, out);
	fputs("</source>", out);
}

void calibrate_anchor_row(const struct anchor *a, const char *path, FILE *out)
{
	const struct engine_par *g = &a->engine;
	const double value[] = { [ANCHOR_DECODE] = g->decode_share,
		[ANCHOR_PROMPT] = g->prompt_share,
		[ANCHOR_LAYER] = g->layer_s,
		[ANCHOR_SEQUENCE] = g->sequence_s };
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	fputs("\t<engine name=\"", out);
	value_escape(a->name, out);
	fputs("\" host-time=\"0 s\"", out);
	for (int i = 0; i < ANCHOR_CONSTANTS; i++)
		calibrate_row_attr(anchor_kind[i].name, value[i],
		    anchor_kind[i].dim, out);
	fprintf(out, "\n\t\ttoken-budget=\"%lld\" max-sequences=\"%lld\" memory-share=\"0.95\"",
	    (long long)g->token_budget, (long long)g->max_sequences);
	fputs("\n\t\tsource=\"hearth calibrate bench --anchor on ", out);
	value_escape(file, out);
	fprintf(out, ", sha256 %s", a->run.sha256);
	put_run(a, out);
	fputs("; layer-time is the decoder's and sequence-time 0 where no source of their own "
	      "stands\" verify=\"derived\">",
	    out);
	for (int i = 0; i < ANCHOR_CONSTANTS; i++)
		if (a->constant[i].rows) put_source(a, (enum anchor_id)i, file, out);
	fputs("\n\t</engine>\n", out);
}
