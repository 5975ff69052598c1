#include "bench/served.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sheet.h"

const char *served_model(const char *name)
{
	static const char *const known[][2] = {
		{ "Qwen3-8B", "qwen3-8b" },
		{ "Qwen3-14B", "qwen3-14b" },
		{ "Qwen3-32B", "qwen3-32b" },
		{ "Llama-3.1-8B", "llama-3.1-8b" },
		{ "Llama-3.1-70B", "llama-3.1-70b" },
		{ "Llama-3.3-70B", "llama-3.3-70b" },
		{ "Llama-3.1-405B", "llama-3.1-405b" },
		{ "gemma-3-12b", "gemma-3-12b" },
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strstr(name, known[i][0])) return known[i][1];
	return NULL;
}

struct reader {
	struct served_runs *s;
	const struct object *catalogue;
	const char *device, *engine;
	double tdp_w; /* of the device */
	struct err_list *e;
};

/* The node of that kind, made when it is new; SIZE_MAX with an entry in e when the
 * catalogue lacks a row. */
static size_t bed_of(const struct reader *r, const char *model, int64_t devices, bool fp8)
{
	struct served_runs *s = r->s;
	int weights = fp8 ? WEIGHTS_FP8 : WEIGHTS_FP16;
	for (size_t i = 0; i < s->beds; i++)
		if (!strcmp(s->bed[i]->model.name, model) && s->bed[i]->node.weights == weights &&
		    s->bed[i]->node.tensor_parallel == devices)
			return i;
	struct bed *b = mem_new(1, sizeof *b);
	if (!bed_init(b, r->catalogue, r->device, model, r->engine, r->e)) {
		free(b);
		return SIZE_MAX;
	}
	b->node.weights = weights;
	b->node.tensor_parallel = devices;
	s->bed = mem_grow(s->bed, s->beds, &s->beds_cap, sizeof *s->bed);
	s->bed[s->beds] = b;
	return s->beds++;
}

static bool fits(const struct bed *b, const struct served *r)
{
	double capacity = (double)(node_kv_blocks(&b->node) * b->engine.block_tokens);
	return capacity >= r->requests * (r->prompt + r->output);
}

static void add(const struct reader *r, const struct sheet *t, const char *model, double devices,
    bool fp8, struct served run)
{
	struct served_runs *s = r->s;
	if (!model || !(devices >= 1 && devices <= 1024) || isnan(run.step_s) || !(run.output > 1))
		return;
	if (!(run.step_s > 0 && run.requests >= 1 && run.prompt >= 1) || isinf(run.step_s)) {
		err_at(t->e, sheet_pos(t),
		    "a time or a rate is not above 0, or requests or prompt are not 1 and more; "
		    "write what was measured, or leave the field of the time empty");
		return;
	}
	run.bed = bed_of(r, model, (int64_t)devices, fp8);
	if (run.bed == SIZE_MAX) return;
	if (s->bed[run.bed]->model.heads % (int64_t)devices) {
		err_at(t->e, sheet_pos(t),
		    "%g devices do not divide the %lld heads of %s; write a number that does",
		    devices, (long long)s->bed[run.bed]->model.heads, model);
		return;
	}
	if (!fits(s->bed[run.bed], &run)) return;
	s->run = mem_grow(s->run, s->runs, &s->runs_cap, sizeof *s->run);
	s->run[s->runs++] = run;
}

static const char *const loop_columns[] = { "model_path", "gemm_quant_mode", "isl", "osl",
	"concurrency", "tp_size", "silicon_tpot_ms", NULL };

static void read_loop(const struct reader *r, const struct sheet *t)
{
	struct served run = {
		.requests = sheet_number(t, "concurrency"),
		.prompt = sheet_number(t, "isl"),
		.output = sheet_number(t, "osl"),
		.step_s = 1e-3 * sheet_number(t, "silicon_tpot_ms"),
		.power_w = NAN,
	};
	add(r, t, served_model(sheet_text(t, "model_path")), sheet_number(t, "tp_size"),
	    sheet_is(t, "gemm_quant_mode", "fp8"), run);
}

static const char *const chat_columns[] = { "source_id", "arch", "task", "model",
	"weight_precision", "n_devices", "batch_avg", "output_tokens_avg", "tokens_per_s",
	"power_w_per_device", NULL };

static void read_chat(const struct reader *r, const struct sheet *t)
{
	struct served run = {
		.requests = sheet_number(t, "batch_avg"),
		.prompt = SERVED_PROMPT,
		.output = sheet_number(t, "output_tokens_avg"),
		.power_w = sheet_number(t, "power_w_per_device"),
	};
	run.step_s = run.requests / sheet_number(t, "tokens_per_s");
	if (sheet_is(t, "arch", "Dense Transformer") && sheet_is(t, "task", "lm-arena-chat") &&
	    sheet_is(t, "source_id", "mlenergy-v3"))
		add(r, t, served_model(sheet_text(t, "model")), sheet_number(t, "n_devices"),
		    sheet_is(t, "weight_precision", "fp8"), run);
}

static const char *const batch_columns[] = { "model", "hardware", "prompt_size", "batch_size",
	"token_size", "prompt_time", "token_time", "tensor_parallel", NULL };

/* Power is the mean over the run: that of decoding where prompts took little of it.
 * A column that is not there, or 0: not recorded. */
static double decode_w(const struct reader *r, const struct sheet *t)
{
	double share = sheet_number(t, "average_power");
	double prompts_ms = sheet_number(t, "prompt_time");
	double decode_ms = sheet_number(t, "token_size") * sheet_number(t, "token_time");
	return share > 0 && prompts_ms < 0.1 * decode_ms ? share * r->tdp_w : NAN;
}

static void read_batch(const struct reader *r, const struct sheet *t)
{
	struct served run = {
		.form = SERVED_DECODE,
		.requests = sheet_number(t, "batch_size"),
		.prompt = sheet_number(t, "prompt_size"),
		.output = sheet_number(t, "token_size"),
		.step_s = 1e-3 * sheet_number(t, "token_time"),
		.power_w = decode_w(r, t),
	};
	const char *model = sheet_is(t, "model", "llama2-70b") ? "llama-2-70b" : NULL;
	double devices = sheet_number(t, "tensor_parallel");
	add(r, t, model, devices, false, run);
	run.form = SERVED_PREFILL;
	run.power_w = NAN;
	run.step_s = 1e-3 * sheet_number(t, "prompt_time");
	add(r, t, model, devices, false, run);
}

bool served_read(struct served_runs *s, const char *path, const char *const *where,
    const struct object *catalogue, const char *device, const char *engine, struct err_list *e)
{
	static const char *const none[] = { NULL };
	size_t before = err_count(e);
	const struct object *d = bed_row(catalogue, &device_class, device, e);
	struct reader r = { s, catalogue, device, engine, 0, e };
	struct sheet t;
	*s = (struct served_runs){ 0 };
	if (!d) return false;
	r.tdp_w = ((const struct device_par *)d->par)->power.tdp_w;
	bool good = sheet_open(&t, path, none, e);
	bool chat = good && sheet_has(&t, "tokens_per_s");
	bool batch = good && sheet_has(&t, "token_time");
	good = good && sheet_require(&t, chat    ? chat_columns
					 : batch ? batch_columns
						 : loop_columns);
	good = good && sheet_require_where(&t, where);
	while (good && sheet_next(&t)) {
		if (!sheet_holds(&t, where)) continue;
		if (chat)
			read_chat(&r, &t);
		else if (batch)
			read_batch(&r, &t);
		else
			read_loop(&r, &t);
	}
	sheet_close(&t);
	return err_count(e) == before;
}

void served_free(struct served_runs *s)
{
	for (size_t i = 0; i < s->beds; i++) free(s->bed[i]);
	free(s->bed);
	free(s->run);
	*s = (struct served_runs){ 0 };
}

void served_widen(struct engine_par *e, const struct served *r)
{
	int64_t requests = (int64_t)lround(r->requests);
	int64_t tokens = r->form == SERVED_PREFILL ? requests * (int64_t)r->prompt : 2 * requests;
	if (e->max_sequences <= requests) e->max_sequences = requests + 1;
	if (e->token_budget < tokens) e->token_budget = tokens;
}

static double iteration_s(const struct iteration_model *m, const struct batch *b)
{
	int64_t longest;
	return iteration_run(m, b, &longest).time_s;
}

static double prefill_s(const struct iteration_model *m, const struct served *r)
{
	struct batch b = { 0 };
	for (int i = 0; i < (int)r->requests; i++) batch_prefill(&b, m, 0, r->prompt);
	return iteration_s(m, &b);
}

double served_step_s(const struct iteration_model *m, const struct served *r)
{
	if (r->form == SERVED_PREFILL) return prefill_s(m, r);
	double context = r->prompt + r->output / 2;
	struct batch decode = { .decodes = (int64_t)lround(r->requests),
		.context_sum = r->requests * context,
		.context_max = context };
	double alone_s = iteration_s(m, &decode), longer_s = 0;
	if (r->form == SERVED_DECODE) return alone_s;
	double room = (double)(m->token_budget - decode.decodes);
	for (double before = 0; before < r->prompt; before += room) {
		struct batch both = decode;
		batch_prefill(&both, m, before, fmin(room, r->prompt - before));
		longer_s += iteration_s(m, &both) - alone_s;
	}
	return alone_s + longer_s * r->requests / r->output;
}

struct work served_work(const struct iteration_model *m, const struct served *r)
{
	double context = r->prompt + r->output / 2;
	struct batch decode = { .decodes = (int64_t)lround(r->requests),
		.context_sum = r->requests * context,
		.context_max = context };
	int64_t longest;
	struct run run = iteration_run(m, &decode, &longest);
	double prompts = r->requests * r->prompt / r->output; /* tokens of them in an iteration */
	if (r->form != SERVED_STEADY) prompts = 0;
	return (struct work){ run.flops + prompts * m->products.token_flops, run.bytes };
}
