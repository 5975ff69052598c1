/* Measured times of single operations, from published forms of tables.
 *
 * Matrix products:
 *   columns m n k latency_ms [dtype]: one product a row, as the kernel tables of
 *       github.com/ai-dynamo/aiconfigurator have it; dtype fp8: weights of one byte,
 *       else of two;
 *   columns model tp num_tokens attn_pre_proj attn_post_proj mlp_up_proj
 *       mlp_down_proj (milliseconds): four products a row, as the layer tables of
 *       Vidur (Agrawal et al. 2024) have it; shapes of the models come from a table
 *       with columns model n_head n_kv_head n_embd n_expanded_embd beside it.
 *   columns tp layer tokens time_us: a layer's kernel a row, as vLLM's profiles in
 *       github.com/casys-kaist/LLMServingSim have it, of the model that ops.model
 *       gives the shape of;
 * Attention:
 *   columns phase batch_size isl num_heads num_key_value_heads head_dim step
 *       latency_ms (aiconfigurator): phase prefill (isl new tokens each) or decode
 *       (one new token each after `step` tokens);
 *   columns tp prefill_chunk kv_prefill n_decode kv_decode time_us (LLMServingSim):
 *       prefill_chunk new tokens of a prompt after kv_prefill, or n_decode requests
 *       with kv_decode tokens each; rows with both are passed over. */
#ifndef HEARTH_BENCH_OPS_H
#define HEARTH_BENCH_OPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/sheet.h"
#include "models/compute/device.h"

enum { OP_BYTES_PER_VALUE = 2 }; /* fp16 or bf16 */

struct op {
	struct work work;
	double time_s;
	double tokens;        /* rows of the product; new tokens of attention */
	double operand_bytes; /* weights, or keys and values: what stays in a cache that is large
				 enough */
	bool fp8; /* a product of fp8 weights in fp8 arithmetic */
	bool prefill, decode;
	double rows; /* of decode attention: sequences times key-value heads */
};

/* Time of an attention by the model. */
double op_attention_s(const struct device_par *d, const struct op *op);

struct ops {
	struct op *op;
	size_t count, cap;
	const struct llm_par *model; /* of layer tables, which do not say it; NULL: none given */
};

void ops_free(struct ops *o); /* empties it */
void ops_add(struct ops *o, struct op op);

/* A product of so many tokens with rows x cols weights, of fp8 or of two bytes. */
struct op op_product(double rows, double cols, double tokens, bool fp8, double time_s);

/* A token of each of so many requests after `context` of them, its own included. Of the model
 * only the heads matter. */
struct op op_decode(const struct llm_par *p, double requests, double context, double time_s);

/* Appends the rows of a table in which `where` holds (NULL at the end: pairs of
 * column and text, as { "gpu", "a100", NULL }); rows without a time are passed
 * over. False with entries in e when the table cannot be used. */
bool ops_read_products(
    struct ops *o, const char *path, const char *const *where, struct err_list *e);
bool ops_read_attention(
    struct ops *o, const char *path, const char *const *where, struct err_list *e);

/* Which of them to look at. */
struct ops_range {
	double tokens_min, tokens_max;
	double
	    operand_min_bytes; /* more than twice the cache: measured in memory, not in the cache */
};

bool ops_in(const struct op *op, const struct ops_range *r);

#endif
