/* hearth trace info */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/show.h"
#include "base/mem.h"
#include "base/table.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/form.h"
#include "cli/input.h"
#include "cli/status.h"
#include "cli/trace.h"
#include "models/work/trace_figures.h"
#include "models/work/trace_fit.h"

enum { JSON_DIGITS = 12 };

static const char *const forms[] = {
	[TRACE_HEARTH] = "hearth", [TRACE_AZURE] = "azure", [TRACE_MOONCAKE] = "mooncake"
};
static const char *const shares[TRACE_SHARES] = { "p1", "p25", "p50", "p75", "p90", "p99", "max" };

/* ---- text ---- */

static char *digits3(double v, char buf[SHOW_SIZE])
{
	if (isnan(v))
		snprintf(buf, SHOW_SIZE, "-");
	else
		text_from_number(v, 3, buf, SHOW_SIZE);
	return buf;
}

static void print_times(const struct trace_times *t)
{
	char cv[SHOW_SIZE], idc[TRACE_WINDOWS][SHOW_SIZE];
	for (int k = 0; k < TRACE_WINDOWS; k++) digits3(t->idc[k], idc[k]);
	printf("CV of gaps %s; IDC %s in %d s, %s in %d s, %s in %d s", digits3(t->cv, cv), idc[0],
	    trace_window_s[0], idc[1], trace_window_s[1], idc[2], trace_window_s[2]);
}

static const struct table_column length_columns[] = {
	{ "tokens", "tokens", TABLE_LEFT },
	{ "p1", "p1", TABLE_RIGHT }, { "p25", "p25", TABLE_RIGHT }, { "p50", "p50", TABLE_RIGHT },
	{ "p75", "p75", TABLE_RIGHT }, { "p90", "p90", TABLE_RIGHT }, { "p99", "p99", TABLE_RIGHT },
	{ "max", "max", TABLE_RIGHT }, { "mean", "mean", TABLE_RIGHT }, { NULL },
};

static void add_lengths(struct table *t, const char *name, const struct trace_lengths *l)
{
	table_text(t, name);
	for (int k = 0; k < TRACE_SHARES; k++) table_number(t, l->quantile[k], "%.0f", l->quantile[k]);
	table_number(t, l->mean, "%.0f", l->mean);
}

static void print_lengths(const struct trace_figures *f)
{
	struct table *t = table_new(length_columns);
	add_lengths(t, "prompt", &f->prompt);
	add_lengths(t, "output", &f->output);
	putchar('\n');
	table_print(t, TABLE_TEXT, stdout);
	table_free(t);
}

static void print_caveats(const struct trace *t, const struct trace_figures *f)
{
	if (t->step_ns && f->times.stamps < f->requests) {
		struct trace_times spread;
		struct request *r = mem_new(t->count, sizeof *r);
		for (size_t i = 0; i < t->count; i++) r[i] = t->request[i];
		trace_spread(r, t->count, t->step_ns);
		trace_times(r, t->count, &spread);
		free(r);
		printf(
		    "caveat     %zu distinct stamps, in steps of %.3g s: gaps and counts within a "
		    "step are an\n           artefact; spread over the steps, as in a run: ",
		    f->times.stamps, (double)t->step_ns * 1e-9);
		print_times(&spread);
		putchar('\n');
	}
	if (f->times.windows[TRACE_WINDOWS - 1] < 30)
		printf("caveat     %zu whole windows of %d s: their IDC is rough\n",
		    f->times.windows[TRACE_WINDOWS - 1], trace_window_s[TRACE_WINDOWS - 1]);
}

static void print_text(const struct trace *t, const struct trace_figures *f)
{
	char n[SHOW_SIZE], in[SHOW_SIZE], out[SHOW_SIZE], rate[SHOW_SIZE], span[SHOW_SIZE];
	printf("form       %s, SHA-256 %.16s...\n", forms[t->format], t->sha256);
	printf("requests   %s in %s s, %s a second\n", show_value((double)f->requests, "1", n),
	    text_from_number(f->span_s, 6, span, sizeof span), digits3(f->times.rate_hz, rate));
	printf("tokens     %s in, %s out\n", show_value((double)t->prompt_tokens, "1", in),
	    show_value((double)t->output_tokens, "1", out));
	printf("arrivals   ");
	print_times(&f->times);
	putchar('\n');
	if (f->blocks)
		printf("prefixes   %.1f %% of %s blocks of %d tokens are in an infinite cache\n",
		    100 * (double)f->hits / (double)f->blocks,
		    show_value((double)f->blocks, "1", n), TRACE_BLOCK_TOKENS);
	print_caveats(t, f);
	print_lengths(f);
}

/* ---- a line a figure ---- */

static const struct table_column figure_columns[] = {
	{ "figure", "figure", TABLE_LEFT }, { "value", "value", TABLE_RIGHT },
	{ "unit", "unit", TABLE_LEFT }, { NULL },
};

static void add_figure(struct table *t, const char *name, double v, const char *unit)
{
	char text[SHOW_SIZE];
	bool whole = fabs(v) < 1e15 && v == floor(v);
	text_from_number(v, whole ? 15 : 4, text, sizeof text);
	table_text(t, name);
	table_number(t, v, "%s", text);
	table_text(t, unit);
}

static void add_quantiles(struct table *t, const char *name, const struct trace_lengths *l)
{
	char figure[40];
	for (int k = 0; k < TRACE_SHARES; k++) {
		snprintf(figure, sizeof figure, "%s_tokens.%s", name, shares[k]);
		add_figure(t, figure, l->quantile[k], "1");
	}
	snprintf(figure, sizeof figure, "%s_tokens.mean", name);
	add_figure(t, figure, l->mean, "1");
}

/* Named as in the JSON. */
static void print_table(const struct trace *t, const struct trace_figures *f, enum table_form form)
{
	struct table *out = table_new(figure_columns);
	char figure[40];
	add_figure(out, "requests", (double)f->requests, "1");
	add_figure(out, "stamps", (double)f->times.stamps, "1");
	add_figure(out, "span_s", f->span_s, "s");
	add_figure(out, "rate_per_s", f->times.rate_hz, "1/s");
	add_figure(out, "gap_cv", f->times.cv, "1");
	for (int k = 0; k < TRACE_WINDOWS; k++) {
		snprintf(figure, sizeof figure, "idc.%d_s", trace_window_s[k]);
		add_figure(out, figure, f->times.idc[k], "1");
	}
	add_figure(out, "stamp_step_s", (double)t->step_ns * 1e-9, "s");
	add_quantiles(out, "prompt", &f->prompt);
	add_quantiles(out, "output", &f->output);
	add_figure(out, "prefix_blocks", (double)f->blocks, "1");
	add_figure(out, "prefix_hit_frac",
	    f->blocks ? (double)f->hits / (double)f->blocks : NAN, "1");
	table_print(out, form, stdout);
	table_free(out);
}

/* ---- JSON ---- */

static json_t *number(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static json_t *json_lengths(const struct trace_lengths *l)
{
	json_t *o = json_object();
	for (int k = 0; k < TRACE_SHARES; k++)
		json_object_set_new(o, shares[k], number(l->quantile[k]));
	json_object_set_new(o, "mean", number(l->mean));
	return o;
}

static json_t *json_idc(const struct trace_times *t)
{
	json_t *o = json_object();
	for (int k = 0; k < TRACE_WINDOWS; k++) {
		char key[16];
		snprintf(key, sizeof key, "%d_s", trace_window_s[k]);
		json_object_set_new(o, key, number(t->idc[k]));
	}
	return o;
}

static void print_json(const struct trace *t, const struct trace_figures *f)
{
	char *name = utf8_repair(t->name);
	json_t *o = json_object();
	json_object_set_new(o, "file", json_string(name));
	json_object_set_new(o, "sha256", json_string(t->sha256));
	json_object_set_new(o, "form", json_string(forms[t->format]));
	json_object_set_new(o, "requests", json_integer((json_int_t)f->requests));
	json_object_set_new(o, "stamps", json_integer((json_int_t)f->times.stamps));
	json_object_set_new(o, "span_s", number(f->span_s));
	json_object_set_new(o, "rate_per_s", number(f->times.rate_hz));
	json_object_set_new(o, "gap_cv", number(f->times.cv));
	json_object_set_new(o, "idc", json_idc(&f->times));
	json_object_set_new(o, "stamp_step_s", number((double)t->step_ns * 1e-9));
	json_object_set_new(o, "prompt_tokens", json_lengths(&f->prompt));
	json_object_set_new(o, "output_tokens", json_lengths(&f->output));
	json_object_set_new(o, "prefix_blocks", json_integer((json_int_t)f->blocks));
	json_object_set_new(o, "prefix_hit_frac",
	    f->blocks ? number((double)f->hits / (double)f->blocks) : json_null());
	json_dumpf(o, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(JSON_DIGITS));
	putchar('\n');
	json_decref(o);
	free(name);
}

/* ---- fit ---- */

static void print_attr(const char *name, double v, const char *unit)
{
	char text[40];
	if (!isnan(v))
		printf(" %s=\"%s%s\"", name, text_from_number(v, 4, text, sizeof text), unit);
}

static void print_law(const char *name, const struct dist *d)
{
	char share[40], value[40];
	printf("\n    %s=\"quantiles(", name);
	for (int i = 0; i < d->n; i++)
		printf("%s%s:%s", i ? ", " : "",
		    text_from_number(d->weight[i], 6, share, sizeof share),
		    text_from_number(d->value[i], 10, value, sizeof value));
	printf(") tokens\"");
}

static void print_fit(const struct trace_fit *fit)
{
	static const char *const kinds[] = {
		[ARRIVALS_POISSON] = "poisson", [ARRIVALS_GAMMA] = "gamma", [ARRIVALS_MMPP] = "mmpp"
	};
	const struct arrivals_par *p = &fit->arrivals;
	fputs("<workload", stdout);
	print_attr("rate", p->rate_hz, " 1/s");
	printf(" arrivals=\"%s\"", kinds[p->kind]);
	if (p->cv != 1) print_attr("burstiness", p->cv, "");
	print_attr("idc", p->idc, "");
	print_attr("timescale", p->timescale_s, " s");
	print_law("prompt", &fit->prompt);
	print_law("output", &fit->output);
	fputs("/>\n", stdout);
}

/* The fit is of what a run would replay: steps of stamps are spread. */
static int print_fitted(const char *path, struct err_list *e)
{
	struct trace t;
	struct trace_fit fit;
	if (!trace_read(path, &t, e)) return STATUS_USAGE;
	bool fits = trace_fit(&t, &fit);
	if (fits)
		print_fit(&fit);
	else
		err_at(e, (struct err_pos){ path, 0, 0 },
		    "requests at fewer than three times; nothing can be fitted to them");
	trace_fini(&t);
	return fits ? STATUS_DONE : STATUS_USAGE;
}

static int print_figures(const char *path, enum table_form form, struct err_list *e)
{
	struct trace t;
	struct trace_figures f;
	if (!trace_read_stamped(path, &t, e)) return STATUS_USAGE;
	trace_figures(&t, &f);
	switch (form) {
	case TABLE_TEXT: print_text(&t, &f); break;
	case TABLE_JSON: print_json(&t, &f); break;
	case TABLE_CSV:
	case TABLE_MARKDOWN: print_table(&t, &f, form); break;
	}
	trace_fini(&t);
	return STATUS_DONE;
}

int trace_info(const struct options *o, struct err_list *e)
{
	enum table_form form;
	if (!form_of(o, TRACE_JSON, &form)) return STATUS_USAGE;
	char *path = input_trace(o->further.word[0]);
	int status = options_flag(o, TRACE_FIT) ? print_fitted(path, e) : print_figures(path, form, e);
	free(path);
	return status;
}
