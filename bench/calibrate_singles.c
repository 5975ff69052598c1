/* Constants of a device, or of the engine on it, from rates of one request. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/calibrate_parts.h"
#include "bench/singles.h"

/* The context of the fit: the nodes' iteration models for the values at hand. */
struct alone {
	struct singles singles;
	struct iteration_model **model; /* by bed */
	double value[FIT_CONSTANTS_MAX];
	size_t constants;
	void (*put)(struct bed *b, const double *value);
};

static void remake(struct alone *a, const double *value)
{
	size_t bytes = a->constants * sizeof *value;
	if (!memcmp(a->value, value, bytes)) return;
	for (size_t i = 0; i < a->singles.beds; i++) {
		iteration_free(a->model[i]);
		a->put(a->singles.bed[i], value);
		a->model[i] = iteration_new(&a->singles.bed[i]->node);
	}
	memcpy(a->value, value, bytes);
}

static double time_s(const void *ctx, const double *value, size_t row)
{
	struct alone *a = *(struct alone *const *)ctx;
	const struct single *r = &a->singles.single[row];
	remake(a, value);
	return single_time_s(a->model[r->bed], r);
}

static bool calibrate(struct calibration *c, const struct calibrate_kind *kind, struct alone *a,
    const struct calibrate_input *in, struct err_list *e)
{
	size_t rows = a->singles.count;
	double *measured = mem_new(rows, sizeof *measured);
	for (size_t i = 0; i < rows; i++) measured[i] = a->singles.single[i].time_s;
	a->model = mem_new(a->singles.beds, sizeof *a->model);
	a->value[0] = NAN;
	a->constants = kind->constants;
	bool good = calibrate_rows(c, kind, &a, measured, rows, in, e);
	for (size_t i = 0; i < a->singles.beds; i++) iteration_free(a->model[i]);
	free(a->model);
	free(measured);
	return good;
}

/* ---- the device ---- */

static const struct fit_constant device_constants[] = {
	{ "flops-share", "", 0.01, 1.5, { 0.5, 0.1, 0.9 },
	    "measure prompts of 512 tokens too: llama-bench -p 512", false },
	{ "bandwidth-share", "", 0.01, 1.5, { 0.8, 0.4, 1 },
	    "measure decoding too: llama-bench -n 128", false },
};

static void put_device(struct bed *b, const double *value)
{
	b->device.flops_share = value[0];
	b->device.bandwidth_share = value[1];
}

static const char *const test_names[] = { "decoding", "prompts" };

static size_t test_of(const void *ctx, size_t row)
{
	const struct alone *a = *(struct alone *const *)ctx;
	return a->singles.single[row].prompt > 0;
}

/* Where both kinds of tests are missing one, a constant would come from the other. */
static bool check_tests(struct calibration *c, const struct singles *r,
    const struct calibrate_input *in, struct err_list *e)
{
	bool has[2] = { false, false };
	for (size_t i = 0; i < r->count; i++) has[r->single[i].prompt > 0] = true;
	if (r->count == 0) {
		err_at(e, (struct err_pos){ in->table, 0, 0 },
		    "no test of a prompt or of decoding alone; run llama-bench -p 512 -n 128 -o "
		    "jsonl");
		return false;
	}
	for (int prompts = 0; prompts < 2; prompts++) {
		const struct fit_constant *k = &device_constants[!prompts];
		if (has[prompts]) continue;
		c->unidentified = true;
		err_at(e, (struct err_pos){ in->table, 0, 0 },
		    "these rows do not identify %s: none is of %s; %s", k->name,
		    test_names[prompts], k->remedy);
	}
	return !c->unidentified;
}

bool calibrate_llama_bench(
    struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	static const struct calibrate_kind kind = { "llama-bench", device_constants, 2, time_s,
		test_of, test_names, 2, 3 };
	struct singles_source s = { .path = in->table,
		.catalogue = in->catalogue,
		.engine = in->engine,
		.device = in->device->name,
		.model = in->model,
		.weights = in->weights };
	struct alone a = { .put = put_device };
	bool good = singles_read_bench(&a.singles, &s, e) && check_tests(c, &a.singles, in, e) &&
		    calibrate(c, &kind, &a, in, e);
	singles_free(&a.singles);
	return good;
}

/* ---- the engine ---- */

static const struct fit_constant engine_constants[] = {
	{ "sequence-time", "s", 0, 5e-3, { 200e-6, 50e-6, 1e-3 },
	    "measure small models on fast devices", false },
	{ "layer-time", "s", 0, 500e-6, { 10e-6, 40e-6, 2e-6 },
	    "measure models with many and with few layers on fast devices", false },
	{ "packed-share", "", 0.1, 1, { 0.85, 0.6, 0.99 }, "measure large models in q4 or q8",
	    true },
};

static void put_engine(struct bed *b, const double *value)
{
	b->engine.sequence_s = value[0];
	b->engine.layer_s = value[1];
	b->engine.packed_share = value[2];
	b->engine.token_budget = 1; /* only decoding is asked for */
}

static size_t size_of(const void *ctx, size_t row)
{
	const struct alone *a = *(struct alone *const *)ctx;
	return a->singles.single[row].time_s > 20e-3;
}

static const char *const size_names[] = { "up to 20 ms", "slower" };

bool calibrate_packed(struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	static const struct calibrate_kind kind = { "packed", engine_constants, 3, time_s, size_of,
		size_names, 2, 3 };
	struct singles_source s = { .path = in->table,
		.catalogue = in->catalogue,
		.engine = in->engine,
		.weights = -1 };
	struct alone a = { .put = put_engine };
	bool good =
	    singles_read_table(&a.singles, &s, in->where, e) && calibrate(c, &kind, &a, in, e);
	c->is_engine = true;
	singles_free(&a.singles);
	return good;
}
