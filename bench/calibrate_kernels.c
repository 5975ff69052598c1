/* Constants of a device from times of its kernels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/bed.h"
#include "bench/calibrate_parts.h"

/* ---- matrix products ---- */

static const struct fit_constant product_constants[] = {
	{ "flops-share", "", 0.05, 1.2, { 0.75, 0.5, 0.9 },
	    "measure large products, of 1024 tokens and more, too", false },
	{ "bandwidth-share", "", 0.05, 1.2, { 0.85, 0.6, 0.95 },
	    "measure products of 1 to 16 tokens with matrices beyond the cache too", false },
	{ "op-time", "s", 0, 200e-6, { 5e-6, 20e-6, 2e-6 },
	    "measure products so small that they take less than 20 us too", false },
	{ "roundness", "", 1, 20, { 1.5, 2.5, 5 },
	    "measure products of 64 to 512 tokens, where both limits bind, too", true },
};

static double product_s(const void *ctx, const double *value, size_t row)
{
	const struct kernels *k = ctx;
	struct roofline r = { value[0] * k->device->fp16_flops_s,
		value[1] * k->device->bandwidth_bytes_s, value[2], value[3] };
	return roofline_s(&r, k->ops.op[row].work);
}

static const struct fit_constant fp8_constants[] = {
	{ "fp8-flops-share", "", 0.05, 1.2, { 0.5, 0.3, 0.8 },
	    "measure large products in fp8, of 1024 tokens and more, too", false },
};

static double fp8_s(const void *ctx, const double *value, size_t row)
{
	const struct kernels *k = ctx;
	struct device_par d = *k->device;
	d.fp8_share = value[0];
	struct roofline r = device_gemm(&d, WEIGHTS_FP8, NAN, INFINITY);
	return roofline_s(&r, k->ops.op[row].work);
}

static const struct ops_range product_regime[] = {
	{ 1, 64, 0 },
	{ 65, 255, 0 },
	{ 256, INFINITY, 0 },
};
static const char *const product_regime_name[] = { "up to 64 tokens", "65 to 255 tokens",
	"256 tokens and more" };

static size_t product_regime_of(const void *ctx, size_t row)
{
	const struct op *op = &((const struct kernels *)ctx)->ops.op[row];
	size_t i = 0;
	while (i < 2 && !ops_in(op, &product_regime[i])) i++;
	return i;
}

/* ---- attention ---- */

static const struct fit_constant decode_constants[] = {
	{ "attention-bandwidth-share", "", 0.05, 1.2, { 0.85, 0.6, 0.95 },
	    "measure contexts with keys and values beyond the cache too", false },
	{ "attention-time", "s", 0, 500e-6, { 15e-6, 40e-6, 5e-6 },
	    "measure calls that take less than 100 us too", false },
	{ "attention-row-time", "s", 0, 1e-6, { 15e-9, 5e-9, 50e-9 },
	    "measure 256 sequences and more with contexts of some hundred tokens too", false },
};

static double decode_s(const void *ctx, const double *value, size_t row)
{
	const struct kernels *k = ctx;
	struct device_par d = *k->device;
	d.attention_bw_share = value[0];
	d.attention_s = value[1];
	d.attention_row_s = value[2];
	return op_attention_s(&d, &k->ops.op[row]);
}

static const char *const decode_regime_name[] = { "up to 16 sequences", "17 to 255 sequences",
	"256 sequences and more" };

static size_t decode_regime_of(const void *ctx, size_t row)
{
	const struct op *op = &((const struct kernels *)ctx)->ops.op[row];
	return op->tokens > 255 ? 2 : op->tokens > 16;
}

static const struct fit_constant prefill_constants[] = {
	{ "attention-share", "", 0.02, 1.2, { 0.5, 0.3, 0.8 },
	    "measure prompts of 1024 tokens and more too", false },
};

static double prefill_s(const void *ctx, const double *value, size_t row)
{
	const struct kernels *k = ctx;
	struct device_par d = *k->device;
	d.attention_share = value[0];
	return op_attention_s(&d, &k->ops.op[row]);
}

static const char *const prefill_regime_name[] = { "up to 1023 tokens", "1024 tokens and more" };

static size_t prefill_regime_of(const void *ctx, size_t row)
{
	const struct op *op = &((const struct kernels *)ctx)->ops.op[row];
	return op->tokens > 1023;
}

/* ---- what both share ---- */

/* The model that a layer table is of, when one is named. False with an entry in e
 * when the catalogue lacks it. */
static bool kernels_init(struct kernels *k, const struct calibrate_input *in, struct err_list *e)
{
	*k = (struct kernels){ .device = in->device };
	if (!in->model) return true;
	const struct object *model = bed_row(in->catalogue, &model_class, in->model, e);
	if (model) k->ops.model = model->par;
	return model;
}

/* Keeps the rows that were measured in memory. Prefill attention reads so little that
 * the cache does not matter. */
static size_t drop_cached(struct ops *o, double cache_bytes)
{
	size_t kept = 0, all = o->count;
	for (size_t i = 0; i < all; i++)
		if (o->op[i].prefill || o->op[i].operand_bytes > 2 * cache_bytes)
			o->op[kept++] = o->op[i];
	o->count = kept;
	return all - kept;
}

static bool calibrate(struct calibration *c, const struct calibrate_kind *kind, struct kernels *k,
    const struct calibrate_input *in, struct err_list *e)
{
	size_t in_cache = drop_cached(&k->ops, in->cache_bytes);
	double *measured = mem_new(k->ops.count, sizeof *measured);
	for (size_t i = 0; i < k->ops.count; i++) measured[i] = k->ops.op[i].time_s;
	bool good = calibrate_rows(c, kind, k, measured, k->ops.count, in, e);
	c->in_cache = in_cache;
	free(measured);
	ops_free(&k->ops);
	return good;
}

static const struct calibrate_kind products_kind = { "products", product_constants, 4, product_s,
	product_regime_of, product_regime_name, 3, 3 };
static const struct calibrate_kind fp8_kind = { "fp8", fp8_constants, 1, fp8_s, product_regime_of,
	product_regime_name, 3, 3 };
static const struct calibrate_kind decode_kind = { "decode", decode_constants, 3, decode_s,
	decode_regime_of, decode_regime_name, 3, 3 };

bool calibrate_product_ops(struct calibration *c, const struct ops *o, bool fp8,
    const struct calibrate_input *in, struct err_list *e)
{
	struct kernels k = { .device = in->device };
	for (size_t i = 0; i < o->count; i++) {
		const struct op *op = &o->op[i];
		if (!op->prefill && !op->decode && op->fp8 == fp8) ops_add(&k.ops, *op);
	}
	return calibrate(c, fp8 ? &fp8_kind : &products_kind, &k, in, e);
}

bool calibrate_decode_ops(struct calibration *c, const struct ops *o,
    const struct calibrate_input *in, struct err_list *e)
{
	struct kernels k = { .device = in->device };
	for (size_t i = 0; i < o->count; i++)
		if (o->op[i].decode) ops_add(&k.ops, o->op[i]);
	return calibrate(c, &decode_kind, &k, in, e);
}

static bool calibrate_gemm(
    struct calibration *c, bool fp8, const struct calibrate_input *in, struct err_list *e)
{
	struct kernels k;
	bool good = kernels_init(&k, in, e) && ops_read_products(&k.ops, in->table, in->where, e) &&
	    calibrate_product_ops(c, &k.ops, fp8, in, e);
	ops_free(&k.ops);
	return good;
}

bool calibrate_products(struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	return calibrate_gemm(c, false, in, e);
}

bool calibrate_fp8(struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	if (isnan(in->device->fp8_flops_s)) {
		err_at(e, (struct err_pos){ 0 },
		    "%s has no arithmetic in fp8; give its row fp8=, the peak rate",
		    in->device->name);
		return false;
	}
	return calibrate_gemm(c, true, in, e);
}

/* The measured attention; ops_free it in either case. */
static bool read_attention(struct kernels *k, const struct calibrate_input *in, struct err_list *e)
{
	return kernels_init(k, in, e) && ops_read_attention(&k->ops, in->table, in->where, e);
}

bool calibrate_decode(struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	struct kernels k;
	bool good = read_attention(&k, in, e) && calibrate_decode_ops(c, &k.ops, in, e);
	ops_free(&k.ops);
	return good;
}

bool calibrate_prefill(struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	static const struct calibrate_kind kind = { "prefill", prefill_constants, 1, prefill_s,
		prefill_regime_of, prefill_regime_name, 2, 3 };
	struct kernels k;
	if (!read_attention(&k, in, e)) {
		ops_free(&k.ops);
		return false;
	}
	size_t kept = 0;
	for (size_t i = 0; i < k.ops.count; i++)
		if (!k.ops.op[i].decode) k.ops.op[kept++] = k.ops.op[i];
	k.ops.count = kept;
	return calibrate(c, &kind, &k, in, e);
}
