/* Energy of a token: Chung et al. 2025 (arXiv 2505.06371), ML.ENERGY v3: boards
 * while a chat service runs in steady state.
 *
 * The length of prompts is not published: 200 tokens is assumed, so that an output
 * of n tokens brings 200/n prompt tokens an iteration, and a context of 200 + n/2
 * tokens is in the cache. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/replay.h"
#include "bench/served.h"
#include "bench/validate_parts.h"

static const char *const columns[] = { "source_id", "device", "arch", "task", "model",
	"weight_precision", "n_devices", "batch_avg", "output_tokens_avg", "tokens_per_s",
	"power_w_per_device", "j_per_output_token", NULL };

struct chat {
	double batch, output, step_s, power_w, token_j, devices;
	bool fp8;
};

static struct chat read_chat(const struct sheet *t)
{
	struct chat s = {
		.batch = sheet_number(t, "batch_avg"),
		.output = sheet_number(t, "output_tokens_avg"),
		.power_w = sheet_number(t, "power_w_per_device"),
		.token_j = sheet_number(t, "j_per_output_token"),
		.devices = sheet_number(t, "n_devices"),
		.fp8 = sheet_is(t, "weight_precision", "fp8"),
	};
	s.step_s = s.batch / sheet_number(t, "tokens_per_s");
	return s;
}

/* The version of the runs, with the times of each machine's host. */
static const char *engine_of(const char *device)
{
	return strcmp(device, "b200") ? "vllm-0.11-h100" : "vllm-0.11-b200";
}

/* There the 8B models are held up by the host, by 17 ms an iteration from batch 64
 * on, of which the table says nothing. */
static bool is_host_bound(const char *device, const struct llm_par *p, const struct chat *s)
{
	return !strcmp(device, "b200") && p->parameters < 9e9 && s->batch > 50;
}

/* Power of a board when an iteration of the batch in the middle of its answers
 * takes step_s, by the work that the model says it does. */
static double drawn_w(const struct bed *b, const struct chat *s, double step_s)
{
	struct iteration_model *m = iteration_new(&b->node);
	double context = SERVED_PROMPT + s->output / 2;
	struct batch batch = { .decodes = (int64_t)lround(s->batch),
		.context_sum = s->batch * context,
		.context_max = context };
	int64_t longest;
	struct run r = iteration_run(m, &batch, &longest);
	double prompts = s->batch * SERVED_PROMPT / s->output;
	double w =
	    meter_iteration_j(&m->meter, step_s, r.flops + prompts * m->products.token_flops, r.bytes) /
	    step_s;
	iteration_free(m);
	return w;
}

static double simulated_j(const struct bed *b, const struct chat *s)
{
	struct iteration_model *m = iteration_new(&b->node);
	struct closed_loop l = { .prompt = SERVED_PROMPT,
		.output = (int32_t)lround(s->output),
		.at_once = (uint32_t)lround(s->batch),
		.rounds = 4,
		.staggered = true };
	double j = replay_closed(m, &l).device_j_per_token;
	iteration_free(m);
	return j;
}

struct energy_scores {
	struct fit_score power, given, simulated, plain;
};

static void score_row(struct validate_job *j, const struct sheet *t, const char *device,
    const char *model, struct energy_scores *x)
{
	struct chat s = read_chat(t);
	struct bed b;
	if (!bed_init(&b, j->catalogue, device, model, engine_of(device), j->e)) return;
	if (is_host_bound(device, &b.model, &s)) return;
	b.node.tensor_parallel = (int64_t)s.devices;
	b.node.weights = s.fp8 ? WEIGHTS_FP8 : WEIGHTS_FP16;
	b.engine.max_sequences = (int64_t)lround(s.batch);
	if (b.engine.token_budget < b.engine.max_sequences)
		b.engine.token_budget = b.engine.max_sequences;
	double power_w = drawn_w(&b, &s, s.step_s);
	score_add(&x->power, power_w, s.power_w);
	score_add(&x->given, s.devices * power_w * s.step_s / s.batch, s.token_j);
	score_add(&x->plain, s.devices * b.device.power.tdp_w * s.step_s / s.batch, s.token_j);
	if (node_kv_blocks(&b.node) * b.engine.block_tokens >=
	    (int64_t)(s.batch * (SERVED_PROMPT + s.output)))
		score_add(&x->simulated, simulated_j(&b, &s), s.token_j);
}

static void add_row(struct validate_job *j, const char *what, const char *label, double limit,
    struct fit_score *fitted, struct fit_score *plain)
{
	char *text = mem_print("%s, dense models, %s", what, label);
	struct validate_row row = {
		.what = text, .table = "hardware/energy-per-token.csv", .limit_frac = limit
	};
	validate_score(j, row, fitted, plain);
	free(text);
}

static void add_device(struct validate_job *j, const char *label, struct energy_scores *x)
{
	struct fit_score none = { 0 };
	add_row(j, "power of a board", label, NAN, &x->power, &none);
	add_row(j, "energy of a token, step as measured", label, 0.09, &x->given, &x->plain);
	add_row(j, "energy of a token, simulated", label, 0.09, &x->simulated, &none);
}

static void one_device(
    struct validate_job *j, const char *path, const char *device, const char *label)
{
	struct energy_scores x = { 0 };
	struct sheet t;
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t)) {
		const char *model = served_model(sheet_text(&t, "model"));
		if (model && sheet_is(&t, "source_id", "mlenergy-v3") &&
		    sheet_is(&t, "device", device) && sheet_is(&t, "arch", "Dense Transformer") &&
		    sheet_is(&t, "task", "lm-arena-chat"))
			score_row(j, &t, device, model, &x);
	}
	sheet_close(&t);
	add_device(j, label, &x);
}

void validate_tokens(struct validate_job *j)
{
	char *path = validate_table(j, "hardware/energy-per-token.csv");
	if (!path) return;
	one_device(j, path, "h100-sxm", "H100");
	one_device(j, path, "b200", "B200");
	free(path);
}
