#include "bench/kernels/group_products.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "bench/kernels/twin.h"

static void draw(float *x, size_t n, unsigned stream)
{
	struct pcg64 g;
	pcg64_seed(&g, 1, stream);
	for (size_t i = 0; i < n; i++) x[i] = (float)(2 * pcg64_unit(&g) - 1);
}

struct weights *product_weights_new(enum format f, size_t cols, size_t bytes)
{
	size_t block = (size_t)(ROW_BLOCK * format_bytes(f) * (double)cols);
	size_t blocks = (bytes + block - 1) / block;
	struct weights *w = mem_new(1, sizeof *w);
	float *row = mem_new(cols, sizeof *row);
	*w = (struct weights){ matrix_new(f, blocks * ROW_BLOCK, cols), 1 };
	for (size_t r = 0; r < ROW_BLOCK; r++) {
		draw(row, cols, (unsigned)r);
		matrix_put(&w->all, r, row);
	}
	free(row);
	size_t scales = w->all.scale ? ROW_BLOCK * cols / GROUP : 0;
	block = matrix_bytes(&w->all) / blocks - scales * sizeof(float);
	for (size_t i = 1; i < blocks; i++) {
		memcpy((char *)w->all.data + i * block, w->all.data, block);
		if (scales) memcpy(w->all.scale + i * scales, w->all.scale, scales * sizeof(float));
	}
	return w;
}

void product_weights_free(struct weights *w)
{
	if (--w->users) return;
	matrix_free(&w->all);
	free(w);
}

struct product_case *product_new(struct weights *weights, size_t rows, size_t cols, size_t tokens,
    int threads)
{
	struct product_case *p = mem_new(1, sizeof *p);
	assert(rows * cols <= weights->all.rows * weights->all.cols);
	*p = (struct product_case){ .kernels = kernels_best(), .weights = weights, .w = weights->all,
		.x = tokens_new(tokens, cols), .y = mem_lines(tokens * rows, sizeof(float)),
		.threads = threads };
	weights->users++;
	p->w.rows = rows;
	p->w.cols = cols;
	draw(p->x.f32, tokens * cols, 1000);
	p->kernels->quantise(&p->x, 0, tokens);
	return p;
}

void product_free(void *ctx)
{
	struct product_case *p = ctx;
	tokens_free(&p->x);
	free(p->y);
	product_weights_free(p->weights);
	blas_close(p->blas);
	free(p);
}

static size_t rows_from(const struct product_case *p, int thread)
{
	return p->w.rows / ROW_BLOCK * (size_t)thread / (size_t)p->threads * ROW_BLOCK;
}

void product_gemv(void *ctx)
{
	struct product_case *p = ctx;
#pragma omp parallel for schedule(static, 1) num_threads(p->threads)
	for (int i = 0; i < p->threads; i++) {
		size_t from = rows_from(p, i);
		p->kernels->gemv[p->w.format](p->y, &p->w, from, rows_from(p, i + 1) - from, &p->x);
	}
}

void product_gemm(void *ctx)
{
	struct product_case *p = ctx;
#pragma omp parallel for schedule(static, 1) num_threads(p->threads)
	for (int i = 0; i < p->threads; i++) {
		size_t from = rows_from(p, i), count = rows_from(p, i + 1) - from;
		if (!count) continue;
		if (p->blas) blas_gemm(p->blas, p->y, p->w.rows, &p->w, from, count, &p->x);
		else p->kernels->gemm[p->w.format](p->y, p->w.rows, &p->w, from, count, &p->x);
	}
}

double product_error(void *ctx)
{
	const struct product_case *p = ctx;
	const size_t blocks = p->w.rows / ROW_BLOCK;
	const size_t block[] = { 0, blocks / 3, blocks - 1 }, token[] = { 0, p->x.count - 1 };
	double want[ROW_BLOCK], worst = 0;
	for (size_t b = 0; b < 3; b++)
		for (size_t t = 0; t < 2; t++) {
			size_t row = block[b] * ROW_BLOCK;
			twin_product(want, &p->w, row, ROW_BLOCK, &p->x, token[t]);
			worst = fmax(worst,
			    twin_error(p->y + token[t] * p->w.rows + row, want, ROW_BLOCK));
		}
	return worst;
}

struct bench_case product_declared(struct product_case *p)
{
	size_t rows = p->w.rows, cols = p->w.cols, tokens = p->x.count;
	double weights = (double)(rows * cols), span = format_bytes(p->w.format) * weights;
	struct bench_case c = { .key = { { "rows", (double)rows }, { "cols", (double)cols },
					  { "tokens", (double)tokens }, { "span", span } },
		.keys = 4, .threads = p->threads, .pages = "",
		.flops = 2 * (double)tokens * weights,
		.bytes = span + 4 * (double)(tokens * (rows + cols)),
		.items = weights * (double)tokens, .item = "weight", .ctx = p,
		.run = tokens > 1 ? product_gemm : product_gemv, .error = product_error,
		.error_max = 2e-6, .free = product_free };
	if (tokens > 1) snprintf(c.shape, sizeof c.shape, "%zu x %zu, %zu tokens", rows, cols, tokens);
	else snprintf(c.shape, sizeof c.shape, "%zu x %zu, %.0f MB", rows, cols, span / 1e6);
	return c;
}
