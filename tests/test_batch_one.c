/* One request at a time, as homes are used: the shipped devices and models against published
 * rates of llama.cpp. Two constants of each engine are fitted on these very rates
 * (data/engines.xml): this shows how far one pair of them carries over devices and models that
 * differ a hundredfold, not how well a new one is foretold. The tables are not part of hearth:
 * without HEARTH_SHARED these tests are skipped. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "loader/scenario.h"
#include "models/compute/iteration.h"
#include "tests/published.h"

enum { ROWS_MAX = 64 };

/* Predicted over measured. */
struct ratios {
	double r[ROWS_MAX];
	int n;
};

static void add(struct ratios *r, const char *device, const char *what, double predicted,
    double measured)
{
	cr_log_info("%-18s %-22s %8.2f predicted %8.2f measured  %.2f", device, what, predicted,
	    measured, predicted / measured);
	cr_assert_lt(r->n, ROWS_MAX);
	r->r[r->n++] = predicted / measured;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double middle(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, ascending);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static double median_error(const struct ratios *r)
{
	double e[ROWS_MAX];
	for (int i = 0; i < r->n; i++) e[i] = fabs(r->r[i] - 1);
	return middle(e, r->n);
}

static double extreme(const struct ratios *r, bool largest)
{
	double e = r->r[0];
	for (int i = 1; i < r->n; i++) e = largest ? fmax(e, r->r[i]) : fmin(e, r->r[i]);
	return e;
}

/* The measured limits, a little widened: what moves past them has changed the models. */
static void expect(const struct ratios *r, const char *what, double median, double low, double high)
{
	cr_log_info("%s: median error %.1f %% of %d, %.2f to %.2f of the measured", what,
	    100 * median_error(r), r->n, extreme(r, false), extreme(r, true));
	cr_expect_geq(r->n, 20);
	cr_expect_lt(median_error(r), median, "%s: median error %g", what, median_error(r));
	cr_expect_gt(extreme(r, false), low, "%s: least %g", what, extreme(r, false));
	cr_expect_lt(extreme(r, true), high, "%s: most %g", what, extreme(r, true));
}

static const struct object *find(const struct scenario *s, const char *element, const char *name)
{
	for (const struct object *c = scenario_catalogue(s); c; c = c->next)
		for (const struct object *o = c->child; o; o = o->next)
			if (!strcmp(o->cls->element, element) && !strcmp(o->name, name)) return o;
	cr_fatal("no <%s> named %s", element, name);
}

static struct scenario *shipped(void)
{
	struct err_list *e = err_new();
	struct scenario *s = scenario_catalogues(e);
	err_print(e, stderr);
	err_free(e);
	cr_assert(s != NULL);
	return s;
}

/* One token of one request, at the middle of an answer. */
struct token {
	double rate, device_j;
};

static struct token decode(const struct scenario *s, const char *engine, const char *device,
    const char *model, enum weights weights, double context)
{
	struct node_par n = { .device = find(s, "device", device), .model = find(s, "model", model),
		.engine = find(s, "engine", engine), .tensor_parallel = 1,
		.pipeline_parallel = 1, .weights = (int)weights, .psu_frac = 1,
		.clock_frac = 1, .unload_after_s = NAN, .load_bytes_s = 2e9, .load_w = NAN };
	struct iteration_model *m = iteration_new(&n);
	struct batch b = { .decodes = 1, .context_sum = context, .context_max = context };
	int64_t longest;
	struct run r = iteration_run(m, &b, &longest);
	struct token t = { 1 / r.time_s, run_energy_j(&r, &m->meter, 0, 1) };
	iteration_free(m);
	return t;
}

/* github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference: 1024 tokens of Llama 3 on one device. */
static const char *single_device(const char *text)
{
	static const struct { const char *text, *name; } row[] = {
		{ "3090 24GB", "rtx-3090" }, { "4080 16GB", "rtx-4080" },
		{ "4090 24GB", "rtx-4090" }, { "A40 48GB", "a40" }, { "L40S 48GB", "l40s" },
		{ "A100 SXM 80GB", "a100-sxm-80" }, { "H100 PCIe 80GB", "h100-pcie" },
		{ "M2 Ultra 76-Core GPU 192GB", "m2-ultra" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (!strcmp(text, row[i].text)) return row[i].name;
	return NULL;
}

Test(batch_one, decodes_as_fast_as_llama_cpp_is_published_to)
{
	static const struct { const char *column, *model, *what; enum weights weights; } run[] = {
		{ "llama3_8b_q4km_tok_s", "llama-3.1-8b", "8B q4", WEIGHTS_Q4 },
		{ "llama3_8b_f16_tok_s", "llama-3.1-8b", "8B fp16", WEIGHTS_FP16 },
		{ "llama3_70b_q4km_tok_s", "llama-3.1-70b", "70B q4", WEIGHTS_Q4 },
	};
	struct ratios all = { .n = 0 };
	struct table t;
	table_open(&t, "hardware/llamacpp-throughput.csv");
	struct scenario *s = shipped();
	while (table_next(&t)) {
		const char *device = single_device(table_text(&t, "device"));
		if (!device || strcmp(table_text(&t, "metric"), "decode 1024 tokens") != 0) continue;
		for (size_t i = 0; i < sizeof run / sizeof *run; i++) {
			double measured = table_number(&t, run[i].column);
			if (isnan(measured)) continue;
			struct token k = decode(s, "llama-cpp-2024", device, run[i].model,
			    run[i].weights, 512);
			add(&all, device, run[i].what, k.rate, measured);
		}
	}
	expect(&all, "rate", 0.125, 0.69, 1.45);
	scenario_free(s);
	table_close(&t);
}

/* github.com/geerlingguy/ai-benchmarks: rate and highest power at the wall. */
static const char *home_system(const char *text)
{
	static const struct { const char *text, *name; } row[] = {
		{ "home: Intel 265K Custom PC (Nvidia RTX 4090)", "rtx-4090" },
		{ "home: Intel 265K Custom PC (Nvidia RTX 3060)", "rtx-3060" },
		{ "home: Mac Studio (M3 Ultra 512GB)", "m3-ultra" },
		{ "home: M4 Mac mini (10 core - 32GB)", "m4-mini" },
		{ "home: Dell Pro Max with GB10 (Nvidia Spark)", "gb10" },
		{ "home: Framework Mainboard (128GB)", "ryzen-ai-max-395" },
		{ "home: Framework Desktop Mainboard (395+)", "ryzen-ai-max-395" },
		{ "home: GMKtec G3 Plus (Intel N150) - 16GB", "n150" },
		{ "home: GMKtek G3 Plus (Intel N150) - 16GB", "n150" },
		{ "home: Pi 500+ - 16GB", "raspberry-pi-5" },
		{ "home: Pi 5 - 16GB", "raspberry-pi-5" },
		{ "home: AmpereOne A192-32X - 512GB", "ampereone-192" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (!strcmp(text, row[i].text)) return row[i].name;
	return NULL;
}

static const char *home_model(const char *text)
{
	static const struct { const char *text, *name; } row[] = {
		{ "Llama 3.2:3b", "llama-3.2-3b" }, { "Llama 3.1:70b", "llama-3.1-70b" },
		{ "Llama 3.1:405b", "llama-3.1-405b" }, { "DeepSeek R1 14b", "qwen2.5-14b" },
		{ "DeepSeek R1 671b", "deepseek-r1" }, { "gpt-oss 20b", "gpt-oss-20b" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (!strcmp(text, row[i].text)) return row[i].name;
	return NULL;
}

/* A server of 192 cores, in pieces that share memory slowly, decodes a mixture of 671e9
 * parameters 2.6 times more slowly than its bandwidth allows: outside what the model knows. */
static bool is_beyond(const char *device)
{
	return !strcmp(device, "ampereone-192");
}

/* The energy of the device alone must not exceed what the whole system draws at most; the margin
 * is for a 4090 with a small model, which drew less than the rule of power_init says. */
Test(batch_one, home_systems_decode_at_half_to_twice_the_measured_rate)
{
	struct ratios rate = { .n = 0 }, energy = { .n = 0 };
	struct table t;
	table_open(&t, "hardware/energy-per-token.csv");
	struct scenario *s = shipped();
	while (table_next(&t)) {
		const char *device = home_system(table_text(&t, "device"));
		const char *model = home_model(table_text(&t, "model"));
		if (strcmp(table_text(&t, "source_id"), "geerling") != 0 || !device || !model ||
		    is_beyond(device))
			continue;
		struct token k = decode(s, "llama-cpp", device, model, WEIGHTS_Q4, 300);
		add(&rate, device, model, k.rate, table_number(&t, "tokens_per_s"));
		add(&energy, device, "J/token", k.device_j, table_number(&t, "j_per_output_token"));
	}
	expect(&rate, "rate", 0.1, 0.5, 2);
	expect(&energy, "energy, device of wall", 0.3, 0.4, 1.5);
	scenario_free(s);
	table_close(&t);
}
