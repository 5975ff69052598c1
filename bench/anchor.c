#include "bench/anchor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/fit.h"
#include "bench/spread.h"

const struct constant_kind anchor_kind[ANCHOR_CONSTANTS] = {
#define X(id, name, dim, member) [id] = { name, dim, offsetof(struct engine_par, member) },
	ANCHOR_LIST(X)
#undef X
};

static double *member(struct engine_par *g, enum anchor_id id)
{
	return constant_at(&anchor_kind[id], g);
}

double anchor_rate(const struct single *r, double time_s)
{
	return (1 + r->others) * (r->prompt > 0 ? r->prompt : 1) / time_s;
}

/* ---- what the lines allow ---- */

static bool same_place(const struct single *a, const struct single *b)
{
	return a->bed == b->bed && !(a->context < b->context) && !(a->context > b->context) &&
	       !(a->others < b->others) && !(a->others > b->others);
}

/* Distinct ones among the lines that decode. */
struct counts {
	size_t prompts, decodes; /* samples */
	size_t places, beds, batches;
};

static struct counts count(const struct singles *r)
{
	struct counts c = { 0 };
	for (size_t i = 0; i < r->count; i++) {
		const struct single *s = &r->single[i];
		bool place = true, bed = true, batch = true;
		c.prompts += s->prompt > 0;
		if (s->prompt > 0) continue;
		c.decodes++;
		for (size_t j = 0; j < i; j++) {
			const struct single *t = &r->single[j];
			if (t->prompt > 0) continue;
			place = place && !same_place(s, t);
			bed = bed && s->bed != t->bed;
			batch = batch && (s->others < t->others || s->others > t->others);
		}
		c.places += place;
		c.beds += bed;
		c.batches += batch;
	}
	return c;
}

/* ---- the fit ---- */

static const struct fit_constant known[ANCHOR_CONSTANTS] = {
	[ANCHOR_DECODE] = { "decode-share", "", 0.01, 10, { 1, 0.3, 3 },
	    "this engine does not do what the device's row says; measure both again", false },
	[ANCHOR_PROMPT] = { "prompt-share", "", 0.01, 10, { 1, 0.3, 3 },
	    "this engine does not do what the device's row says; measure both again", false },
	[ANCHOR_LAYER] = { "layer-time", "s", 0, 5e-3, { 10e-6, 100e-6, 2e-6 }, "", false },
	[ANCHOR_SEQUENCE] = { "sequence-time", "s", 0, 50e-3, { 100e-6, 1e-3, 20e-6 }, "", false },
};

/* The context: iteration models for the values at hand, and which constants those are. */
struct trial {
	struct anchor *anchor;
	enum anchor_id id[ANCHOR_CONSTANTS];
	size_t constants;
	struct iteration_model **model; /* by bed */
	double value[ANCHOR_CONSTANTS];
};

static void remake(struct trial *t, const double *value)
{
	struct singles *r = &t->anchor->singles;
	if (!memcmp(t->value, value, t->constants * sizeof *value) && t->model[0]) return;
	for (size_t i = 0; i < t->constants; i++) t->value[i] = value[i];
	for (size_t b = 0; b < r->beds; b++) {
		for (size_t i = 0; i < t->constants; i++)
			*member(&r->bed[b]->engine, t->id[i]) = value[i];
		iteration_free(t->model[b]);
		t->model[b] = iteration_new(&r->bed[b]->node);
	}
}

/* Rows are the singles, once or twice. */
static double predict(const void *ctx, const double *value, size_t row)
{
	struct trial *t = *(struct trial *const *)ctx;
	const struct single *s = &t->anchor->singles.single[row % t->anchor->singles.count];
	remake(t, value);
	return single_time_s(t->model[s->bed], s);
}

static void trial_free(struct trial *t)
{
	for (size_t b = 0; b < t->anchor->singles.beds; b++) iteration_free(t->model[b]);
	free(t->model);
}

static void put_times(struct anchor *a, double *to)
{
	struct trial t = { .anchor = a };
	t.model = mem_new(a->singles.beds, sizeof(struct iteration_model *));
	const struct trial *ctx = &t;
	for (size_t i = 0; i < a->singles.count; i++) to[i] = predict(&ctx, t.value, i);
	trial_free(&t);
}

/* What each sample says of a share by itself. */
static struct host_constant share_of(const struct anchor *a, bool prompt, double value)
{
	struct spread p = { 0 };
	for (size_t i = 0; i < a->singles.count; i++) {
		const struct single *s = &a->singles.single[i];
		if ((s->prompt > 0) == prompt) spread_put(&p, value * a->after_s[i] / s->time_s);
	}
	struct host_constant c = { value, NAN, NAN, p.rows, p.samples, false };
	if (p.samples > 1) {
		c.low = fmin(value, spread_quantile(&p, 0.05));
		c.high = fmax(value, spread_quantile(&p, 0.95));
	}
	spread_free(&p);
	return c;
}

static void keep(struct anchor *a, const struct trial *t, const struct fit *f)
{
	size_t samples = a->singles.count;
	for (size_t i = 0; i < t->constants; i++) *member(&a->engine, t->id[i]) = f->value[i];
	put_times(a, a->after_s);
	for (size_t i = 0; i < t->constants; i++) {
		enum anchor_id id = t->id[i];
		double value = f->value[i], off = 1.645 * f->error[i];
		bool time = anchor_kind[id].dim == DIM_TIME;
		a->constant[id] = !time ? share_of(a, id == ANCHOR_PROMPT, value)
					: (struct host_constant){ value, fmax(0, value - off),
						  value + off, samples, samples, true };
	}
}

/* True when the constants are found and identified; else with entries in e, and the beds
 * have the values that they had. */
static bool solve(
    struct anchor *a, const enum anchor_id *id, size_t n, struct err_pos at, struct err_list *e)
{
	struct trial t = { .anchor = a, .constants = n };
	const struct trial *ctx = &t;
	struct fit_constant constant[ANCHOR_CONSTANTS];
	/* A fit wants a row more than constants: where each has one, it counts twice. */
	size_t rows = a->singles.count, all = rows > n ? rows : 2 * rows;
	double *measured = mem_new(all, sizeof *measured);
	struct fit f;
	for (size_t i = 0; i < all; i++) measured[i] = a->singles.single[i % rows].time_s;
	for (size_t i = 0; i < n; i++) {
		t.id[i] = id[i];
		constant[i] = known[id[i]];
	}
	t.model = mem_new(a->singles.beds, sizeof(struct iteration_model *));
	struct fit_problem p = { constant, n, 3, measured, all, predict, &ctx };
	bool good = fit_solve(&f, &p) && fit_identifies(&f, &p, at, e);
	if (good) predict(&ctx, f.value, 0); /* the beds have them now */
	for (size_t b = 0; !good && b < a->singles.beds; b++)
		for (size_t i = 0; i < n; i++)
			*member(&a->singles.bed[b]->engine, id[i]) = *member(&a->engine, id[i]);
	if (good) keep(a, &t, &f);
	trial_free(&t);
	free(measured);
	return good;
}

/* Times besides, as long as the lines identify them; the shares in any case. */
static bool fit_all(struct anchor *a, struct err_pos at, struct err_list *e)
{
	struct counts c = count(&a->singles);
	enum anchor_id id[ANCHOR_CONSTANTS];
	size_t shares = 0, n;
	if (c.decodes) id[shares++] = ANCHOR_DECODE;
	if (c.prompts) id[shares++] = ANCHOR_PROMPT;
	n = shares;
	if (c.batches > 1 && c.places > 2) id[n++] = ANCHOR_SEQUENCE;
	if (c.beds > 1 && c.places > n - shares + 2) id[n++] = ANCHOR_LAYER;
	for (; n > shares; n--) {
		struct err_list *unseen = err_new();
		bool good = solve(a, id, n, at, unseen);
		err_free(unseen);
		if (good) return true;
	}
	return solve(a, id, shares, at, e);
}

/* ---- the lines ---- */

/* Rates of the format's products, where the bench file has them. */
static bool knows(const struct host *h, int weights)
{
	switch ((enum weights)weights) {
	case WEIGHTS_FP32:
		return h->constant[HOST_FP32_VECTOR].rows || h->constant[HOST_FP32_SHARE].rows;
	case WEIGHTS_FP16:
		return h->constant[HOST_FP16_VECTOR].rows || h->constant[HOST_FP16_SHARE].rows;
	case WEIGHTS_Q8:
		return h->constant[HOST_Q8_VECTOR].rows || h->constant[HOST_Q8_SHARE].rows;
	case WEIGHTS_Q4:
	case WEIGHTS_Q4_0:
		return h->constant[HOST_Q4_VECTOR].rows || h->constant[HOST_Q4_SHARE].rows;
	case WEIGHTS_FP8:
	case WEIGHTS_INT8:
		break;
	}
	return false;
}

static bool check_beds(
    struct anchor *a, const struct host *h, struct err_pos at, struct err_list *e)
{
	size_t before = err_count(e);
	int first = a->singles.bed[0]->node.weights;
	if (!knows(h, first))
		err_at(e, at,
		    "the bench file has no products with such weights and %d threads; run "
		    "hearth bench memory gemv gemm attention rest -o FILE.json",
		    h->threads);
	for (size_t i = 0; i < a->singles.beds; i++) {
		struct node_par *n = &a->singles.bed[i]->node;
		n->kv = a->run.kv;
		if (n->weights != first)
			err_at(e, at,
			    "lines of several formats of weights; give those of one, for "
			    "each has kernels of its own");
		if (node_kv_blocks(n) <= 0)
			err_at(e, at,
			    "the weights of %s do not fit the %.3g GB of memory; is the bench "
			    "file of that machine?",
			    a->singles.bed[i]->model.name, 1e-9 * h->device.memory_bytes);
	}
	return err_count(e) == before;
}

static const char *word_of(int weights)
{
	static const char *const word[] = { [WEIGHTS_FP16] = "fp16",
		[WEIGHTS_FP8] = "fp8",
		[WEIGHTS_INT8] = "int8",
		[WEIGHTS_Q8] = "q8",
		[WEIGHTS_Q4] = "q4",
		[WEIGHTS_FP32] = "fp32",
		[WEIGHTS_Q4_0] = "q4-0" };
	return word[weights];
}

static void start(struct anchor *a, const struct host *h)
{
	a->engine = h->engine;
	a->engine.name = a->name;
	a->engine.source = "lines of llama-bench";
	a->engine.decode_share = a->engine.prompt_share = 1;
	a->engine.sequence_s = 0;
	a->engine.token_budget = a->run.chunk;
	a->engine.max_sequences = 1;
	for (int i = 0; i < ANCHOR_CONSTANTS; i++)
		a->constant[i] = (struct host_constant){ NAN, NAN, NAN, 0, 0, false };
}

/* Its name, and the requests that ran at once. */
static void finish(struct anchor *a)
{
	const struct anchor_run *r = &a->run;
	char build[64] = "";
	if (r->build > 0)
		snprintf(build, sizeof build, "b%d-", r->build);
	else if (*r->commit)
		snprintf(build, sizeof build, "%s-", r->commit);
	snprintf(a->name, sizeof a->name, "anchor-%s%s", build,
	    word_of(a->singles.bed[0]->node.weights));
	for (size_t i = 0; i < a->singles.beds; i++) {
		const struct engine_par *g = &a->singles.bed[i]->engine;
		if (g->max_sequences > a->engine.max_sequences)
			a->engine.max_sequences = g->max_sequences;
		if (g->token_budget > a->engine.token_budget)
			a->engine.token_budget = g->token_budget;
	}
}

bool anchor_of(
    struct anchor *a, const struct host *h, const struct anchor_source *s, struct err_list *e)
{
	struct err_pos at = { s->path, 0, 0 };
	*a = (struct anchor){ 0 };
	if (!anchor_run_read(&a->run, s->path, s->cpu, h->threads, e)) return false;
	start(a, h);
	struct singles_source from = { .path = s->path,
		.catalogue = s->catalogue,
		.device = h->device.name,
		.model = s->model,
		.weights = s->weights,
		.own_device = &h->device,
		.own_engine = &a->engine,
		.batches = true };
	if (!singles_read_bench(&a->singles, &from, e)) return false;
	if (!a->singles.count) {
		err_at(e, at,
		    "no line of a prompt or of decoding alone; run llama-bench -p 512 -n 128 "
		    "-o jsonl");
		return false;
	}
	if (!check_beds(a, h, at, e)) return false;
	finish(a);
	a->before_s = mem_new(a->singles.count, sizeof *a->before_s);
	a->after_s = mem_new(a->singles.count, sizeof *a->after_s);
	put_times(a, a->before_s);
	return fit_all(a, at, e);
}

void anchor_fini(struct anchor *a)
{
	singles_free(&a->singles);
	free(a->before_s);
	free(a->after_s);
}
