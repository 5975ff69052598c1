/* Whether fp8 weights save energy: a mixture of experts in both formats on the same boards,
 * ML.ENERGY v3 (Chung et al. 2025, arXiv 2505.06371), Qwen3 235B with 22B active parameters.
 *
 * At small batches fp8 takes half as much energy again, at large ones an eighth less: the kernels
 * for experts in fp8 compute rows of every expert (models/compute/engine.h). Three constants of
 * the engine's row are fitted to these services, by device, so that this judges the form: one set
 * of constants for all batches. */
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

/* Services that were measured in both formats with several limits of the batch. */
static const struct service {
	const char *device, *engine, *task, *label;
	double devices;
} services[] = {
	{ "h100-sxm", "vllm-0.11-h100", "lm-arena-chat", "8 H100, chat", 8 },
	{ "h100-sxm", "vllm-0.11-h100", "gpqa", "8 H100, GPQA", 8 },
	{ "b200", "vllm-0.11-b200", "gpqa", "4 B200, GPQA", 4 },
};
static const double limits[] = { 8, 16, 32, 64, 96, 128, 192, 256 };
enum { SERVICES = sizeof services / sizeof *services, LIMITS = sizeof limits / sizeof *limits };

#define CHANGE_LIMIT   0.2 /* of what bf16 takes */
#define SIGN_FROM_FRAC 0.1 /* differences below are as well noise of the two engines' settings */

/* J an output token; NAN: not there. */
struct both {
	double measured_j, ours_j;
};

/* By service and limit. */
struct measured {
	struct both fp8[SERVICES][LIMITS], fp16[SERVICES][LIMITS];
};

static bool is_of(const struct sheet *t, const struct service *s, double limit)
{
	return sheet_is(t, "source_id", "mlenergy-v3") && sheet_is(t, "device", s->device) &&
	       sheet_is(t, "task", s->task) && strstr(sheet_text(t, "model"), "Qwen3-235B-A22B") &&
	       sheet_number(t, "n_devices") == s->devices &&
	       sheet_number(t, "max_num_seqs") == limit;
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

static double change(double fp8_j, double fp16_j)
{
	return fp8_j / fp16_j - 1;
}

static void tell(struct validate_job *j, const struct measured *m, int service, int limit)
{
	const struct both *fp8 = &m->fp8[service][limit], *fp16 = &m->fp16[service][limit];
	double measured = change(fp8->measured_j, fp16->measured_j);
	char *what = mem_print("fp8 instead of bf16, Qwen3 235B on %s, batch %g",
	    services[service].label, limits[limit]);
	validate_figure(j, (struct validate_row){ .what = what,
			       .table = TABLE,
			       .low = measured,
			       .high = measured,
			       .ours = change(fp8->ours_j, fp16->ours_j),
			       .dim = DIM_FRACTION,
			       .limit_frac = CHANGE_LIMIT,
			       .peer = "expert-time, fp8-expert-time, fp8-expert-rows" });
	free(what);
}

/* All differences, then how many of the large ones are of the sign that was measured. */
static void tell_all(struct validate_job *j, const struct measured *m)
{
	double large = 0, alike = 0;
	for (int s = 0; s < SERVICES; s++)
		for (int l = 0; l < LIMITS; l++) {
			const struct both *fp8 = &m->fp8[s][l], *fp16 = &m->fp16[s][l];
			if (isnan(fp8->ours_j) || isnan(fp16->ours_j)) continue;
			tell(j, m, s, l);
			double measured = change(fp8->measured_j, fp16->measured_j);
			if (fabs(measured) < SIGN_FROM_FRAC) continue;
			large++;
			alike += (change(fp8->ours_j, fp16->ours_j) > 0) == (measured > 0);
		}
	validate_figure(j, (struct validate_row){ .what = "signs of those beyond 10 %",
			       .table = TABLE,
			       .low = large,
			       .high = large,
			       .ours = alike,
			       .dim = DIM_NUMBER,
			       .limit_frac = 0 });
}

static void read_row(struct validate_job *j, const struct sheet *t, struct measured *m)
{
	bool fp8 = sheet_is(t, "weight_precision", "fp8");
	for (int s = 0; s < SERVICES; s++)
		for (int l = 0; l < LIMITS; l++)
			if (is_of(t, &services[s], limits[l]))
				*(fp8 ? &m->fp8[s][l] : &m->fp16[s][l]) =
				    read_both(j, t, &services[s]);
}

void validate_fp8(struct validate_job *j)
{
	char *path = validate_table(j, TABLE);
	struct measured m;
	struct sheet t;
	if (!path) return;
	for (int s = 0; s < SERVICES; s++)
		for (int l = 0; l < LIMITS; l++)
			m.fp8[s][l] = m.fp16[s][l] = (struct both){ NAN, NAN };
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t)) read_row(j, &t, &m);
	sheet_close(&t);
	if (good) tell_all(j, &m);
	free(path);
}
