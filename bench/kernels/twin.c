#include "bench/kernels/twin.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

double twin_sum(const double *a, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += a[i];
	return sum;
}

void twin_product(double *y, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x, size_t token)
{
	float *row = mem_new(w->cols, sizeof *row);
	double *in = mem_new(w->cols, sizeof *in);
	for (size_t c = 0; c < w->cols; c++) {
		size_t i = token * x->cols + c;
		in[c] = format_quantised(w->format) ? (double)x->q[i] * (double)x->scale[i / GROUP] :
						      (double)x->f32[i];
	}
	for (size_t r = 0; r < count; r++) {
		matrix_get(w, first + r, row);
		double sum = 0;
		for (size_t c = 0; c < w->cols; c++) sum += (double)row[c] * in[c];
		y[r] = sum;
	}
	free(in);
	free(row);
}

void twin_quantise(int8_t *q, float *scale, const float *x, size_t cols)
{
	for (size_t g = 0; g < cols / GROUP; g++) {
		float most = 0;
		for (size_t c = 0; c < GROUP; c++) most = fmaxf(most, fabsf(x[g * GROUP + c]));
		scale[g] = most / 127;
		for (size_t c = 0; c < GROUP; c++) {
			double steps = most > 0 ? 127 * (double)x[g * GROUP + c] / (double)most : 0;
			q[g * GROUP + c] = (int8_t)lrint(steps);
		}
	}
}

static double dot(const float *a, const float *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
	return sum;
}

/* One query that sees `seen` positions. */
static void attend_one(double *out, double *weight, const struct attention_call *c,
    const float *query, size_t seen)
{
	double most = -INFINITY, total = 0;
	for (size_t t = 0; t < seen; t++) {
		weight[t] = dot(query, c->keys + t * c->stride, c->head_dim) / sqrt((double)c->head_dim);
		most = fmax(most, weight[t]);
	}
	for (size_t d = 0; d < c->head_dim; d++) out[d] = 0;
	for (size_t t = 0; t < seen; t++) {
		double e = exp(weight[t] - most);
		total += e;
		for (size_t d = 0; d < c->head_dim; d++)
			out[d] += e * (double)c->values[t * c->stride + d];
	}
	for (size_t d = 0; d < c->head_dim; d++) out[d] /= total;
}

void twin_attention(double *out, const struct attention_call *c)
{
	double *weight = mem_new(c->context, sizeof *weight);
	for (size_t t = 0; t < c->tokens; t++)
		for (size_t h = 0; h < c->group; h++, out += c->head_dim)
			attend_one(out, weight, c, c->query + t * c->pitch + h * c->head_dim,
			    c->context - c->tokens + t + 1);
	free(weight);
}

void twin_softmax(double *y, const float *x, size_t n)
{
	float most = -INFINITY; /* gcc 12 for ARM breaks off at a double */
	double total = 0;
	for (size_t i = 0; i < n; i++) most = fmaxf(most, x[i]);
	for (size_t i = 0; i < n; i++) total += y[i] = exp((double)x[i] - (double)most);
	for (size_t i = 0; i < n; i++) y[i] /= total;
}

void twin_rmsnorm(double *y, const float *x, const float *gain, size_t n, double epsilon)
{
	double scale = 1 / sqrt(dot(x, x, n) / (double)n + epsilon);
	for (size_t i = 0; i < n; i++) y[i] = (double)x[i] * scale * (double)gain[i];
}

void twin_swiglu(double *y, const float *gate, const float *up, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = (double)gate[i] / (1 + exp(-(double)gate[i])) * (double)up[i];
}

double twin_error(const float *got, const double *want, size_t n)
{
	double most = 0, apart = 0;
	for (size_t i = 0; i < n; i++) {
		if (!isfinite(got[i])) return INFINITY;
		apart = fmax(apart, fabs((double)got[i] - want[i]));
		most = fmax(most, fabs(want[i]));
	}
	if (apart == 0) return 0;
	return most > 0 ? apart / most : INFINITY;
}
