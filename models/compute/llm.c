#include "models/compute/llm.h"

#include <math.h>
#include <stdbool.h>

double llm_kv_heads(const struct llm_par *p, int64_t tp)
{
	if (p->attention == ATTENTION_MLA) return 1;
	return tp < p->kv_heads ? (double)p->kv_heads / (double)tp : 1;
}

static double heads_each(const struct llm_par *p, int64_t tp)
{
	return (double)p->heads / (double)tp;
}

/* Width of a head's queries and keys, and of its values. */
static double key_dim(const struct llm_par *p)
{
	return (double)(p->head_dim + (p->attention == ATTENTION_MLA ? p->rope_dim : 0));
}

static double value_dim(const struct llm_par *p)
{
	return (double)(p->attention == ATTENTION_MLA && p->v_dim > 0 ? p->v_dim : p->head_dim);
}

/* Values that latent attention keeps of a token. */
static double latent_dim(const struct llm_par *p)
{
	return (double)(p->kv_rank + p->rope_dim);
}

/* From the hidden state to queries, keys and values, or to their latents. */
static struct gemm qkv_gemm(const struct llm_par *p, int64_t tp)
{
	double hidden = (double)p->hidden, heads = heads_each(p, tp);
	if (p->attention == ATTENTION_GQA)
		return (struct gemm){ (heads + 2 * llm_kv_heads(p, tp)) * (double)p->head_dim,
			hidden, 1, 1 };
	double queries = p->q_rank > 0 ? (double)p->q_rank : heads * key_dim(p);
	return (struct gemm){ queries + latent_dim(p), hidden, 1, 1 };
}

/* From a latent to each head's queries, or keys and values. */
static struct gemm latent_gemm(const struct llm_par *p, int64_t tp, enum llm_op op)
{
	if (p->attention == ATTENTION_GQA || (op == LLM_Q_UP && p->q_rank == 0))
		return (struct gemm){ 0 };
	double heads = heads_each(p, tp);
	if (op == LLM_Q_UP) return (struct gemm){ heads * key_dim(p), (double)p->q_rank, 1, 1 };
	return (struct gemm){ heads * ((double)p->head_dim + value_dim(p)), (double)p->kv_rank, 1,
		1 };
}

static double shared_ffn(const struct llm_par *p)
{
	return (double)(p->experts_shared * (p->shared_ffn > 0 ? p->shared_ffn : p->ffn));
}

/* Gate and up in one product, or down. */
static struct gemm ffn_gemm(const struct llm_par *p, int64_t tp, double ffn, bool up)
{
	double hidden = (double)p->hidden, each = ffn / (double)tp;
	if (ffn <= 0) return (struct gemm){ 0 };
	return up ? (struct gemm){ 2 * each, hidden, 1, 1 } : (struct gemm){ hidden, each, 1, 1 };
}

static struct gemm expert_gemm(const struct llm_par *p, int64_t tp, bool up)
{
	struct gemm g = ffn_gemm(p, tp, (double)p->ffn, up);
	g.experts = (double)p->experts;
	g.active = (double)p->experts_active;
	return g;
}

struct gemm llm_gemm(const struct llm_par *p, int64_t tp, enum llm_op op)
{
	switch (op) {
	case LLM_QKV:
		return qkv_gemm(p, tp);
	case LLM_OUT:
		return (struct gemm){ (double)p->hidden, heads_each(p, tp) * value_dim(p), 1, 1 };
	case LLM_UP:
	case LLM_DOWN:
		return expert_gemm(p, tp, op == LLM_UP);
	case LLM_Q_UP:
	case LLM_KV_UP:
		return latent_gemm(p, tp, op);
	case LLM_SHARED_UP:
	case LLM_SHARED_DOWN:
		return ffn_gemm(p, tp, shared_ffn(p), op == LLM_SHARED_UP);
	case LLM_DENSE_UP:
	case LLM_DENSE_DOWN:
		return ffn_gemm(p, tp, (double)p->dense_ffn, op == LLM_DENSE_UP);
	case LLM_OPS:
		break;
	}
	return (struct gemm){ 0 };
}

double llm_op_layers(const struct llm_par *p, enum llm_op op)
{
	switch (op) {
	case LLM_QKV:
	case LLM_OUT:
	case LLM_Q_UP:
	case LLM_KV_UP:
		return (double)p->layers;
	case LLM_UP:
	case LLM_DOWN:
	case LLM_SHARED_UP:
	case LLM_SHARED_DOWN:
		return (double)(p->layers - p->dense_layers);
	case LLM_DENSE_UP:
	case LLM_DENSE_DOWN:
		return (double)p->dense_layers;
	case LLM_OPS:
		break;
	}
	return 0;
}

struct gemm llm_head(const struct llm_par *p, int64_t tp)
{
	return (struct gemm){ (double)p->vocabulary / (double)tp, (double)p->hidden, 1, 1 };
}

double gemm_weight_bytes(const struct gemm *g, double m, double bytes_per_weight)
{
	double passed_over =
	    g->experts > 1 && g->rows_least == 0 ? pow(1 - g->active / g->experts, m) : 0;
	double reached = m > 0 ? g->experts * (1 - passed_over) : 0;
	return reached * g->n * g->k * bytes_per_weight;
}

struct work gemm_work(const struct gemm *g, double m, double bytes_per_weight)
{
	double rows = m > 0 ? fmax(m * g->active, g->experts * g->rows_least) : 0;
	return (struct work){
		.flops = 2 * rows * g->n * g->k,
		.bytes = gemm_weight_bytes(g, m, bytes_per_weight) +
		    ACTIVATION_BYTES * m * g->active * (g->n + g->k),
	};
}

/* Bytes of cache of a token in a layer. */
static double token_bytes(const struct llm_par *p, int64_t tp, double value_bytes)
{
	if (p->attention == ATTENTION_MLA) return latent_dim(p) * value_bytes;
	return 2 * llm_kv_heads(p, tp) * (double)p->head_dim * value_bytes;
}

struct work llm_decode_attention(const struct llm_par *p, int64_t tp, double value_bytes,
    double context)
{
	double dims = p->attention == ATTENTION_MLA ? (double)p->kv_rank + latent_dim(p) :
						      2 * (double)p->head_dim;
	return (struct work){
		.flops = 2 * heads_each(p, tp) * dims * context,
		.bytes = token_bytes(p, tp, value_bytes) * context,
	};
}

/* Pairs of a new token and one that it sees, itself included. */
static double pairs(double before, double chunk, double window)
{
	double growing = fmin(chunk, fmax(0, window - before)); /* tokens that see all */
	double full = chunk > growing ? (chunk - growing) * window : 0;
	return growing * before + growing * (growing + 1) / 2 + full;
}

struct work llm_prefill_attention(const struct llm_par *p, int64_t tp, double value_bytes,
    double before, double chunk, double window)
{
	double heads = heads_each(p, tp), dims = key_dim(p) + value_dim(p);
	double seen = fmin(before, window);
	struct work w = {
		.flops = 2 * heads * dims * pairs(before, chunk, window),
		.bytes = token_bytes(p, tp, value_bytes) * (seen + chunk) +
			 heads * dims * ACTIVATION_BYTES * chunk,
	};
	if (p->attention == ATTENTION_MLA) {
		/* those before are expanded (written), all are read expanded */
		struct gemm g = llm_gemm(p, tp, LLM_KV_UP);
		w.flops += 2 * g.n * g.k * seen;
		w.bytes += ACTIVATION_BYTES * g.n * (2 * seen + chunk);
	}
	return w;
}

double llm_rest_bytes(const struct llm_par *p, int64_t tp)
{
	double rotary = 2 * (heads_each(p, tp) + llm_kv_heads(p, tp)) * (double)p->head_dim;
	if (p->attention == ATTENTION_MLA)
		rotary = 2 * (heads_each(p, tp) + 1) * (double)p->rope_dim +
		    2 * (double)(p->q_rank + p->kv_rank);
	double dense = (double)p->dense_layers / (double)p->layers;
	double expert = (double)(p->ffn * p->experts_active) + shared_ffn(p);
	double ffn = dense * (double)p->dense_ffn + (1 - dense) * expert;
	return ACTIVATION_BYTES * (10 * (double)p->hidden + rotary + 3 * ffn / (double)tp);
}

double llm_active_parameters(const struct llm_par *p)
{
	return isnan(p->parameters_active) ? p->parameters : p->parameters_active;
}

double llm_weight_bytes(const struct llm_par *p, int64_t tp, double bytes_per_weight)
{
	return p->parameters * bytes_per_weight / (double)tp;
}

double llm_kv_bytes(const struct llm_par *p, int64_t tp, double value_bytes)
{
	return token_bytes(p, tp, value_bytes) * (double)p->layers;
}

/* Weights of the layers: of all experts, or of those that one token uses. */
static double layer_parameters(const struct llm_par *p, bool active)
{
	double sum = 0;
	for (int i = 0; i < LLM_OPS; i++) {
		struct gemm g = llm_gemm(p, 1, (enum llm_op)i);
		sum += llm_op_layers(p, (enum llm_op)i) * (active ? g.active : g.experts) * g.n * g.k;
	}
	return sum;
}

static double embedding_parameters(const struct llm_par *p)
{
	return (double)p->vocabulary * (double)p->hidden;
}

double llm_shape_parameters(const struct llm_par *p, int embeddings)
{
	return layer_parameters(p, false) + embeddings * embedding_parameters(p);
}

double llm_shape_active_parameters(const struct llm_par *p, int embeddings)
{
	return layer_parameters(p, true) + embeddings * embedding_parameters(p);
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
	ATTR_INT(struct llm_par, experts_shared, "shared-experts", "0", 0, 1e5,
	    "experts that every token uses beside those"),
	ATTR_INT(struct llm_par, shared_ffn, "shared-ffn", "0", 0, 1e7,
	    "inner width of a shared expert; 0: as ffn"),
	ATTR_INT(struct llm_par, dense_layers, "dense-layers", "0", 0, 1000,
	    "first layers of a mixture, which have no experts"),
	ATTR_INT(struct llm_par, dense_ffn, "dense-ffn", "0", 0, 1e7,
	    "inner width of the feed-forward layer in those"),
	ATTR_ENUM(struct llm_par, attention, "attention", "gqa", ATTENTION_WORDS,
	    "gqa: grouped queries, of which multi-head and multi-query attention are cases; "
	    "mla: multi-head latent attention"),
	ATTR_INT(struct llm_par, kv_rank, "kv-lora-rank", "0", 0, 1e6,
	    "mla: width of the latent of keys and values"),
	ATTR_INT(struct llm_par, q_rank, "q-lora-rank", "0", 0, 1e6,
	    "mla: width of the latent of queries; 0: there is none"),
	ATTR_INT(struct llm_par, rope_dim, "rope-head-dim", "0", 0, 1024,
	    "mla: width of the rotary key; head-dim is then the rest of a head's key"),
	ATTR_INT(struct llm_par, v_dim, "v-head-dim", "0", 0, 1024,
	    "mla: width of a head's values; 0: as head-dim"),
	ATTR_INT(struct llm_par, window, "window", "0", 0, 1e9,
	    "tokens that layers with a sliding window see; 0: there are none"),
	ATTR_INT(struct llm_par, window_layers, "window-layers", "0", 0, 1000,
	    "layers with a sliding window; their cache is kept whole"),
	ATTR_ENUM(struct llm_par, embeddings, "embeddings", "either", EMBEDDINGS_WORDS,
	    "tied: the head uses the matrix of the token embeddings; tells what parameters= "
	    "must be"),
	ATTR_QTY(struct llm_par, score_frac, "score", DIM_FRACTION, OPTIONAL, 0, 1,
	    "share of a benchmark's questions that the model answers correctly; without it, no "
	    "correct answers per energy are reported"),
	ATTR_TEXT(struct llm_par, score_name, "score-name", OPTIONAL, "the benchmark of the score"),
	ATTR_TEXT(struct llm_par, score_source, "score-source", OPTIONAL,
	    "who measured the score, and how"),
	SOURCE_ATTRS(struct llm_par),
	ATTR_END,
};

static void check_shape(const struct object *o, struct err_list *e)
{
	const struct llm_par *p = o->par;
	int fewest = p->embeddings == EMBEDDINGS_SEPARATE ? 2 : 1;
	int most = p->embeddings == EMBEDDINGS_TIED ? 1 : 2;
	double low = llm_shape_parameters(p, fewest), high = llm_shape_parameters(p, most);
	if (p->parameters < 0.95 * low || p->parameters > 1.05 * high)
		err_at(e, object_attr_pos(o, "parameters"),
		    "model: parameters=\"%.4g\" does not fit the shape, which has %.4g with tied "
		    "and %.4g with separate embeddings; correct one of them",
		    p->parameters, llm_shape_parameters(p, 1), llm_shape_parameters(p, 2));
	low = llm_shape_active_parameters(p, 0);
	high = llm_shape_active_parameters(p, 2);
	if (p->parameters_active < 0.95 * low || p->parameters_active > 1.05 * high)
		err_at(e, object_attr_pos(o, "active-parameters"),
		    "model: active-parameters=\"%.4g\" does not fit the shape, of which a token "
		    "uses %.4g without embeddings and %.4g with both; correct one of them",
		    p->parameters_active, low, high);
}

static void check_mixture(const struct object *o, struct err_list *e)
{
	const struct llm_par *p = o->par;
	if (p->experts_active > p->experts)
		err_at(e, object_attr_pos(o, "active-experts"),
		    "model: active-experts must not exceed experts=\"%lld\"",
		    (long long)p->experts);
	if (p->experts > 1 && isnan(p->parameters_active))
		err_at(e, o->pos, "model: a mixture of experts needs active-parameters=");
	if (p->parameters_active > p->parameters)
		err_at(e, object_attr_pos(o, "active-parameters"),
		    "model: active-parameters must not exceed parameters");
	if (p->experts == 1 && (p->experts_shared > 0 || p->dense_layers > 0))
		err_at(e, object_attr_pos(o, p->dense_layers > 0 ? "dense-layers" : "shared-experts"),
		    "model: shared-experts and dense-layers belong to a mixture; give experts=");
	if (p->dense_layers >= p->layers)
		err_at(e, object_attr_pos(o, "dense-layers"),
		    "model: dense-layers must be below layers=\"%lld\"", (long long)p->layers);
	if ((p->dense_layers > 0) != (p->dense_ffn > 0))
		err_at(e, object_attr_pos(o, p->dense_ffn > 0 ? "dense-ffn" : "dense-layers"),
		    "model: dense-layers and dense-ffn go together; give both or none");
}

static void check_attention(const struct object *o, struct err_list *e)
{
	const struct llm_par *p = o->par;
	bool mla = p->attention == ATTENTION_MLA;
	if (p->heads % p->kv_heads)
		err_at(e, object_attr_pos(o, "kv-heads"),
		    "model: kv-heads=\"%lld\" must divide heads=\"%lld\"", (long long)p->kv_heads,
		    (long long)p->heads);
	if (mla && (p->kv_rank == 0 || p->rope_dim == 0))
		err_at(e, object_attr_pos(o, "attention"),
		    "model: attention=\"mla\" needs kv-lora-rank= and rope-head-dim=");
	if (!mla && (p->kv_rank > 0 || p->q_rank > 0 || p->rope_dim > 0 || p->v_dim > 0))
		err_at(e, object_attr_pos(o, "attention"),
		    "model: kv-lora-rank, q-lora-rank, rope-head-dim and v-head-dim need "
		    "attention=\"mla\"");
	if ((p->window > 0) != (p->window_layers > 0))
		err_at(e, object_attr_pos(o, p->window > 0 ? "window" : "window-layers"),
		    "model: window and window-layers go together; give both or none");
	if (p->window_layers > p->layers)
		err_at(e, object_attr_pos(o, "window-layers"),
		    "model: window-layers must not exceed layers=\"%lld\"", (long long)p->layers);
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
	size_t before = err_count(e);
	check_attention(o, e);
	check_mixture(o, e);
	if (err_count(e) == before) check_shape(o, e); /* a sound shape may still not fit */
	check_score(o, e);
}

const struct class model_class = {
	.element = "model", .parents = "scenario catalogue",
	.about = "A decoder-only language model, given by its shape.",
	.par_size = sizeof(struct llm_par), .attrs = attrs, .check = check,
};
