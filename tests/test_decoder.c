/* The decoder against plain double precision, and against itself: blocks and steps, threads. */
#include "bench/decoder/decoder.h"
#include "base/mem.h"
#include "bench/decoder/twin.h"
#include "bench/kernels/twin.h"
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 2385 };

/* Groups of 1, 2 and 8 query heads; a head off most vectors' width; heads that are wider in all
 * than the model; tied and not. */
static const struct decoder_shape shapes[] = {
	{ "no groups", 2, 64, 192, 4, 4, 16, 112, true },
	{ "pairs", 3, 128, 320, 8, 4, 40, 208, false },
	{ "eights", 1, 192, 64, 16, 2, 24, 80, true },
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* n tokens, each of the vocabulary met somewhere. */
static void some_tokens(int32_t *token, size_t n, size_t vocabulary)
{
	for (size_t i = 0; i < n; i++) token[i] = (int32_t)((i * 37 + 11) % vocabulary);
}

static double error_of(const float *logits, struct decoder *d, const int32_t *token, size_t n)
{
	size_t vocabulary = decoder_weights(d)->shape.vocabulary;
	double *want = mem_new(vocabulary, sizeof *want);
	struct decoder_twin *t = decoder_twin_new(decoder_weights(d), n);
	for (size_t i = 0; i < n; i++) decoder_twin_step(t, token[i], want);
	double error = twin_error(logits, want, vocabulary);
	decoder_twin_free(t);
	free(want);
	return error;
}

/* In f32, f16 and bf16 what is left is the rounding of sums. In q8 and q4 a sum that differs in
 * its last bit may round an activation to the neighbouring one of 255 steps, a thousandth of the
 * largest logit each time (without such a case: 2e-7). */
static double bound(enum format f)
{
	return format_quantised(f) ? 2e-2 : 1e-5;
}

Test(decoder, steps_and_prompts_are_as_in_double_precision)
{
	enum { N = 19 };
	int32_t token[N];
	for (int f = 0; f < FORMATS; f++)
		for (const struct decoder_shape *s = shapes; s < shapes + SHAPES; s++) {
			struct decoder *d = decoder_new(s, (enum format)f, N, SEED, 1);
			const float *logits = NULL;
			some_tokens(token, N, s->vocabulary);
			for (size_t i = 0; i < N; i++) logits = decoder_step(d, token[i]);
			double stepped = error_of(logits, d, token, N);
			decoder_seek(d, 0);
			double prompted = error_of(decoder_prefill(d, token, N), d, token, N);
			cr_expect(le(dbl, stepped, bound((enum format)f)), "%s %s: %g", s->name,
			    format_word((enum format)f), stepped);
			cr_expect(le(dbl, prompted, bound((enum format)f)), "%s %s: %g", s->name,
			    format_word((enum format)f), prompted);
			decoder_free(d);
		}
}

/* 147 tokens: a whole block and part of another, odd parts for two threads. */
Test(decoder, a_prompt_is_as_its_steps)
{
	enum { N = DECODER_BLOCK + 19 };
	int32_t token[N];
	double want[256];
	for (int f = 0; f < FORMATS; f++)
		for (const struct decoder_shape *s = shapes; s < shapes + SHAPES; s++) {
			struct decoder *d = decoder_new(s, (enum format)f, N, SEED, 2);
			const float *logits = NULL;
			some_tokens(token, N, s->vocabulary);
			for (size_t i = 0; i < N; i++) logits = decoder_step(d, token[i]);
			for (size_t i = 0; i < s->vocabulary; i++) want[i] = (double)logits[i];
			decoder_seek(d, 0);
			double error = twin_error(decoder_prefill(d, token, N), want, s->vocabulary);
			cr_expect(le(dbl, error, bound((enum format)f)), "%s %s: %g", s->name,
			    format_word((enum format)f), error);
			decoder_free(d);
		}
}

/* A wrong gain of the last norm must be seen: else the checks above could be blind. */
Test(decoder, one_wrong_weight_is_seen)
{
	int32_t token[] = { 3, 5, 7 };
	struct decoder *d = decoder_new(&shapes[1], FORMAT_Q8, 3, SEED, 1);
	const float *logits = decoder_prefill(d, token, 3);
	cr_expect(le(dbl, error_of(logits, d, token, 3), bound(FORMAT_Q8)));
	cr_expect(le(dbl, decoder_error(d, 7, logits), bound(FORMAT_Q8)));
	decoder_weights(d)->layer[1].ffn_gain[17] *= 9;
	cr_expect(gt(dbl, error_of(logits, d, token, 3), bound(FORMAT_Q8)));
	cr_expect(gt(dbl, decoder_error(d, 7, logits), bound(FORMAT_Q8)));
	decoder_free(d);
}

static int32_t greedy(const struct decoder *d, const float *logits)
{
	size_t best = 0;
	for (size_t i = 1; i < decoder_weights(d)->shape.vocabulary; i++)
		if (logits[i] > logits[best]) best = i;
	return (int32_t)best;
}

/* Greedy answers of `n` tokens to a prompt of 11. */
static void answer(int32_t *token, size_t n, struct decoder *d)
{
	int32_t prompt[11];
	some_tokens(prompt, 11, decoder_weights(d)->shape.vocabulary);
	const float *logits = decoder_prefill(d, prompt, 11);
	for (size_t i = 0; i < n; i++) {
		token[i] = greedy(d, logits);
		if (i + 1 < n) logits = decoder_step(d, token[i]);
	}
}

Test(decoder, threads_do_not_change_the_answer)
{
	enum { N = 23 };
	int32_t one[N], two[N], five[N];
	static const enum format formats[] = { FORMAT_F32, FORMAT_Q8, FORMAT_Q4 };
	for (size_t f = 0; f < 3; f++) {
		static const int threads[] = { 1, 2, 5 };
		int32_t *got[] = { one, two, five };
		for (size_t i = 0; i < 3; i++) {
			struct decoder *d = decoder_new(&shapes[1], formats[f], 40, SEED, threads[i]);
			answer(got[i], N, d);
			decoder_free(d);
		}
		cr_expect(eq(int, memcmp(one, two, sizeof one), 0), "%s", format_word(formats[f]));
		cr_expect(eq(int, memcmp(one, five, sizeof one), 0), "%s", format_word(formats[f]));
	}
}

Test(decoder, what_is_forgotten_leaves_no_trace)
{
	enum { N = 9 };
	int32_t first[N], again[N], prompt[11];
	float then[112];
	struct decoder *d = decoder_new(&shapes[0], FORMAT_F32, 64, SEED, 1);
	answer(first, N, d);
	decoder_seek(d, 0);
	decoder_pretend(d, 61); /* fills the cache with other numbers */
	decoder_seek(d, 0);
	answer(again, N, d);
	cr_expect(eq(int, memcmp(first, again, sizeof first), 0));
	decoder_seek(d, 11);
	memcpy(then, decoder_step(d, first[0]), sizeof then);
	decoder_seek(d, 0);
	some_tokens(prompt, 11, 112);
	decoder_prefill(d, prompt, 11);
	cr_expect(eq(int, memcmp(then, decoder_step(d, first[0]), sizeof then), 0));
	decoder_free(d);
}

/* 2 layers of 64 x (64 + 64 + 64) + 64 x 64 + 3 x 64 x 192 weights, a matrix of 112 x 64, gains
 * of 5 x 64; q8 takes 68 bytes for 64. Keys and values: 2 layers x 2 x 64 f32 a position. */
Test(decoder, bytes_by_hand)
{
	double matrices = 2 * (4 * 64 * 64 + 3 * 64 * 192) + 112 * 64;
	cr_expect(epsilon_eq(dbl, decoder_parameters(&shapes[0]), matrices + 5 * 64, 1e-9));
	cr_expect(epsilon_eq(dbl, decoder_weight_bytes(&shapes[0], FORMAT_Q8),
	    matrices * 68 / 64 + 5 * 64 * 4, 1e-9));
	cr_expect(epsilon_eq(dbl, decoder_kv_bytes(&shapes[0], 7), 7 * 2 * 2 * 64 * 4, 1e-9));
}

/* The embeddings of a model with a head of its own are not read whole. */
Test(decoder, shapes_are_of_the_size_in_their_names)
{
	static const double size[] = { 15e6, 110e6, 0.5e9, 1.1e9 };
	for (size_t i = 0; decoder_shapes[i].name; i++) {
		const struct decoder_shape *s = &decoder_shapes[i];
		cr_expect(eq(ptr, (void *)decoder_shape_fault(s), NULL), "%s", s->name);
		cr_expect(epsilon_eq(dbl, decoder_parameters(s) / size[i], 1, 0.2), "%s", s->name);
		cr_expect(eq(ptr, (void *)decoder_shape_find(s->name), (void *)s));
	}
	cr_expect(eq(ptr, (void *)decoder_shape_find("7b"), NULL));
}

Test(decoder, says_which_models_it_cannot_compute)
{
	struct decoder_shape s;
	struct llm_par p = { .name = "m", .layers = 3, .hidden = 128, .heads = 8, .kv_heads = 4,
		.head_dim = 16, .ffn = 320, .vocabulary = 208, .experts = 1,
		.embeddings = EMBEDDINGS_TIED };
	cr_expect(eq(ptr, (void *)decoder_shape_of(&s, &p), NULL));
	cr_expect(eq(sz, s.ffn, 320));
	cr_expect(eq(int, s.tied, 1));
	p.experts = 8;
	cr_expect(ne(ptr, (void *)decoder_shape_of(&s, &p), NULL));
	p.experts = 1, p.attention = ATTENTION_MLA;
	cr_expect(ne(ptr, (void *)decoder_shape_of(&s, &p), NULL));
	p.attention = ATTENTION_GQA, p.window_layers = 2;
	cr_expect(ne(ptr, (void *)decoder_shape_of(&s, &p), NULL));
	p.window_layers = 0, p.hidden = 100;
	cr_expect(ne(ptr, (void *)decoder_shape_of(&s, &p), NULL));
}
