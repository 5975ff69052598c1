/* Measured runs of a served model in steady state, from published tables:
 *
 *   columns backend model_path system gemm_quant_mode isl osl concurrency tp_size
 *       silicon_tpot_ms: closed loops, as github.com/ai-dynamo/aiconfigurator has
 *       them;
 *   columns model hardware prompt_size batch_size token_size prompt_time token_time
 *       tensor_parallel [average_power]: single batches, prompts computed in one
 *       iteration, as splitwise-sim (Patel et al. 2024) has them; two runs a row; the
 *       power, a share of the design power, is taken for that of decoding where
 *       prompts took less than a tenth of the run;
 *   columns source_id arch task model weight_precision n_devices batch_avg
 *       output_tokens_avg tokens_per_s power_w_per_device: chat services, as ML.ENERGY
 *       (Chung et al. 2025, arXiv 2505.06371) has them. The length of prompts is not
 *       published there: 200 tokens is assumed.
 *
 * Left out: models that the catalogue does not have, mixtures of experts, runs whose
 * requests do not fit the KV cache all at once. */
#ifndef HEARTH_BENCH_SERVED_H
#define HEARTH_BENCH_SERVED_H

#include "base/err.h"
#include "bench/bed.h"

enum { SERVED_PROMPT = 200 };

/* The catalogue's name of a model that tables call `name` or a path with it in; NULL:
 * none of those that are compared. */
const char *served_model(const char *name);

enum served_form {
	SERVED_STEADY,  /* requests come and go */
	SERVED_DECODE,  /* one batch, all of it decoding */
	SERVED_PREFILL, /* one batch, all prompts in one iteration */
};

struct served {
	enum served_form form;
	size_t bed;            /* index of its node */
	double requests;       /* at once */
	double prompt, output; /* tokens of each */
	double step_s;         /* mean time of an iteration */
	double power_w;        /* of a device; NAN: not measured */
};

struct served_runs {
	struct served *run;
	size_t runs, runs_cap;
	struct bed **bed; /* distinct nodes: model, devices, weights */
	size_t beds, beds_cap;
};

/* Runs on `device` with `engine`, as the catalogue has them. False with entries in
 * e when the table cannot be used. */
bool served_read(struct served_runs *s, const char *path, const char *const *where,
    const struct object *catalogue, const char *device, const char *engine, struct err_list *e);
void served_free(struct served_runs *s);

/* Raises the engine's limits to what that run held: all requests at once, and the one whose
 * prompt is taken in beside them. For engines that are not to be kept as they are shipped. */
void served_widen(struct engine_par *e, const struct served *r);

/* Mean time of an iteration of that form, in an engine that is wide enough for it. All requests decode in the middle of their
 * answers; where they come and go, requests / output of the iterations' number are
 * lengthened by a prompt. */
double served_step_s(const struct iteration_model *m, const struct served *r);

/* Work of a device in such an iteration, which decodes: not of SERVED_PREFILL. */
struct work served_work(const struct iteration_model *m, const struct served *r);

#endif
