/* Whole models with random weights: tokens a second of answers and of prompts. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/decoder/decoder.h"
#include "bench/decoder/twin.h"
#include "bench/suite/suite.h"

enum { SEED = 1, PROMPT_MAX = 512 };

/* A model that several cases use, freed with the last of them. */
struct shared {
	struct decoder *decoder;
	int users;
};

struct job {
	struct shared *model;
	size_t prompt, depth; /* tokens of a call, 0: one token of an answer; those before */
	int threads;
	int32_t token[PROMPT_MAX];
	const float *logits;
};

static void run(void *ctx)
{
	struct job *j = ctx;
	struct decoder *d = j->model->decoder;
	decoder_use_threads(d, j->threads);
	decoder_seek(d, j->depth);
	j->logits = j->prompt ? decoder_prefill(d, j->token, j->prompt) :
				decoder_step(d, j->token[0]);
}

/* Other cases have used the decoder since: the call is made again. */
static double error(void *ctx)
{
	struct job *j = ctx;
	run(ctx);
	return decoder_error(j->model->decoder, j->token[j->prompt ? j->prompt - 1 : 0], j->logits);
}

static void job_free(void *ctx)
{
	struct job *j = ctx;
	if (--j->model->users == 0) {
		decoder_free(j->model->decoder);
		free(j->model);
	}
	free(j);
}

static struct job *job_new(struct shared *model, size_t prompt, size_t depth, int threads)
{
	struct job *j = mem_new(1, sizeof *j);
	size_t vocabulary = decoder_weights(model->decoder)->shape.vocabulary;
	j->model = model;
	j->prompt = prompt;
	j->depth = depth;
	j->threads = threads;
	model->users++;
	for (size_t i = 0; i < PROMPT_MAX; i++) j->token[i] = (int32_t)((i * 7919 + 11) % vocabulary);
	return j;
}

static const char *kernel_of(enum format f, size_t prompt)
{
#define X(id, word, bytes) [id] = { "decode_" word, "prefill_" word },
	static const char *const names[][2] = { FORMAT_LIST(X) };
#undef X
	return names[f][prompt > 0];
}

/* Operations of a call: of a prompt the head is computed for the last token only. */
static double macs(const struct decoder_shape *s, double tokens, double depth)
{
	double seen = tokens * depth + tokens * (tokens + 1) / 2;
	return tokens * decoder_core_macs(s) + decoder_head_macs(s) + decoder_attention_macs(s, seen);
}

static void add_case(struct suite *suite, struct shared *model, size_t prompt, size_t depth,
    int threads)
{
	const struct weights *w = decoder_weights(model->decoder);
	const struct decoder_shape *s = &w->shape;
	double tokens = prompt ? (double)prompt : 1;
	struct bench_case c = {
		.kernel = kernel_of(w->format, prompt),
		.key = { { "n_prompt", (double)prompt }, { "n_gen", prompt ? 0 : 1 },
		    { "n_depth", (double)depth }, { "model_n_params", decoder_parameters(s) },
		    { "model_size", decoder_weight_bytes(s, w->format) } },
		.keys = 5,
		.threads = threads,
		.pages = "huge",
		.flops = 2 * macs(s, tokens, (double)depth),
		.bytes = decoder_weight_bytes(s, w->format) +
		    decoder_kv_bytes(s, (double)depth + tokens),
		.items = tokens,
		.item = "token",
		.ctx = job_new(model, prompt, depth, threads),
		.run = run,
		.error = error,
		.error_max = format_quantised(w->format) ? 2e-2 : 1e-4,
		.free = job_free,
	};
	if (prompt) snprintf(c.shape, sizeof c.shape, "%s, prompt of %zu", s->name, prompt);
	else snprintf(c.shape, sizeof c.shape, "%s, after %zu", s->name, depth);
	suite_add(suite, &c);
}

static void add_model(struct suite *suite, const char *name, enum format f, size_t prompt_most)
{
	const size_t depth[] = { 128, 1024 };
	int most = suite_threads(suite), step = most > 1 ? most - 1 : 1;
	struct shared *model = mem_new(1, sizeof *model);
	model->decoder = decoder_new(decoder_shape_find(name), f, depth[1] + 1, SEED, most);
	decoder_pretend(model->decoder, depth[1]);
	suite_note(suite, "decoder: prompts of %s in %s by %s", name, format_word(f),
	    decoder_products(model->decoder));
	for (int threads = 1; threads <= most; threads += step)
		for (int i = 0; i < (suite_quick(suite) ? 1 : 2); i++)
			add_case(suite, model, 0, depth[i], threads);
	for (size_t prompt = 128; prompt <= prompt_most; prompt *= 4)
		add_case(suite, model, prompt, 0, most);
}

static void add(struct suite *s)
{
	static const enum format formats[] = { FORMAT_F32, FORMAT_Q8, FORMAT_Q4 };
	for (size_t i = 0; i < 3; i++) {
		add_model(s, "15m", formats[i], suite_quick(s) ? 128 : PROMPT_MAX);
		if (!suite_quick(s)) add_model(s, "110m", formats[i], 128);
	}
}

const struct bench_group bench_decoder = {
	.name = "decoder",
	.about = "a whole transformer with random weights: answers and prompts",
	.add = add,
	.weight = 1.5,
};
