/* A serving engine: the software's own times and limits.
 *
 * An iteration takes max(layers * t_host, the device's operations) + t_seq * B:
 * the host launches the kernels of a layer while the device still runs earlier
 * ones, so the longer of the two counts; B running requests are prepared and
 * sampled one by one. A processor's row has the rates of one program's kernels; those of
 * another engine reach decode_share of its bytes and prompt_share of its flops a second,
 * which may be more than 1. What an engine does with its requests: replica.h.
 *
 * Not here: what engines spend on a mixture of experts whose weights are fp8 (scaling and
 * rounding activations, kernels for few rows an expert), a time a layer that does not shrink with the
 * batch, at more power. In vLLM 0.11 Qwen3 235B takes 56 % more energy a token in fp8 than in bf16 at
 * batch 8 on 8 H100, and 13 % less at 256 (ML.ENERGY v3, Chung et al. 2025, arXiv 2505.06371); here
 * 31 and 34 % less (`hearth validate spiking`). Do not take fp8 of a mixture at small batches for
 * a saving. */
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
