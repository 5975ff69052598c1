#include "bench/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"
#include "bench/calibrate_parts.h"

static const struct err_pos nowhere;

void calibration_free(struct calibration *c)
{
	for (size_t i = 0; i < c->regimes; i++) {
		score_free(&c->regime[i].fitted);
		score_free(&c->regime[i].held_out);
	}
}

/* The constants that are not held, and where each stands among all of them. */
struct free_constants {
	const struct calibrate_kind *kind;
	const void *ctx;
	double all[FIT_CONSTANTS_MAX]; /* held ones filled in */
	size_t place[FIT_CONSTANTS_MAX], count;
};

static double predict_free(const void *ctx, const double *value, size_t row)
{
	const struct free_constants *f = ctx;
	double all[FIT_CONSTANTS_MAX];
	memcpy(all, f->all, sizeof all);
	for (size_t i = 0; i < f->count; i++) all[f->place[i]] = value[i];
	return f->kind->predict(f->ctx, all, row);
}

static void score_regimes(struct calibration *c, const struct calibrate_kind *kind, const void *ctx,
    const struct fit_problem *p)
{
	double *held_out = mem_new(p->rows, sizeof *held_out);
	fit_cross_validate(&c->fit, p, held_out);
	c->regimes = kind->regimes;
	for (size_t i = 0; i < kind->regimes; i++) c->regime[i].name = kind->regime_name[i];
	for (size_t i = 0; i < p->rows; i++) {
		struct calibrate_regime *r = &c->regime[kind->regime_of(ctx, i)];
		score_add(&r->fitted, p->predict(p->ctx, c->fit.value, i), p->measured[i]);
		if (!isnan(held_out[i])) score_add(&r->held_out, held_out[i], p->measured[i]);
	}
	free(held_out);
}

static bool is_held(const struct calibrate_input *in, const char *name)
{
	for (size_t i = 0; i < in->holds; i++)
		if (!strcmp(in->hold[i].name, name)) return true;
	return false;
}

static double held_value(const struct calibrate_input *in, const char *name)
{
	for (size_t i = 0; i < in->holds; i++)
		if (!strcmp(in->hold[i].name, name)) return in->hold[i].value;
	return NAN;
}

static const struct fit_constant *constant_named(
    const struct calibrate_kind *kind, const char *name, struct near *n)
{
	for (size_t i = 0; i < kind->constants; i++) {
		if (!strcmp(kind->constant[i].name, name)) return &kind->constant[i];
		near_try(n, kind->constant[i].name);
	}
	return NULL;
}

/* Held constants must be some of the kind's, within its bounds. */
static bool check_holds(
    const struct calibrate_kind *kind, const struct calibrate_input *in, struct err_list *e)
{
	size_t before = err_count(e);
	for (size_t i = 0; i < in->holds; i++) {
		const struct calibrate_hold *h = &in->hold[i];
		struct near n = near_to(h->name);
		const struct fit_constant *k = constant_named(kind, h->name, &n);
		if (!k && near_best(&n))
			err_at(e, nowhere,
			    "--hold: kind %s fits no constant '%s' (did you mean '%s'?)",
			    kind->name, h->name, near_best(&n));
		else if (!k)
			err_at(e, nowhere,
			    "--hold: kind %s fits no constant '%s'; write one that its table of "
			    "constants shows",
			    kind->name, h->name);
		else if (!(h->value >= k->min && h->value <= k->max))
			err_at(e, nowhere, "--hold: %s is %g%s%s; write a value from %g to %g",
			    k->name, h->value, *k->unit ? " " : "", k->unit, k->min, k->max);
	}
	return err_count(e) == before;
}

static void choose_free(struct calibration *c, struct free_constants *f,
    const struct calibrate_kind *kind, const struct calibrate_input *in)
{
	for (size_t i = 0; i < kind->constants; i++) {
		f->all[i] = held_value(in, kind->constant[i].name);
		if (is_held(in, kind->constant[i].name)) continue;
		c->constant[f->count] = kind->constant[i];
		f->place[f->count++] = i;
	}
	c->constants = f->count;
}

static bool refuse_few(
    const struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	struct err_pos at = { in->table, 0, 0 };
	if (in->cache_bytes > 0)
		err_at(e, at,
		    "%zu rows with operands beyond twice the cache of %.3g MB are left for %zu "
		    "constants; measure larger ones, or use every row with --cache='0 B'",
		    c->rows, 1e-6 * in->cache_bytes, c->constants);
	else
		err_at(e, at, "%zu rows are left for %zu constants; measure more%s", c->rows,
		    c->constants, in->table ? ", or ask for others with --where" : "");
	return false;
}

bool calibrate_rows(struct calibration *c, const struct calibrate_kind *kind, const void *ctx,
    const double *measured, size_t rows, const struct calibrate_input *in, struct err_list *e)
{
	struct free_constants f = { .kind = kind, .ctx = ctx };
	*c = (struct calibration){ .kind = kind->name, .rows = rows };
	if (!check_holds(kind, in, e)) return false;
	choose_free(c, &f, kind, in);
	if (!f.count) {
		err_at(
		    e, nowhere, "every constant of kind %s is held; leave one to fit", kind->name);
		return false;
	}
	struct fit_problem p = { c->constant, f.count, kind->starts, measured, rows, predict_free,
		&f };
	if (!fit_solve(&c->fit, &p)) return refuse_few(c, in, e);
	c->unidentified = !fit_identifies(&c->fit, &p, (struct err_pos){ in->table, 0, 0 }, e);
	if (c->unidentified) return false;
	score_regimes(c, kind, ctx, &p);
	return !in->table || digest_file(in->table, c->sha256);
}

/* A value and its unit as catalogues have them: seconds as us or ns. */
static char *value_text(double value, const char *unit, int digits)
{
	char number[40];
	double scale = 1;
	const char *space = *unit ? " " : "", *prefix = "";
	if (!strcmp(unit, "s")) { /* watts stay as they are */
		bool nano = value < 1e-6;
		scale = nano ? 1e9 : 1e6;
		prefix = nano ? "n" : "u";
	}
	return mem_print("%s%s%s%s", text_from_number(value * scale, digits, number, sizeof number),
	    space, prefix, unit);
}

static void print_constants(const struct calibration *c, FILE *out)
{
	fprintf(out, "%-28s %12s %12s %10s\n", "constant", "value", "+-", "effect");
	for (size_t i = 0; i < c->constants; i++) {
		char *value = value_text(c->fit.value[i], c->constant[i].unit, 4);
		char *error = value_text(c->fit.error[i], c->constant[i].unit, 2);
		fprintf(out, "%-28s %12s %12s %8.1f %%\n", c->constant[i].name, value, error,
		    100 * c->fit.effect[i]);
		free(value);
		free(error);
	}
}

static void print_regime(const struct calibrate_regime *r, FILE *out)
{
	if (!r->fitted.count) return;
	fprintf(out, "%-28s %6zu %7.1f %% %7.1f %% %+7.1f %%", r->name, r->fitted.count,
	    100 * score_mean(&r->fitted), 100 * score_median(&r->fitted),
	    100 * score_bias(&r->fitted));
	if (r->held_out.count > 0)
		fprintf(out, " %8.1f %%\n", 100 * score_mean(&r->held_out));
	else
		fprintf(out, " %10s\n", "-");
}

void calibration_print(const struct calibration *c, FILE *out)
{
	fprintf(out, "%s: %zu rows", c->kind, c->rows);
	if (c->in_cache > 0) fprintf(out, ", %zu left out that fit the cache", c->in_cache);
	fprintf(out, "\n\n");
	print_constants(c, out);
	fprintf(out, "\n%-28s %6s %9s %9s %9s %10s\n", "errors", "rows", "mean", "median", "bias",
	    "held out");
	for (size_t i = 0; i < c->regimes; i++) print_regime(&c->regime[i], out);
	fprintf(out,
	    "\n+-: standard error. effect: what doubling the constant does to predictions that the "
	    "others\ncannot undo. held out: mean error of rows predicted without them, in five "
	    "folds (-: too few points).\ncondition of the scaled Jacobian: %.3g\n",
	    c->fit.condition);
}

char *calibration_value(const struct calibration *c, size_t i)
{
	return value_text(c->fit.value[i], c->constant[i].unit, 4);
}
