#include "cli/bench_predict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/bed.h"
#include "bench/predict.h"
#include "bench/suite/run.h"
#include "cli/command.h"
#include "loader/scenario.h"

enum { CELLS = 5, FORMATS_KNOWN = 3 };

static const struct err_pos nowhere;
static const enum format formats[FORMATS_KNOWN] = { FORMAT_F32, FORMAT_Q8, FORMAT_Q4 };

static bool format_named(const char *word, enum format *f)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		*f = formats[i];
		if (!strcmp(format_word(*f), word)) return true;
	}
	return false;
}

const char *bench_predict_refuse(const char *weights)
{
	enum format f;
	return format_named(weights, &f) ? NULL : "is not f32, q8 or q4";
}

/* What is predicted and measured: a row of cells for each format. */
struct asked {
	const struct llm_par *model;
	struct predict_cell cell[FORMATS_KNOWN][CELLS];
	size_t formats;
};

/* The kernels that the constants come from, once more. */
static void measure_kernels(const struct bench_predict *p, struct bench_file *f)
{
	static const char *const wanted[] = { "memory", "gemv", "gemm", "attention", "rest" };
	const struct bench_group *group[sizeof wanted / sizeof *wanted];
	struct suite_plan plan = { .group = group,
		.quick = p->quick,
		.threads = p->threads,
		.budget_s = p->quick ? SUITE_QUICK_S : SUITE_BUDGET_S / 2 / p->rounds,
		.notes = stderr,
		.progress = isatty(STDERR_FILENO) };
	for (const struct bench_group *const *g = bench_groups; *g; g++)
		for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
			if (!strcmp((*g)->name, wanted[i])) group[plan.groups++] = *g;
	struct bench_file more;
	if (!f->rows) {
		suite_run(&plan, f);
		return;
	}
	bench_file_init(&more);
	suite_run(&plan, &more);
	bench_file_join(f, &more);
	bench_file_fini(&more);
}

/* What the table sums up. */
struct sum {
	double off, roofline_off; /* magnitudes of relative errors of the time */
	int inside, cells;
};

static double off(double predicted, double measured)
{
	return predicted / measured - 1;
}

static const struct table_column columns[] = {
	{ "weights", "", TABLE_LEFT }, { NULL, "tokens a second", TABLE_LEFT },
	{ "phase", NULL, TABLE_LEFT }, { "tokens", NULL, TABLE_RIGHT },
	{ "predicted_per_s", "predict", TABLE_RIGHT }, { "low_per_s", NULL, TABLE_RIGHT },
	{ "high_per_s", NULL, TABLE_RIGHT }, { NULL, "interval", TABLE_LEFT },
	{ "measured_per_s", "measured", TABLE_RIGHT }, { "error_frac", "error", TABLE_RIGHT },
	{ NULL, "inside", TABLE_RIGHT }, { "roofline_per_s", "roofline", TABLE_RIGHT },
	{ "roofline_error_frac", "error", TABLE_RIGHT }, { "predicted_s", NULL, TABLE_RIGHT },
	{ "measured_s", NULL, TABLE_RIGHT }, { NULL },
};

static bool is_inside(const struct predict_cell *c)
{
	return c->measured_s >= c->low_s && c->measured_s <= c->high_s;
}

static void add_rate(struct table *t, const struct predict_cell *c, double time_s)
{
	double rate = isnan(time_s) ? NAN : predict_rate(c, time_s);
	table_number(t, rate, "%.4g", rate);
}

static void add_error(struct table *t, double frac)
{
	table_number(t, frac, "%+.1f %%", 100 * frac);
}

static void add_cell(struct table *t, const struct predict_cell *c)
{
	table_text(t, format_word(c->format));
	table_words(t, NULL, c->prefill ? "prompt of %zu" : "token after %zu", c->tokens);
	table_text(t, c->prefill ? "prompt" : "token");
	table_count(t, c->tokens);
	add_rate(t, c, c->time_s);
	add_rate(t, c, c->high_s);
	add_rate(t, c, c->low_s);
	table_words(t, NULL, "[%.4g, %.4g]", predict_rate(c, c->high_s), predict_rate(c, c->low_s));
	add_rate(t, c, c->measured_s);
	add_error(t, off(c->time_s, c->measured_s));
	table_text(t, isnan(c->measured_s) ? "-" : is_inside(c) ? "yes" : "no");
	add_rate(t, c, c->roofline_s);
	add_error(t, off(c->roofline_s, c->measured_s));
	table_number(t, c->time_s, "%g", c->time_s);
	table_number(t, c->measured_s, "%g", c->measured_s);
}

static void sum_cell(const struct predict_cell *c, struct sum *s)
{
	if (isnan(c->measured_s)) return;
	s->off += fabs(off(c->time_s, c->measured_s));
	s->roofline_off += fabs(off(c->roofline_s, c->measured_s));
	s->inside += is_inside(c);
	s->cells++;
}

/* Time to the first token is the prompt's. */
static void print_first(const struct predict_cell *c)
{
	char measured[32] = "-";
	if (!isnan(c->measured_s)) snprintf(measured, sizeof measured, "%.4g s", c->measured_s);
	printf("%-4s first token of %-4zu %.4g s [%.4g, %.4g], measured %s\n",
	    format_word(c->format), c->tokens, c->time_s, c->low_s, c->high_s, measured);
}

static void print_sum(const char *what, const struct sum *s)
{
	if (!s->cells) return;
	printf("%s: mean error %.1f %% of the time, by the roofline %.1f %%; %d of %d inside\n", what,
	    100 * s->off / s->cells, 100 * s->roofline_off / s->cells, s->inside, s->cells);
}

static void fill_cells(struct predict_cell *cell, enum format f)
{
	static const struct predict_cell asked[CELLS] = {
		{ .tokens = 16 }, { .tokens = 512 }, { .tokens = 1024 },
		{ .prefill = true, .tokens = 128 }, { .prefill = true, .tokens = 512 },
	};
	for (int i = 0; i < CELLS; i++) {
		cell[i] = asked[i];
		cell[i].format = f;
		cell[i].measured_s = NAN;
	}
}

static bool is_asked(const struct bench_predict *p, enum format f)
{
	enum format named;
	for (size_t i = 0; i < p->formats; i++)
		if (format_named(p->weights[i], &named) && named == f) return true;
	return p->formats == 0;
}

static void asked_init(struct asked *a, const struct bench_predict *p, const struct llm_par *model)
{
	a->model = model;
	for (int i = 0; i < FORMATS_KNOWN; i++)
		if (is_asked(p, formats[i])) fill_cells(a->cell[a->formats++], formats[i]);
}

static void asked_fini(struct asked *a)
{
	for (size_t i = 0; i < a->formats; i++)
		for (int j = 0; j < CELLS; j++) free(a->cell[i][j].sample_s);
}

static bool run_decoder(const struct bench_predict *p, struct asked *a, const struct bench_file *f,
    struct err_list *e)
{
	int threads = p->threads ? p->threads : bench_file_threads(f);
	for (size_t i = 0; p->measure && i < a->formats; i++) {
		const char *why = predict_measure(a->cell[i], CELLS, a->model, threads, p->rounds);
		if (!why) continue;
		err_at(e, nowhere, "the decoder cannot compute %s: %s; predict another model or "
		    "leave the measurement out with --no-measure", a->model->name, why);
		return false;
	}
	return true;
}

/* Kernels and decoder in turns, so that a machine that changes its pace changes both. */
static bool take_rounds(const struct bench_predict *p, struct asked *a, struct bench_file *f,
    struct err_list *e)
{
	for (int round = 0; round < p->rounds; round++) {
		if (!p->from) measure_kernels(p, f);
		if (f->context.noisy && !p->force) break; /* it will be refused */
		if (!run_decoder(p, a, f, e)) return false;
	}
	return p->from || !p->output || bench_json_write(p->output, f, e);
}

static bool predict_format(struct predict_cell *cell, const struct host *h,
    const struct llm_par *model, struct err_list *e)
{
	enum format f = cell->format;
	if (!predict_knows(h, f)) {
		err_at(e, nowhere, "no products of %s with %d threads are fit for use; run hearth bench "
		    "memory gemv gemm attention rest", format_word(f), h->threads);
		return false;
	}
	for (int i = 0; i < CELLS; i++) predict_cell(&cell[i], h, model);
	return true;
}

static void print_table(const struct asked *a, enum table_form form)
{
	struct table *t = table_new(columns);
	for (size_t i = 0; i < a->formats; i++)
		for (int j = 0; j < CELLS; j++) add_cell(t, &a->cell[i][j]);
	table_print(t, form, stdout);
	table_free(t);
}

static void print_sums(const struct asked *a)
{
	struct sum sum[2] = { 0 };
	for (size_t i = 0; i < a->formats; i++)
		for (int j = 0; j < CELLS; j++) {
			if (a->cell[i][j].prefill) print_first(&a->cell[i][j]);
			sum_cell(&a->cell[i][j], &sum[a->cell[i][j].prefill]);
		}
	putchar('\n');
	print_sum("decoding", &sum[0]);
	print_sum("prompts", &sum[1]);
}

static bool print_formats(struct asked *a, const struct host *h, enum table_form form,
    struct err_list *e)
{
	bool people = form == TABLE_TEXT || form == TABLE_MARKDOWN;
	for (size_t i = 0; i < a->formats; i++)
		if (!predict_format(a->cell[i], h, a->model, e)) return false;
	if (people && h->noisy) printf("%zu noisy rows were left out\n", h->noisy);
	if (people)
		printf("%s on %d thread%s\n\n", a->model->name, h->threads, h->threads == 1 ? "" : "s");
	print_table(a, form);
	if (!people) return true;
	putchar('\n');
	print_sums(a);
	return true;
}

static int with_host(const struct bench_predict *p, const struct bench_file *f, struct asked *a,
    struct err_list *e)
{
	struct host_options o = { .name = "host",
		.device = "", /* the processor, which the decoder runs on */
		.threads = p->threads,
		.tdp_w = 100, /* nobody asks for the power */
		.idle_w = 10,
		.memory_bytes = NAN,
		.fp16_flops_s = NAN,
		.force = p->force };
	struct host h;
	if (!host_of(&h, f, &o, e)) return f->context.noisy && !p->force ? STATUS_INVALID : STATUS_USAGE;
	return print_formats(a, &h, p->form, e) ? STATUS_DONE : STATUS_USAGE;
}

int bench_predict(const struct bench_predict *p, struct err_list *e)
{
	struct scenario *s = scenario_catalogues(e);
	const struct object *o =
	    s ? bed_row(scenario_catalogue(s), &model_class, p->model, e) : NULL;
	struct asked a = { 0 };
	struct bench_file f = { 0 };
	int status = STATUS_USAGE;
	if (!p->from) bench_file_init(&f);
	if (o) asked_init(&a, p, o->par);
	if (o && (!p->from || bench_json_read(p->from, &f, e)) && take_rounds(p, &a, &f, e))
		status = with_host(p, &f, &a, e);
	asked_fini(&a);
	bench_file_fini(&f);
	scenario_free(s);
	return status;
}
