#include "models/grid/anderson.h"

#include <stdlib.h>

#include "base/mem.h"

struct anderson *anderson_new(size_t n)
{
	struct anderson *a = mem_new(1, sizeof *a);
	a->n = n;
	a->g = mem_new(n, sizeof *a->g);
	a->f = mem_new(n, sizeof *a->f);
	for (int i = 0; i < ANDERSON_DEPTH; i++) {
		a->dg[i] = mem_new(n, sizeof *a->dg[i]);
		a->df[i] = mem_new(n, sizeof *a->df[i]);
	}
	return a;
}

void anderson_free(struct anderson *a)
{
	if (!a) return;
	for (int i = 0; i < ANDERSON_DEPTH; i++) {
		free(a->dg[i]);
		free(a->df[i]);
	}
	free(a->g);
	free(a->f);
	free(a);
}

void anderson_restart(struct anderson *a)
{
	a->steps = 0;
}

static double dot(const double *a, const double *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
	return sum;
}

/* Differences to the step before; the older of the two is overwritten. */
static void remember(struct anderson *a, const double *x, const double *g)
{
	unsigned at = a->steps % ANDERSON_DEPTH;
	for (size_t i = 0; i < a->n; i++) {
		double f = g[i] - x[i];
		a->dg[at][i] = g[i] - a->g[i];
		a->df[at][i] = f - a->f[i];
		a->g[i] = g[i];
		a->f[i] = f;
	}
}

/* Minimises |f - sum of weight[k] df[k]| by the normal equations; nearly parallel
 * differences are worth one. */
static void weigh(const struct anderson *a, double weight[ANDERSON_DEPTH])
{
	unsigned last = a->steps % ANDERSON_DEPTH, other = !last;
	double a11 = dot(a->df[last], a->df[last], a->n), b1 = dot(a->df[last], a->f, a->n);
	weight[0] = weight[1] = 0;
	if (a11 <= 0) return;
	weight[last] = b1 / a11;
	if (a->steps < ANDERSON_DEPTH) return;
	double a12 = dot(a->df[last], a->df[other], a->n);
	double a22 = dot(a->df[other], a->df[other], a->n), b2 = dot(a->df[other], a->f, a->n);
	double det = a11 * a22 - a12 * a12;
	if (det <= 1e-14 * a11 * a22) return;
	weight[last] = (b1 * a22 - b2 * a12) / det;
	weight[other] = (b2 * a11 - b1 * a12) / det;
}

void anderson_step(struct anderson *a, double *x, const double *g)
{
	double weight[ANDERSON_DEPTH] = { 0 };
	remember(a, x, g);
	if (a->steps > 0) weigh(a, weight);
	a->steps++;
	for (size_t i = 0; i < a->n; i++)
		x[i] = g[i] - weight[0] * a->dg[0][i] - weight[1] * a->dg[1][i];
}
