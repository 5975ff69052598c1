/* A language model: from its shape to the work of an iteration.
 *
 * Decoder-only transformers with grouped-query attention and a gated
 * feed-forward layer (Llama, Mistral, Qwen), dense or mixture of experts.
 * Everything here is what ONE accelerator does when the weights are split over
 * `tp` of them by columns and rows (Shoeybi et al. 2019, "Megatron-LM",
 * section 3); tp must divide `heads`. The embedding look-up and the experts' router
 * are left out. */
#ifndef HEARTH_MODELS_COMPUTE_LLM_H
#define HEARTH_MODELS_COMPUTE_LLM_H

#include <stdint.h>

#include "models/class.h"

/* How far a figure of a catalogue can be trusted. */
enum verify { VERIFY_SEEN, VERIFY_DERIVED, VERIFY_RECALLED };
#define VERIFY_WORDS "seen derived recalled"

struct llm_par {
	const char *name, *source;
	int verify;
	int64_t layers, hidden, heads, kv_heads, head_dim, ffn, vocabulary;
	int64_t experts, experts_active; /* dense: 1 and 1 */
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
};

enum llm_op { LLM_QKV, LLM_OUT, LLM_UP, LLM_DOWN, LLM_OPS };

enum { KV_VALUE_BYTES = 2, ACTIVATION_BYTES = 2 }; /* fp16 or bf16 */

struct gemm llm_gemm(const struct llm_par *p, int64_t tp, enum llm_op op); /* of one layer */
struct gemm llm_head(const struct llm_par *p, int64_t tp);                 /* once an iteration */

/* Bytes of weights that m tokens make the accelerator read:
 * n k bytes x E (1 - (1 - active/E)^m), the expected number of experts reached
 * when each token picks `active` of E at random. */
double gemm_weight_bytes(const struct gemm *g, double m, double bytes_per_weight);

/* flops = 2 m n k active; bytes = weights + activations in and out. m >= 0. */
struct work gemm_work(const struct gemm *g, double m, double bytes_per_weight);

/* One layer's attention for decoding requests whose contexts add up to
 * `context` tokens: scores and weighted sum are 4 h d flops, and the keys and
 * values are read once. Both are proportional to the context. */
struct work llm_decode_attention(const struct llm_par *p, int64_t tp, double context);

/* One layer's causal attention of `chunk` new tokens after `before` computed
 * ones: 4 h d (chunk before + chunk (chunk + 1) / 2) flops. */
struct work llm_prefill_attention(const struct llm_par *p, int64_t tp, double before, double chunk);

/* Bytes that a token moves in the rest of a layer: two norms (read, write) and two
 * residual sums (read two, write one) of the hidden width, which is not split;
 * rotary embedding of queries and keys in place; the gate times the up product. */
double llm_rest_bytes(const struct llm_par *p, int64_t tp);

double llm_active_parameters(const struct llm_par *p);

/* Memory on one accelerator. Key and value heads are copied, not split, where
 * there are fewer of them than accelerators. */
double llm_weight_bytes(const struct llm_par *p, int64_t tp, double bytes_per_weight);
double llm_kv_bytes(const struct llm_par *p, int64_t tp); /* a token, all layers */

/* Parameters that the shape gives: with one embedding matrix (tied to the head)
 * or two. The catalogue's total must lie between them, within 5 %. */
double llm_shape_parameters(const struct llm_par *p, int embeddings);

#endif
