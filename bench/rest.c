/* Group rest: a decoder's step without its products and its attention, which are measured
 * by themselves: norms, rotation, rounding, gates, sums, and threads that meet. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/decoder/pass.h"
#include "bench/suite/suite.h"

enum { CONTEXT = 64, AT = 7, SEED = 11 };

struct rest {
	struct decoder *decoder;
	struct kernels idle; /* its own, but for what does nothing */
};

static void no_product(float *y, const struct matrix *w, size_t first, size_t count,
    const struct tokens *x)
{
	(void)y, (void)w, (void)first, (void)count, (void)x;
}

static void no_attention(const struct attention_call *c)
{
	(void)c;
}

static void run(void *ctx)
{
	struct rest *r = ctx;
	decoder_seek(r->decoder, AT);
	decoder_step(r->decoder, AT);
}

/* Products gave nothing, so that the stream is still the token's embedding: how far its
 * last norm is from one in double precision. */
static double error(void *ctx)
{
	const struct decoder *d = ((struct rest *)ctx)->decoder;
	const struct weights *w = &d->weights;
	size_t hidden = w->shape.hidden;
	float *x = mem_new(hidden, sizeof *x);
	double squares = 0, worst = 0;
	matrix_get(&w->embedding, AT, x);
	for (size_t i = 0; i < hidden; i++) squares += (double)x[i] * (double)x[i];
	double scale = 1 / sqrt(squares / (double)hidden + 1e-5); /* as the decoder's */
	for (size_t i = 0; i < hidden; i++) {
		double exact = (double)x[i] * scale * (double)w->layer[w->shape.layers - 1].ffn_gain[i];
		worst = fmax(worst, fabs((double)d->normed.f32[i] - exact));
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
	memset(d->product, 0, s->hidden * sizeof *d->product);
	memset(d->qkv, 0, (queries + 2 * keys) * sizeof *d->qkv);
	memset(d->up, 0, s->ffn * sizeof *d->up);
	memset(d->gated.f32, 0, s->ffn * sizeof *d->gated.f32);
	memset(d->attended.f32, 0, queries * sizeof *d->attended.f32);
}

static struct rest *rest_new(const struct decoder_shape *s, enum format f, int threads)
{
	struct rest *r = mem_new(1, sizeof *r);
	r->decoder = decoder_new(s, f, CONTEXT, SEED, threads);
	decoder_pretend(r->decoder, AT);
	clear(r->decoder);
	r->idle = *r->decoder->kernels;
	for (int i = 0; i < FORMATS; i++) r->idle.gemv[i] = no_product;
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

static void add_case(struct suite *suite, const struct decoder_shape *s, enum format f, int threads)
{
	struct bench_case c = {
		.kernel = f == FORMAT_F32 ? "rest_f32" : "rest_q8",
		.shape = "",
		.key = { { "layers", (double)s->layers }, { "hidden", (double)s->hidden },
		    { "ffn", (double)s->ffn }, { "heads", (double)s->heads },
		    { "kv_heads", (double)s->kv_heads }, { "head_dim", (double)s->head_dim } },
		.keys = 6,
		.threads = threads,
		.pages = "",
		.bytes = (double)s->layers * layer_bytes(s),
		.items = (double)s->layers,
		.item = "layer",
		.ctx = rest_new(s, f, threads),
		.run = run,
		.error = error,
		.error_max = 1e-5,
		.free = release,
	};
	snprintf(c.shape, sizeof c.shape, "%zu layers, %zu wide, %zu within", s->layers, s->hidden,
	    s->ffn);
	suite_add(suite, &c);
}

static void add(struct suite *suite)
{
	static const struct decoder_shape shape[] = {
		{ "narrow", 6, 320, 896, 5, 5, 64, 64, true },
		{ "wide", 2, 1024, 3072, 16, 4, 64, 64, true },
	};
	size_t shapes = suite_quick(suite) ? 1 : 2;
	for (size_t i = 0; i < shapes; i++) {
		add_case(suite, &shape[i], FORMAT_F32, 1);
		add_case(suite, &shape[i], FORMAT_Q8, 1);
		if (suite_threads(suite) == 1) continue;
		add_case(suite, &shape[i], FORMAT_F32, suite_threads(suite));
		add_case(suite, &shape[i], FORMAT_Q8, suite_threads(suite));
	}
}

const struct bench_group bench_rest = {
	.name = "rest",
	.about = "a decoder's step without its products and attention",
	.add = add,
	.weight = 0.2,
};
