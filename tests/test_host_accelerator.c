/* An accelerator that is made up: the bench that runs alone writes its rows, and what went in
 * comes out of them. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/calibrate.h"
#include "bench/gpu/rows.h"
#include "bench/host.h"

enum { ROWS_MAX = 96, SAMPLES = 5 };

static const char board_name[] = "Made-up B7";

/* 700 TFLOP/s in fp16 and 1200 in fp8 are reached of it, 0.85 of 3 TB/s by products, 0.8 by
 * attention; q8 and q4 unpack at 0.7 and 0.5 of them, fp32 comes at 0.9. */
static const struct device_par truth = { .bandwidth_bytes_s = 3e12, .bandwidth_share = 0.85,
	.fp16_flops_s = 700e12, .flops_share = 1, .fp8_flops_s = 1200e12, .fp8_share = 1,
	.op_s = 6e-6, .roundness = 1.9, .attention_bw_share = 0.8, .attention_s = 12e-6,
	.attention_row_s = 11e-9 };

struct made {
	struct gpu_record record;
	struct gpu_row row[ROWS_MAX];
	double spread; /* of a row's samples */
};

/* Between -1 and 1 by row, without a trend (multiples of the golden section). */
static double off(size_t i)
{
	double x = (double)(i + 1) * 0.6180339887498949;
	return 2 * (x - floor(x)) - 1;
}

/* A case that takes so long, its middle up to 2 % off. */
static struct gpu_case *add(struct made *m, const char *kernel, double flops, double bytes,
    double time_s)
{
	struct gpu_record *r = &m->record;
	cr_assert_lt(r->rows, ROWS_MAX);
	struct gpu_row *row = &m->row[r->rows];
	*row = (struct gpu_row){ .c = { .kernel = kernel, .flops = flops, .bytes = bytes,
	    .error_max = 1e-4 }, .samples = SAMPLES, .energy_j = NAN, .idle_j = NAN, .window_s = NAN,
	    .energy_calls = NAN };
	snprintf(row->c.shape, sizeof row->c.shape, "%zu", r->rows);
	for (int k = 0; k < SAMPLES; k++)
		row->sample[k] = (struct gpu_sample){ time_s * (1 + 0.02 * off(r->rows)) *
		    (1 + m->spread * (k - 2) / 2), 1e-6, 3 };
	r->rows++;
	return &row->c;
}

static void add_product(struct made *m, const char *kernel, enum weights w, double side,
    double tokens)
{
	struct roofline r = device_gemm(&truth, w, NAN, INFINITY);
	struct gemm g = { side, side, 1, 1 };
	struct work work = gemm_work(&g, tokens, weights_bytes(w));
	struct gpu_case *c = add(m, kernel, work.flops, work.bytes, roofline_s(&r, work));
	gpu_case_key(c, "rows", side);
	gpu_case_key(c, "cols", side);
	if (strncmp(kernel, "gemv", 4)) gpu_case_key(c, "tokens", tokens);
}

static void add_vectors(struct made *m)
{
	static const struct {
		const char *kernel;
		double bytes, share;
	} t[] = { { "gemv_f32", 4, 0.9 }, { "gemv_q8", 1.0625, 0.7 }, { "gemv_q4", 0.5625, 0.5 } };
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		for (double weights = 1e8; weights < 1e9; weights *= 3)
			add(m, t[i].kernel, 2 * weights, t[i].bytes * weights,
			    truth.op_s + t[i].bytes * weights / (truth.bandwidth_bytes_s * t[i].share));
}

static void add_attention(struct made *m, int64_t head_dim, int64_t group, double context,
    double batch)
{
	struct llm_par p = { .heads = 8 * group, .kv_heads = 8, .head_dim = head_dim };
	struct work one = llm_decode_attention(&p, 1, 2, context);
	double time_s = truth.attention_s + truth.attention_row_s * 8 * batch +
	    fmax(one.bytes / (truth.bandwidth_bytes_s * truth.attention_bw_share),
	    one.flops / truth.fp16_flops_s) * batch;
	struct gpu_case *c = add(m, "attention_f16", batch * one.flops, batch * one.bytes, time_s);
	gpu_case_key(c, "head_dim", (double)head_dim);
	gpu_case_key(c, "group", (double)group);
	gpu_case_key(c, "context", context);
	gpu_case_key(c, "kv_heads", 8);
	gpu_case_key(c, "batch", batch);
}

static void add_memory(struct made *m)
{
	for (double bytes = 2e9; bytes > 1e7; bytes /= 100) { /* the small one is in the cache */
		double rate = bytes > 1e9 ? truth.bandwidth_bytes_s : 3 * truth.bandwidth_bytes_s;
		struct gpu_case *c = add(m, "read", 0, bytes, bytes / rate);
		for (int k = 0; k < SAMPLES; k++) /* the bandwidth is known, and shares are of it */
			m->row[m->record.rows - 1].sample[k].device_s =
			    bytes / rate * (1 + m->spread * (k - 2) / 2);
		gpu_case_key(c, "memory_bytes", 85e9);
		gpu_case_key(c, "cache_bytes", 50e6);
	}
}

static const double tokens_tried[] = { 4096, 1024, 512, 256, 128, 64, 32, 16, 4 };
enum { TOKENS_TRIED = sizeof tokens_tried / sizeof *tokens_tried };

static void make(struct made *m, double spread)
{
	*m = (struct made){ .spread = spread };
	m->record = (struct gpu_record){ .date = "2026-03-07T12:30:05+00:00", .host = "rack",
		.cpu_model = "a processor", .system = "none", .compiler = "none", .version = "gpu-bench 1",
		.driver = "CUDA", .processors = 7, .duration_s = 9, .row = m->row };
	snprintf(m->record.device, sizeof m->record.device, "%s", board_name);
	add_memory(m);
	for (size_t i = 0; i < TOKENS_TRIED; i++)
		for (double side = 1024; side < 17000; side *= 4) {
			add_product(m, "gemm_bf16", WEIGHTS_FP16, side, tokens_tried[i]);
			add_product(m, "gemm_f8", WEIGHTS_FP8, side, tokens_tried[i]);
		}
	add_product(m, "gemv_f16", WEIGHTS_FP16, 8192, 1);
	add_product(m, "gemv_f16", WEIGHTS_FP16, 16384, 1);
	add_vectors(m);
	for (double batch = 1; batch < 2000; batch *= 6) {
		add_attention(m, 128, 4, 2048, batch);
		add_attention(m, 64, 1, 512, batch);
		add_attention(m, 64, 8, 90, batch);
	}
}

static void read_back(const struct made *m, struct bench_file *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	gpu_record_write(out, &m->record);
	fclose(out);
	struct err_list *e = err_new();
	cr_assert(bench_json_parse("gpu.json", text, size, f, e), "%s", text);
	err_free(e);
	free(text);
}

static const struct host_options plain = { .name = "b7", .device = board_name, .tdp_w = NAN,
	.idle_w = NAN, .memory_bytes = NAN, .fp16_flops_s = NAN };

/* All that is told; the caller frees. */
static char *words_of(const struct err_list *e)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	err_print(e, out);
	fclose(out);
	return text;
}

static bool host_from(struct host *h, const struct made *m, const struct host_options *o, char **said)
{
	struct bench_file f;
	struct err_list *e = err_new();
	read_back(m, &f);
	bool good = host_of(h, &f, o, e);
	*said = words_of(e);
	err_free(e);
	bench_file_fini(&f);
	return good;
}

/* That value within 2 %, and between the ends of its interval; of a peak and its share the
 * product. */
static void expect(const struct host *h, enum host_id id, double scale, double value)
{
	const struct host_constant *k = &h->constant[id];
	cr_expect_float_eq(scale * k->value, value, 0.02 * value, "%s is %g, not %g",
	    host_kind[id].name, scale * k->value, value);
	cr_expect(scale * k->low <= value && scale * k->high >= value, "%s: %g to %g without %g",
	    host_kind[id].name, scale * k->low, scale * k->high, value);
	cr_expect_not(h->assumed[id]);
}

Test(host_accelerator, constants_come_back)
{
	struct made m;
	struct host h;
	char *said;
	make(&m, 0.02);
	cr_assert(host_from(&h, &m, &plain, &said), "%s", said);
	cr_expect(h.accelerator);
	cr_expect_eq(h.device.memory_bytes, 85e9);
	cr_expect_eq(h.device.cache_bytes, 50e6);
	expect(&h, HOST_BANDWIDTH, 1, 3e12);
	expect(&h, HOST_FLOPS_SHARE, h.device.fp16_flops_s, 700e12);
	expect(&h, HOST_FP8_SHARE, h.device.fp8_flops_s, 1200e12);
	expect(&h, HOST_BANDWIDTH_SHARE, h.device.bandwidth_bytes_s, 0.85 * 3e12);
	expect(&h, HOST_OP_TIME, 1, 6e-6);
	expect(&h, HOST_ROUNDNESS, 1, 1.9);
	expect(&h, HOST_FP32_SHARE, 1, 0.9);
	expect(&h, HOST_Q8_SHARE, 1, 0.7);
	expect(&h, HOST_Q4_SHARE, 1, 0.5);
	expect(&h, HOST_ATTENTION_BW, 1, 0.8);
	expect(&h, HOST_ATTENTION_TIME, 1, 12e-6);
	expect(&h, HOST_ATTENTION_ROW, 1, 11e-9);
	cr_expect(h.assumed[HOST_ATTENTION_SHARE]); /* there are no prompts */
	free(said);
}

static const struct fit_constant *named(const struct calibration *c, const char *name, size_t *i)
{
	for (*i = 0; *i < c->constants; ++*i)
		if (!strcmp(c->constant[*i].name, name)) return &c->constant[*i];
	return NULL;
}

static void expect_same(const struct host *h, const struct calibration *c)
{
	size_t i;
	for (int id = 0; id < HOST_CONSTANTS; id++)
		if (named(c, host_kind[id].name, &i))
			cr_expect_float_eq(h->constant[id].value, c->fit.value[i], 1e-6 * c->fit.value[i],
			    "%s: %.9g by the file, %.9g by the table", host_kind[id].name,
			    h->constant[id].value, c->fit.value[i]);
}

Test(host_accelerator, a_table_of_its_products_gives_the_same)
{
	struct made m;
	struct host h;
	char *said, path[] = "/tmp/hearth-products-XXXXXX";
	const char *none[] = { NULL };
	struct err_list *e = err_new();
	make(&m, 0.02);
	cr_assert(host_from(&h, &m, &plain, &said), "%s", said);
	int fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	FILE *out = fdopen(fd, "w");
	gpu_products_write(out, &m.record);
	fclose(out);
	struct calibrate_input in = { .table = path, .where = none, .device = &h.device };
	struct calibration products = { 0 }, fp8 = { 0 };
	cr_assert(calibrate_products(&products, &in, e));
	cr_assert(calibrate_fp8(&fp8, &in, e));
	cr_expect_eq(products.constants + fp8.constants, 5);
	cr_expect_eq(products.rows, 3 * TOKENS_TRIED + 2);
	expect_same(&h, &products);
	expect_same(&h, &fp8);
	calibration_free(&products);
	calibration_free(&fp8);
	err_free(e);
	unlink(path);
	free(said);
}

/* 31 % about the middle, against 5 % that are let pass. */
Test(host_accelerator, noise_is_refused_but_by_force)
{
	struct made m;
	struct host h;
	char *said;
	struct host_options o = plain;
	make(&m, 0.31);
	cr_expect_not(host_from(&h, &m, &o, &said));
	cr_expect_not_null(strstr(said, "the machine was noisy: "), "%s", said);
	free(said);
	o.force = true;
	cr_expect(host_from(&h, &m, &o, &said), "%s", said);
	free(said);
}

/* The meter of one case failed. */
Test(host_accelerator, power_is_of_windows_that_were_measured)
{
	struct made m;
	struct host h;
	char *said;
	make(&m, 0.02);
	cr_expect(host_from(&h, &m, &plain, &said), "%s", said);
	cr_expect(isnan(h.device.power.tdp_w) && isnan(h.device.power.idle_w));
	struct err_list *e = err_new();
	cr_expect_not(host_check_power(&h, e));
	cr_expect_eq(err_count(e), 2);
	err_free(e);
	free(said);
	m.row[0].window_s = 5.25; /* energy NAN */
	for (int i = 1; i < 4; i++) {
		m.row[i].window_s = 5;
		m.row[i].energy_j = 1000 + 700 * i;
		m.row[i].idle_j = 350 + i;
	}
	cr_expect(host_from(&h, &m, &plain, &said), "%s", said);
	cr_expect_float_eq(h.device.power.tdp_w, 3100 / 5.0, 1e-9);
	cr_expect_float_eq(h.device.power.idle_w, 351 / 5.0, 1e-9);
	free(said);
	struct host_options o = plain;
	o.tdp_w = 700;
	o.idle_w = 61;
	cr_expect(host_from(&h, &m, &o, &said), "%s", said);
	cr_expect_eq(h.device.power.tdp_w, 700);
	cr_expect_eq(h.device.power.idle_w, 61);
	free(said);
}

/* As with --quick: the best product is the peak, and all of it is reached. */
Test(host_accelerator, what_products_do_not_tell_is_named)
{
	struct made m;
	struct host h;
	char *said;
	struct host_options o = plain;
	make(&m, 0.02);
	for (size_t i = 0; i < m.record.rows; i++)
		if (!strncmp(m.row[i].c.kernel, "gemm", 4) && m.row[i].c.flops < 1e12)
			m.row[i].error = INFINITY;
	cr_expect_not(host_from(&h, &m, &o, &said));
	cr_expect_not_null(strstr(said, "3 rows are left for 4 constants; measure more"), "%s", said);
	cr_expect_not_null(strstr(said, "--force"), "%s", said);
	free(said);
	o.force = true;
	cr_assert(host_from(&h, &m, &o, &said), "%s", said);
	cr_expect(h.assumed[HOST_OP_TIME] && h.assumed[HOST_ROUNDNESS] && h.assumed[HOST_FLOPS_SHARE]);
	cr_expect_float_eq(h.device.op_s, 5e-6, 1e-12);
	cr_expect_eq(h.device.roundness, 1.5);
	cr_expect_eq(h.device.flops_share, 1);
	cr_expect_float_eq(h.device.bandwidth_share, 0.85, 0.02);
	free(said);
}

/* Without any product of many tokens, as by OpenCL, the data sheet has the peak. */
Test(host_accelerator, a_peak_can_be_given)
{
	struct made m;
	struct host h;
	char *said;
	struct host_options o = plain;
	make(&m, 0.02);
	o.force = true;
	for (size_t i = 0; i < m.record.rows; i++)
		if (!strncmp(m.row[i].c.kernel, "gemm", 4)) m.row[i].error = INFINITY;
	cr_expect_not(host_from(&h, &m, &o, &said));
	cr_expect_not_null(strstr(said, "--fp16=RATE"), "%s", said);
	free(said);
	o.fp16_flops_s = 989e12;
	cr_assert(host_from(&h, &m, &o, &said), "%s", said);
	cr_expect_eq(h.device.fp16_flops_s, 989e12);
	cr_expect_eq(h.device.flops_share, 0.8);
	cr_expect(isnan(h.device.fp8_flops_s));
	free(said);
}

Test(host_accelerator, its_memory_is_asked_for_where_it_is_not_told)
{
	struct made m;
	struct host h;
	char *said;
	struct host_options o = plain;
	make(&m, 0.02);
	for (int i = 0; i < 2; i++) m.row[i].c.keys = 0;
	cr_expect_not(host_from(&h, &m, &o, &said));
	cr_expect_not_null(strstr(said, "--memory=SIZE"), "%s", said);
	free(said);
	o.memory_bytes = 80e9;
	cr_expect(host_from(&h, &m, &o, &said), "%s", said);
	cr_expect_eq(h.device.memory_bytes, 80e9);
	free(said);
}

Test(host_accelerator, a_file_of_several_devices_has_one_chosen)
{
	static const char *const device[] = { "", "Board X 7", "", "Board X 70", "Board X 7" };
	static const struct {
		const char *wanted, *found;
	} t[] = {
		{ NULL, NULL }, { "board x 7", "Board X 7" }, { "X 70", "Board X 70" }, { "x 7", NULL },
		{ "Old", "" }, { "old CPU", "" }, { "H100", NULL },
	};
	struct bench_file f;
	bench_file_init(&f);
	free(f.context.cpu_model);
	f.context.cpu_model = mem_text("Old CPU");
	for (size_t i = 0; i < sizeof device / sizeof *device; i++) {
		struct bench_row *r = bench_file_add(&f);
		snprintf(r->device, sizeof r->device, "%s", device[i]);
	}
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct err_list *e = err_new();
		const char *found = host_choose(&f, t[i].wanted, e);
		char *said = words_of(e);
		cr_expect_eq(!found, !t[i].found, "%zu", i);
		if (found) cr_expect_str_eq(found, t[i].found);
		else cr_expect_not_null(strstr(said, "'Old CPU', 'Board X 7', 'Board X 70'"), "%s", said);
		free(said);
		cr_expect_eq(err_count(e), found ? 0u : 1u);
		err_free(e);
	}
	bench_file_fini(&f);
}
