#include "bench/ops.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void ops_free(struct ops *o)
{
	free(o->op);
	*o = (struct ops){ 0 };
}

void ops_add(struct ops *o, struct op op)
{
	o->op = mem_grow(o->op, o->count, &o->cap, sizeof *o->op);
	o->op[o->count++] = op;
}

static void add(struct ops *o, const struct sheet *t, struct op op)
{
	if (isnan(op.time_s)) return; /* not measured */
	if (!(op.time_s > 0)) {
		err_at(t->e, sheet_pos(t),
		    "a time of %g ms; write one above 0, or leave the field of what was not "
		    "measured empty",
		    1e3 * op.time_s);
		return;
	}
	if (!(op.tokens > 0 && op.operand_bytes > 0 && op.work.flops > 0)) {
		err_at(t->e, sheet_pos(t),
		    "a size is not above 0; write tokens and widths of 1 and "
		    "more");
		return;
	}
	ops_add(o, op);
}

bool ops_in(const struct op *op, const struct ops_range *r)
{
	return op->tokens >= r->tokens_min && op->tokens <= r->tokens_max &&
	       op->operand_bytes > r->operand_min_bytes;
}

static struct op product(const struct gemm *g, double m, enum weights w, double time_s)
{
	return (struct op){
		.work = gemm_work(g, m, weights_bytes(w)),
		.time_s = time_s,
		.tokens = m,
		.operand_bytes = weights_bytes(w) * g->n * g->k,
		.fp8 = w == WEIGHTS_FP8,
	};
}

struct op op_product(double rows, double cols, double tokens, bool fp8, double time_s)
{
	struct gemm g = { rows, cols, 1, 1 };
	return product(&g, tokens, fp8 ? WEIGHTS_FP8 : WEIGHTS_FP16, time_s);
}

static void read_kernel(struct ops *o, const struct sheet *t)
{
	add(o, t,
	    op_product(sheet_number(t, "n"), sheet_number(t, "k"), sheet_number(t, "m"),
		sheet_is(t, "dtype", "fp8"), 1e-3 * sheet_number(t, "latency_ms")));
}

/* ---- the form of Vidur ---- */

struct shapes {
	struct llm_par *par; /* names are copies */
	size_t count, cap;
};

static void shapes_free(struct shapes *s)
{
	for (size_t i = 0; i < s->count; i++) free((char *)s->par[i].name);
	free(s->par);
}

static const char *const shape_columns[] = { "model", "n_head", "n_kv_head", "n_embd",
	"n_expanded_embd", NULL };

static struct llm_par shape_of(const struct sheet *t)
{
	struct llm_par p = { .heads = (int64_t)sheet_number(t, "n_head"),
		.kv_heads = (int64_t)sheet_number(t, "n_kv_head"),
		.hidden = (int64_t)sheet_number(t, "n_embd"),
		.ffn = (int64_t)sheet_number(t, "n_expanded_embd"),
		.experts = 1,
		.experts_active = 1 };
	if (p.heads > 0) p.head_dim = p.hidden / p.heads;
	p.name = mem_text(sheet_text(t, "model"));
	return p;
}

/* The shapes lie in vidur_models.csv beside the table. */
static bool read_shapes(struct shapes *s, const char *beside, struct err_list *e)
{
	struct sheet t;
	const char *slash = strrchr(beside, '/');
	char *path =
	    mem_print("%.*svidur_models.csv", slash ? (int)(slash + 1 - beside) : 0, beside);
	bool good = sheet_open(&t, path, shape_columns, e);
	while (good && sheet_next(&t)) {
		s->par = mem_grow(s->par, s->count, &s->cap, sizeof *s->par);
		s->par[s->count++] = shape_of(&t);
	}
	sheet_close(&t);
	free(path);
	return good;
}

static const struct llm_par *shape_named(const struct shapes *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->par[i].name, name)) return &s->par[i];
	return NULL;
}

static const char *const layer_column[] = { [LLM_QKV] = "attn_pre_proj",
	[LLM_OUT] = "attn_post_proj",
	[LLM_UP] = "mlp_up_proj",
	[LLM_DOWN] = "mlp_down_proj" };

static void read_layer(struct ops *o, const struct sheet *t, const struct shapes *shapes)
{
	const struct llm_par *p = shape_named(shapes, sheet_text(t, "model"));
	double tp = sheet_number(t, "tp"), m = sheet_number(t, "num_tokens");
	if (!p || !(tp >= 1)) {
		err_at(t->e, sheet_pos(t),
		    "model '%s' with tp '%s': no such shape in vidur_models.csv",
		    sheet_text(t, "model"), sheet_text(t, "tp"));
		return;
	}
	for (int i = LLM_QKV; i <= LLM_DOWN; i++) {
		struct gemm g = llm_gemm(p, (int64_t)tp, (enum llm_op)i);
		add(o, t, product(&g, m, WEIGHTS_FP16, 1e-3 * sheet_number(t, layer_column[i])));
	}
}

/* ---- the form of LLMServingSim ---- */

static bool require_model(const struct ops *o, const struct sheet *t)
{
	if (o->model) return true;
	err_at(t->e, sheet_pos(t),
	    "a layer table does not say of which model it is; name it: "
	    "--model=NAME");
	return false;
}

static const char *const kernel_layer[] = { [LLM_QKV] = "qkv_proj",
	[LLM_OUT] = "o_proj",
	[LLM_UP] = "gate_up_proj",
	[LLM_DOWN] = "down_proj" };

static const char *const profile_columns[] = { "tp", "layer", "tokens", "time_us", NULL };

/* Over how many devices the row's layer is split; 0 with an entry when that cannot be. */
static int64_t split_of(const struct ops *o, const struct sheet *t)
{
	double tp = sheet_number(t, "tp");
	if (tp >= 1 && tp <= 1024 && o->model->heads % (int64_t)tp == 0) return (int64_t)tp;
	err_at(t->e, sheet_pos(t),
	    "tp '%s' does not divide the %lld heads of %s; write a number that does",
	    sheet_text(t, "tp"), (long long)o->model->heads, o->model->name);
	return 0;
}

static void read_profile(struct ops *o, const struct sheet *t)
{
	int64_t tp = split_of(o, t);
	if (!tp) return;
	for (int i = LLM_QKV; i <= LLM_DOWN; i++) {
		if (!sheet_is(t, "layer", kernel_layer[i])) continue;
		struct gemm g = llm_gemm(o->model, tp, (enum llm_op)i);
		add(o, t,
		    product(&g, sheet_number(t, "tokens"), WEIGHTS_FP16,
			1e-6 * sheet_number(t, "time_us")));
	}
}

static const char *const kernel_columns[] = { "m", "n", "k", "latency_ms", NULL };

bool ops_read_products(
    struct ops *o, const char *path, const char *const *where, struct err_list *e)
{
	static const char *const none[] = { NULL };
	size_t before = err_count(e);
	struct shapes shapes = { 0 };
	struct sheet t;
	bool good = sheet_open(&t, path, none, e), layers = good && sheet_has(&t, "mlp_up_proj");
	bool profile = good && sheet_has(&t, "time_us");
	if (layers)
		good = read_shapes(&shapes, path, e);
	else if (profile)
		good = sheet_require(&t, profile_columns) && require_model(o, &t);
	else if (good)
		good = sheet_require(&t, kernel_columns);
	good = good && sheet_require_where(&t, where);
	while (good && sheet_next(&t)) {
		if (!sheet_holds(&t, where)) continue;
		if (layers)
			read_layer(o, &t, &shapes);
		else if (profile)
			read_profile(o, &t);
		else
			read_kernel(o, &t);
	}
	sheet_close(&t);
	shapes_free(&shapes);
	return err_count(e) == before;
}

/* ---- attention ---- */

static const char *const attention_columns[] = { "phase", "batch_size", "isl", "num_heads",
	"num_key_value_heads", "head_dim", "step", "latency_ms", NULL };

/* `batch` requests with `chunk` new tokens each after `before`. */
static struct op attention(const struct llm_par *p, int64_t tp, bool decode, double batch,
    double chunk, double before, double time_s)
{
	struct work one =
	    decode ? llm_decode_attention(p, tp, OP_BYTES_PER_VALUE, before + chunk)
		   : llm_prefill_attention(p, tp, OP_BYTES_PER_VALUE, before, chunk, INFINITY);
	double kv_heads = llm_kv_heads(p, tp);
	double kv = 2 * kv_heads * (double)p->head_dim * OP_BYTES_PER_VALUE * (before + chunk);
	return (struct op){
		.work = { batch * one.flops, batch * one.bytes },
		.time_s = time_s,
		.tokens = batch * chunk,
		.operand_bytes = batch * kv,
		.prefill = !decode,
		.decode = decode,
		.rows = batch * kv_heads,
	};
}

struct op op_decode(const struct llm_par *p, double requests, double context, double time_s)
{
	return attention(p, 1, true, requests, 1, context - 1, time_s);
}

static void read_attention(struct ops *o, const struct sheet *t)
{
	struct llm_par p = { .heads = (int64_t)sheet_number(t, "num_heads"),
		.kv_heads = (int64_t)sheet_number(t, "num_key_value_heads"),
		.head_dim = (int64_t)sheet_number(t, "head_dim") };
	add(o, t,
	    attention(&p, 1, sheet_is(t, "phase", "decode"), sheet_number(t, "batch_size"),
		sheet_number(t, "isl"), sheet_number(t, "step"),
		1e-3 * sheet_number(t, "latency_ms")));
}

static const char *const attention_profile_columns[] = { "tp", "prefill_chunk", "kv_prefill",
	"n_decode", "kv_decode", "time_us", NULL };

static void read_attention_profile(struct ops *o, const struct sheet *t)
{
	int64_t tp = split_of(o, t);
	double chunk = sheet_number(t, "prefill_chunk"), requests = sheet_number(t, "n_decode");
	double time_s = 1e-6 * sheet_number(t, "time_us");
	if (!tp || (chunk > 0 && requests > 0)) return;
	if (requests > 0)
		add(o, t,
		    attention(
			o->model, tp, true, requests, 1, sheet_number(t, "kv_decode") - 1, time_s));
	else
		add(o, t,
		    attention(
			o->model, tp, false, 1, chunk, sheet_number(t, "kv_prefill"), time_s));
}

double op_attention_s(const struct device_par *d, const struct op *op)
{
	struct roofline r = op->decode ? device_decode_attention(d, INFINITY) : device_prefill_attention(d);
	if (!op->decode) return roofline_s(&r, op->work);
	return r.op_s + d->attention_row_s * op->rows + roofline_sharp_s(&r, op->work);
}

bool ops_read_attention(
    struct ops *o, const char *path, const char *const *where, struct err_list *e)
{
	size_t before = err_count(e);
	static const char *const none[] = { NULL };
	struct sheet t;
	bool good = sheet_open(&t, path, none, e), profile = good && sheet_has(&t, "kv_decode");
	if (profile)
		good = sheet_require(&t, attention_profile_columns) && require_model(o, &t);
	else if (good)
		good = sheet_require(&t, attention_columns);
	good = good && sheet_require_where(&t, where);
	while (good && sheet_next(&t)) {
		if (!sheet_holds(&t, where)) continue;
		if (profile)
			read_attention_profile(o, &t);
		else
			read_attention(o, &t);
	}
	sheet_close(&t);
	return err_count(e) == before;
}
