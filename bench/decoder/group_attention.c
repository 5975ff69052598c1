/* Attention by width of head and sharing, from memory as in decoding and in blocks as for prompts;
 * and what stands between the products: norms, softmax, the gate. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "bench/kernels/kernels.h"
#include "bench/kernels/twin.h"
#include "bench/suite/suite.h"

/* Keys and values of a call, in all its heads: more than most caches hold; and what lies beyond
 * the second level, within the third. */
static const size_t span_bytes = (size_t)64 << 20, cache_bytes = (size_t)4 << 20;

struct heads {
	const struct kernels *kernels;
	size_t count; /* key-value heads of a call, each with keys and values of its own */
	int threads;
	struct attention_call call; /* of the first; the others follow it */
	float *query, *cache, *out;
};

static float *random_floats(size_t n)
{
	struct pcg64 g = rng_stream(n, 0, 0, RNG_WEIGHTS);
	float *x = mem_lines(n, sizeof *x);
	for (size_t i = 0; i < n; i++) x[i] = (float)(3.4 * pcg64_unit(&g) - 1.7);
	return x;
}

static struct attention_call call_of(const struct heads *h, size_t head)
{
	struct attention_call c = h->call;
	size_t cached = c.context * c.head_dim, asked = c.tokens * c.pitch;
	c.query = h->query + head * asked;
	c.keys = h->cache + 2 * head * cached;
	c.values = c.keys + cached;
	c.out = h->out + head * asked;
	return c;
}

static void attend(void *ctx)
{
	const struct heads *h = ctx;
#pragma omp parallel for schedule(static) num_threads(h->threads)
	for (size_t i = 0; i < h->count; i++) {
		struct attention_call c = call_of(h, i);
		h->kernels->attention(&c);
	}
}

static double attention_error(void *ctx)
{
	const struct heads *h = ctx;
	struct attention_call c = call_of(h, h->count - 1);
	size_t n = c.tokens * c.pitch;
	double *want = mem_new(n, sizeof *want);
	twin_attention(want, &c);
	double error = twin_error(c.out, want, n);
	free(want);
	return error;
}

static void heads_free(void *ctx)
{
	struct heads *h = ctx;
	free(h->query);
	free(h->cache);
	free(h->out);
	free(h);
}

static struct heads *heads_new(size_t head_dim, size_t group, size_t tokens, size_t context,
    size_t span, int threads)
{
	struct heads *h = mem_new(1, sizeof *h);
	size_t cached = 2 * context * head_dim, asked = tokens * group * head_dim;
	h->count = tokens > 1 ? (size_t)threads : span / (cached * sizeof(float));
	h->kernels = kernels_best();
	h->threads = threads;
	h->call = (struct attention_call){ .head_dim = head_dim, .group = group, .tokens = tokens,
		.context = context, .stride = head_dim, .pitch = group * head_dim };
	h->query = random_floats(h->count * asked);
	h->cache = random_floats(h->count * cached);
	h->out = mem_lines(h->count * asked, sizeof *h->out);
	return h;
}

/* Pairs of a token and a position that it sees. */
static double pairs(double tokens, double context)
{
	return tokens * context - tokens * (tokens - 1) / 2;
}

static void add_attention(struct suite *s, size_t head_dim, size_t group, size_t tokens,
    size_t context, size_t span, int threads)
{
	struct heads *h = heads_new(head_dim, group, tokens, context, span, threads);
	double dim = (double)(h->count * head_dim);
	struct bench_case c = {
		.kernel = tokens > 1 ? "attention_prompt" : "attention",
		.key = { { "head_dim", (double)head_dim }, { "group", (double)group },
		    { "tokens", (double)tokens }, { "context", (double)context },
		    { "heads", (double)(h->count * group) }, { "span", 8 * dim * (double)context } },
		.keys = 6,
		.threads = threads,
		.pages = "huge",
		.flops = 4 * (double)group * dim * pairs((double)tokens, (double)context),
		.bytes = 8 * dim * (double)context,
		.items = 2 * (double)group * dim * pairs((double)tokens, (double)context),
		.item = "multiply-add",
		.ctx = h,
		.run = attend,
		.error = attention_error,
		.error_max = 1e-5,
		.free = heads_free,
	};
	if (tokens > 1)
		snprintf(c.shape, sizeof c.shape, "%zu tokens, %zu x %zu, context %zu", tokens,
		    head_dim, group, context);
	else
		snprintf(c.shape, sizeof c.shape, "%zu x %zu, context %zu, %.0f MB", head_dim, group,
		    context, c.bytes / 1e6);
	suite_add(s, &c);
}

/* A row of activations, of a width that models have. */
enum { WIDTH = 5632 };

struct row {
	const struct kernels *kernels; /* asking for them takes longer than a row */
	float x[WIDTH], y[WIDTH], gain[WIDTH];
};

static void run_softmax(void *ctx)
{
	struct row *r = ctx;
	memcpy(r->y, r->x, sizeof r->y);
	r->kernels->softmax(r->y, WIDTH);
}

static void run_rmsnorm(void *ctx)
{
	struct row *r = ctx;
	r->kernels->rmsnorm(r->y, r->x, r->gain, WIDTH, 1e-5f);
}

static void run_swiglu(void *ctx)
{
	struct row *r = ctx;
	memcpy(r->y, r->x, sizeof r->y);
	r->kernels->swiglu(r->y, r->gain, WIDTH);
}

static double softmax_error(void *ctx)
{
	struct row *r = ctx;
	double want[WIDTH];
	twin_softmax(want, r->x, WIDTH);
	return twin_error(r->y, want, WIDTH);
}

static double rmsnorm_error(void *ctx)
{
	struct row *r = ctx;
	double want[WIDTH];
	twin_rmsnorm(want, r->x, r->gain, WIDTH, 1e-5);
	return twin_error(r->y, want, WIDTH);
}

static double swiglu_error(void *ctx)
{
	struct row *r = ctx;
	double want[WIDTH];
	twin_swiglu(want, r->x, r->gain, WIDTH);
	return twin_error(r->y, want, WIDTH);
}

/* arrays: how many rows of floats are read or written. */
static void add_row(struct suite *s, const char *kernel, double flops, double arrays,
    void (*run)(void *ctx), double (*error)(void *ctx))
{
	struct row *r = mem_lines(1, sizeof *r);
	r->kernels = kernels_best();
	float *x = random_floats(2 * WIDTH);
	memcpy(r->x, x, sizeof r->x);
	memcpy(r->gain, x + WIDTH, sizeof r->gain);
	free(x);
	struct bench_case c = {
		.kernel = kernel,
		.shape = "5632",
		.key = { { "cols", WIDTH } },
		.keys = 1,
		.threads = 1,
		.pages = "",
		.flops = flops * WIDTH,
		.bytes = arrays * sizeof(float) * WIDTH,
		.items = WIDTH,
		.item = "value",
		.ctx = r,
		.run = run,
		.error = error,
		.error_max = 1e-6,
		.free = free,
	};
	suite_add(s, &c);
}

static void add(struct suite *s)
{
	static const size_t head_dims[] = { 64, 64, 128 }, groups[] = { 1, 8, 4 };
	int most = suite_threads(s);
	for (int threads = 1; threads <= most; threads += most > 1 ? most - 1 : 1)
		for (size_t i = 0; i < 3; i++) {
			if (!suite_quick(s))
				add_attention(s, head_dims[i], groups[i], 1, 2048, span_bytes, threads);
			if (!suite_quick(s) || threads == most)
				add_attention(s, head_dims[i], groups[i], 1, 512, span_bytes, threads);
			if (!suite_quick(s) && groups[i] == 1)
				add_attention(s, head_dims[i], groups[i], 1, 512, cache_bytes, threads);
			if (!suite_quick(s))
				add_attention(s, head_dims[i], groups[i], 128, 512, span_bytes, threads);
		}
	/* Operations of a value: the exponential counts as one. */
	add_row(s, "softmax", 4, 2, run_softmax, softmax_error);
	add_row(s, "rmsnorm", 4, 3, run_rmsnorm, rmsnorm_error);
	add_row(s, "swiglu", 5, 3, run_swiglu, swiglu_error);
}

const struct bench_group bench_attention = {
	.name = "attention",
	.about = "attention by heads, group and context; norms, softmax and gate",
	.add = add,
	.weight = 0.6,
};
