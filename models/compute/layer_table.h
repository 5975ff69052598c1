/* Measured times of a model's layers on a device, in place of the formulas.
 *
 * Three CSV files in microseconds, as a profiler of an engine writes them (Cho et
 * al. 2026, "LLMServingSim 2.0"); rows of another tp are passed over:
 *   dense      tp,layer,tokens,time_us: one layer's qkv_proj, rotary_emb, o_proj,
 *              gate_up_proj, act_fn, down_proj and layernorm (which runs twice), and
 *              embedding and final_layernorm (once an iteration), by tokens
 *   sequence   tp,layer,sequences,time_us: lm_head and sampler, by requests
 *   attention  tp,prefill_chunk,kv_prefill,n_decode,kv_decode,time_us: one layer's
 *              attention of prefill_chunk new tokens after kv_prefill computed ones
 *              and of n_decode requests with kv_decode tokens of context each
 * Rows are in ascending order of their leading columns. Between rows times are
 * interpolated linearly; beyond the last row the last two go on, before the first
 * one its time holds.
 *
 * Attention of an iteration that only decodes lies between the rows around the
 * number of requests and around the context: as contexts grow it is affine from row
 * to row. Several chunks add up what each takes above the smallest call of the
 * table, for they share a call. An iteration of both kinds adds to the two parts
 * what rows with both take longer than their parts alone; such rows may be few,
 * and gaps are filled from their neighbours. */
#ifndef HEARTH_MODELS_COMPUTE_LAYER_TABLE_H
#define HEARTH_MODELS_COMPUTE_LAYER_TABLE_H

#include <stdint.h>

#include "models/class.h"

struct layer_table_par {
	const char *name, *source;
	int verify;
	const struct object *device, *model; /* that were measured */
	int64_t tensor_parallel;
	int weights, kv;                     /* enum weights, enum kv_values */
	const char *dense, *sequence, *attention; /* paths */
	double skew_frac;                    /* weight of the longest context */
};

extern const struct class layer_table_class;

/* Those files of one device with fp16 weights and cache, and the default skew. The
 * paths are the caller's. */
struct layer_table_par layer_table_files(
    const char *dense, const char *sequence, const char *attention);

struct layer_table;

/* NULL with every fault of the files in e. */
struct layer_table *layer_table_read(const struct layer_table_par *p, struct err_list *e);
void layer_table_free(struct layer_table *t); /* takes NULL */

/* Everything but attention, for that many tokens of an iteration. */
double layer_table_dense_s(const struct layer_table *t, double layers, double tokens);

/* The head and the sampler. */
double layer_table_rows_s(const struct layer_table *t, double rows);

/* One layer's attention of decoding requests whose context is `context` each: its
 * time, what a token of context of each adds, and the context until which it does. */
struct layer_piece {
	double s, token_s, until;
};
struct layer_piece layer_table_decode(const struct layer_table *t, double requests,
    double context);

/* What a chunk takes of one layer's attention above the call that chunks share. */
double layer_table_chunk_s(const struct layer_table *t, double before, double chunk);
double layer_table_call_s(const struct layer_table *t);

/* What chunks of `chunk` tokens in all, after `before` on average, and requests
 * that decode take together above what they take apart. May be negative. */
double layer_table_mixed_s(const struct layer_table *t, double before, double chunk,
    double requests, double context);

#endif
