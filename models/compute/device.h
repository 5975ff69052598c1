/* An accelerator or a processor: how long an operation takes on it. What it draws: power.h.
 *
 * Time of an operation of F flops and Q bytes, by a smooth roofline:
 *     t = t0 + ((F / (a peak))^p + (Q / (b bandwidth))^p)^(1/p)
 * (Williams, Waterman, Patterson 2009, "Roofline", with the corner rounded by a
 * p-norm: p -> infinity gives max(), p = 1 the sum). Fitted to public tables of
 * measured matrix products it errs by 5 to 9 %, the sharp roofline by 7 to 59 %.
 *
 * A processor differs in two ways. Its products of one token unpack weights hardly faster
 * than memory gives them, each format at a rate of its own: bytes then come at no more than
 * that rate (struct kernel_par). And its last-level cache holds small models whole: weights
 * that are read once a token come at a rate between the cache's and the memory's
 * (streamed.h). */
#ifndef HEARTH_MODELS_COMPUTE_DEVICE_H
#define HEARTH_MODELS_COMPUTE_DEVICE_H

#include "models/class.h"
#include "models/compute/llm.h"
#include "models/compute/power.h"

/* Formats of weights that have products of their own on a processor. */
#define KERNEL_LIST(X) \
	X(KERNEL_FP32, "fp32") \
	X(KERNEL_FP16, "fp16") \
	X(KERNEL_Q8, "q8") \
	X(KERNEL_Q4, "q4")

enum kernel_format {
#define X(id, word) id,
	KERNEL_LIST(X)
#undef X
	KERNELS
};

/* Products with weights of a format, as measured. 0 or NAN: not given. */
struct kernel_par {
	double flops_s;         /* reached with many tokens; else flops-share of the peak */
	double vector_flops_s;  /* reached with one, the weights in the cache; else no limit */
	double bandwidth_share; /* of the memory, reached with one; else the device's */
};

struct device_par {
	const char *name, *source;
	int verify;
	int64_t year;                    /* of its first sale; 0: not known */
	double memory_bytes, bandwidth_bytes_s;
	double cache_bytes;              /* last level; NAN: not known */
	double cache_bytes_s;            /* its bandwidth; 0 or NAN: weights come from memory */
	double fp16_flops_s;             /* dense peak, fp16 or bf16 with fp32 sums; NAN: none */
	double fp32_flops_s;             /* NAN: not known */
	double fp8_flops_s, int8_flops_s; /* NAN: the device has none */
	struct kernel_par kernel[KERNELS];
	double link_bytes_s;             /* to its peers, one way; NAN: no tensor parallelism */
	double flops_share, bandwidth_share; /* a, b: shares of the peaks that kernels reach */
	double fp8_share;                /* a of products in fp8 arithmetic; NAN: flops_share */
	double op_s, roundness;          /* t0, p */
	double attention_share;          /* a of prefill attention */
	double attention_bw_share;       /* b of attention */
	double attention_s;              /* t0 of attention */
	double attention_row_s;          /* added in decode for each sequence and KV head */
	double attention_flops_s;        /* of decode attention; 0 or NAN: as products in fp16 */
	double synapse_s;                /* of a synaptic operation, by lists of spikes; NAN: dense */
	double sparse_gain;              /* peak with 2:4 sparse weights; 0 or NAN: no use of them */
	double rest_bw_share;            /* of the rest of a layer; 0 or NAN: bandwidth_share */
	struct power_par power;
};

extern const struct class device_class;

/* How weights are stored, and what reaches the arithmetic: bytes a weight, the
 * share of the bandwidth that unpacking leaves, the arithmetic's precision, and whose
 * products they share.
 *   q8: 8-bit integers with an fp16 scale for 32 of them (GGUF Q8_0): 34/32 bytes.
 *   q4: GGUF Q4_K_M: Llama 3 8B takes 4.58 GiB for 8.03e9 parameters. It decodes
 *       2.52 times faster than fp16 (median of nine single GPUs in the table
 *       of github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference, 2024) for 3.27
 *       times fewer bytes: a share of 0.77. For q8 no such table is public: 0.9,
 *       about half way, is an assumption.
 *   q4-0: 4-bit integers with an fp16 scale for 32 of them (GGUF Q4_0): 18/32 bytes. */
#define WEIGHTS_LIST(X) \
	X(WEIGHTS_FP16, 2.0, 1.0, fp16_flops_s, KERNEL_FP16) \
	X(WEIGHTS_FP8, 1.0, 1.0, fp8_flops_s, KERNELS) \
	X(WEIGHTS_INT8, 1.0, 1.0, int8_flops_s, KERNELS) \
	X(WEIGHTS_Q8, 1.0625, 0.9, fp16_flops_s, KERNEL_Q8) \
	X(WEIGHTS_Q4, 0.612, 0.77, fp16_flops_s, KERNEL_Q4) \
	X(WEIGHTS_FP32, 4.0, 1.0, fp32_flops_s, KERNEL_FP32) \
	X(WEIGHTS_Q4_0, 0.5625, 0.77, fp16_flops_s, KERNEL_Q4)
#define WEIGHTS_WORDS "fp16 fp8 int8 q8 q4 fp32 q4-0"

enum weights {
#define X(id, bytes, share, peak, kernel) id,
	WEIGHTS_LIST(X)
#undef X
};

double weights_bytes(enum weights w); /* of one weight */
bool weights_packed(enum weights w);  /* integers with scales, unpacked in the product's kernel */

/* A smooth roofline ready for use: peaks already times their shares. */
struct roofline {
	double flops_s, bytes_s, op_s, roundness;
};

/* peak of the arithmetic for such weights, no less than its products reach; NAN when the
 * device lacks it, except that fp8 weights are unpacked to fp16 where there is no fp8
 * arithmetic. */
double device_peak_flops_s(const struct device_par *p, enum weights w);

/* Products with weights of which span_bytes are read over and over; INFINITY: from memory.
 * packed_share: what an engine's own kernels reach with packed weights; NAN: the device's. */
struct roofline device_gemm(
    const struct device_par *p, enum weights w, double packed_share, double span_bytes);

/* The same with weights of value_bytes that are unpacked as those of format w are. */
struct roofline device_gemm_packed(const struct device_par *p, enum weights w, double value_bytes,
    double packed_share, double span_bytes);
struct roofline device_prefill_attention(const struct device_par *p);

/* What packed weights and attention are computed with: fp16, or where a device has none the
 * 8-bit integers that it keeps both as. */
double device_half_flops_s(const struct device_par *p);

/* The device at a share of its highest clock: the peaks of its arithmetic, not yet
 * its power (power_at_clock). */
struct device_par device_at_clock(const struct device_par *p, double clock_frac);

/* Decode attention keeps the sharp corner, t = t0 + t_row rows + max(F, Q), with a
 * row for each sequence and KV head, so that its time is affine in the context. Of what is
 * read over and over span_bytes, keys and values among it; INFINITY: from memory. */
struct roofline device_decode_attention(const struct device_par *p, double span_bytes);

/* The rest of a layer: norms, rotary embedding, gate, residual sums; of llm_rest_bytes. */
double device_rest_bytes_s(const struct device_par *p);

double roofline_s(const struct roofline *r, struct work w);       /* t0 + p-norm; 0 for no work */
double roofline_sharp_s(const struct roofline *r, struct work w); /* max, without t0 */

#endif
