/* What a file of `hearth bench` measured as a device of the simulator: this machine's processor
 * (host_processor.c) or an accelerator (host_accelerator.c).
 *
 * Each constant is the middle of what its cases measured, and its interval the 5 % and
 * 95 % quantiles of their samples (bench/spread.h): across repetitions and across shapes,
 * since a new model's shapes differ from those measured. Fitted ones are a fit's (bench/fit.h),
 * their intervals 1.645 standard errors.
 *
 * Of a processor, of the rows with as many threads:
 *
 *   bandwidth            group memory, kernel read, at the largest span
 *   cache, cache-bandwidth  a fit of streamed.h to read from twice the second-level caches on
 *   F-vector             gemv_F with spans of up to half that cache, flops
 *   F-bandwidth-share    gemv_F with spans of four times that cache and more; the rest of
 *                        the gemv rows are neither
 *   F-flops              gemm_F with 64 tokens and more
 *   fp32, fp16           the best case of gemm_f32, and of gemm_f16 where there is one
 *   attention-bandwidth-share  attention of one token, with the fewest query heads a
 *                        key-value head, but for spans that lie in the cache
 *   attention-flops      the same with 4 query heads and more
 *   attention-share      attention of several tokens
 *   rest-bandwidth-share group rest with 64 tokens and more: bytes of llm_rest_bytes
 *   layer-time           of the engine: group rest with one token, less those bytes
 *   synapse-time         group spiking, delivery by lists of HOST_SYNOPS_MIN operations and more
 *
 * Times of one thread are its processor time, which others' work does not lengthen; on a
 * quiet machine it is the wall's. op-time and attention-time are 0 and roundness 100: on a
 * processor nothing is launched, and a product is bound by one limit or the other.
 *
 * Of an accelerator, of the rows that ran on it, by CUDA where both that and OpenCL did:
 *
 *   bandwidth            kernel read, at the largest size
 *   memory, cache        as its driver tells them with that row
 *   fp16, fp32, fp8      the best product of many tokens, bf16 or fp16; or of the data sheet
 *   flops-share, bandwidth-share, op-time, roundness  the fit of calibrate products to the
 *                        products of many tokens and to gemv_f16, a product of one
 *   fp8-flops-share      the fit of calibrate fp8
 *   F-bandwidth-share    gemv_F of fp32, q8 and q4, less op-time
 *   attention-bandwidth-share, attention-time, attention-row-time  the fit of calibrate decode;
 *                        the first alone, less the default of attention-time, where the rows
 *                        do not tell them apart
 *
 * tdp and idle are the highest power of a case and the least of an idle window, where a meter
 * ran with its cases. */
#ifndef HEARTH_BENCH_HOST_H
#define HEARTH_BENCH_HOST_H

#include "base/err.h"
#include "bench/constant.h"
#include "bench/suite/record.h"
#include "models/compute/device.h"
#include "models/compute/engine.h"

#define HOST_LIST(X) \
	X(HOST_BANDWIDTH, "bandwidth", DIM_BYTE_RATE, bandwidth_bytes_s) \
	X(HOST_CACHE, "cache", DIM_BYTES, cache_bytes) \
	X(HOST_CACHE_BANDWIDTH, "cache-bandwidth", DIM_BYTE_RATE, cache_bytes_s) \
	X(HOST_FP16, "fp16", DIM_FLOP_RATE, fp16_flops_s) \
	X(HOST_FP32, "fp32", DIM_FLOP_RATE, fp32_flops_s) \
	X(HOST_FP8, "fp8", DIM_FLOP_RATE, fp8_flops_s) \
	X(HOST_FLOPS_SHARE, "flops-share", DIM_FRACTION, flops_share) \
	X(HOST_BANDWIDTH_SHARE, "bandwidth-share", DIM_FRACTION, bandwidth_share) \
	X(HOST_OP_TIME, "op-time", DIM_TIME, op_s) \
	X(HOST_ROUNDNESS, "roundness", DIM_NUMBER, roundness) \
	X(HOST_FP8_SHARE, "fp8-flops-share", DIM_FRACTION, fp8_share) \
	X(HOST_FP32_FLOPS, "fp32-flops", DIM_FLOP_RATE, kernel[KERNEL_FP32].flops_s) \
	X(HOST_FP32_VECTOR, "fp32-vector", DIM_FLOP_RATE, kernel[KERNEL_FP32].vector_flops_s) \
	X(HOST_FP32_SHARE, "fp32-bandwidth-share", DIM_FRACTION, \
	    kernel[KERNEL_FP32].bandwidth_share) \
	X(HOST_FP16_FLOPS, "fp16-flops", DIM_FLOP_RATE, kernel[KERNEL_FP16].flops_s) \
	X(HOST_FP16_VECTOR, "fp16-vector", DIM_FLOP_RATE, kernel[KERNEL_FP16].vector_flops_s) \
	X(HOST_FP16_SHARE, "fp16-bandwidth-share", DIM_FRACTION, \
	    kernel[KERNEL_FP16].bandwidth_share) \
	X(HOST_Q8_FLOPS, "q8-flops", DIM_FLOP_RATE, kernel[KERNEL_Q8].flops_s) \
	X(HOST_Q8_VECTOR, "q8-vector", DIM_FLOP_RATE, kernel[KERNEL_Q8].vector_flops_s) \
	X(HOST_Q8_SHARE, "q8-bandwidth-share", DIM_FRACTION, kernel[KERNEL_Q8].bandwidth_share) \
	X(HOST_Q4_FLOPS, "q4-flops", DIM_FLOP_RATE, kernel[KERNEL_Q4].flops_s) \
	X(HOST_Q4_VECTOR, "q4-vector", DIM_FLOP_RATE, kernel[KERNEL_Q4].vector_flops_s) \
	X(HOST_Q4_SHARE, "q4-bandwidth-share", DIM_FRACTION, kernel[KERNEL_Q4].bandwidth_share) \
	X(HOST_ATTENTION_SHARE, "attention-share", DIM_FRACTION, attention_share) \
	X(HOST_ATTENTION_BW, "attention-bandwidth-share", DIM_FRACTION, attention_bw_share) \
	X(HOST_ATTENTION_FLOPS, "attention-flops", DIM_FLOP_RATE, attention_flops_s) \
	X(HOST_ATTENTION_TIME, "attention-time", DIM_TIME, attention_s) \
	X(HOST_ATTENTION_ROW, "attention-row-time", DIM_TIME, attention_row_s) \
	X(HOST_REST_SHARE, "rest-bandwidth-share", DIM_FRACTION, rest_bw_share) \
	X(HOST_SYNAPSE, "synapse-time", DIM_TIME, synapse_s)

enum host_id {
#define X(id, name, dim, member) id,
	HOST_LIST(X)
#undef X
	HOST_CONSTANTS
};

/* Tokens of a prompt that bench/decoder computes together; and synaptic operations of a call in
 * which those count and not what a call costs. */
enum { HOST_BLOCK = 128, HOST_SYNOPS_MIN = 10000 };

struct host_constant {
	double value, low, high; /* SI; NAN: no case says anything about it */
	size_t rows, samples;    /* rows 0: nothing was measured */
	bool fitted;
};

struct host {
	struct device_par device;
	struct engine_par engine; /* of bench/decoder on it; of a processor only */
	struct host_constant constant[HOST_CONSTANTS];
	struct host_constant layer; /* the engine's layer-time */
	bool assumed[HOST_CONSTANTS]; /* of an accelerator: what its rows do not tell */
	bool accelerator;
	int threads;
	size_t noisy;            /* rows that were left out */
};

struct host_options {
	const char *name;        /* of the device; kept by pointer */
	const char *device;      /* from host_choose; "": the processor */
	int threads;             /* of a processor; 0: the most that the file has */
	double tdp_w, idle_w;    /* NAN: by the file's energy */
	double memory_bytes, fp16_flops_s; /* NAN: by the file's rows */
	bool force; /* noisy machines and rows are taken as they are, and what the products of an
	             * accelerator do not identify is assumed */
};

extern const struct constant_kind host_kind[HOST_CONSTANTS]; /* of struct device_par */

/* What ran the rows of that device: "" is the processor, an accelerator's name lies in f.
 * wanted: its name or a part of it, without regard to case; NULL: the only one that there is.
 * NULL with an entry in e, which lists them, when that names none or several. */
const char *host_choose(const struct bench_file *f, const char *wanted, struct err_list *e);

/* Reports what is needed of power for a row of a catalogue and is not known. */
bool host_check_power(const struct host *h, struct err_list *e);

/* False with entries in e when the file's machine was noisy or cases are missing. */
bool host_of(struct host *h, const struct bench_file *f, const struct host_options *o,
    struct err_list *e);

#endif
