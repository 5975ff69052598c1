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

static void print_test(const struct anchor *a, const struct test *t, FILE *out)
{
	const struct single *s = t->first;
	double n = (double)t->samples, measured = anchor_rate(s, t->measured_s / n);
	double before = anchor_rate(s, t->before_s / n), after = anchor_rate(s, t->after_s / n);
	char what[40];
	snprintf(what, sizeof what, s->prompt > 0 ? "prompt of %.0f" : "token after %.0f",
	    s->prompt > 0 ? s->prompt : s->context - 1);
	fprintf(out, "%4d %-16s %-18s %4.0f %10.4g %10.4g %+7.1f %% %10.4g %+7.1f %%\n", s->line,
	    a->singles.bed[s->bed]->model.name, what, 1 + s->others, measured, before,
	    100 * (before / measured - 1), after, 100 * (after / measured - 1));
}

static void print_tests(const struct anchor *a, FILE *out)
{
	struct fit_score before = { 0 }, after = { 0 };
	struct test t;
	fprintf(out, "%4s %-16s %-18s %4s %10s %10s %9s %10s %9s\n", "line", "model", "tokens/s of",
	    "reqs", "measured", "kernels", "error", "anchored", "error");
	for (size_t i = 0; i < a->singles.count;) {
		i = take_test(a, i, &t);
		print_test(a, &t, out);
		score_add(&before, t.measured_s, t.before_s); /* rates: upside down */
		score_add(&after, t.measured_s, t.after_s);
	}
	fprintf(out, "mean error %.1f %% by the kernels, %.1f %% anchored\n",
	    100 * score_mean(&before), 100 * score_mean(&after));
	score_free(&before);
	score_free(&after);
}

static void print_constant(const struct anchor *a, enum anchor_id id, FILE *out)
{
	const struct host_constant *k = &a->constant[id];
	enum dim dim = anchor_constant_dim(id);
	char value[64], low[64], high[64];
	bool sure = !isnan(k->low);
	if (!k->rows) return;
	fprintf(out, "%-28s %16s %16s %16s %6zu\n", anchor_constant_name(id),
	    value_show(k->value, dim, "", value, sizeof value),
	    sure ? value_show(k->low, dim, "", low, sizeof low) : "-",
	    sure ? value_show(k->high, dim, "", high, sizeof high) : "-", k->rows);
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
	fprintf(out, "\n%-28s %16s %16s %16s %6s\n", "constant", "value", "low", "high", "samples");
	for (int i = 0; i < ANCHOR_CONSTANTS; i++) print_constant(a, (enum anchor_id)i, out);
	for (int i = 0; i < ANCHOR_CONSTANTS; i++)
		if (!a->constant[i].rows) fprintf(out, "%s\n", unsaid[i]);
}

/* ---- the row ---- */

static void put_source(const struct anchor *a, enum anchor_id id, const char *file, FILE *out)
{
	const struct host_constant *k = &a->constant[id];
	enum dim dim = anchor_constant_dim(id);
	fprintf(out, "\n\t\t<source of=\"%s\" verify=\"derived\"", anchor_constant_name(id));
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
		calibrate_row_attr(anchor_constant_name((enum anchor_id)i), value[i],
		    anchor_constant_dim((enum anchor_id)i), out);
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
