#include "bench/fit.h"

#include <assert.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { STEPS_MAX = 200, REWEIGHTS = 8 };

#define RESIDUAL_SCALE 0.05 /* beyond it a row counts by its magnitude, not its square */
#define TOLERANCE      1e-7
#define LOGIT_MAX      30.0 /* within 1e-13 of the range of a bound */

/* A problem while it is being solved: some of its rows, with weights. */
struct solving {
	const struct fit_problem *p;
	size_t *row;
	double *weight;
	size_t rows;
};

static double value_of(const struct fit_constant *c, double logit)
{
	return c->min + (c->max - c->min) / (1 + exp(-logit));
}

static double logit_of(const struct fit_constant *c, double value)
{
	double share = (value - c->min) / (c->max - c->min);
	if (share <= 0) return -LOGIT_MAX;
	if (share >= 1) return LOGIT_MAX;
	return fmax(-LOGIT_MAX, fmin(LOGIT_MAX, log(share / (1 - share))));
}

static void values_of(const struct fit_problem *p, const gsl_vector *x, double *value)
{
	for (size_t i = 0; i < p->constants; i++) {
		double logit = gsl_vector_get(x, i);
		value[i] = value_of(&p->constant[i],
		    fmax(-LOGIT_MAX, fmin(LOGIT_MAX, isfinite(logit) ? logit : 0)));
	}
}

static double residual(const struct fit_problem *p, const double *value, size_t row)
{
	double predicted = p->predict(p->ctx, value, row);
	assert(predicted > 0 && isfinite(predicted));
	return log(predicted / p->measured[row]);
}

static int residuals(const gsl_vector *x, void *ctx, gsl_vector *f)
{
	const struct solving *s = ctx;
	double value[FIT_CONSTANTS_MAX];
	values_of(s->p, x, value);
	for (size_t i = 0; i < s->rows; i++)
		gsl_vector_set(f, i, sqrt(s->weight[i]) * residual(s->p, value, s->row[i]));
	return GSL_SUCCESS;
}

/* Least squares with the weights as they are, from x to x. */
static void descend(struct solving *s, gsl_vector *x)
{
	gsl_multifit_nlinear_parameters par = gsl_multifit_nlinear_default_parameters();
	par.trs = gsl_multifit_nlinear_trs_lm;
	par.scale = gsl_multifit_nlinear_scale_levenberg;
	gsl_multifit_nlinear_fdf fdf = {
		.f = residuals, .n = s->rows, .p = s->p->constants, .params = s
	};
	gsl_multifit_nlinear_workspace *w =
	    gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &par, fdf.n, fdf.p);
	int info;
	gsl_multifit_nlinear_init(x, &fdf, w);
	/* Out of steps, or no step that is better: what was reached is judged by its cost. */
	gsl_multifit_nlinear_driver(STEPS_MAX, TOLERANCE, TOLERANCE, 0, NULL, NULL, &info, w);
	gsl_vector_memcpy(x, gsl_multifit_nlinear_position(w));
	gsl_multifit_nlinear_free(w);
}

/* Sum of the magnitudes, soft at zero: what the weights make of the squares. */
static double cost(const struct solving *s, const gsl_vector *x)
{
	double value[FIT_CONSTANTS_MAX], sum = 0;
	values_of(s->p, x, value);
	for (size_t i = 0; i < s->rows; i++) {
		double r = residual(s->p, value, s->row[i]) / RESIDUAL_SCALE;
		sum += sqrt(1 + r * r) - 1;
	}
	return sum;
}

static void reweight(struct solving *s, const gsl_vector *x)
{
	double value[FIT_CONSTANTS_MAX];
	values_of(s->p, x, value);
	for (size_t i = 0; i < s->rows; i++) {
		double r = residual(s->p, value, s->row[i]) / RESIDUAL_SCALE;
		s->weight[i] = 1 / sqrt(1 + r * r);
	}
}

/* From x to x; stops when the cost no longer falls by a millionth. */
static double solve_from(struct solving *s, gsl_vector *x)
{
	double last = INFINITY, now = cost(s, x);
	for (int i = 0; i < REWEIGHTS && now < last * (1 - 1e-6); i++) {
		reweight(s, x);
		descend(s, x);
		last = now;
		now = cost(s, x);
	}
	return now;
}

static void solving_init(struct solving *s, const struct fit_problem *p)
{
	*s = (struct solving){ p, mem_new(p->rows, sizeof *s->row),
		mem_new(p->rows, sizeof *s->weight), 0 };
}

static void solving_fini(struct solving *s)
{
	free(s->row);
	free(s->weight);
}

static void take_all(struct solving *s)
{
	s->rows = s->p->rows;
	for (size_t i = 0; i < s->rows; i++) s->row[i] = i;
}

static gsl_vector *logits_of(const struct fit_problem *p, const double *value)
{
	gsl_vector *x = gsl_vector_alloc(p->constants);
	for (size_t i = 0; i < p->constants; i++)
		gsl_vector_set(x, i, logit_of(&p->constant[i], value[i]));
	return x;
}

static void best_of_starts(struct solving *s, double *value)
{
	const struct fit_problem *p = s->p;
	double best = INFINITY;
	for (size_t k = 0; k < p->starts; k++) {
		double start[FIT_CONSTANTS_MAX];
		for (size_t i = 0; i < p->constants; i++) start[i] = p->constant[i].start[k];
		gsl_vector *x = logits_of(p, start);
		double now = solve_from(s, x);
		if (now < best) {
			best = now;
			values_of(p, x, value);
		}
		gsl_vector_free(x);
	}
}

/* ---- what the rows see ---- */

/* Of a constant at 0 there is no relative change: the range stands for it. */
static double change_of(const struct fit_constant *c, double value)
{
	return fmax(fabs(value), 1e-3 * (c->max - c->min));
}

/* d log(predicted) / d (relative change), by differences that stay in bounds. */
static gsl_matrix *sensitivities(const struct solving *s, const double *value)
{
	const struct fit_problem *p = s->p;
	gsl_matrix *j = gsl_matrix_alloc(s->rows, p->constants);
	for (size_t c = 0; c < p->constants; c++) {
		const struct fit_constant *k = &p->constant[c];
		double step = 1e-4 * change_of(k, value[c]), moved[FIT_CONSTANTS_MAX];
		if (value[c] + step > k->max) step = -step;
		memcpy(moved, value, sizeof moved);
		moved[c] += step;
		double change = step / change_of(k, value[c]);
		for (size_t i = 0; i < s->rows; i++)
			gsl_matrix_set(j, i, c,
			    (residual(p, moved, s->row[i]) - residual(p, value, s->row[i])) /
				change);
	}
	return j;
}

/* Scales columns to length 1; a column of nothing but zeros stays. */
static void columns_to_one(gsl_matrix *j, double *length)
{
	for (size_t c = 0; c < j->size2; c++) {
		gsl_vector_view v = gsl_matrix_column(j, c);
		length[c] = gsl_blas_dnrm2(&v.vector);
		if (length[c] > 0) gsl_vector_scale(&v.vector, 1 / length[c]);
	}
}

/* From the singular values of J with columns of length 1: the part of column c that
 * the others do not make up has the length 1 / sqrt((J'J)^-1_cc). */
static void see(struct fit *f, const struct solving *s)
{
	const struct fit_problem *p = s->p;
	size_t n = p->constants;
	double length[FIT_CONSTANTS_MAX], squares = 0, weights = 0;
	gsl_matrix *j = sensitivities(s, f->value), *v = gsl_matrix_alloc(n, n);
	gsl_vector *d = gsl_vector_alloc(n), *work = gsl_vector_alloc(n);
	columns_to_one(j, length);
	gsl_linalg_SV_decomp(j, v, d, work);
	for (size_t i = 0; i < s->rows; i++) {
		double r = residual(p, f->value, s->row[i]);
		squares += s->weight[i] * r * r;
		weights += s->weight[i];
	}
	double variance = squares / weights * (double)s->rows / (double)(s->rows - n);
	f->condition = gsl_vector_get(d, 0) / fmax(gsl_vector_get(d, n - 1), 1e-300);
	for (size_t c = 0; c < n; c++) {
		double inverse = 0;
		for (size_t k = 0; k < n; k++) {
			double u = gsl_matrix_get(v, c, k) / fmax(gsl_vector_get(d, k), 1e-12);
			inverse += u * u;
		}
		double alone = length[c] / sqrt(inverse);
		f->effect[c] = alone / sqrt((double)s->rows);
		f->error[c] =
		    change_of(&p->constant[c], f->value[c]) * sqrt(variance) / fmax(alone, 1e-300);
	}
	gsl_matrix_free(j);
	gsl_matrix_free(v);
	gsl_vector_free(d);
	gsl_vector_free(work);
}

bool fit_solve(struct fit *f, const struct fit_problem *p)
{
	struct solving s;
	assert(p->constants <= FIT_CONSTANTS_MAX && p->starts <= FIT_STARTS_MAX);
	*f = (struct fit){ 0 };
	if (p->rows < p->constants + 1) return false;
	solving_init(&s, p);
	take_all(&s);
	gsl_error_handler_t *handler = gsl_set_error_handler_off();
	best_of_starts(&s, f->value);
	see(f, &s);
	gsl_set_error_handler(handler);
	solving_fini(&s);
	return true;
}

/* ---- cross-validation ---- */

/* Rows with the same prediction are the same point of the table, measured again. */
static unsigned fold_of(double predicted)
{
	uint64_t bits;
	memcpy(&bits, &predicted, sizeof bits);
	bits *= UINT64_C(0x9e3779b97f4a7c15); /* 2^64 over the golden ratio (Knuth 6.4) */
	return (unsigned)(bits >> 40) % FIT_FOLDS;
}

static bool more_points_than_constants(const struct fit_problem *p, const double *fitted)
{
	double seen[FIT_CONSTANTS_MAX];
	size_t points = 0;
	for (size_t i = 0; i < p->rows && points <= p->constants; i++) {
		size_t k = 0;
		while (k < points && seen[k] != fitted[i]) k++;
		if (k < points) continue;
		if (points == p->constants) return true;
		seen[points++] = fitted[i];
	}
	return false;
}

void fit_cross_validate(const struct fit *f, const struct fit_problem *p, double *predicted)
{
	struct solving s;
	unsigned *fold = mem_new(p->rows, sizeof *fold);
	solving_init(&s, p);
	for (size_t i = 0; i < p->rows; i++) predicted[i] = p->predict(p->ctx, f->value, i);
	bool enough = more_points_than_constants(p, predicted);
	for (size_t i = 0; i < p->rows; i++) {
		fold[i] = fold_of(predicted[i]);
		predicted[i] = NAN;
	}
	gsl_error_handler_t *handler = gsl_set_error_handler_off();
	for (unsigned k = 0; enough && k < FIT_FOLDS; k++) {
		double value[FIT_CONSTANTS_MAX];
		memcpy(value, f->value, sizeof value);
		s.rows = 0;
		for (size_t i = 0; i < p->rows; i++)
			if (fold[i] != k) s.row[s.rows++] = i;
		gsl_vector *x = logits_of(p, value);
		if (s.rows > p->constants) {
			solve_from(&s, x);
			values_of(p, x, value);
		}
		gsl_vector_free(x);
		for (size_t i = 0; i < p->rows; i++)
			if (fold[i] == k) predicted[i] = p->predict(p->ctx, value, i);
	}
	gsl_set_error_handler(handler);
	solving_fini(&s);
	free(fold);
}

/* ---- verdict ---- */

bool fit_identifies(
    const struct fit *f, const struct fit_problem *p, struct err_pos at, struct err_list *e)
{
	size_t before = err_count(e);
	for (size_t i = 0; i < p->constants; i++) {
		const struct fit_constant *c = &p->constant[i];
		double margin = 1e-3 * (c->max - c->min);
		bool high = f->value[i] > c->max - margin && !c->may_reach_max;
		bool low = f->value[i] < c->min + margin;
		bool seen = f->effect[i] >= FIT_EFFECT_MIN;
		if (!seen)
			err_at(e, at,
			    "these rows do not identify %s: to double it would move predictions by "
			    "%.2g %% that the other constants cannot undo; %s",
			    c->name, 100 * f->effect[i], c->remedy);
		else if (low || high)
			err_at(e, at,
			    "these rows do not identify %s: it ended at its bound of %g%s%s; %s",
			    c->name, high ? c->max : c->min, *c->unit ? " " : "", c->unit,
			    c->remedy);
	}
	return err_count(e) == before;
}
