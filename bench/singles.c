#include "bench/singles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/jsonl.h"
#include "base/mem.h"
#include "base/sheet.h"

enum { FILE_MAX = 64 << 20 };

static bool bed_fill(struct bed *b, const struct singles_source *s, const char *device,
    const char *model, struct err_list *e)
{
	if (!s->own_device) return bed_init(b, s->catalogue, device, model, s->engine, e);
	const struct object *m = bed_row(s->catalogue, &model_class, model, e);
	if (m) bed_put(b, s->own_device, m->par, s->own_engine);
	return m;
}

/* The node of that kind, made when it is new; SIZE_MAX with an entry in e when the
 * catalogue lacks a row. */
static size_t bed_of(struct singles *r, const struct singles_source *s, const char *device,
    const char *model, enum weights weights, struct err_list *e)
{
	for (size_t i = 0; i < r->beds; i++)
		if (!strcmp(r->bed[i]->device.name, device) &&
		    !strcmp(r->bed[i]->model.name, model) &&
		    r->bed[i]->node.weights == (int)weights)
			return i;
	struct bed *b = mem_new(1, sizeof *b);
	if (!bed_fill(b, s, device, model, e)) {
		free(b);
		return SIZE_MAX;
	}
	b->node.weights = (int)weights;
	r->bed = mem_grow(r->bed, r->beds, &r->beds_cap, sizeof *r->bed);
	r->bed[r->beds] = b;
	return r->beds++;
}

static void add(struct singles *r, struct single rate)
{
	r->single = mem_grow(r->single, r->count, &r->cap, sizeof *r->single);
	r->single[r->count++] = rate;
}

void singles_free(struct singles *r)
{
	for (size_t i = 0; i < r->beds; i++) free(r->bed[i]);
	free(r->bed);
	free(r->single);
	*r = (struct singles){ 0 };
}

static double batch_time_s(const struct iteration_model *m, const struct batch *b)
{
	int64_t longest;
	return iteration_run(m, b, &longest).time_s;
}

static double prompts_time_s(const struct iteration_model *m, const struct single *r)
{
	double time_s = 0, budget = (double)m->token_budget, room = budget, chunk;
	struct batch b = { 0 };
	for (double request = 0; request <= r->others; request++)
		for (double done = 0; done < r->prompt; done += chunk) {
			chunk = fmin(room, r->prompt - done);
			batch_prefill(&b, m, r->context + done, chunk);
			room -= chunk;
			if (room > 0) continue;
			time_s += batch_time_s(m, &b);
			b = (struct batch){ 0 };
			room = budget;
		}
	return b.prefills ? time_s + batch_time_s(m, &b) : time_s;
}

double single_time_s(const struct iteration_model *m, const struct single *r)
{
	double requests = 1 + r->others;
	if (r->prompt > 0) return prompts_time_s(m, r);
	return batch_time_s(m, &(struct batch){ .decodes = (int64_t)requests,
				   .context_sum = requests * r->context,
				   .context_max = r->context });
}

/* ---- llama-bench -o jsonl ---- */

struct bench_line {
	const struct singles_source *s;
	const json_t *object;
	struct err_pos at;
	struct err_list *e;
};

/* A number from min to max; NAN with an entry when it is not. */
static double number(const struct bench_line *l, const char *key, double min, double max)
{
	const json_t *value = json_object_get(l->object, key);
	double n = json_number_value(value);
	if (json_is_number(value) && n >= min && n <= max) return n;
	err_at(l->e, l->at,
	    "%s \"%s\", a number from %g to %g; write what llama-bench -o jsonl prints",
	    value ? "no good" : "no", key, min, max);
	return NAN;
}

/* By bytes a weight: the nearest. */
static bool weights_of(const struct bench_line *l, double bytes, enum weights *w)
{
	static const enum weights known[] = { WEIGHTS_FP32, WEIGHTS_FP16, WEIGHTS_Q8, WEIGHTS_Q4,
		WEIGHTS_Q4_0 };
	double nearest = 0.08;
	*w = WEIGHTS_FP16;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		double off = fabs(bytes / weights_bytes(known[i]) - 1);
		if (!(off < nearest)) continue;
		nearest = off;
		*w = known[i];
	}
	if (nearest < 0.08) return true;
	err_at(l->e, l->at,
	    "weights take %.3g bytes each (\"model_size\" over \"model_n_params\"); measure a "
	    "model "
	    "in F32, F16, Q8_0, Q4_K_M or Q4_0, which take 4, 2, 1.06, 0.61 or 0.56",
	    bytes);
	return false;
}

/* The model of the catalogue with that many parameters, within 1 %. */
static const char *model_of(const struct bench_line *l, double parameters)
{
	double nearest = 0.01;
	const char *name = NULL;
	if (l->s->model) return l->s->model;
	for (const struct object *c = l->s->catalogue; c; c = c->next) {
		for (const struct object *o = object_child(c, &model_class); o;
		     o = object_next(o)) {
			const struct llm_par *p = o->par;
			double off = fabs(parameters / p->parameters - 1);
			if (!(off < nearest)) continue;
			nearest = off;
			name = p->name;
		}
	}
	if (!name)
		err_at(l->e, l->at,
		    "no model of the catalogues has %.4g parameters; name one of that shape: "
		    "--model=NAME",
		    parameters);
	return name;
}

/* Each repetition is a measurement; older files have their mean alone. */
static void add_samples(
    const struct bench_line *l, struct singles *r, struct single rate, double tokens)
{
	const json_t *samples = json_object_get(l->object, "samples_ts");
	size_t n = json_array_size(samples);
	double mean = number(l, "avg_ts", 1e-9, 1e12);
	if (isnan(mean)) return;
	for (size_t i = 0; i < (n ? n : 1); i++) {
		double rate_s = n ? json_number_value(json_array_get(samples, i)) : mean;
		if (!(rate_s > 0)) {
			err_at(l->e, l->at,
			    "\"samples_ts\" has a rate that is not above 0; run "
			    "llama-bench again");
			return;
		}
		rate.time_s = tokens / rate_s;
		add(r, rate);
	}
}

static void read_test(const struct bench_line *l, struct singles *r)
{
	double prompt = number(l, "n_prompt", 0, 1e6), gen = number(l, "n_gen", 0, 1e6);
	double parameters = number(l, "model_n_params", 1, 1e15),
	       bytes = number(l, "model_size", 1, 1e16);
	double depth = json_number_value(json_object_get(l->object, "n_depth")); /* newer ones */
	enum weights w;
	if (isnan(prompt + gen + parameters + bytes) || (prompt > 0) == (gen > 0)) return;
	if (!weights_of(l, bytes / parameters, &w)) return;
	const char *model = model_of(l, parameters);
	if (!model) return;
	struct single rate = { .bed = bed_of(r, l->s, l->s->device, model, w, l->e),
		.prompt = prompt,
		.context = prompt > 0 ? depth : depth + (gen + 1) / 2,
		.line = l->at.line };
	if (rate.bed != SIZE_MAX) add_samples(l, r, rate, prompt > 0 ? prompt : 1);
}

/* ---- llama-batched-bench --output-format jsonl ---- */

/* One prompt that all requests share, computed once. */
static bool is_shared(const struct bench_line *l)
{
	const json_t *shared = json_object_get(l->object, "is_pp_shared");
	return json_is_true(shared) || json_number_value(shared) > 0;
}

/* All of them run at once. */
static void widen(struct engine_par *g, int64_t requests)
{
	if (g->max_sequences < requests) g->max_sequences = requests;
	if (g->token_budget < requests) g->token_budget = requests;
}

static void read_batch(const struct bench_line *l, struct singles *r)
{
	double prompt = number(l, "pp", 1, 1e6), answer = number(l, "tg", 0, 1e6);
	double requests = number(l, "pl", 1, 1e4), prompt_s = number(l, "t_pp", 1e-9, 1e6);
	double answer_s = number(l, "t_tg", 0, 1e6);
	if (isnan(prompt + answer + requests + prompt_s + answer_s)) return;
	if (requests > 1 && !l->s->batches) return;
	if (answer > 0 && !(answer_s > 0)) {
		err_at(l->e, l->at, "\"t_tg\" is not above 0; run llama-batched-bench again");
		return;
	}
	if (!l->s->model || l->s->weights < 0) {
		err_at(l->e, l->at,
		    "llama-batched-bench does not tell what it ran; name it: --model=NAME "
		    "--weights=FORMAT");
		return;
	}
	size_t bed = bed_of(r, l->s, l->s->device, l->s->model, (enum weights)l->s->weights, l->e);
	if (bed == SIZE_MAX) return;
	widen(&r->bed[bed]->engine, (int64_t)requests);
	add(r, (struct single){ .bed = bed, .prompt = prompt, .time_s = prompt_s,
	    .others = is_shared(l) ? 0 : requests - 1, .line = l->at.line });
	if (answer > 0)
		add(r, (struct single){ .bed = bed, .context = prompt + (answer + 1) / 2,
		    .time_s = answer_s / answer, .others = requests - 1, .line = l->at.line });
}

bool singles_read_bench(struct singles *r, const struct singles_source *s, struct err_list *e)
{
	size_t before = err_count(e), size;
	struct jsonl j;
	enum jsonl_result got;
	*r = (struct singles){ 0 };
	char *text = file_read(s->path, FILE_MAX, &size, e);
	if (!text) return false;
	jsonl_init(&j, text, size);
	while ((got = jsonl_next(&j)) != JSONL_END) {
		struct bench_line l = { s, j.object, { s->path, j.line, 0 }, e };
		if (got == JSONL_OBJECT && json_object_get(j.object, "pp"))
			read_batch(&l, r);
		else if (got == JSONL_OBJECT)
			read_test(&l, r);
		else
			err_at(e, (struct err_pos){ s->path, j.line, j.col },
			    "%s; give the output of llama-bench -o jsonl, an object a line", j.why);
	}
	jsonl_fini(&j);
	free(text);
	return err_count(e) == before;
}

/* ---- tables ---- */

struct named {
	const char *there, *here;
};

static const char *here(const struct named *n, const char *name)
{
	for (; n->there; n++)
		if (!strcmp(n->there, name)) return n->here;
	return NULL;
}

static void add_rate(struct singles *r, const struct singles_source *s, const char *device,
    const char *model, enum weights w, double context, double rate_s, struct err_list *e)
{
	size_t bed = bed_of(r, s, device, model, w, e);
	if (bed == SIZE_MAX || node_kv_blocks(&r->bed[bed]->node) <= 0) return;
	add(r, (struct single){ .bed = bed, .context = context, .time_s = 1 / rate_s });
}

static const char *const card_columns[] = { "device", "metric", "llama3_8b_q4km_tok_s",
	"llama3_8b_f16_tok_s", "llama3_70b_q4km_tok_s", "llama3_70b_f16_tok_s", NULL };

static void read_card(
    struct singles *r, const struct singles_source *s, const struct sheet *t, struct err_list *e)
{
	static const struct named devices[] = { { "3090 24GB", "rtx-3090" },
		{ "4080 16GB", "rtx-4080" }, { "4090 24GB", "rtx-4090" }, { "A40 48GB", "a40" },
		{ "L40S 48GB", "l40s" }, { "A100 SXM 80GB", "a100-sxm-80" },
		{ "H100 PCIe 80GB", "h100-pcie" }, { "M2 Ultra 76-Core GPU 192GB", "m2-ultra" },
		{ NULL, NULL } };
	const char *device = here(devices, sheet_text(t, "device"));
	if (!device || !sheet_is(t, "metric", "decode 1024 tokens")) return;
	for (int i = 0; i < 4; i++) {
		double rate_s = sheet_number(t, card_columns[2 + i]);
		if (rate_s > 0)
			add_rate(r, s, device, i < 2 ? "llama-3.1-8b" : "llama-3.1-70b",
			    i % 2 ? WEIGHTS_FP16 : WEIGHTS_Q4, 512, rate_s, e);
	}
}

static const char *const home_columns[] = { "source_id", "device", "model", "arch", "n_devices",
	"tokens_per_s", NULL };

static void read_home(
    struct singles *r, const struct singles_source *s, const struct sheet *t, struct err_list *e)
{
	static const struct named devices[] = {
		{ "home: Intel 265K Custom PC (Nvidia RTX 4090)", "rtx-4090" },
		{ "home: Intel 265K Custom PC (Nvidia RTX 3060)", "rtx-3060" },
		{ "home: Mac Studio (M3 Ultra 512GB)", "m3-ultra" },
		{ "home: M4 Mac mini (10 core - 32GB)", "m4-mini" },
		{ "home: Dell Pro Max with GB10 (Nvidia Spark)", "gb10" },
		{ "home: Framework Mainboard (128GB)", "ryzen-ai-max-395" },
		{ "home: GMKtec G3 Plus (Intel N150) - 16GB", "n150" },
		{ "home: GMKtek G3 Plus (Intel N150) - 16GB", "n150" },
		{ "home: Pi 5 - 16GB", "raspberry-pi-5" },
		{ "home: Pi 500+ - 16GB", "raspberry-pi-5" },
		{ NULL, NULL },
	};
	static const struct named models[] = { { "Llama 3.2:3b", "llama-3.2-3b" },
		{ "DeepSeek R1 14b", "qwen2.5-14b" }, { "Llama 3.1:70b", "llama-3.1-70b" },
		{ "Llama 3.1:405b", "llama-3.1-405b" }, { NULL, NULL } };
	const char *device = here(devices, sheet_text(t, "device"));
	const char *model = here(models, sheet_text(t, "model"));
	double rate_s = sheet_number(t, "tokens_per_s");
	if (device && model && sheet_is(t, "source_id", "geerling") && rate_s > 0)
		add_rate(r, s, device, model, WEIGHTS_Q4, 128, rate_s, e);
}

bool singles_read_table(
    struct singles *r, const struct singles_source *s, const char *const *where, struct err_list *e)
{
	static const char *const none[] = { NULL };
	size_t before = err_count(e);
	struct sheet t;
	*r = (struct singles){ 0 };
	bool good = sheet_open(&t, s->path, none, e), home = good && sheet_has(&t, "tokens_per_s");
	good = good && sheet_require(&t, home ? home_columns : card_columns) &&
	       sheet_require_where(&t, where);
	while (good && sheet_next(&t)) {
		if (!sheet_holds(&t, where)) continue;
		if (home)
			read_home(r, s, &t, e);
		else
			read_card(r, s, &t, e);
	}
	sheet_close(&t);
	return err_count(e) == before;
}
