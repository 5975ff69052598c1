#include "tests/make_dataset.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PI 3.14159265358979323846

enum { STEP_S = 60, DAY_S = 86400 };

/* The same numbers on each call and machine: a linear congruential generator
 * (Knuth 1997, section 3.3.4, MMIX). */
static double draw(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return ((double)(*state >> 11) + 0.5) * 0x1p-53;
}

static void make_root(struct dataset *d, const char *title)
{
	struct ds_group *g = ds_group(d, "");
	ds_attr_text(g, NULL, "title", title);
	ds_attr_text(g, NULL, "source", "hearth 0.1.0");
	ds_attr_text(g, NULL, "seed", "0x0000000000000007");
	ds_attr_text(g, NULL, "scenario_sha256",
	    "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
	ds_attr_text(g, NULL, "validity", "VALID");
}

static void make_manifest(struct dataset *d)
{
	struct ds_group *g = ds_group(d, "manifest");
	char **text = ds_column(g, "command_line", DS_TEXT, NULL, NULL, "", "repeats the run");
	*text =
	    mem_text("hearth run doorstep.xml --seed=7 --set '//homes/@count=55' -o doorstep.h5");
	text = ds_column(g, "scenario_xml", DS_TEXT, NULL, NULL, "", "resolved scenario");
	*text = mem_text(
	    "<scenario name=\"doorstep\">\n  <about>55 homes; \xc3\xbc</about>\n</scenario>\n");
	struct ds_dim *file = ds_dim(g, "file", 2);
	char **name = ds_column(g, "file", DS_TEXT, file, NULL, "", "file that was read");
	char **sha = ds_column(g, "file_sha256", DS_TEXT, file, NULL, "", "SHA-256 of its bytes");
	for (int i = 0; i < 2; i++) {
		name[i] = mem_text(i ? "chat-hour.csv" : "street-eu-lv.xml");
		sha[i] = mem_text(
		    i ? "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9"
		      : "baa5a0964d3320fbc0c6a922140453c8513ea24ab8fd0577034804a967248096");
	}
}

static double bell(double hour, double at, double width)
{
	double x = (hour - at) / width;
	return exp(-x * x);
}

static void make_grid(struct dataset *d)
{
	struct ds_group *g = ds_group(d, "grid");
	struct ds_dim *dim = ds_dim(g, "time", MADE_STEPS);
	double *time = ds_column(g, "time", DS_F64, dim, NULL,
	    "seconds since 2024-06-19 22:00:00+00:00", "end of the step");
	ds_attr_text(g, "time", "local_start", "2024-06-20 00:00:00+02:00");
	ds_attr_text(g, "time", "calendar", "proleptic_gregorian");
	float *load =
	    ds_column(g, "household_load", DS_F32, dim, NULL, "W", "used by the households");
	float *pv = ds_column(g, "solar", DS_F32, dim, NULL, "W", "solar power after inverters");
	float *node = ds_column(
	    g, "home_nodes", DS_F32, dim, NULL, "W", "drawn by the compute nodes in homes");
	float *va = ds_column(g, "transformer_load", DS_F32, dim, NULL, "VA",
	    "apparent power through the transformer");
	float *loading = ds_column(g, "transformer_loading", DS_F32, dim, NULL, "1",
	    "apparent power by the rating");
	float *vmin =
	    ds_column(g, "voltage_min", DS_F32, dim, NULL, "1", "lowest customer voltage");
	float *vmax =
	    ds_column(g, "voltage_max", DS_F32, dim, NULL, "1", "highest customer voltage");
	float *hot = ds_column(g, "hot_spot", DS_F32, dim, NULL, "K", "hot-spot temperature");
	double *rating =
	    ds_column(g, "transformer_rating", DS_F64, NULL, NULL, "VA", "rated power");
	*rating = 160e3;
	uint64_t state = 7;
	for (int i = 0; i < MADE_STEPS; i++) {
		double hour = (i + 1) / 60.0;
		time[i] = (i + 1) * STEP_S;
		load[i] = (float)(22e3 + 18e3 * bell(hour, 8, 1.5) + 52e3 * bell(hour, 19.5, 2.2) +
				  6e3 * draw(&state));
		pv[i] = (float)(95e3 * fmax(0, sin(PI * (hour - 5) / 16)) *
				(hour > 5 && hour < 21) * (0.8 + 0.2 * draw(&state)));
		node[i] = (float)(11 * (60 + 300 * bell(hour, 20, 3)));
		double w = load[i] - pv[i] + node[i];
		va[i] = (float)hypot(w, 0.2 * load[i]);
		loading[i] = va[i] / 160e3F;
		vmin[i] = (float)(1 - 0.06 * fmax(0, w) / 100e3);
		vmax[i] = (float)(1 + 0.04 * fmax(0, -w) / 100e3);
		hot[i] = (float)(300 + 50 * pow(va[i] / 160e3, 1.6));
	}
}

/* Low at the last customer in the evening, high at noon. */
static void make_voltage(struct dataset *d)
{
	enum { COLUMNS = 24, ROWS = 5 };
	struct ds_group *g = ds_group(d, "voltage");
	struct ds_dim *time = ds_dim(g, "time", COLUMNS), *row = ds_dim(g, "customer", ROWS);
	double *end_s = ds_column(g, "time", DS_F64, time, NULL, "s", "end of the interval");
	int32_t *first = ds_column(g, "customer", DS_I32, row, NULL, "1", "first customer");
	float *v = ds_column(g, "furthest", DS_F32, time, row, "1", "furthest from nominal");
	for (int c = 0; c < COLUMNS; c++) {
		end_s[c] = 3600 * (c + 1);
		for (int r = 0; r < ROWS; r++)
			v[c * ROWS + r] =
			    (float)(1 + 0.04 * bell(c, 13, 3) - 0.02 * (r + 1) * bell(c, 20, 2));
	}
	for (int r = 0; r < ROWS; r++) first[r] = 11 * r + 1;
}

static void make_homes(struct dataset *d)
{
	struct ds_group *g = ds_group(d, "homes");
	struct ds_dim *time = ds_dim(g, "time", MADE_STEPS / 15),
		      *home = ds_dim(g, "home", MADE_HOMES);
	float *w = ds_column(g, "import", DS_F32, time, home, "W", "power at the home's meter");
	uint64_t state = 11;
	for (int i = 0; i < MADE_STEPS / 15 * MADE_HOMES; i++)
		w[i] = (float)(800 * draw(&state) - 200);
}

static void make_requests(struct dataset *d)
{
	struct ds_group *g = ds_group(d, "requests");
	struct ds_dim *dim = ds_dim(g, "request", MADE_REQUESTS);
	int64_t *id = ds_column(g, "request", DS_I64, dim, NULL, "1", "number of the request");
	double *sent = ds_column(g, "arrival", DS_F64, dim, NULL, "s", "when it was sent");
	float *ttft = ds_column(g, "ttft", DS_F32, dim, NULL, "s", "time to first token");
	float *tpot =
	    ds_column(g, "tpot", DS_F32, dim, NULL, "s", "time per output token after the first");
	float *e2e = ds_column(g, "e2e", DS_F32, dim, NULL, "s", "end-to-end latency");
	float *energy = ds_column(g, "energy", DS_F32, dim, NULL, "J", "device energy");
	int32_t *in = ds_column(g, "prompt_tokens", DS_I32, dim, NULL, "token", "prompt tokens");
	int32_t *out = ds_column(g, "output_tokens", DS_I32, dim, NULL, "token", "output tokens");
	int8_t *status = ds_column(g, "status", DS_I8, dim, NULL, "1", "what became of it");
	ds_attr_i8s(g, "status", "flag_values", (int8_t[]){ 0, 1, 2 }, 3);
	ds_attr_text(g, "status", "flag_meanings", "pending done rejected");
	uint64_t state = 13;
	for (int i = 0; i < MADE_REQUESTS; i++) {
		bool done = i < MADE_REQUESTS - 6;
		id[i] = i;
		sent[i] = round(1e6 * DAY_S * (i + draw(&state)) / MADE_REQUESTS) / 1e6;
		in[i] = (int32_t)(20 + 1800 * pow(draw(&state), 3));
		out[i] = (int32_t)(2 + 500 * pow(draw(&state), 2));
		ttft[i] = (float)(0.04 + in[i] / 9000.0 - 0.12 * log(draw(&state)));
		tpot[i] = (float)(0.011 + 0.012 * draw(&state));
		e2e[i] = done ? ttft[i] + tpot[i] * (float)(out[i] - 1) : NAN;
		energy[i] = (float)(0.9 * out[i] + 0.02 * in[i]);
		status[i] = done;
	}
}

static int by_size(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

static void make_latency(struct dataset *d, const char *column, const char *key, const char *about)
{
	const struct ds_group *g = ds_find(d, "requests");
	const float *v = ds_data(g, column, DS_F32);
	size_t n = MADE_REQUESTS - 6; /* the finished ones stand first */
	float *sorted = mem_new(n, sizeof *sorted);
	memcpy(sorted, v, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_size);
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += sorted[i];
	const struct { const char *name; double p; } part[] = {
		{ "p50", 0.5 }, { "p90", 0.9 }, { "p95", 0.95 }, { "p99", 0.99 },
	};
	char name[64];
	double mean = sum / (double)n;
	snprintf(name, sizeof name, "%s.mean", key);
	ds_metric(
	    d, &(struct ds_metric){ name, mean, 0.97 * mean, 1.03 * mean, (int64_t)n, "s", about });
	for (int i = 0; i < 4; i++) {
		double x = sorted[(size_t)(part[i].p * (double)(n - 1))];
		snprintf(name, sizeof name, "%s.%s", key, part[i].name);
		ds_metric(
		    d, &(struct ds_metric){ name, x, 0.95 * x, 1.06 * x, (int64_t)n, "s", about });
		ds_attr_text(ds_group(d, "summary"), name, "formula", "t(event) - t(request sent)");
		ds_attr_text(ds_group(d, "summary"), name, "source",
		    "definition as in vLLM benchmarks/serve.py");
	}
	free(sorted);
}

static void metric(
    struct dataset *d, const char *key, double value, const char *unit, const char *about)
{
	ds_metric(d, &(struct ds_metric){ key, value, NAN, NAN, 1, unit, about });
}

#define KWH 3.6e6

static void make_energy(struct dataset *d)
{
	static const char *const boundary[] = { "device", "node", "site", "grid" };
	static const double joule[] = { 0.62e6, 0.85e6, 1.04e6, 1.13e6 };
	char key[64];
	for (int i = 0; i < 4; i++) {
		snprintf(key, sizeof key, "energy.%s_j", boundary[i]);
		metric(d, key, joule[i], "J", "energy used by inference up to this boundary");
		snprintf(key, sizeof key, "energy.%s_j_per_token", boundary[i]);
		metric(d, key, joule[i] / 705321, "J/token", "energy per output token");
		snprintf(key, sizeof key, "energy.%s_j_per_token_all", boundary[i]);
		metric(
		    d, key, joule[i] / 2705321, "J/token", "energy per token, prompt and output");
	}
	metric(d, "energy.device_idle_j", 0.31e6, "J", "accelerators while no request ran");
	metric(d, "energy.node_idle_j", 0.5e6, "J", "nodes while no request ran");
	metric(d, "energy.cooling_j", 0.12e6, "J", "cooling");
}

/* Columns of the ledger for one home, the data centre, the grid and all. */
static const struct {
	const char *item;
	double kwh[3]; /* homes, data centre, grid */
	const char *side;
} made_ledger[] = {
	{ "import", { 612.5, 231.75, 462.125 }, "source" },
	{ "pv", { 790.25, 0, 0 }, "source" },
	{ "discharge", { 61.5, 0, 0 }, "source" },
	{ "collected", { 0, 0, 402.5 }, "source" },
	{ "unserved", { 0, 0, 0 }, "source" },
	{ "export", { 402.5, 0, 0 }, "sink" },
	{ "charge", { 70.25, 0, 0 }, "sink" },
	{ "delivered", { 0, 0, 844.25 }, "sink" },
	{ "load", { 903.75, 0, 0 }, "sink" },
	{ "compute", { 41.5, 150.5, 0 }, "sink" },
	{ "host", { 15.25, 42.625, 0 }, "sink" },
	{ "cooling", { 0, 38.625, 0 }, "sink" },
	{ "conversion", { 31, 0, 0 }, "sink" },
	{ "line_loss", { 0, 0, 12.875 }, "sink" },
	{ "transformer_loss", { 0, 0, 7.5 }, "sink" },
};

static void make_ledger(struct dataset *d)
{
	static const char *const site[] = { "homes", "cloud", "grid", "total" };
	struct ds_group *g = ds_group(d, "ledger");
	struct ds_dim *dim = ds_dim(g, "site", 4);
	char **name = ds_column(g, "site", DS_TEXT, dim, NULL, "", "what stands behind one meter");
	for (int i = 0; i < 4; i++) name[i] = mem_text(site[i]);
	for (size_t k = 0; k < sizeof made_ledger / sizeof *made_ledger; k++) {
		double *j = ds_column(
		    g, made_ledger[k].item, DS_F64, dim, NULL, "J", "energy over the run");
		ds_attr_text(g, made_ledger[k].item, "side", made_ledger[k].side);
		for (int i = 0; i < 3; i++) j[3] += j[i] = KWH * made_ledger[k].kwh[i];
	}
	double *residual =
	    ds_column(g, "residual", DS_F64, dim, NULL, "1", "share of the throughput");
	residual[3] = 3.1e-16;
}

static void make_rest(struct dataset *d)
{
	metric(d, "service.requests", MADE_REQUESTS, "1", "requests that were sent");
	metric(d, "service.done", MADE_REQUESTS - 6, "1", "requests whose last token was received");
	metric(d, "service.rejected", 0, "1", "requests that no node can ever hold");
	metric(d, "service.pending", 6, "1", "requests not finished when the run ended");
	metric(
	    d, "service.output_tokens", 705321, "token", "output tokens of the finished requests");
	metric(
	    d, "service.prompt_tokens", 2000000, "token", "prompt tokens of the finished requests");
	metric(d, "service.output_token_rate_per_s", 705321.0 / DAY_S, "token/s",
	    "output tokens over the run");
	ds_metric(
	    d, &(struct ds_metric){ "service.goodput_frac", 0.953, 0.946, 0.959, MADE_REQUESTS, "1",
		   "share of requests within every limit of the service-level objective" });
	metric(
	    d, "grid.transformer_loading_pu.max", 0.704, "1", "highest apparent power over rating");
	metric(d, "grid.hot_spot_k.max", 334.2, "K",
	    "highest hot-spot temperature of the transformer");
	metric(
	    d, "grid.voltage_min_pu", 0.948, "1", "lowest customer voltage, per unit of nominal");
	metric(
	    d, "grid.voltage_max_pu", 1.021, "1", "highest customer voltage, per unit of nominal");
	metric(d, "grid.overload_s", 0, "s", "time the transformer spent above its rating");
	metric(d, "cost.total", 231.37, "EUR", "import less export, all sites");
	metric(d, "cost.inference", 41.03, "EUR", "share of the nodes");
	metric(d, "carbon.total_kg", 187.9, "kg",
	    "carbon dioxide of the energy generated for the sites");
	metric(d, "carbon.inference_g_per_token", 0.0713, "g/token",
	    "carbon dioxide per output token");
	metric(d, "check.ledger_residual", 3.1e-16, "1",
	    "largest relative residual of a site's ledger");
}

static void share(struct dataset *d, const char *key, double value, double limit_s)
{
	ds_metric(d, &(struct ds_metric){ key, value, value - 0.01, value + 0.01, MADE_REQUESTS,
	    "1", "share of requests within a limit" });
	if (limit_s > 0) ds_attr_f64(ds_group(d, "summary"), key, "limit_s", limit_s);
}

static void make_service(struct dataset *d)
{
	share(d, "service.attainment_frac.ttft", 0.961, 1);
	share(d, "service.attainment_frac.tpot", 0.987, 0.1);
	metric(d, "service.goodput_rate_per_s", 0.0464, "1/s", "good requests");
	metric(d, "service.goodput_token_rate_per_s", 7.78, "token/s", "their tokens");
	share(d, "service.goodput_frac.chat", 0.73, 0);
	share(d, "service.attainment_frac.chat.e2e", 0.73, 7);
	metric(d, "service.goodput_rate_per_s.chat", 0.0356, "1/s", "good requests");
	metric(d, "service.goodput_token_rate_per_s.chat", 5.96, "token/s", "their tokens");
	metric(d, "service.run_s", DAY_S, "s", "length of the run");
	metric(d, "service.token_rate_per_s", 2705321.0 / DAY_S, "token/s", "all tokens");
	metric(d, "steady.begin_s", 7560, "s", "begin of the steady part");
	metric(d, "steady.end_s", 77760, "s", "end of the steady part");
	metric(d, "steady.output_token_rate_per_s", 9.3, "token/s", "output tokens");
	metric(d, "steady.device_j_per_token", 0.83, "J/token", "accelerator energy");
	metric(d, "compute.mfu_frac", 0.0041, "1", "model flops utilisation");
	metric(d, "compute.busy_mfu_frac", 0.053, "1", "model flops utilisation");
	metric(d, "compute.busy_mbu_frac", 0.47, "1", "memory bandwidth utilisation");
	metric(d, "compute.busy_frac", 0.077, "1", "share of the nodes' time");
	metric(d, "compute.batch", 1.3, "1", "output tokens of an iteration");
	metric(d, "score.expected_frac", 0.73, "1", "expected share of correct answers");
	metric(d, "score.device_correct_per_kj", 4.97, "1/kJ", "expected correct answers");
	ds_attr_text(ds_group(d, "summary"), "score.device_correct_per_kj", "benchmark",
	    "GPQA Diamond");
	ds_attr_text(ds_group(d, "summary"), "score.expected_frac", "benchmark", "GPQA Diamond");
}

/* Half of the gaps from 16 to 20 ms, half from 20 to 28 ms. */
static void make_hist(struct dataset *d)
{
	struct ds_group *g = ds_group(d, "hist");
	struct ds_dim *dim = ds_dim(g, "itl_bin", 3);
	double *edge = ds_column(g, "itl_bin", DS_F64, dim, NULL, "s", "lower edge of the bucket");
	int64_t *n = ds_column(g, "itl_count", DS_I64, dim, NULL, "1", "values in the bucket");
	memcpy(edge, (double[]){ 0.016, 0.02, 0.028 }, 3 * sizeof *edge);
	memcpy(n, (int64_t[]){ 350557, 350557, 0 }, 3 * sizeof *n);
}

/* Two nodes in homes, of which one did nothing, and one in a data centre. */
static void make_nodes(struct dataset *d)
{
	static const char *const names[] = { "home GPU", "cloud GPU", "home GPU" };
	struct ds_group *g = ds_group(d, "nodes");
	struct ds_dim *dim = ds_dim(g, "node", 3);
	char **name = ds_column(g, "name", DS_TEXT, dim, NULL, "", "name of its <node> element");
	char **boundary = ds_column(g, "boundary", DS_TEXT, dim, NULL, "", "of its energy");
	int32_t *home = ds_column(g, "home", DS_I32, dim, NULL, "1", "home it stands in");
	int64_t *done = ds_column(g, "answered", DS_I64, dim, NULL, "1", "requests answered");
	int64_t *out = ds_column(g, "output_tokens", DS_I64, dim, NULL, "token", "output tokens");
	int64_t *iterations = ds_column(g, "iterations", DS_I64, dim, NULL, "1", "iterations");
	const struct { const char *name; double value[3]; } column[] = {
		{ "busy", { 8640, 4320, 0 } }, { "device_energy", { 4e5, 2e5, 2e4 } },
		{ "mfu", { 0.06, 0.04, NAN } }, { "mbu", { 0.5, 0.41, NAN } },
		{ "batch", { 1.25, 1.4, NAN } },
	};
	for (size_t k = 0; k < sizeof column / sizeof *column; k++)
		memcpy(ds_column(g, column[k].name, DS_F64, dim, NULL, "1", "of the node"),
		    column[k].value, sizeof column[k].value);
	for (int i = 0; i < 3; i++) {
		name[i] = mem_text(names[i]);
		boundary[i] = mem_text(i == 1 ? "system" : "board");
		home[i] = i == 1 ? -1 : i;
		done[i] = i == 2 ? 0 : 2000 + 205 * i;
		out[i] = i == 2 ? 0 : 500000 - 294679 * i;
		iterations[i] = i == 2 ? 0 : 400000 - 253342 * i;
	}
}

static void make_checks(struct dataset *d)
{
	static const struct { const char *name; double value, tolerance; int8_t pass; } check[] = {
		{ "ledger_residual", 3.1e-16, 1e-9, 1 },
		{ "power_flow_failures", 0, 0, 1 },
		{ "requests_unaccounted", 0, 0, 1 },
	};
	const int n = sizeof check / sizeof *check;
	struct ds_group *g = ds_group(d, "checks");
	struct ds_dim *dim = ds_dim(g, "check", (size_t)n);
	char **name = ds_column(g, "check", DS_TEXT, dim, NULL, "", "what was checked");
	char **about = ds_column(g, "about", DS_TEXT, dim, NULL, "", "what it means");
	double *value = ds_column(g, "value", DS_F64, dim, NULL, "1", "what was found");
	double *tolerance = ds_column(g, "tolerance", DS_F64, dim, NULL, "1", "what is allowed");
	int8_t *pass = ds_column(g, "pass", DS_I8, dim, NULL, "1", "1: passed");
	for (int i = 0; i < n; i++) {
		name[i] = mem_text(check[i].name);
		about[i] = mem_text("should be nothing");
		value[i] = check[i].value;
		tolerance[i] = check[i].tolerance;
		pass[i] = check[i].pass;
	}
}

struct dataset *make_dataset(const char *title)
{
	struct dataset *d = ds_new();
	make_root(d, title);
	make_manifest(d);
	make_grid(d);
	make_voltage(d);
	make_homes(d);
	make_requests(d);
	make_latency(d, "ttft", "latency.ttft_s", "time to first token");
	make_latency(d, "tpot", "latency.tpot_s", "time per output token after the first");
	make_latency(d, "e2e", "latency.e2e_s", "end-to-end latency");
	make_energy(d);
	make_ledger(d);
	make_rest(d);
	make_service(d);
	make_checks(d);
	make_hist(d);
	make_nodes(d);
	return d;
}

struct dataset *make_bare_dataset(void)
{
	struct dataset *d = ds_new();
	make_root(d, "bare");
	ds_attr_text(ds_group(d, ""), NULL, "validity", "INVALID");
	struct ds_group *g = ds_group(d, "requests");
	ds_column(g, "ttft", DS_F32, ds_dim(g, "request", 0), NULL, "s", "time to first token");
	metric(d, "service.requests", 0, "1", "requests that were sent");
	metric(d, "latency.ttft_s.mean", NAN, "s", "time to first token");
	return d;
}
