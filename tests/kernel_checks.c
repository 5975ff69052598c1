#include "tests/kernel_checks.h"

#include "base/mem.h"
#include "base/rng.h"
#include "bench/kernels/twin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows in all, the first to compute, how many, columns. */
struct shape {
	size_t rows, first, count, cols;
};
static const struct shape shapes[] = {
	{ 16, 0, 16, 64 },     { 48, 16, 32, 192 },   { 80, 0, 80, 320 },
	{ 112, 32, 64, 1088 }, { 32, 16, 16, 4160 },  { 64, 16, 48, 2112 },
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static float draw(struct pcg64 *g) /* in [-1, 1) */
{
	return (float)(2 * pcg64_unit(g) - 1);
}

static struct pcg64 generator(unsigned stream)
{
	struct pcg64 g;
	pcg64_seed(&g, 2385, stream);
	return g;
}

static float *random_floats(size_t n, unsigned stream)
{
	struct pcg64 g = generator(stream);
	float *x = mem_lines(n, sizeof *x);
	for (size_t i = 0; i < n; i++) x[i] = draw(&g);
	return x;
}

static struct matrix random_matrix(enum format f, size_t rows, size_t cols)
{
	struct matrix m = matrix_new(f, rows, cols);
	float *row = random_floats(rows * cols, 3);
	for (size_t r = 0; r < rows; r++) {
		row[r * cols + r % cols] *= 7; /* scales differ */
		matrix_put(&m, r, row + r * cols);
	}
	free(row);
	return m;
}

static struct tokens random_tokens(size_t count, size_t cols)
{
	struct tokens t = tokens_new(count, cols);
	struct pcg64 g = generator(5);
	for (size_t i = 0; i < count * cols; i++)
		t.f32[i] = draw(&g) * (float)(1 + i / GROUP % 11);
	kernels_of(ISA_PORTABLE)->quantise(&t, 0, count);
	return t;
}

static double check_memory(const struct kernels *k)
{
	enum { N = 64 * 37 };
	struct pcg64 g = generator(7);
	double *a = mem_lines(N, 8), *b = mem_lines(N, 8), *c = mem_lines(N, 8), worst = 0;
	for (size_t n = 64; n <= N; n += 64 * 9) {
		for (size_t i = 0; i < n; i++) b[i] = pcg64_unit(&g), c[i] = pcg64_unit(&g);
		worst = fmax(worst, fabs(k->sum(b, n) / twin_sum(b, n) - 1));
		worst = fmax(worst, fabs(k->sum_plain(b, n) / twin_sum(b, n) - 1));
		k->copy(a, b, n);
		worst = memcmp(a, b, n * sizeof *a) ? INFINITY : worst;
		k->triad(a, b, c, 3.7, n);
		for (size_t i = 0; i < n; i++)
			worst = fmax(worst, fabs(a[i] - (b[i] + 3.7 * c[i])));
	}
	free(a);
	free(b);
	free(c);
	return worst;
}

/* Kinds of groups: ordinary, all zero, tiny beyond use, one outlier, half steps. */
static void fill_group(float *x, size_t kind, struct pcg64 *g)
{
	for (size_t c = 0; c < GROUP; c++) {
		x[c] = draw(g);
		if (kind == 1) x[c] = 0;
		if (kind == 2) x[c] *= 1e-40f;
		if (kind == 4) x[c] = (float)c - 0.5f - 32; /* of 127 steps, below */
	}
	if (kind == 3) x[17] = -1e30f;
	if (kind == 4) x[63] = 127;
}

/* Steps; infinite: a scale is wrong. */
static double check_quantise(const struct kernels *k)
{
	enum { COUNT = 5, COLS = 7 * GROUP, GROUPS = COLS / GROUP };
	struct tokens t = tokens_new(COUNT, COLS);
	struct pcg64 g = generator(11);
	int8_t want[COLS];
	float scale[GROUPS];
	double worst = 0;
	for (size_t i = 0; i < COUNT * GROUPS; i++) fill_group(t.f32 + i * GROUP, i % 5, &g);
	k->quantise(&t, 1, COUNT - 1);
	for (size_t i = 0; i < COLS; i++) worst = t.q[i] ? INFINITY : worst; /* not asked for */
	for (size_t token = 1; token < COUNT; token++) {
		twin_quantise(want, scale, t.f32 + token * COLS, COLS);
		for (size_t c = 0; c < COLS; c++) {
			float step = t.scale[token * GROUPS + c / GROUP];
			double apart = fabs((double)t.q[token * COLS + c] - want[c]);
			worst = fmax(worst, step > 0 ? apart : t.q[token * COLS + c] ? INFINITY : 0);
			if (fabs((double)step - (double)scale[c / GROUP]) > 1e-7 * (double)step + 1e-36)
				worst = INFINITY;
		}
	}
	tokens_free(&t);
	return worst;
}

static double gemv_error(const struct kernels *k, const struct matrix *w, const struct shape *s,
    const double *want, const struct tokens *x)
{
	float *y = mem_new(s->rows, sizeof *y);
	double outside = 0;
	k->gemv[w->format](y, w, s->first, s->count, x);
	for (size_t r = 0; r < s->rows; r++)
		if ((r < s->first || r >= s->first + s->count) && y[r] != 0) outside = INFINITY;
	double error = fmax(outside, twin_error(y + s->first, want, s->count));
	free(y);
	return error;
}

static double check_gemv(const struct kernels *k, enum format f)
{
	double worst = 0;
	for (const struct shape *s = shapes; s < shapes + SHAPES; s++) {
		struct matrix w = random_matrix(f, s->rows, s->cols);
		struct tokens x = random_tokens(1, s->cols);
		double *want = mem_new(s->count, sizeof *want);
		twin_product(want, &w, s->first, s->count, &x, 0);
		worst = fmax(worst, gemv_error(k, &w, s, want, &x));
		free(want);
		tokens_free(&x);
		matrix_free(&w);
	}
	return worst;
}

/* The error that check_gemv would give with one bit of the matrix other than the twin's: without
 * this the checks could be blind. */
static double check_corrupted(const struct kernels *k, enum format f)
{
	const struct shape *s = &shapes[3];
	struct matrix w = random_matrix(f, s->rows, s->cols);
	struct tokens x = random_tokens(1, s->cols);
	double *want = mem_new(s->count, sizeof *want);
	twin_product(want, &w, s->first, s->count, &x, 0);
	/* In the rows of the middle; of floating-point weights, in the exponent. */
	uint8_t *byte = (uint8_t *)w.data + (matrix_bytes(&w) / 2 | 3);
	*byte ^= 0x40;
	double error = gemv_error(k, &w, s, want, &x);
	free(want);
	tokens_free(&x);
	matrix_free(&w);
	return error;
}

static double gemm_error(const struct kernels *k, const struct matrix *w, const struct shape *s,
    const struct tokens *x)
{
	size_t stride = s->rows + 5;
	float *y = mem_new(x->count * stride, sizeof *y);
	double *want = mem_new(s->count, sizeof *want), worst = 0;
	k->gemm[w->format](y, stride, w, s->first, s->count, x);
	for (size_t t = 0; t < x->count; t++) {
		twin_product(want, w, s->first, s->count, x, t);
		worst = fmax(worst, twin_error(y + t * stride + s->first, want, s->count));
		for (size_t r = 0; r < stride; r++)
			if ((r < s->first || r >= s->first + s->count) && y[t * stride + r] != 0)
				worst = INFINITY;
	}
	free(want);
	free(y);
	return worst;
}

static double check_gemm(const struct kernels *k, enum format f)
{
	static const size_t counts[] = { 1, 2, 3, 5, 8, 13, 37, 133 };
	double worst = 0;
	if (!k->gemm[f]) return 0; /* BLAS computes it */
	for (const struct shape *s = shapes; s < shapes + SHAPES; s++) {
		struct matrix w = random_matrix(f, s->rows, s->cols);
		for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
			struct tokens x = random_tokens(counts[i], s->cols);
			worst = fmax(worst, gemm_error(k, &w, s, &x));
			tokens_free(&x);
		}
		matrix_free(&w);
	}
	return worst;
}

/* Queries are five times the keys' size, so that some positions stand out; each token's have room
 * around them, which must stay as it is. */
static double attention_error(const struct kernels *k, struct attention_call c)
{
	size_t row = c.group * c.head_dim, i;
	c.stride = 3 * c.head_dim;
	c.pitch = row + 16;
	float *query = random_floats(c.tokens * c.pitch, 13);
	float *keys = random_floats(c.context * c.stride, 17);
	float *values = random_floats(c.context * c.stride, 19);
	float *out = mem_new(c.tokens * c.pitch, sizeof *out);
	double *want = mem_new(c.tokens * row, sizeof *want), worst = 0;
	for (i = 0; i < c.tokens * c.pitch; i++) query[i] *= 5;
	c.query = query, c.keys = keys, c.values = values, c.out = out;
	k->attention(&c);
	twin_attention(want, &c);
	for (size_t t = 0; t < c.tokens; t++) {
		worst = fmax(worst, twin_error(out + t * c.pitch, want + t * row, row));
		for (i = row; i < c.pitch; i++) worst = out[t * c.pitch + i] != 0 ? INFINITY : worst;
	}
	free(query);
	free(keys);
	free(values);
	free(out);
	free(want);
	return worst;
}

static double check_attention(const struct kernels *k)
{
	static const size_t dims[] = { 8, 48, 64, 128 }, groups[] = { 1, 2, 3, 8, 71 };
	static const size_t contexts[] = { 1, 7, 64, 333 }, tokens[] = { 1, 2, 37 };
	double worst = 0;
	for (size_t i = 0; i < 4 * 5 * 4 * 3; i += 3) { /* a third has all pairs */
		struct attention_call c = { .head_dim = dims[i % 4], .group = groups[i / 4 % 5],
			.context = contexts[i / 20 % 4], .tokens = tokens[i / 80] };
		if (c.tokens <= c.context) worst = fmax(worst, attention_error(k, c));
	}
	return worst;
}

/* n from 1 on, with and without whole vectors. */
static const size_t lengths[] = { 1, 3, 8, 17, 64, 77, 1000, 2048 };
enum { LENGTHS = sizeof lengths / sizeof *lengths, LONGEST = 2048 };

static double check_softmax(const struct kernels *k)
{
	float *x = random_floats(LONGEST, 23), y[LONGEST];
	double want[LONGEST], worst = 0;
	for (size_t i = 0; i < LONGEST; i++) x[i] *= (float)(1 + i % 120); /* some underflow */
	for (size_t i = 0; i < LENGTHS; i++) {
		memcpy(y, x, sizeof y);
		k->softmax(y, lengths[i]);
		twin_softmax(want, x, lengths[i]);
		worst = fmax(worst, twin_error(y, want, lengths[i]));
	}
	free(x);
	return worst;
}

static double check_rmsnorm(const struct kernels *k)
{
	float *x = random_floats(LONGEST, 29), *gain = random_floats(LONGEST, 31), y[LONGEST];
	double want[LONGEST], worst = 0;
	for (size_t i = 0; i < LENGTHS; i++) {
		k->rmsnorm(y, x, gain, lengths[i], 1e-5f);
		twin_rmsnorm(want, x, gain, lengths[i], 1e-5);
		worst = fmax(worst, twin_error(y, want, lengths[i]));
	}
	free(gain);
	free(x);
	return worst;
}

static double check_swiglu(const struct kernels *k)
{
	float *x = random_floats(LONGEST, 37), *up = random_floats(LONGEST, 41), y[LONGEST];
	double want[LONGEST], worst = 0;
	for (size_t i = 0; i < LONGEST; i++) x[i] *= (float)(1 + i % 100); /* exp beyond f32 */
	for (size_t i = 0; i < LENGTHS; i++) {
		memcpy(y, x, sizeof y);
		k->swiglu(y, up, lengths[i]);
		twin_swiglu(want, x, up, lengths[i]);
		worst = fmax(worst, twin_error(y, want, lengths[i]));
	}
	free(up);
	free(x);
	return worst;
}

const struct kernel_check kernel_checks[] = {
	{ "memory", check_memory, NULL, 0, 1e-14 },
	{ "activations round to the nearest step", check_quantise, NULL, 0, 0 },
	{ "one token", NULL, check_gemv, 0, 1e-6 },
	{ "many tokens", NULL, check_gemm, 0, 1e-6 },
	{ "attention", check_attention, NULL, 0, 3e-6 },
	{ "softmax", check_softmax, NULL, 0, 1e-6 },
	{ "rmsnorm", check_rmsnorm, NULL, 0, 1e-6 },
	{ "swiglu", check_swiglu, NULL, 0, 1e-6 },
	{ "one wrong bit of a matrix is seen", NULL, check_corrupted, 1e-5, INFINITY },
	{ NULL, NULL, NULL, 0, 0 },
};

bool kernel_check_passes(const struct kernel_check *c, const struct kernels *k, char *said,
    size_t size)
{
	for (int f = 0; f < (c->error ? 1 : FORMATS); f++) {
		double error = c->error ? c->error(k) : c->format_error(k, (enum format)f);
		if (error >= c->least && error <= c->most) continue;
		snprintf(said, size, "%s: %s%s%s: %g is not within %g and %g", k->name, c->name,
		    c->error ? "" : ", ", c->error ? "" : format_word((enum format)f), error,
		    c->least, c->most);
		return false;
	}
	return true;
}
