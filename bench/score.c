#include "bench/score.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

void score_add(struct fit_score *s, double predicted, double measured)
{
	assert(measured > 0);
	s->error = mem_grow(s->error, s->count, &s->cap, sizeof *s->error);
	s->error[s->count++] = predicted / measured - 1;
}

void score_free(struct fit_score *s)
{
	free(s->error);
	*s = (struct fit_score){ 0 };
}

double score_mean(const struct fit_score *s)
{
	double sum = 0;
	for (size_t i = 0; i < s->count; i++) sum += fabs(s->error[i]);
	return sum / (double)s->count;
}

double score_bias(const struct fit_score *s)
{
	double sum = 0;
	for (size_t i = 0; i < s->count; i++) sum += s->error[i];
	return sum / (double)s->count;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double score_median(const struct fit_score *s)
{
	if (!s->count) return NAN;
	double *v = mem_new(s->count, sizeof *v);
	for (size_t i = 0; i < s->count; i++) v[i] = fabs(s->error[i]);
	qsort(v, s->count, sizeof *v, by_value);
	double median = 0.5 * (v[(s->count - 1) / 2] + v[s->count / 2]);
	free(v);
	return median;
}
