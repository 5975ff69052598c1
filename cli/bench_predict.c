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

enum { CELLS = 5 };

static const struct err_pos nowhere;
static const enum format formats[] = { FORMAT_F32, FORMAT_Q8, FORMAT_Q4 };

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

/* The kernels that the constants come from. */
static bool measure_kernels(const struct bench_predict *p, struct bench_file *f, struct err_list *e)
{
	static const char *const wanted[] = { "memory", "gemv", "gemm", "attention", "rest" };
	const struct bench_group *group[sizeof wanted / sizeof *wanted];
	struct suite_plan plan = { .group = group,
		.quick = p->quick,
		.threads = p->threads,
		.budget_s = p->quick ? SUITE_QUICK_S : SUITE_BUDGET_S / 2,
		.notes = stderr,
		.progress = isatty(STDERR_FILENO) };
	for (const struct bench_group *const *g = bench_groups; *g; g++)
		for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
			if (!strcmp((*g)->name, wanted[i])) group[plan.groups++] = *g;
	suite_run(&plan, f);
	return !p->output || bench_json_write(p->output, f, e);
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

static void print_cell(const struct predict_cell *c, struct sum *s)
{
	char what[32];
	snprintf(what, sizeof what, c->prefill ? "prompt of %zu" : "token after %zu", c->tokens);
	printf("%-4s %-18s %8.4g  [%7.4g, %7.4g]", format_word(c->format), what,
	    predict_rate(c, c->time_s), predict_rate(c, c->high_s), predict_rate(c, c->low_s));
	if (isnan(c->measured_s)) {
		printf("  %10s %8s %7s  %8.4g\n", "-", "-", "-", predict_rate(c, c->roofline_s));
		return;
	}
	bool inside = c->measured_s >= c->low_s && c->measured_s <= c->high_s;
	printf("  %10.4g %+6.1f %% %7s  %8.4g %+6.1f %%\n", predict_rate(c, c->measured_s),
	    100 * off(c->time_s, c->measured_s), inside ? "yes" : "no",
	    predict_rate(c, c->roofline_s), 100 * off(c->roofline_s, c->measured_s));
	s->off += fabs(off(c->time_s, c->measured_s));
	s->roofline_off += fabs(off(c->roofline_s, c->measured_s));
	s->inside += inside;
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
	}
}

static bool run_format(const struct bench_predict *p, const struct host *h,
    const struct llm_par *model, enum format f, struct sum sum[2], struct err_list *e)
{
	struct predict_cell cell[CELLS];
	fill_cells(cell, f);
	if (!predict_knows(h, f)) {
		err_at(e, nowhere, "no products of %s with %d threads are fit for use; run hearth bench "
		    "memory gemv gemm attention rest", format_word(f), h->threads);
		return false;
	}
	for (int i = 0; i < CELLS; i++) predict_cell(&cell[i], h, model);
	const char *why = p->measure ? predict_measure(cell, CELLS, model, h->threads) : NULL;
	if (why) err_at(e, nowhere, "the decoder cannot compute %s: %s; predict another model or "
		"leave the measurement out with --no-measure", model->name, why);
	if (why) return false;
	for (int i = 0; i < CELLS; i++) print_cell(&cell[i], &sum[cell[i].prefill]);
	for (int i = 0; i < CELLS; i++)
		if (cell[i].prefill) print_first(&cell[i]);
	return true;
}

static bool run_formats(const struct bench_predict *p, const struct host *h,
    const struct llm_par *model, struct err_list *e)
{
	struct sum sum[2] = { 0 };
	bool good = true;
	size_t all = sizeof formats / sizeof *formats;
	printf("%s on %d thread%s, tokens a second\n\n%-4s %-18s %8s  %-18s  %10s %8s %7s  %8s %8s\n",
	    model->name, h->threads, h->threads == 1 ? "" : "s", "", "", "predict", "interval",
	    "measured", "error", "inside", "roofline", "error");
	for (size_t i = 0; good && i < (p->formats ? p->formats : all); i++) {
		enum format f = formats[i < all ? i : 0];
		if (p->formats) format_named(p->weights[i], &f);
		good = run_format(p, h, model, f, sum, e);
	}
	putchar('\n');
	print_sum("decoding", &sum[0]);
	print_sum("prompts", &sum[1]);
	return good;
}

static int with_host(const struct bench_predict *p, const struct bench_file *f,
    const struct llm_par *model, struct err_list *e)
{
	struct host_options o = { .name = "host",
		.threads = p->threads,
		.tdp_w = 100, /* nobody asks for the power */
		.idle_w = 10,
		.force = p->force };
	struct host h;
	if (!host_of(&h, f, &o, e)) return f->context.noisy && !p->force ? STATUS_INVALID : STATUS_USAGE;
	if (h.noisy) printf("%zu noisy rows were left out\n", h.noisy);
	return run_formats(p, &h, model, e) ? STATUS_DONE : STATUS_USAGE;
}

int bench_predict(const struct bench_predict *p, struct err_list *e)
{
	struct scenario *s = scenario_catalogues(e);
	const struct object *o =
	    s ? bed_row(scenario_catalogue(s), &model_class, p->model, e) : NULL;
	struct bench_file f;
	int status = STATUS_USAGE;
	bench_file_init(&f);
	if (o && (p->from ? bench_json_read(p->from, &f, e) : measure_kernels(p, &f, e)))
		status = with_host(p, &f, o->par, e);
	bench_file_fini(&f);
	scenario_free(s);
	return status;
}
