#include "models/grid/linear.h"

#include <math.h>

double linear_rate(const struct linear *l, const double z[LINEAR_N], int i)
{
	double sum = 0;
	for (int j = 0; j < LINEAR_N; j++) sum += l->a[i][j] * z[j];
	return sum;
}

/* The largest sum of magnitudes of a row. */
static double norm(const struct linear *l)
{
	double most = 0;
	for (int i = 0; i < LINEAR_N; i++) {
		double sum = 0;
		for (int j = 0; j < LINEAR_N; j++) sum += fabs(l->a[i][j]);
		most = fmax(most, sum);
	}
	return most;
}

void linear_cell(const struct linear *l, const double z[LINEAR_N], struct linear_cell *c)
{
	double size = norm(l);
	c->length_s = size > 0 ? 1 / size : INFINITY;
	for (int i = 0; i < LINEAR_N; i++) c->term[0][i] = z[i];
	for (int k = 1; k < LINEAR_TERMS; k++)
		for (int i = 0; i < LINEAR_N; i++)
			c->term[k][i] = linear_rate(l, c->term[k - 1], i) / k;
}

void linear_at(const struct linear_cell *c, double t_s, double z[LINEAR_N])
{
	for (int i = 0; i < LINEAR_N; i++) {
		double sum = 0;
		for (int k = LINEAR_TERMS - 1; k >= 0; k--) sum = sum * t_s + c->term[k][i];
		z[i] = sum;
	}
}

struct linear_sum linear_sum(const struct linear_cell *c, const double w[LINEAR_N])
{
	struct linear_sum s = { { 0 } };
	for (int k = 0; k < LINEAR_TERMS; k++)
		for (int i = 0; i < LINEAR_N; i++) s.term[k] += w[i] * c->term[k][i];
	return s;
}

double linear_sum_at(const struct linear_sum *s, double t_s)
{
	double sum = 0;
	for (int k = LINEAR_TERMS - 1; k >= 0; k--) sum = sum * t_s + s->term[k];
	return sum;
}

static double sum_at(double t_s, void *sum)
{
	return linear_sum_at(sum, t_s);
}

static const double root_s = 1e-12; /* below the nanosecond of the clock */
enum { ROOT_STEPS = 200 };          /* bisection alone takes 60 from 1e6 s on */

double linear_sum_root(const struct linear_sum *s, double from_s, double to_s,
    gsl_root_fsolver *solver)
{
	struct linear_sum sum = *s;
	gsl_function f = { sum_at, &sum };
	gsl_root_fsolver_set(solver, &f, from_s, to_s);
	for (int i = 0; i < ROOT_STEPS; i++) {
		gsl_root_fsolver_iterate(solver);
		if (solver->x_upper - solver->x_lower <= root_s) break;
	}
	return solver->x_upper;
}
