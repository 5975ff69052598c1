/* An accelerator, from the rows of the groups cuda or opencl. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/calibrate.h"
#include "bench/host_parts.h"
#include "bench/ops.h"

static const struct err_pos nowhere;

/* Its rows of one group. */
struct board {
	const struct source *s;
	const char *group;
	struct ops ops; /* products and attention */
};

/* The row's kernel, "gemv_f16", where it counts; else NULL. */
static const char *kernel_of(const struct board *b, const struct bench_row *r)
{
	size_t n = strlen(b->group);
	bool its = !strcmp(r->group, b->group) && !strncmp(r->kernel, b->group, n) && r->kernel[n] == '_';
	return its && host_counts(b->s, r) ? r->kernel + n + 1 : NULL;
}

static bool is_kernel(const struct board *b, const struct bench_row *r, const char *name)
{
	const char *kernel = kernel_of(b, r);
	return kernel && !strcmp(kernel, name);
}

/* CUDA's where there are any: that group has the products of many tokens. */
static const char *group_of(const struct source *s)
{
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_row *r = &s->file->row[i];
		if (!strcmp(r->group, "cuda") && !strcmp(r->device, s->options->device)) return "cuda";
	}
	return "opencl";
}

/* ---- what no row tells ---- */

/* As the attribute table has it; NAN for what can be left out. */
static double default_of(enum host_id id)
{
	struct quantity q;
	char why[160];
	for (const struct attr *a = device_class.attrs; a->about; a++)
		if (!strcmp(a->name, host_kind[id].name))
			return a->def && units_parse(a->def, a->dim, &q, why, sizeof why) ? q.si : NAN;
	return NAN;
}

static void assume(struct host *h, enum host_id id, double value)
{
	h->assumed[id] = true;
	host_put(h, id, (struct host_constant){ value, NAN, NAN, 0, 0, false });
}

/* ---- memory ---- */

static double largest_read(const struct board *b)
{
	double largest = 0;
	for (size_t i = 0; i < b->s->file->rows; i++) {
		const struct bench_row *r = &b->s->file->row[i];
		if (is_kernel(b, r, "read")) largest = fmax(largest, r->bytes);
	}
	return largest;
}

static bool find_bandwidth(const struct board *b, struct err_list *e)
{
	struct host *h = b->s->host;
	struct spread p = { 0 };
	double largest = largest_read(b);
	for (size_t i = 0; i < b->s->file->rows; i++) {
		const struct bench_row *r = &b->s->file->row[i];
		if (is_kernel(b, r, "read") && r->bytes > 0.99 * largest) spread_add(&p, r, r->bytes);
	}
	host_put(h, HOST_BANDWIDTH, host_estimate(&p, 1));
	if (h->device.bandwidth_bytes_s > 0) return true;
	err_at(e, nowhere,
	    "no case of reading the memory of '%s' is fit for use; run hearth bench cuda opencl -o "
	    "FILE.json on a quiet machine", b->s->options->device);
	return false;
}

/* What its driver tells, with the rows that read. */
static double told(const struct board *b, const char *key)
{
	for (size_t i = 0; i < b->s->file->rows; i++) {
		const struct bench_row *r = &b->s->file->row[i];
		if (is_kernel(b, r, "read") && bench_row_key(r, key) > 0) return bench_row_key(r, key);
	}
	return NAN;
}

static bool find_memory(const struct board *b, struct err_list *e)
{
	struct host *h = b->s->host;
	double cache = told(b, "cache_bytes");
	if (cache > 0) host_put(h, HOST_CACHE, host_best(cache));
	if (isnan(h->device.memory_bytes)) h->device.memory_bytes = told(b, "memory_bytes");
	if (h->device.memory_bytes > 0) return true;
	err_at(e, nowhere, "the file does not tell the memory of '%s'; say it: --memory=SIZE",
	    b->s->options->device);
	return false;
}

/* ---- products ---- */

static double best_product(const struct board *b, const char *kernel)
{
	double best = NAN;
	for (size_t i = 0; i < b->s->file->rows; i++) {
		const struct bench_row *r = &b->s->file->row[i];
		if (is_kernel(b, r, kernel)) best = fmax(best, r->flops / bench_row_s(r));
	}
	return best;
}

static bool find_peaks(const struct board *b, struct err_list *e)
{
	struct host *h = b->s->host;
	double given = b->s->options->fp16_flops_s;
	double fp16 = fmax(best_product(b, "gemm_f16"), best_product(b, "gemm_bf16"));
	host_put(h, HOST_FP32, host_best(best_product(b, "gemm_f32")));
	host_put(h, HOST_FP8, host_best(best_product(b, "gemm_f8")));
	host_put(h, HOST_FP16, host_best(fp16));
	if (given > 0)
		host_put(h, HOST_FP16, (struct host_constant){ given, NAN, NAN, 0, 0, false });
	if (h->device.fp16_flops_s > 0) return true;
	err_at(e, nowhere,
	    "the file has no products of many tokens on '%s', which OpenCL's rows lack; say the peak "
	    "rate of its data sheet: --fp16=RATE", b->s->options->device);
	return false;
}

/* Whether it is a product that the model computes in fp16 or fp8 arithmetic. */
static bool is_product(const char *kernel)
{
	static const char *const known[] = { "gemm_f16", "gemm_bf16", "gemm_f8", "gemv_f16" };
	for (size_t i = 0; kernel && i < sizeof known / sizeof *known; i++)
		if (!strcmp(kernel, known[i])) return true;
	return false;
}

static void collect_products(struct board *b)
{
	for (size_t i = 0; i < b->s->file->rows; i++) {
		const struct bench_row *r = &b->s->file->row[i];
		const char *kernel = kernel_of(b, r);
		if (!is_product(kernel)) continue;
		double rows = bench_row_key(r, "rows"), cols = bench_row_key(r, "cols");
		double tokens = strcmp(kernel, "gemv_f16") ? bench_row_key(r, "tokens") : 1;
		if (rows > 0 && cols > 0 && tokens > 0)
			ops_add(&b->ops, op_product(rows, cols, tokens, !strcmp(kernel, "gemm_f8"),
			    bench_row_s(r)));
	}
}

static bool is_attention(const struct bench_row *r, const char *kernel)
{
	return kernel && !strcmp(kernel, "attention_f16") && bench_row_key(r, "kv_heads") > 0 &&
	    bench_row_key(r, "group") > 0 && bench_row_key(r, "head_dim") > 0 &&
	    bench_row_key(r, "context") > 0 && bench_row_key(r, "batch") > 0;
}

static void collect_attention(struct board *b)
{
	for (size_t i = 0; i < b->s->file->rows; i++) {
		const struct bench_row *r = &b->s->file->row[i];
		if (!is_attention(r, kernel_of(b, r))) continue;
		int64_t kv_heads = (int64_t)bench_row_key(r, "kv_heads");
		struct llm_par p = { .heads = kv_heads * (int64_t)bench_row_key(r, "group"),
			.kv_heads = kv_heads,
			.head_dim = (int64_t)bench_row_key(r, "head_dim") };
		ops_add(&b->ops, op_decode(&p, bench_row_key(r, "batch"), bench_row_key(r, "context"),
		    bench_row_s(r)));
	}
}

/* Of gemv's rows in that format: what is left when a call's fixed time is not counted. */
static struct host_constant vector_share(const struct board *b, const char *kernel)
{
	const struct device_par *d = &b->s->host->device;
	struct spread p = { 0 };
	for (size_t i = 0; i < b->s->file->rows; i++) {
		const struct bench_row *r = &b->s->file->row[i];
		if (is_kernel(b, r, kernel)) spread_add_beyond(&p, r, r->bytes, d->op_s);
	}
	return host_estimate(&p, 1 / d->bandwidth_bytes_s);
}

static void find_vectors(const struct board *b)
{
	struct host *h = b->s->host;
	host_put(h, HOST_FP32_SHARE, vector_share(b, "gemv_f32"));
	host_put(h, HOST_Q8_SHARE, vector_share(b, "gemv_q8"));
	host_put(h, HOST_Q4_SHARE, vector_share(b, "gemv_q4"));
}

static void take_fit(struct host *h, const struct calibration *c)
{
	for (size_t i = 0; i < c->constants; i++)
		for (int id = 0; id < HOST_CONSTANTS; id++)
			if (!strcmp(host_kind[id].name, c->constant[i].name))
				host_put(h, (enum host_id)id, host_fitted(&c->fit, i, c->rows));
}

/* Without products that tell them apart: the best of them is the peak, and of one token the
 * bandwidth alone is seen. */
static void assume_products(const struct board *b)
{
	struct host *h = b->s->host;
	bool given = b->s->options->fp16_flops_s > 0;
	assume(h, HOST_OP_TIME, default_of(HOST_OP_TIME));
	assume(h, HOST_ROUNDNESS, default_of(HOST_ROUNDNESS));
	assume(h, HOST_FLOPS_SHARE, given ? default_of(HOST_FLOPS_SHARE) : 1);
	host_put(h, HOST_BANDWIDTH_SHARE, vector_share(b, "gemv_f16"));
	if (!h->constant[HOST_BANDWIDTH_SHARE].rows)
		assume(h, HOST_BANDWIDTH_SHARE, default_of(HOST_BANDWIDTH_SHARE));
}

/* With --force nothing is said of what the rows do not identify. */
static bool fit_products(const struct board *b, bool fp8, struct err_list *e)
{
	struct host *h = b->s->host;
	struct calibrate_input in = { .device = &h->device };
	struct calibration c = { 0 };
	struct err_list *unseen = err_new();
	bool good = calibrate_product_ops(&c, &b->ops, fp8, &in, b->s->options->force ? unseen : e);
	if (good) take_fit(h, &c);
	calibration_free(&c);
	err_free(unseen);
	return good;
}

static bool refuse_products(struct err_list *e)
{
	err_at(e, nowhere,
	    "run the bench without --quick, or take what its products do not tell as --force "
	    "assumes it");
	return false;
}

static bool find_products(const struct board *b, struct err_list *e)
{
	struct host *h = b->s->host;
	bool force = b->s->options->force;
	if (!fit_products(b, false, e)) {
		if (!force) return refuse_products(e);
		assume_products(b);
	}
	if (!(h->device.fp8_flops_s > 0) || fit_products(b, true, e)) return true;
	if (!force) return refuse_products(e);
	assume(h, HOST_FP8_SHARE, 1);
	return true;
}

/* ---- attention ---- */

/* With attention-row-time, then without; false where the rows do not tell times at all. */
static bool fit_attention(const struct board *b)
{
	static const struct calibrate_hold none = { "attention-row-time", 0 };
	struct host *h = b->s->host;
	bool good = false;
	for (size_t holds = 0; holds < 2 && !good; holds++) {
		struct calibrate_input in = { .device = &h->device, .hold = &none, .holds = holds };
		struct calibration c = { 0 };
		struct err_list *unseen = err_new();
		good = calibrate_decode_ops(&c, &b->ops, &in, unseen);
		if (good) take_fit(h, &c);
		calibration_free(&c);
		err_free(unseen);
	}
	return good;
}

static void find_attention(const struct board *b)
{
	struct host *h = b->s->host;
	struct spread p = { 0 };
	assume(h, HOST_ATTENTION_SHARE, default_of(HOST_ATTENTION_SHARE));
	assume(h, HOST_ATTENTION_ROW, default_of(HOST_ATTENTION_ROW));
	if (fit_attention(b)) {
		h->assumed[HOST_ATTENTION_ROW] = !h->constant[HOST_ATTENTION_ROW].rows;
		return;
	}
	assume(h, HOST_ATTENTION_TIME, default_of(HOST_ATTENTION_TIME));
	for (size_t i = 0; i < b->s->file->rows; i++) {
		const struct bench_row *r = &b->s->file->row[i];
		if (is_attention(r, kernel_of(b, r)))
			spread_add_beyond(&p, r, r->bytes, h->device.attention_s);
	}
	host_put(h, HOST_ATTENTION_BW, host_estimate(&p, 1 / h->device.bandwidth_bytes_s));
	if (!h->constant[HOST_ATTENTION_BW].rows)
		assume(h, HOST_ATTENTION_BW, default_of(HOST_ATTENTION_BW));
}

bool host_accelerator(const struct source *s, struct err_list *e)
{
	struct board b = { .s = s, .group = group_of(s) };
	bool good = find_bandwidth(&b, e) && find_memory(&b, e) && find_peaks(&b, e);
	if (good) {
		collect_products(&b);
		collect_attention(&b);
		good = find_products(&b, e);
	}
	if (good) {
		find_vectors(&b);
		find_attention(&b);
	}
	ops_free(&b.ops);
	return good;
}
