/* Whether fp8 weights save energy: a mixture of experts in both formats on the same boards,
 * ML.ENERGY v3 (Chung et al. 2025, arXiv 2505.06371), Qwen3 235B with 22B active parameters.
 *
 * At small batches fp8 took half as much energy again, at large ones an eighth less: there an
 * iteration is longer and boards draw more power. That engine's kernels for experts in fp8 take
 * time and power that ours, which are products at other rates and half the bytes, do not. So
 * the difference is told and not judged. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/served.h"
#include "bench/validate_spiking.h"

#define TABLE "hardware/energy-per-token.csv"

static const char *const columns[] = { "source_id", "device", "task", "model", "weight_precision",
	"n_devices", "batch_avg", "max_num_seqs", "output_tokens_avg", "j_per_output_token", NULL };

/* A service that was measured in both formats, by the limit of its batch. */
static const struct service {
	const char *device, *engine, *task, *label;
	double devices, limit;
} services[] = {
	{ "h100-sxm", "vllm-0.11-h100", "lm-arena-chat", "8 H100", 8, 8 },
	{ "h100-sxm", "vllm-0.11-h100", "lm-arena-chat", "8 H100", 8, 256 },
	{ "b200", "vllm-0.11-b200", "gpqa", "4 B200", 4, 8 },
	{ "b200", "vllm-0.11-b200", "gpqa", "4 B200", 4, 256 },
};
enum { SERVICES = sizeof services / sizeof *services };

/* J an output token; NAN: not there. */
struct both {
	double measured_j, ours_j;
};

static bool is_of(const struct sheet *t, const struct service *s)
{
	return sheet_is(t, "source_id", "mlenergy-v3") && sheet_is(t, "device", s->device) &&
	       sheet_is(t, "task", s->task) && strstr(sheet_text(t, "model"), "Qwen3-235B-A22B") &&
	       sheet_number(t, "n_devices") == s->devices &&
	       sheet_number(t, "max_num_seqs") == s->limit;
}

/* Boards of an iteration that decodes in the middle of the answers. */
static double iteration_j(const struct bed *b, const struct served *r)
{
	struct iteration_model *m = iteration_new(&b->node);
	struct work work = served_work(m, r);
	double board_j = meter_iteration_j(&m->meter, served_step_s(m, r), work.flops, work.bytes);
	iteration_free(m);
	return (double)b->node.tensor_parallel * board_j;
}

static struct both read_both(struct validate_job *j, const struct sheet *t, const struct service *s)
{
	struct both x = { sheet_number(t, "j_per_output_token"), NAN };
	struct served run = {
		.form = SERVED_STEADY,
		.requests = sheet_number(t, "batch_avg"),
		.prompt = SERVED_PROMPT,
		.output = sheet_number(t, "output_tokens_avg"),
	};
	struct bed b;
	if (!bed_init(&b, j->catalogue, s->device, "qwen3-235b-a22b", s->engine, j->e)) return x;
	served_widen(&b.engine, &run);
	b.node.tensor_parallel = (int64_t)s->devices;
	b.node.weights = sheet_is(t, "weight_precision", "fp8") ? WEIGHTS_FP8 : WEIGHTS_FP16;
	x.ours_j = iteration_j(&b, &run) / run.requests;
	return x;
}

static void add(struct validate_job *j, const struct service *s, const struct both *fp8,
    const struct both *fp16)
{
	double measured = fp8->measured_j / fp16->measured_j - 1;
	char *what =
	    mem_print("fp8 instead of bf16, Qwen3 235B on %s, batch %g", s->label, s->limit);
	validate_figure(j, (struct validate_row){ .what = what,
			       .table = TABLE,
			       .low = measured,
			       .high = measured,
			       .ours = fp8->ours_j / fp16->ours_j - 1,
			       .dim = DIM_FRACTION,
			       .limit_frac = NAN });
	free(what);
}

void validate_fp8(struct validate_job *j)
{
	char *path = validate_table(j, TABLE);
	struct both fp8[SERVICES], fp16[SERVICES];
	struct sheet t;
	if (!path) return;
	for (size_t i = 0; i < SERVICES; i++) fp8[i] = fp16[i] = (struct both){ NAN, NAN };
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t))
		for (size_t i = 0; i < SERVICES; i++) {
			if (!is_of(&t, &services[i])) continue;
			bool is_fp8 = sheet_is(&t, "weight_precision", "fp8");
			*(is_fp8 ? &fp8[i] : &fp16[i]) = read_both(j, &t, &services[i]);
		}
	sheet_close(&t);
	for (size_t i = 0; i < SERVICES; i++)
		if (!isnan(fp8[i].ours_j) && !isnan(fp16[i].ours_j))
			add(j, &services[i], &fp8[i], &fp16[i]);
	free(path);
}
