/* Constants of a serving engine from runs in steady state, and of a device's power. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/calibrate_parts.h"
#include "bench/served.h"

/* The context of the fit: the nodes' iteration models for the values at hand. */
struct serving {
	struct served_runs runs;
	struct iteration_model **model; /* by bed */
	double value[FIT_CONSTANTS_MAX];
	size_t constants;
	bool made;
	void (*put)(struct bed *b, const double *value);
};

static const struct fit_constant engine_constants[] = {
	{ "host-time", "s", 0, 5e-3, { 60e-6, 400e-6, 20e-6 },
	    "measure one request on the fastest device, or hold it with --hold=host-time=SECONDS",
	    false },
	{ "sequence-time", "s", 0, 2e-3, { 15e-6, 100e-6, 2e-6 },
	    "measure runs of 1 to 4 and of 128 requests and more", false },
	{ "layer-time", "s", 0, 1e-3, { 25e-6, 100e-6, 5e-6 },
	    "measure models with many and with few layers at few requests", false },
	{ "link-share", "", 0.01, 1, { 0.4, 0.2, 0.7 },
	    "measure models that are split over devices, with many requests, or hold it with "
	    "--hold=link-share=SHARE",
	    false },
};

static void put_engine(struct bed *b, const double *value)
{
	b->engine.host_s = value[0];
	b->engine.sequence_s = value[1];
	b->engine.layer_s = value[2];
	b->engine.link_share = value[3];
}

static void remake(struct serving *s, const double *value)
{
	size_t bytes = s->constants * sizeof *value;
	if (s->made && !memcmp(s->value, value, bytes)) return;
	for (size_t i = 0; i < s->runs.beds; i++) {
		iteration_free(s->model[i]);
		s->put(s->runs.bed[i], value);
		s->model[i] = iteration_new(&s->runs.bed[i]->node);
	}
	memcpy(s->value, value, bytes);
	s->made = true;
}

static double step_s(const void *ctx, const double *value, size_t row)
{
	struct serving *s = *(struct serving *const *)ctx;
	const struct served *r = &s->runs.run[row];
	remake(s, value);
	return served_step_s(s->model[r->bed], r);
}

static size_t step_regime(const void *ctx, size_t row)
{
	const struct serving *s = *(struct serving *const *)ctx;
	const struct served *r = &s->runs.run[row];
	if (r->form == SERVED_PREFILL) return 3;
	return r->requests > 128 ? 2 : r->requests > 16;
}

static const char *const step_regimes[] = { "up to 16 requests", "17 to 128 requests",
	"129 requests and more", "prefill of a batch" };

/* All requests run at once; beside them there is room for as many tokens of prompts. */
static void widen(struct served_runs *s)
{
	for (size_t i = 0; i < s->runs; i++) {
		struct engine_par *e = &s->bed[s->run[i].bed]->engine;
		const struct served *r = &s->run[i];
		int64_t requests = (int64_t)lround(r->requests);
		int64_t tokens =
		    r->form == SERVED_PREFILL ? requests * (int64_t)r->prompt : 2 * requests;
		if (e->max_sequences < requests) e->max_sequences = requests;
		if (e->token_budget < tokens) e->token_budget = tokens;
	}
}

bool calibrate_engine(struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	static const struct calibrate_kind kind = { "engine", engine_constants, 4, step_s,
		step_regime, step_regimes, 4, 1 };
	struct serving s = { .constants = 4, .put = put_engine }, *ctx = &s;
	bool good = served_read(
	    &s.runs, in->table, in->where, in->catalogue, in->device->name, in->engine, e);
	double *measured = mem_new(s.runs.runs, sizeof *measured);
	for (size_t i = 0; i < s.runs.runs; i++) measured[i] = s.runs.run[i].step_s;
	widen(&s.runs);
	s.model = mem_new(s.runs.beds, sizeof(struct iteration_model *));
	if (good) good = calibrate_rows(c, &kind, &ctx, measured, s.runs.runs, in, e);
	c->is_engine = true;
	for (size_t i = 0; i < s.runs.beds; i++) iteration_free(s.model[i]);
	free(s.model);
	free(measured);
	served_free(&s.runs);
	return good;
}
