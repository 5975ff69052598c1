/* A language model: from its shape to the work of an iteration.
 *
 * Decoder-only transformers with a gated feed-forward layer, dense or a mixture
 * of experts, of two kinds of attention:
 *   gqa: grouped queries (Ainslie et al. 2023); kv-heads = heads is multi-head
 *        attention, kv-heads = 1 multi-query attention.
 *   mla: multi-head latent attention (DeepSeek-AI 2024, "DeepSeek-V2", section
 *        2.1): the cache holds one latent of kv-rank values and one rotary key of
 *        rope-dim a token, whatever the number of heads, and a copy of them on each
 *        accelerator. Decoding multiplies queries and outputs by the latent's
 *        up-projection instead of expanding the cache ("absorbed"), so that a head
 *        meets kv-rank + rope-dim values a token and gives kv-rank; a prompt
 *        expands keys and values of head-dim + rope-dim and v-dim.
 * A mixture may begin with dense layers of their own width and have experts that
 * every token uses (Dai et al. 2024, "DeepSeekMoE").
 * Some layers may see only the last `window` tokens (Beltagy et al. 2020; Jiang et
 * al. 2023, "Mistral 7B"). Their cache is nevertheless kept whole, as engines do
 * that have one kind of cache block for all layers.
 *
 * Everything here is what ONE accelerator does when the weights are split over
 * `tp` of them by columns and rows (Shoeybi et al. 2019, "Megatron-LM",
 * section 3); tp must divide `heads`. The embedding look-up and the experts' router
 * are left out. */
#ifndef HEARTH_MODELS_COMPUTE_LLM_H
#define HEARTH_MODELS_COMPUTE_LLM_H

#include <stdint.h>

#include "models/class.h"
#include "models/provenance.h"

enum attention { ATTENTION_GQA, ATTENTION_MLA };
#define ATTENTION_WORDS "gqa mla"

/* Whether the head uses the matrix of the token embeddings. */
enum embeddings { EMBEDDINGS_EITHER, EMBEDDINGS_TIED, EMBEDDINGS_SEPARATE };
#define EMBEDDINGS_WORDS "either tied separate"

struct llm_par {
	const char *name, *source;
	int verify;
	int64_t layers, hidden, heads, kv_heads, head_dim, ffn, vocabulary;
	int64_t experts, experts_active; /* dense: 1 and 1 */
	int64_t experts_shared;          /* used by every token, beside the above */
	int64_t shared_ffn;              /* inner width of one of them; 0: ffn */
	int64_t dense_layers, dense_ffn; /* of a mixture: leading layers without experts */
	int attention;                   /* enum attention */
	/* mla. head_dim is the part of queries and keys without position. */
	int64_t kv_rank, rope_dim;
	int64_t q_rank;                  /* 0: queries come from the hidden state */
	int64_t v_dim;                   /* 0: head_dim */
	int64_t window, window_layers;   /* 0, 0: every layer sees all tokens */
	int embeddings;                  /* enum embeddings */
	double parameters;               /* total */
	double parameters_active;        /* used for one token; NAN when dense: then all */
	double score_frac;               /* share of a benchmark's questions it answers correctly;
	                                    NAN when score_name is NULL: none given */
	const char *score_name;          /* the benchmark, "GPQA Diamond"; NULL with no score */
	const char *score_source;
};

extern const struct class model_class;

/* Work of one accelerator. */
struct work {
	double flops; /* a multiply-add counts two */
	double bytes; /* to and from its memory */
};

/* A family of matrix products m x k by k x n, one for each expert that m tokens
 * reach; dense: one. */
struct gemm {
	double n, k;
	double experts, active;
	double rows_least; /* rows that the kernel computes for every expert at least; 0: it
	                      computes those of reached experts and reads no others */
};

/* The matrix products of a layer. UP and DOWN are the experts' in a mixture.
 * Q_UP and KV_UP are the second products of latent attention. */
enum llm_op {
	LLM_QKV,
	LLM_OUT,
	LLM_UP,
	LLM_DOWN,
	LLM_Q_UP,
	LLM_KV_UP,
	LLM_SHARED_UP,
	LLM_SHARED_DOWN,
	LLM_DENSE_UP,
	LLM_DENSE_DOWN,
	LLM_OPS
};

enum { ACTIVATION_BYTES = 2 }; /* fp16 or bf16 */

/* All zero where the model has no such product. */
struct gemm llm_gemm(const struct llm_par *p, int64_t tp, enum llm_op op);
double llm_op_layers(const struct llm_par *p, enum llm_op op); /* layers that have it */
struct gemm llm_head(const struct llm_par *p, int64_t tp);     /* once an iteration */

/* Bytes of weights that m tokens make the accelerator read:
 * n k bytes x E (1 - (1 - active/E)^m), the expected number of experts reached
 * when each token picks `active` of E at random; x E with rows_least, m > 0. */
double gemm_weight_bytes(const struct gemm *g, double m, double bytes_per_weight);

/* flops = 2 n k x the greater of m active and E rows_least (m > 0); bytes = weights +
 * activations in and out. m >= 0. */
struct work gemm_work(const struct gemm *g, double m, double bytes_per_weight);

/* Key and value heads of one accelerator: copied, not split, where there are fewer
 * of them than accelerators; mla: 1. */
double llm_kv_heads(const struct llm_par *p, int64_t tp);

/* One layer's attention for decoding requests whose contexts add up to
 * `context` tokens, each kept as values of value_bytes. gqa: scores and weighted
 * sum are 4 h d flops a token of context; mla: 2 h (2 kv-rank + rope-dim). The
 * cache is read once. Both are proportional to the context; of a layer with a
 * window the caller counts no more than `window` tokens of each context. */
struct work llm_decode_attention(const struct llm_par *p, int64_t tp, double value_bytes,
    double context);

/* One layer's causal attention of `chunk` new tokens after `before` computed
 * ones, each seeing at most `window` (INFINITY: all): gqa 4 h d flops a pair of
 * query and key, without a window chunk before + chunk (chunk + 1) / 2 pairs; mla
 * 2 h (head-dim + rope-dim + v-dim), and the keys and values of the tokens before
 * are expanded again. */
struct work llm_prefill_attention(const struct llm_par *p, int64_t tp, double value_bytes,
    double before, double chunk, double window);

/* Bytes that a token moves in the rest of a layer, the mean of all layers: two
 * norms (read, write) and two residual sums (read two, write one) of the hidden
 * width, which is not split; rotary embedding of queries and keys in place; the
 * gate times the up product; mla: norms of the latents. */
double llm_rest_bytes(const struct llm_par *p, int64_t tp);

double llm_active_parameters(const struct llm_par *p);

/* Memory on one accelerator. Key and value heads are copied, not split, where
 * there are fewer of them than accelerators; so is the latent of mla. */
double llm_weight_bytes(const struct llm_par *p, int64_t tp, double bytes_per_weight);
/* Of a token, in all layers. */
double llm_kv_bytes(const struct llm_par *p, int64_t tp, double value_bytes);

/* Parameters that the shape gives, in all and for one token, with `embeddings`
 * matrices of vocabulary x hidden. The catalogue's total must lie within 5 % of
 * that with one (tied) or two (separate) of them; the parameters used for one token
 * within 5 % of that with none to two, for authors count them differently. */
double llm_shape_parameters(const struct llm_par *p, int embeddings);
double llm_shape_active_parameters(const struct llm_par *p, int embeddings);

#endif
