/* A serving engine: the software's own times and limits.
 *
 * An iteration takes max(layers * t_host, the device's operations) + t_seq * B:
 * the host launches the kernels of a layer while the device still runs earlier
 * ones, so the longer of the two counts; B running requests are prepared and
 * sampled one by one. A processor's row has the rates of one program's kernels; those of
 * another engine reach decode_share of its bytes and prompt_share of its flops a second,
 * which may be more than 1. What an engine does with its requests: replica.h.
 *
 * A mixture's experts in fp8 have kernels of their own, with a fixed time and a least number of
 * rows that they compute for every expert, whether a token picked it or not. In vLLM 0.11 Qwen3
 * 235B behaves so: the part of an iteration of 8 requests that devices share takes 10.4 ms on 8
 * H100 and twice that on 4, 84 % of what reading all weights takes at 3.35 TB/s, though 8 tokens
 * pick 40 % of the experts; and a board draws 450 W, with bf16 354 W (ML.ENERGY v3, Chung et al.
 * 2025, arXiv 2505.06371). So fp8 costs energy in small batches and saves it in large ones:
 * `hearth validate spiking`.
 */
#ifndef HEARTH_MODELS_COMPUTE_ENGINE_H
#define HEARTH_MODELS_COMPUTE_ENGINE_H

#include <stdint.h>

#include "models/class.h"

enum { ENGINE_BLOCK_MAX = 64 };

/* The words of attribute `order` are in this order, as are those of `schedule` and
 * `admission`. */
enum engine_order { ENGINE_FCFS, ENGINE_PRIORITY };
#define ENGINE_ORDER_WORDS "fcfs priority"

enum engine_schedule { ENGINE_CHUNKED, ENGINE_PREFILL_FIRST };
#define ENGINE_SCHEDULE_WORDS "chunked prefill-first"

enum engine_admission { ENGINE_ADMIT_CHUNK, ENGINE_ADMIT_WHOLE };
#define ENGINE_ADMISSION_WORDS "chunk whole"

struct engine_par {
	const char *name, *source;
	int verify;
	double host_s;         /* t_host: host time to launch a layer */
	double sequence_s;     /* t_seq: host time for a running request */
	double layer_s;        /* fixed device time of a layer's norms, rotary, gate, residual */
	double collective_s;   /* fixed time of an all-reduce */
	double expert_s;       /* fixed device time of a layer's choice of experts */
	double fp8_expert_s;   /* what experts in fp8 add to it */
	int64_t fp8_expert_rows; /* rows that kernels for fp8 compute for every expert at least */
	double packed_share;   /* share of the bandwidth of fp16 weights that packed ones (q8, q4)
	                          reach; NAN: that of WEIGHTS_LIST */
	double decode_share;   /* bytes of weights a second that its own products read, over what
	                          the device gives; 0 or NAN: 1 */
	double prompt_share;   /* the same of flops a second; 0 or NAN: 1 */
	double link_share;     /* share of the link's bandwidth that an all-reduce reaches */
	double skew_frac;      /* weight of the longest context in decode attention */
	double memory_frac;    /* share of the device's memory that the engine may use */
	int64_t token_budget;  /* tokens an iteration may compute */
	int64_t max_sequences; /* running requests */
	int order;             /* enum engine_order */
	int schedule;          /* enum engine_schedule */
	int admission;         /* enum engine_admission */
	bool ahead;            /* plans an iteration while the one before runs */
	bool prefix_cache;
	int64_t block_tokens;  /* tokens in a block of KV cache, <= ENGINE_BLOCK_MAX */
};

extern const struct class engine_class;

#endif
