/* Single kernels: matrix products and decode attention. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/calibrate.h"
#include "bench/ops.h"
#include "bench/validate_parts.h"

/* Device of the catalogue, and how a published table calls it. */
struct gpu {
	const char *device, *label, *name;
};

typedef double op_fn(const struct device_par *d, const struct op *op);

static double product_s(const struct device_par *d, const struct op *op)
{
	struct roofline r = device_gemm(d, WEIGHTS_FP16, NAN, INFINITY);
	return roofline_s(&r, op->work);
}

/* What the data sheet alone gives. */
static double plain_s(const struct device_par *d, const struct op *op)
{
	struct roofline r = { d->fp16_flops_s, d->bandwidth_bytes_s, 0, INFINITY };
	return roofline_sharp_s(&r, op->work);
}

static struct fit_score score_ops(
    const struct ops *o, const struct ops_range *range, const struct device_par *d, op_fn *predict)
{
	struct fit_score s = { 0 };
	for (size_t i = 0; i < o->count; i++)
		if (ops_in(&o->op[i], range)) score_add(&s, predict(d, &o->op[i]), o->op[i].time_s);
	return s;
}

static const struct device_par *device_of(struct validate_job *j, const struct gpu *g)
{
	const struct object *o = bed_row(j->catalogue, &device_class, g->device, j->e);
	return o ? o->par : NULL;
}

static void add_range(struct validate_job *j, const struct ops *o, const struct device_par *d,
    const struct ops_range *range, struct validate_row row)
{
	struct fit_score fitted = score_ops(o, range, d, product_s);
	struct fit_score bare = score_ops(o, range, d, plain_s);
	validate_score(j, row, &fitted, &bare);
}

static void vidur(
    struct validate_job *j, const char *path, const struct gpu *g, double prefill, double decode)
{
	const char *const where[] = { "gpu", g->name, NULL };
	const struct device_par *d = device_of(j, g);
	struct ops o = { 0 };
	if (d && ops_read_products(&o, path, where, j->e)) {
		char *what = mem_print("matrix products, %s, 256 tokens and more", g->label);
		add_range(j, &o, d, &(struct ops_range){ 256, INFINITY, 0 },
		    (struct validate_row){
			.what = what, .table = "gpu/vidur_layer_ops.csv", .limit_frac = prefill });
		free(what);
		what = mem_print("matrix products, %s, up to 64 tokens", g->label);
		add_range(j, &o, d, &(struct ops_range){ 1, 64, 0 },
		    (struct validate_row){
			.what = what, .table = "gpu/vidur_layer_ops.csv", .limit_frac = decode });
		free(what);
	}
	ops_free(&o);
}

/* Tables that measure a kernel on the same buffers again and again find small
 * operands in the cache: only those of more than twice its size count. */
static double beyond_cache(const struct device_par *d)
{
	return 2 * d->cache_bytes;
}

/* The same kernels were faster here than in Vidur's tables, by up to a fifth: other
 * clocks, or another library. What is judged is the form, with constants of this
 * table, on rows that these did not see. */
static void refitted_products(struct validate_job *j, const char *path, const char *const *where,
    const struct device_par *d, const char *label)
{
	struct calibration c;
	struct calibrate_input in = { .table = path, .where = where, .device = d,
		.cache_bytes = d->cache_bytes };
	double sum = 0;
	if (calibrate_products(&c, &in, j->e)) {
		for (size_t i = 0; i < c.regimes; i++)
			sum += score_mean(&c.regime[i].held_out) * (double)c.regime[i].held_out.count;
		char *what = mem_print("the same, %s, constants of this table, held out", label);
		validation_add(j->v,
		    (struct validate_row){ .what = what, .table = "gpu/aic_gemm.csv",
			.constants = VALIDATE_REFITTED, .rows = c.rows,
			.error_frac = sum / (double)c.rows, .limit_frac = 0.065,
			.plain_frac = NAN });
		free(what);
	}
	calibration_free(&c);
}

static void aic_products(struct validate_job *j, const char *path, const struct gpu *g)
{
	const char *const where[] = { "gpu", g->name, "dtype", "bfloat16", NULL };
	const struct device_par *d = device_of(j, g);
	struct ops o = { 0 };
	if (d && ops_read_products(&o, path, where, j->e)) {
		char *what = mem_print("matrix products, %s, beyond the cache", g->label);
		add_range(j, &o, d, &(struct ops_range){ 1, INFINITY, beyond_cache(d) },
		    (struct validate_row){
			.what = what, .table = "gpu/aic_gemm.csv", .limit_frac = NAN });
		free(what);
	}
	ops_free(&o);
	if (d) refitted_products(j, path, where, d, g->label);
}

void validate_products(struct validate_job *j)
{
	static const struct gpu a100 = { "a100-sxm-80", "A100", "a100" };
	static const struct gpu h100 = { "h100-sxm", "H100", "h100" };
	static const struct gpu aic[] = { { "a100-sxm-80", "A100", "a100_sxm" },
		{ "h100-sxm", "H100", "h100_sxm" }, { "l40s", "L40S", "l40s" } };
	char *path = validate_table(j, "gpu/vidur_layer_ops.csv");
	if (path) {
		vidur(j, path, &a100, 0.07, 0.08);
		vidur(j, path, &h100, 0.09, 0.08);
	}
	free(path);
	path = validate_table(j, "gpu/aic_gemm.csv");
	for (size_t i = 0; path && i < sizeof aic / sizeof *aic; i++)
		aic_products(j, path, &aic[i]);
	free(path);
}

static void aic_decode(struct validate_job *j, const char *path, const struct gpu *g)
{
	const char *const where[] = { "gpu", g->name, "phase", "decode", NULL };
	const struct device_par *d = device_of(j, g);
	struct ops o = { 0 };
	if (d && ops_read_attention(&o, path, where, j->e)) {
		struct ops_range range = { 1, INFINITY, beyond_cache(d) };
		struct fit_score fitted = score_ops(&o, &range, d, op_attention_s);
		struct fit_score bare = score_ops(&o, &range, d, plain_s);
		char *what = mem_print("decode attention, %s, beyond the cache", g->label);
		validate_score(j,
		    (struct validate_row){
			.what = what, .table = "gpu/aic_attention.csv", .limit_frac = 0.16 },
		    &fitted, &bare);
		free(what);
	}
	ops_free(&o);
}

void validate_attention(struct validate_job *j)
{
	static const struct gpu gpu[] = { { "a100-sxm-80", "A100", "a100_sxm" },
		{ "h100-sxm", "H100", "h100_sxm" }, { "l40s", "L40S", "l40s" } };
	char *path = validate_table(j, "gpu/aic_attention.csv");
	for (size_t i = 0; path && i < sizeof gpu / sizeof *gpu; i++) aic_decode(j, path, &gpu[i]);
	free(path);
}
