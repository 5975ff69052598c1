#include "models/compute/llm.h"

#include <math.h>

static double kv_heads_each(const struct llm_par *p, int64_t tp)
{
	return tp < p->kv_heads ? (double)p->kv_heads / (double)tp : 1;
}

static double heads_each(const struct llm_par *p, int64_t tp)
{
	return (double)p->heads / (double)tp;
}

struct gemm llm_gemm(const struct llm_par *p, int64_t tp, enum llm_op op)
{
	double hidden = (double)p->hidden, dim = (double)p->head_dim;
	double ffn = (double)p->ffn / (double)tp;
	double experts = (double)p->experts, active = (double)p->experts_active;
	switch (op) {
	case LLM_QKV:
		return (struct gemm){ (heads_each(p, tp) + 2 * kv_heads_each(p, tp)) * dim, hidden,
			1, 1 };
	case LLM_OUT:
		return (struct gemm){ hidden, heads_each(p, tp) * dim, 1, 1 };
	case LLM_UP: /* gate and up in one product */
		return (struct gemm){ 2 * ffn, hidden, experts, active };
	case LLM_DOWN:
		return (struct gemm){ hidden, ffn, experts, active };
	case LLM_OPS:
		break;
	}
	return (struct gemm){ 0 };
}

struct gemm llm_head(const struct llm_par *p, int64_t tp)
{
	return (struct gemm){ (double)p->vocabulary / (double)tp, (double)p->hidden, 1, 1 };
}

double gemm_weight_bytes(const struct gemm *g, double m, double bytes_per_weight)
{
	double reached = g->experts > 1 ? g->experts * (1 - pow(1 - g->active / g->experts, m)) :
					  (m > 0 ? 1 : 0);
	return reached * g->n * g->k * bytes_per_weight;
}

struct work gemm_work(const struct gemm *g, double m, double bytes_per_weight)
{
	return (struct work){
		.flops = 2 * m * g->active * g->n * g->k,
		.bytes = gemm_weight_bytes(g, m, bytes_per_weight) +
		    ACTIVATION_BYTES * m * g->active * (g->n + g->k),
	};
}

struct work llm_decode_attention(const struct llm_par *p, int64_t tp, double context)
{
	double dim = (double)p->head_dim;
	return (struct work){
		.flops = 4 * heads_each(p, tp) * dim * context,
		.bytes = 2 * kv_heads_each(p, tp) * dim * KV_VALUE_BYTES * context,
	};
}

struct work llm_prefill_attention(const struct llm_par *p, int64_t tp, double before, double chunk)
{
	double dim = (double)p->head_dim;
	double pairs = chunk * before + chunk * (chunk + 1) / 2; /* under the mask */
	double kv = 2 * kv_heads_each(p, tp) * dim * KV_VALUE_BYTES * (before + chunk);
	double in_out = 2 * heads_each(p, tp) * dim * ACTIVATION_BYTES * chunk;
	return (struct work){
		.flops = 4 * heads_each(p, tp) * dim * pairs,
		.bytes = kv + in_out,
	};
}

double llm_rest_bytes(const struct llm_par *p, int64_t tp)
{
	double rotary = 2 * (heads_each(p, tp) + kv_heads_each(p, tp)) * (double)p->head_dim;
	double gate = 3 * (double)(p->ffn * p->experts_active) / (double)tp;
	return ACTIVATION_BYTES * (10 * (double)p->hidden + rotary + gate);
}

double llm_active_parameters(const struct llm_par *p)
{
	return isnan(p->parameters_active) ? p->parameters : p->parameters_active;
}

double llm_weight_bytes(const struct llm_par *p, int64_t tp, double bytes_per_weight)
{
	return p->parameters * bytes_per_weight / (double)tp;
}

double llm_kv_bytes(const struct llm_par *p, int64_t tp)
{
	return llm_decode_attention(p, tp, 1).bytes * (double)p->layers;
}

double llm_shape_parameters(const struct llm_par *p, int embeddings)
{
	double layer = 0;
	for (int op = 0; op < LLM_OPS; op++) {
		struct gemm g = llm_gemm(p, 1, (enum llm_op)op);
		layer += g.experts * g.n * g.k;
	}
	return layer * (double)p->layers + embeddings * (double)p->vocabulary * (double)p->hidden;
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct llm_par, name, "name", REQUIRED, "name that nodes refer to"),
	ATTR_INT(struct llm_par, layers, "layers", REQUIRED, 1, 1000, "transformer layers"),
	ATTR_INT(
	    struct llm_par, hidden, "hidden", REQUIRED, 16, 1e6, "width of the residual stream"),
	ATTR_INT(struct llm_par, heads, "heads", REQUIRED, 1, 1e4, "query heads"),
	ATTR_INT(struct llm_par, kv_heads, "kv-heads", REQUIRED, 1, 1e4, "key and value heads"),
	ATTR_INT(struct llm_par, head_dim, "head-dim", REQUIRED, 1, 1024, "width of a head"),
	ATTR_INT(struct llm_par, ffn, "ffn", REQUIRED, 1, 1e7,
	    "inner width of the gated feed-forward layer; of one expert in a mixture"),
	ATTR_INT(
	    struct llm_par, vocabulary, "vocabulary", REQUIRED, 2, 1e8, "tokens in the vocabulary"),
	ATTR_QTY(struct llm_par, parameters, "parameters", DIM_NUMBER, REQUIRED, 1e3, 1e14,
	    "parameters in all"),
	ATTR_QTY(struct llm_par, parameters_active, "active-parameters", DIM_NUMBER, OPTIONAL, 1e3,
	    1e14, "parameters that one token uses, in a mixture of experts"),
	ATTR_INT(struct llm_par, experts, "experts", "1", 1, 1e5, "experts a layer; 1: dense"),
	ATTR_INT(struct llm_par, experts_active, "active-experts", "1", 1, 1e5,
	    "experts that one token uses"),
	ATTR_QTY(struct llm_par, score_frac, "score", DIM_FRACTION, OPTIONAL, 0, 1,
	    "share of a benchmark's questions that the model answers correctly; without it, no "
	    "correct answers per energy are reported"),
	ATTR_TEXT(struct llm_par, score_name, "score-name", OPTIONAL, "the benchmark of the score"),
	ATTR_TEXT(struct llm_par, score_source, "score-source", OPTIONAL,
	    "who measured the score, and how"),
	ATTR_TEXT(struct llm_par, source, "source", REQUIRED, "where the figures come from"),
	ATTR_ENUM(struct llm_par, verify, "verify", REQUIRED, VERIFY_WORDS,
	    "seen at the source, derived from seen figures, or recalled and to be re-checked"),
	ATTR_END,
};

static void check_shape(const struct object *o, struct err_list *e)
{
	const struct llm_par *p = o->par;
	double low = llm_shape_parameters(p, 1), high = llm_shape_parameters(p, 2);
	if (p->parameters < 0.95 * low || p->parameters > 1.05 * high)
		err_at(e, object_attr_pos(o, "parameters"),
		    "model: parameters=\"%.4g\" does not fit the shape, which has %.4g with tied "
		    "and %.4g "
		    "with separate embeddings; correct one of them",
		    p->parameters, low, high);
}

/* A score says nothing without its benchmark. */
static void check_score(const struct object *o, struct err_list *e)
{
	const struct llm_par *p = o->par;
	if (isnan(p->score_frac) && (p->score_name || p->score_source))
		err_at(e, o->pos, "model: score-name= and score-source= are of a score; add score=");
	if (!isnan(p->score_frac) && (!p->score_name || !p->score_source))
		err_at(e, object_attr_pos(o, "score"),
		    "model: a score needs its benchmark and who measured it; add score-name= and "
		    "score-source=");
}

static void check(const struct object *o, struct err_list *e)
{
	const struct llm_par *p = o->par;
	if (p->heads % p->kv_heads)
		err_at(e, object_attr_pos(o, "kv-heads"),
		    "model: kv-heads=\"%lld\" must divide heads=\"%lld\"", (long long)p->kv_heads,
		    (long long)p->heads);
	if (p->experts_active > p->experts)
		err_at(e, object_attr_pos(o, "active-experts"),
		    "model: active-experts must not exceed experts=\"%lld\"",
		    (long long)p->experts);
	if (p->experts > 1 && isnan(p->parameters_active))
		err_at(e, o->pos, "model: a mixture of experts needs active-parameters=");
	if (p->parameters_active > p->parameters)
		err_at(e, object_attr_pos(o, "active-parameters"),
		    "model: active-parameters must not exceed parameters");
	check_shape(o, e);
	check_score(o, e);
}

const struct class model_class = {
	.element = "model", .parents = "scenario catalogue",
	.about = "A decoder-only language model, given by its shape.",
	.par_size = sizeof(struct llm_par), .attrs = attrs, .check = check,
};
