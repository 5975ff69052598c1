/* Constants of a serving engine from runs in steady state, and of a device's power. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/calibrate_parts.h"
#include "bench/served.h"

enum { ENGINE_CONSTANTS = 4 };

/* The context of the fit: the nodes' iteration models for the values at hand. */
struct serving {
	struct served_runs runs;
	struct iteration_model **model; /* by bed */
	double value[ENGINE_CONSTANTS]; /* theirs */
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

static void put(struct serving *s, const double *value)
{
	size_t bytes = ENGINE_CONSTANTS * sizeof *value;
	if (!memcmp(s->value, value, bytes)) return;
	for (size_t i = 0; i < s->runs.beds; i++) {
		struct bed *b = s->runs.bed[i];
		b->engine.host_s = value[0];
		b->engine.sequence_s = value[1];
		b->engine.layer_s = value[2];
		b->engine.link_share = value[3];
		iteration_put_engine(s->model[i], &b->node);
	}
	memcpy(s->value, value, bytes);
}

static double step_s(const void *ctx, const double *value, size_t row)
{
	struct serving *s = *(struct serving *const *)ctx;
	const struct served *r = &s->runs.run[row];
	put(s, value);
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

static void widen(struct served_runs *s)
{
	for (size_t i = 0; i < s->runs; i++)
		served_widen(&s->bed[s->run[i].bed]->engine, &s->run[i]);
}

bool calibrate_engine(struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	static const struct calibrate_kind kind = { "engine", engine_constants, ENGINE_CONSTANTS,
		step_s, step_regime, step_regimes, 4, 3 };
	struct serving s = { .value = { NAN } }, *ctx = &s;
	bool good = served_read(
	    &s.runs, in->table, in->where, in->catalogue, in->device->name, in->engine, e);
	double *measured = mem_new(s.runs.runs, sizeof *measured);
	for (size_t i = 0; i < s.runs.runs; i++) measured[i] = s.runs.run[i].step_s;
	widen(&s.runs);
	s.model = mem_new(s.runs.beds, sizeof(struct iteration_model *));
	for (size_t i = 0; i < s.runs.beds; i++) s.model[i] = iteration_new(&s.runs.bed[i]->node);
	if (good) good = calibrate_rows(c, &kind, &ctx, measured, s.runs.runs, in, e);
	c->is_engine = true;
	for (size_t i = 0; i < s.runs.beds; i++) iteration_free(s.model[i]);
	free(s.model);
	free(measured);
	served_free(&s.runs);
	return good;
}

/* ---- power ---- */

/* Utilisation of each run: by the step that was measured. */
struct utilisation {
	const struct served_runs *runs;
	double *bandwidth, *flops;
};

static const struct fit_constant power_constants[] = {
	{ "power-base", "W", 0, 1000, { 200, 300, 100 }, "measure runs of 1 to 8 requests", false },
	{ "power-bandwidth", "W", 0, 2000, { 300, 150, 600 },
	    "measure large models at few requests", false },
	{ "power-flops", "W", 0, 6000, { 1000, 2000, 500 }, "measure 64 requests and more", false },
	{ "power-exponent", "", 0.2, 3, { 1, 0.7, 1.4 },
	    "measure numbers of requests from 1 to 512, or hold it with --hold=power-exponent=1",
	    false },
	{ "power-max", "W", 50, 2000, { 600, 900, 400 },
	    "measure so many requests that the power no longer rises", false },
};

static double power_w_of(const void *ctx, const double *value, size_t row)
{
	const struct utilisation *u = *(const struct utilisation *const *)ctx;
	struct power p = { .base_w = value[0],
		.bw_w = value[1],
		.fl_w = value[2],
		.fl_exp = value[3],
		.max_w = value[4] };
	return power_w(&p, u->bandwidth[row], u->flops[row]);
}

static size_t power_regime(const void *ctx, size_t row)
{
	const struct utilisation *u = *(const struct utilisation *const *)ctx;
	double requests = u->runs->run[row].requests;
	return requests > 128 ? 2 : requests > 16;
}

static struct utilisation utilisation_of(const struct served_runs *s)
{
	struct utilisation u = { s, mem_new(s->runs, sizeof(double)),
		mem_new(s->runs, sizeof(double)) };
	for (size_t i = 0; i < s->runs; i++) {
		const struct served *r = &s->run[i];
		const struct bed *b = s->bed[r->bed];
		struct iteration_model *m = iteration_new(&b->node);
		struct work w = served_work(m, r);
		double peak = device_peak_flops_s(&b->device, (enum weights)b->node.weights);
		u.bandwidth[i] = w.bytes / (r->step_s * b->device.bandwidth_bytes_s);
		u.flops[i] = w.flops / (r->step_s * peak);
		iteration_free(m);
	}
	return u;
}

/* Runs without a measured power say nothing here. */
static void drop_unpowered(struct served_runs *s)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->runs; i++)
		if (s->run[i].power_w > 0) s->run[kept++] = s->run[i];
	s->runs = kept;
}

bool calibrate_power(struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	static const struct calibrate_kind kind = { "power", power_constants, 5, power_w_of,
		power_regime, step_regimes, 3, 3 };
	struct served_runs runs;
	bool good = served_read(
	    &runs, in->table, in->where, in->catalogue, in->device->name, in->engine, e);
	drop_unpowered(&runs);
	widen(&runs);
	struct utilisation u = utilisation_of(&runs), *ctx = &u;
	double *measured = mem_new(runs.runs, sizeof *measured);
	for (size_t i = 0; i < runs.runs; i++) measured[i] = runs.run[i].power_w;
	if (good) good = calibrate_rows(c, &kind, &ctx, measured, runs.runs, in, e);
	free(measured);
	free(u.bandwidth);
	free(u.flops);
	served_free(&runs);
	return good;
}
