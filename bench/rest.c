/* Group rest: a decoder's step, and a block of a prompt, without products and attention,
 * which are measured by themselves: norms, rotation, rounding, gates, sums, and threads
 * that meet. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/decoder/pass.h"
#include "bench/suite/suite.h"

enum { AT = 7, CONTEXT = AT + DECODER_BLOCK, SEED = 11 };

struct rest {
	struct decoder *decoder;
	struct kernels idle; /* its own, but for what does nothing */
	size_t tokens;
	int32_t token[DECODER_BLOCK];
};

static void no_product(float *y, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	(void)y, (void)w, (void)first, (void)count, (void)x;
}

static void no_products(float *y, size_t y_pitch, const struct matrix *w, size_t first,
    size_t count, const struct tokens *x)
{
	(void)y, (void)y_pitch, (void)w, (void)first, (void)count, (void)x;
}

static void no_attention(const struct attention_call *c)
{
	(void)c;
}

static void run(void *ctx)
{
	struct rest *r = ctx;
	decoder_seek(r->decoder, AT);
	decoder_prefill(r->decoder, r->token, r->tokens);
}

/* Products gave nothing, so that the stream is still the token's embedding: how far the
 * last token's last norm is from one in double precision. */
static double error(void *ctx)
{
	const struct rest *r = ctx;
	const struct decoder *d = r->decoder;
	const struct weights *w = &d->weights;
	size_t hidden = w->shape.hidden;
	const float *normed = d->normed.f32 + (r->tokens - 1) * hidden;
	float *x = mem_new(hidden, sizeof *x);
	double squares = 0, worst = 0;
	matrix_get(&w->embedding, (size_t)r->token[r->tokens - 1], x);
	for (size_t i = 0; i < hidden; i++) squares += (double)x[i] * (double)x[i];
	double scale = 1 / sqrt(squares / (double)hidden + 1e-5); /* as the decoder's */
	for (size_t i = 0; i < hidden; i++) {
		double exact = (double)x[i] * scale * (double)w->layer[w->shape.layers - 1].ffn_gain[i];
		worst = fmax(worst, fabs((double)normed[i] - exact));
	}
	free(x);
	return worst;
}

static void release(void *ctx)
{
	struct rest *r = ctx;
	decoder_free(r->decoder);
	free(r);
}

/* What products and attention would have written: nothing, not what memory held before. */
static void clear(struct decoder *d)
{
	const struct decoder_shape *s = &d->weights.shape;
	size_t queries = s->heads * s->head_dim, keys = s->kv_heads * s->head_dim;
	size_t n = DECODER_BLOCK;
	memset(d->product, 0, n * s->hidden * sizeof *d->product);
	memset(d->qkv, 0, n * (queries + 2 * keys) * sizeof *d->qkv);
	memset(d->up, 0, n * s->ffn * sizeof *d->up);
	memset(d->gated.f32, 0, n * s->ffn * sizeof *d->gated.f32);
	memset(d->attended.f32, 0, n * queries * sizeof *d->attended.f32);
}

static struct rest *rest_new(const struct decoder_shape *s, enum format f, size_t tokens,
    int threads)
{
	struct rest *r = mem_new(1, sizeof *r);
	r->tokens = tokens;
	for (size_t i = 0; i < tokens; i++) r->token[i] = (int32_t)((AT + 3 * i) % s->vocabulary);
	r->decoder = decoder_new(s, f, CONTEXT, SEED, threads);
	decoder_pretend(r->decoder, AT);
	clear(r->decoder);
	r->idle = *r->decoder->kernels;
	for (int i = 0; i < FORMATS; i++) {
		r->idle.gemv[i] = no_product;
		r->idle.gemm[i] = no_products;
	}
	r->idle.attention = no_attention;
	r->decoder->kernels = &r->idle;
	return r;
}

/* What a layer moves of activations, f32: norms (read, write) and sums (read two, write
 * one) twice, queries and keys in place, the gate times the up product. */
static double layer_bytes(const struct decoder_shape *s)
{
	double turned = (double)((s->heads + s->kv_heads) * s->head_dim);
	return 4 * (10 * (double)s->hidden + 2 * turned + 3 * (double)s->ffn);
}

static void add_case(struct suite *suite, const struct decoder_shape *s, enum format f,
    size_t tokens, int threads)
{
	struct bench_case c = {
		.kernel = f == FORMAT_F32 ? "rest_f32" : "rest_q8",
		.shape = "",
		.key = { { "layers", (double)s->layers }, { "hidden", (double)s->hidden },
		    { "ffn", (double)s->ffn }, { "heads", (double)s->heads },
		    { "kv_heads", (double)s->kv_heads }, { "head_dim", (double)s->head_dim },
		    { "tokens", (double)tokens } },
		.keys = 7,
		.threads = threads,
		.pages = "",
		.bytes = (double)(tokens * s->layers) * layer_bytes(s),
		.items = (double)(tokens * s->layers),
		.item = "layer and token",
		.ctx = rest_new(s, f, tokens, threads),
		.run = run,
		.error = error,
		.error_max = 1e-5,
		.free = release,
	};
	snprintf(c.shape, sizeof c.shape, "%zu token%s, %zu layers, %zu wide, %zu within", tokens,
	    tokens == 1 ? "" : "s", s->layers, s->hidden, s->ffn);
	suite_add(suite, &c);
}

static void add_shape(struct suite *suite, const struct decoder_shape *s, int threads)
{
	static const size_t tokens[] = { 1, DECODER_BLOCK };
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		add_case(suite, s, FORMAT_F32, tokens[i], threads);
		add_case(suite, s, FORMAT_Q8, tokens[i], threads);
	}
}

static void add(struct suite *suite)
{
	static const struct decoder_shape shape[] = {
		{ "narrow", 6, 320, 896, 5, 5, 64, 64, true },
		{ "wide", 2, 1024, 3072, 16, 4, 64, 64, true },
	};
	size_t shapes = suite_quick(suite) ? 1 : 2;
	for (size_t i = 0; i < shapes; i++) {
		add_shape(suite, &shape[i], 1);
		if (suite_threads(suite) > 1) add_shape(suite, &shape[i], suite_threads(suite));
	}
}

const struct bench_group bench_rest = {
	.name = "rest",
	.about = "a decoder's steps and prompts without products and attention",
	.add = add,
	.weight = 0.3,
};
